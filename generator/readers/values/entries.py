"""Many versions in one file: the entries under one key, each a component of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.documents.tree import Mapping, Node, Scalar, text
from generator.documents.tree import Sequence as List
from generator.errors import Place, Unreadable
from generator.readers.layering import stack_entries
from generator.readers.secrets import mask_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.readers.layering import Stack

TOP = "."
"""Key that means the top of the file."""
_IDENTITY = ("name", "key", "id", "component")
_IDENTITIES = f"{', '.join(_IDENTITY[:-1])} or {_IDENTITY[-1]}"
_LONGEST = 253


class Entry(NamedTuple):
    """One component of a file of many."""

    name: str
    line: int
    """Line where it starts."""
    layer: int
    """Number of the layer that the line stands in."""
    stack: Stack


class Entries(NamedTuple):
    """The components under a key, and why some of it is none."""

    entries: tuple[Entry, ...] = ()
    problem: Unreadable | None = None


def find_entries(stack: Stack, key: str, paths: Sequence[str]) -> Entries:
    """Return the entries of the mapping, or the items of the list, under the dotted `key`; none where it is absent.

    An item of a list is known by its `name`, `key`, `id` or `component`, which is then no setting of it. An entry that
    is null is absent. `paths` are those of the layers.
    """
    for part in () if key == TOP else key.split("."):
        stack = stack_entries(stack).get(part, (0, []))[1]
    if not stack or _is_null(stack):
        return Entries()
    number, node = stack[0]
    if isinstance(node, Scalar):
        reason = f"components are expected under `{key}`, as keys or as a list"
        return Entries((), Unreadable("values-shape", reason, Place(paths[number], node.line)))
    found = _items(node, number) if isinstance(node, List) else _keys(stack)
    nameless = next((entry for entry in found if not _is_name(entry.name)), None)
    if nameless is None:
        return Entries(tuple(found))
    reason = f"an entry under `{key}` without a name that can be shown: a list's is its {_IDENTITIES}"
    problem = Unreadable("values-shape", reason, Place(paths[nameless.layer], nameless.line))
    return Entries(tuple([entry for entry in found if _is_name(entry.name)]), problem)


def _is_null(stack: Stack) -> bool:
    node = stack[0][1]
    return isinstance(node, Scalar) and node.null


def _keys(stack: Stack) -> list[Entry]:
    found = stack_entries(stack).items()
    return [Entry(name, line, below[-1][0], below) for name, (line, below) in found if not _is_null(below)]


def _items(node: List, number: int) -> list[Entry]:
    entries = []
    for item in node.items:
        key = next((key for key in _IDENTITY if text(item, key)), "")
        rest: Node = item
        if isinstance(item, Mapping):
            kept = {name: child for name, child in item.entries.items() if name != key}
            rest = Mapping(kept, item.line, item.lines)
        entries.append(Entry(text(item, key) if key else "", item.line, number, [(number, rest)]))
    return entries


def _is_name(name: str) -> bool:
    """Return whether a component may go by `name`: one short line in which no secret stands."""
    return 0 < len(name) <= _LONGEST and name.isprintable() and mask_within(name, _blank) == name


def _blank(value: str) -> str:
    del value
    return "x"
