"""How large a tree becomes once shared parts are counted each time: a bound for what names and references insert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.documents.tree import Scalar, Sequence

if TYPE_CHECKING:
    from generator.documents.tree import Node

MOST_INSERTED = 2_000
"""Leaves and branches that one name may stand for, and that are put into one value."""
DEEPEST = 20
"""Levels of what one name may stand for."""
LONGEST = 10_000
"""Characters of a text with values put into it; beyond, it stays as it is written."""


def size(node: Node, limit: int = MOST_INSERTED, depth: int = 0) -> int:
    """Return the number of leaves and branches of `node`, or more than `limit` where it is larger or too deep."""
    if isinstance(node, Scalar):
        return 1
    if depth >= DEEPEST:
        return limit + 1
    count = 1
    for child in node.items if isinstance(node, Sequence) else node.entries.values():
        count += size(child, limit - count, depth + 1)
        if count > limit:
            break
    return count
