"""Plain trees of text: what every supported format becomes, with the line of each node.

Scalars keep the raw text of the file: `1.10`, `no`, `010` and `1:30` are never numbers, booleans or times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.errors import Unreadable


@dataclass(slots=True, eq=False)
class Scalar:
    """One value, as text."""

    text: str
    line: int
    plain: bool = True
    """False where the text was quoted or a block, so that `"null"` and `~` can be told apart."""

    @property
    def null(self) -> bool:
        """Return whether this is an absent value: nothing, `~` or `null`, unquoted."""
        return self.plain and self.text in {"", "~", "null", "Null", "NULL"}


@dataclass(slots=True, eq=False)
class Mapping:
    """Keys and values in the order of the file."""

    entries: dict[str, Node]
    line: int
    lines: dict[str, int]
    """Line of each key."""


@dataclass(slots=True, eq=False)
class Sequence:
    """Items in the order of the file."""

    items: list[Node]
    line: int


Node = Scalar | Mapping | Sequence


@dataclass(frozen=True, slots=True)
class Documents:
    """What came of reading one file: the documents before the first fault, and the fault."""

    roots: tuple[Node, ...]
    problem: Unreadable | None = None


def find(node: Node | None, *keys: str) -> Node | None:
    """Return the node under `keys`, or `None` where the way ends: a key is absent, or its parent is no mapping."""
    for key in keys:
        if not isinstance(node, Mapping):
            return None
        node = node.entries.get(key)
    return node


def text(node: Node | None, *keys: str) -> str:
    """Return the scalar under `keys` as text; empty where it is absent, null, or no scalar."""
    found = find(node, *keys)
    return found.text if isinstance(found, Scalar) and not found.null else ""


def items(node: Node | None, *keys: str) -> list[Node]:
    """Return the items of the sequence under `keys`; none where there is no sequence."""
    found = find(node, *keys)
    return found.items if isinstance(found, Sequence) else []


def entries(node: Node | None, *keys: str) -> dict[str, Node]:
    """Return the entries of the mapping under `keys`; none where there is no mapping."""
    found = find(node, *keys)
    return found.entries if isinstance(found, Mapping) else {}


_SAID_OF_KEY = frozenset({"value", "values", "valueFrom", "operator", "effect"})
"""Keys of which one stands beside a `key` that is a name."""
_SECRETS = re.compile(r"(?:keys?|secrets?|tokens?|passwords?|credentials?)(?:\[[^\[\]]*\])?$", re.IGNORECASE)
"""The end of a path to a list that holds secrets by its name."""


def leaves(node: Node, prefix: str = "") -> Iterator[tuple[str, Scalar]]:
    """Yield every scalar below `node` with its path in dots; items of a sequence by `name`, `key` or `id`, else place.

    An empty mapping or sequence is yielded as the text `{}` or `[]`, so that its coming and going is seen.
    """
    found: list[tuple[str, Scalar]] = []
    _collect(node, prefix, found)
    return iter(found)


def _collect(node: Node, prefix: str, found: list[tuple[str, Scalar]]) -> None:
    """Add the leaves below `node`; generators inside generators would take twice as long for what is met most."""
    if isinstance(node, Scalar):
        found.append((prefix, node))
    elif isinstance(node, Mapping):
        if not node.entries:
            found.append((prefix, Scalar("{}", node.line)))
        for key, child in node.entries.items():
            path = f"{prefix}.{key}" if prefix else key
            if type(child) is Scalar:
                found.append((path, child))
            else:
                _collect(child, path, found)
    else:
        if not node.items:
            found.append((prefix, Scalar("[]", node.line)))
        taken: set[str] = set()
        for place, child in enumerate(node.items):
            name = _name(child, prefix) if isinstance(child, Mapping) else ""
            label = name if name and name not in taken else str(place)
            taken.add(label)
            _collect(child, f"{prefix}[{label}]", found)


def _name(item: Mapping, prefix: str) -> str:
    """Return what an item of the sequence at `prefix` is called; empty where it says nothing.

    A `key` is a name where something is said of it, and not where it may be a secret by itself: a label is shown.
    """
    for key in ("name", "key", "id"):
        found = item.entries.get(key)
        if isinstance(found, Scalar) and found.text and not found.null:
            named = key != "key" or (not _SAID_OF_KEY.isdisjoint(item.entries) and not _SECRETS.search(prefix))
            if named:
                return found.text
    return ""
