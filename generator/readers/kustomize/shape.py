"""Kustomizations and plugin configs as trees that can mean only one thing.

The engine reads these files with a parser of its own, and what it makes of them decides which files of the machine
it opens. So everything that two parsers might see in different ways is refused: tags, merge keys, several documents,
keys in another case (the engine takes `Resources` for `resources`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # its stub does not name what it imports

from generator.documents.tree import Mapping, Node, Scalar, Sequence
from generator.documents.yaml_text import parse_yaml
from generator.errors import Place, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

SHAPE = "kustomize-shape"


def roots_of(data: bytes, path: str) -> tuple[Mapping, ...] | Unreadable:
    """Return the documents of a kustomization or of plugin configs, or why they can't be relied on."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return Unreadable(SHAPE, "a kustomization that is no UTF-8", Place(path))
    documents = parse_yaml(data, path)
    if documents.problem:
        return documents.problem
    line = _doubtful(data)
    if line:
        reason = "a tag or a merge key, which another parser may read in another way"
        return Unreadable(SHAPE, reason, Place(path, line), "write the values out")
    found = []
    for root in documents.roots:
        if isinstance(root, Mapping):
            found.append(root)
        elif not (isinstance(root, Scalar) and root.null):
            return Unreadable(SHAPE, "keys and values are expected", Place(path, root.line))
    return tuple(found)


def _doubtful(data: bytes) -> int:
    """Return the line of the first tag or merge key of a file that has been parsed; 0 where there is none."""
    parser = CParser(data)
    while True:
        event: Any = parser.get_event()
        if isinstance(event, yaml.StreamEndEvent):
            return 0
        tag = getattr(event, "tag", None)
        if tag is not None or (isinstance(event, yaml.ScalarEvent) and event.value == "<<"):
            return int(event.start_mark.line) + 1


def unknown_key(mapping: Mapping, known: Iterable[str], what: str, path: str) -> Unreadable | None:
    """Return why `mapping` is refused where it has a key that is not `known`, in this very case."""
    for key in sorted(mapping.entries.keys() - set(known)):
        reason = f"{key!r} is no key of {what} that is known here"
        return Unreadable(SHAPE, reason, Place(path, mapping.lines.get(key, mapping.line)))
    return None


def texts(node: Node | None, key: str, path: str) -> list[Scalar] | Unreadable:
    """Return the texts in the list `node`, empty ones left out, or why it is none."""
    if node is None or (isinstance(node, Scalar) and node.null):
        return []
    if not isinstance(node, Sequence):
        return Unreadable(SHAPE, f"{key} has to be a list", Place(path, node.line))
    found = []
    for item in node.items:
        if not isinstance(item, Scalar):
            return Unreadable(SHAPE, f"{key} has to be a list of texts", Place(path, item.line))
        if item.text and not item.null:
            found.append(item)
    return found


def mappings(node: Node | None, key: str, path: str) -> list[Mapping] | Unreadable:
    """Return the mappings in the list `node`, or why it is none."""
    if node is None or (isinstance(node, Scalar) and node.null):
        return []
    items = node.items if isinstance(node, Sequence) else [node]
    found = [item for item in items if isinstance(item, Mapping)]
    if len(found) != len(items) or not isinstance(node, Sequence):
        return Unreadable(SHAPE, f"{key} has to be a list of keys and values", Place(path, node.line))
    return found
