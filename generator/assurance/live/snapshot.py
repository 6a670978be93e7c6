"""What really runs, as somebody exported it: the output of `kubectl get` or of `docker compose config`, as components.

Both are read by the readers of the model, so that the same words mean the same thing on both sides. Long lists are
taken apart first, so that each object is read by itself and none is too large for its neighbours.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import msgspec

from generator.documents.formats import parse
from generator.documents.tree import Mapping, find, text
from generator.documents.yaml_text import MAX_BYTES as MOST_AT_ONCE
from generator.errors import Place, Unreadable, one_line
from generator.readers.compose.reader import ComposeReader
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.reader import Reading, SourceFile, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Mapping as Entries

    from generator.model.component import Component
    from generator.readers.reader import Mask

KUBERNETES, COMPOSE = "kubernetes", "compose"
MAX_BYTES = 200_000_000
"""Largest file of a snapshot that is read."""
_ITEMS = re.compile(rb"^items:[ \t]*\r?\n(?=- )", re.MULTILINE)
_TOP = re.compile(rb"^(?!- |[ \t\r\n]|$)", re.MULTILINE)
_ITEM = re.compile(rb"^- ", re.MULTILINE)
_INDENT = re.compile(rb"^  ", re.MULTILINE)
_HASHED = re.compile(r"(?P<stem>.+)-[bcdfghkmt2456789]{10}")
_GENERATED = frozenset({"ConfigMap", "Secret"})
_ENCRYPTED = "Encrypted"
_NO_OBJECTS = frozenset({"encrypted", "not-kubernetes", "template"})
"""Codes of notes that are no fault in a repository, and are one in what was exported."""
_MANY = 10_000


class Snapshot(msgspec.Struct, frozen=True):
    """What an export holds."""

    format: str
    """`kubernetes`, `compose`, or empty where it holds neither."""
    components: tuple[Component, ...] = ()
    problems: tuple[Unreadable, ...] = ()
    """What of it could not be read."""


def snapshot_documents(data: bytes, path: str) -> tuple[tuple[SourceFile, ...], Unreadable | None]:
    """Return the objects of an exported file, each as a file of its own, and why it could not be taken apart.

    JSON becomes its items, and so does a long list in YAML as `kubectl get` prints it; other YAML stays what it is.
    """
    if len(data) > MAX_BYTES:
        reason = f"{len(data)} bytes, more than the {MAX_BYTES} that are read"
        return (), Unreadable("snapshot", reason, Place(path), "export namespace by namespace, into a folder of files")
    if data.lstrip()[:1] in {b"{", b"["}:
        return _json_items(data, path)
    return tuple(SourceFile(path, part) for part in _yaml_items(data)), None


def _json_items(data: bytes, path: str) -> tuple[tuple[SourceFile, ...], Unreadable | None]:
    try:
        tree = json.loads(data, parse_float=str)
        waiting = [tree]
        found = []
        while waiting:
            node = waiting.pop()
            items = node.get("items") if isinstance(node, dict) else node
            if isinstance(items, list) and (node is items or str(node.get("kind", "")).endswith("List")):
                waiting += reversed(items)
            else:
                found.append(SourceFile(path, json.dumps(node).encode()))
    except (ValueError, RecursionError) as fault:
        return (), Unreadable("snapshot", f"no JSON: {one_line(str(fault))}", Place(path))
    return tuple(found), None


def _yaml_items(data: bytes) -> Iterator[bytes]:
    """Yield the items of a list as `kubectl` prints it, at the start of a line.

    The whole where it is none, and where it is no larger than what is parsed at once.
    """
    start = _ITEMS.search(data) if len(data) > MOST_AT_ONCE else None
    if start is None or b"\n" in data[: start.start()].strip():
        yield data
        return
    ends = _TOP.search(data, start.end())
    body = data[start.end() : ends.start() if ends else len(data)]
    places = [found.start() for found in _ITEM.finditer(body)]
    for place, following in zip(places, [*places[1:], len(body)], strict=True):
        yield _INDENT.sub(b"", b"  " + body[place + 2 : following])


def read_snapshot(
    files: Sequence[SourceFile],
    model: Entries[str, Component],
    mask: Mask,
    ignore: Callable[[Reading], Reading] | None = None,
) -> Snapshot:
    """Return what the exported `files` hold; never raises for it.

    `model` tells which names of generated configs stand without their hash there. `mask` has to be the one that the
    model was read with, else every secret differs; `ignore` takes away what the user does not want to count.
    """
    problems: list[Unreadable] = []
    parts: list[SourceFile] = []
    for file in sorted(files, key=lambda file: file.path):
        found, problem = snapshot_documents(file.data, file.path)
        parts += found
        problems += [problem] if problem else []
    projects = [part for part in parts if _is_compose(part)]
    reading = _read(parts, projects, mask)
    hashes = _hashes(reading.components, model)
    if hashes:
        parts = [SourceFile(part.path, _renamed(part.data, hashes)) for part in parts]
        reading = _read(parts, projects, mask)
    # Earlier generations are rarely cleaned away, and nothing refers to them any more.
    old = _generations(reading.components, model)
    reading = msgspec.structs.replace(reading, components=tuple(c for c in reading.components if c not in old))
    if ignore is not None:
        reading = ignore(reading)
    form = COMPOSE if projects else KUBERNETES if reading.components else ""
    return Snapshot(form, reading.components, tuple(dict.fromkeys([*problems, *reading.problems]))[:_MANY])


def _is_compose(file: SourceFile) -> bool:
    if b"services" not in file.data:
        return False
    roots = parse(file.data, file.path).roots
    return bool(roots) and isinstance(find(roots[0], "services"), Mapping) and not text(roots[0], "apiVersion")


def _read(parts: Sequence[SourceFile], projects: Sequence[SourceFile], mask: Mask) -> Reading:
    unit = Unit("")
    found = [ComposeReader().read(unit, [project], mask) for project in projects]
    found.append(KubernetesReader().read(unit, [part for part in parts if part not in projects], mask))
    components = tuple(one for reading in found for one in reading.components if one.kind != _ENCRYPTED)
    strange = [note for reading in found for note in reading.notes if note.code in _NO_OBJECTS]
    return Reading(components, (*(p for reading in found for p in reading.problems), *strange))


def _generations(live: Sequence[Component], model: Entries[str, Component]) -> dict[Component, str]:
    """Return the live configs and secrets that Kustomize named by their content, each with the name in the model."""
    bases = {"/".join(identity.split("/")[-2:]) for identity in model}
    found: dict[Component, str] = {}
    for one in live:
        hashed = _HASHED.fullmatch(one.id.rpartition("/")[2]) if one.kind in _GENERATED else None
        if hashed and f"{one.kind}/{hashed['stem']}" in bases and one.id not in bases:
            found[one] = hashed["stem"]
    return found


def _hashes(live: Sequence[Component], model: Entries[str, Component]) -> dict[str, str]:
    """Return name with hash → name. Of several generations it is the one that something refers to."""
    used = {reference.target for one in live for reference in one.references}
    found = {one.id.rpartition("/")[2]: name for one, name in _generations(live, model).items()}
    return {name: stem for name, stem in found.items() if name in used}


def _renamed(data: bytes, names: Entries[str, str]) -> bytes:
    for name in sorted(names, key=len, reverse=True):
        data = data.replace(name.encode(), names[name].encode())
    return data
