"""What the engine printed as components: without hashes in names, without what only stood in, and with their files."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

import msgspec

from generator.documents.tree import Mapping, Node, Scalar, Sequence, entries, text
from generator.documents.yaml_text import parse_yaml
from generator.errors import Place, Unreadable
from generator.model.component import Aspect, Component, Field, rebuilt
from generator.readers.kubernetes.manifests import is_note
from generator.readers.kubernetes.reader import read_manifests
from generator.readers.kustomize.names import scalars, take_off_hashes
from generator.readers.kustomize.stubs import UNKNOWN, VALUE_MARK
from generator.readers.reader import Reading
from generator.readers.validation.remarks import MISSING
from generator.readers.validation.schemas import schemas_for
from generator.rendering.kustomize import STUB_KIND, STUB_MARK

if TYPE_CHECKING:
    from generator.readers.kustomize.names import Names
    from generator.readers.reader import Mask
    from generator.readers.validation.schemas import Schemas

_BETWEEN = re.compile(rb"^---[ \t]*\r?\n", re.MULTILINE)
_MARKED = re.compile(rf"{re.escape(VALUE_MARK)}(?:(?P<more>; encrypted content [0-9a-f]{{8}}))?")


def read_output(
    output: bytes, path: str, names: Names, mask: Mask, *, stubs: bool, schemas: Schemas | None = None
) -> Reading:
    """Return the objects of `output` as components; `path` is the kustomization that was rendered.

    `stubs` tells whether anything stood in for a file that comes later; objects are held against `schemas`.
    """
    roots: list[Node] = []
    problems: list[Unreadable] = []
    notes: list[Unreadable] = []
    # The engine prints every text indented, so that a line of dashes is never part of one.
    for part in _BETWEEN.split(output):
        documents = parse_yaml(part, path)
        roots += [root for root in documents.roots if not _stands_in(root)]
        if documents.problem:
            problems.append(_at(documents.problem, path))
    lost = None if problems else ()
    take_off_hashes(roots, names)
    marks: set[str] = set()
    for root in roots:
        _forget_lines(root)
        if stubs:
            marks |= _marks(root)
    found, reasons = read_manifests(tuple(roots), "", mask, schemas or schemas_for(""))
    for reason in reasons:
        (notes if is_note(reason) else problems).append(_at(reason, path))
    shown = {value: _unknown(mark) for mark in sorted(marks) for value in (mark, mask(mark))}
    components = [_placed(_without_marks(one, shown), names, path) for one in found]
    return Reading(tuple(components), tuple(problems), lost, tuple(notes))


def _at(reason: Unreadable, path: str) -> Unreadable:
    """Return the reason at the kustomization: lines of what was rendered lead nowhere."""
    if reason.code == MISSING:
        return reason
    return Unreadable(reason.code, f"in what was rendered: {reason.reason}", Place(path), reason.fix)


def _stands_in(root: Node) -> bool:
    return text(root, "kind") == STUB_KIND or STUB_MARK in entries(root, "metadata", "annotations")


def _forget_lines(root: Node) -> None:
    """Set every line to unknown."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        node.line = 0
        if isinstance(node, Mapping):
            node.lines = dict.fromkeys(node.lines, 0)
            waiting += node.entries.values()
        elif isinstance(node, Sequence):
            waiting += node.items


def _marks(root: Node) -> set[str]:
    """Return the marks of stubs in an object, those in the data of a secret too."""
    found = {marked[0] for scalar in scalars(root) for marked in _MARKED.finditer(scalar.text)}
    if text(root, "kind") == "Secret":
        for node in entries(root, "data").values():
            if isinstance(node, Scalar):
                found |= {marked[0] for marked in _MARKED.finditer(_decoded(node.text))}
    return found


def _decoded(raw: str) -> str:
    try:
        return base64.b64decode("".join(raw.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _unknown(mark: str) -> str:
    return UNKNOWN + mark.removeprefix(VALUE_MARK)


def _without_marks(one: Component, shown: dict[str, str]) -> Component:
    """Return the component with every value that a stub held shown as unknown."""
    if not shown:
        return one
    fields = [_shown(f, shown) for f in one.fields]
    if fields == list(one.fields):
        return one
    return rebuilt(one, fields=fields)


def _shown(field: Field, shown: dict[str, str]) -> Field:
    for held in sorted(shown, key=len, reverse=True):
        if held in field.value:
            aspect = Aspect.CONFIG if field.aspect is Aspect.SECRET else field.aspect
            return Field(aspect, field.name, shown[held], field.line)
    return field


def _placed(one: Component, names: Names, path: str) -> Component:
    """Return the component at the file and line of the repository that it comes from."""
    origin = names.origin(one.kind, one.id.rpartition("/")[2])
    if origin is None:
        return msgspec.structs.replace(one, path=path, line=1)
    return msgspec.structs.replace(one, path=origin.path, line=origin.line)
