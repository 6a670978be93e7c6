"""Settings in layers, laid over one another as Helm merges values files: later layers win, key by key.

Mappings are merged deeply; a list or a scalar replaces what stood there; a null takes a key away. The inputs are
trees that others keep too, so none of them is ever changed; what is taken over whole is shared with them.

A *stack* is what counts at one place of the merged tree: one node, or several mappings that are laid over one another,
each with the number of its layer, lowest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from generator.documents.tree import Mapping, Node, Scalar, leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Stack: TypeAlias = list[tuple[int, Node]]


def merge_layers(roots: Sequence[Node]) -> Mapping:
    """Return `roots`, each a mapping, laid over one another in their order; a new mapping, its lines as in its files.

    A root that is no mapping holds no keys and is passed over: whoever reads the files says so to the user. A null that
    had nothing to take away may stay inside what is taken over whole, as an absent value.
    """
    stack = stacked(enumerate(roots))
    return _merge(stack) if stack else Mapping({}, 0, {})


def layered_leaves(roots: Sequence[Node]) -> Iterator[tuple[str, Scalar, int]]:
    """Yield every leaf of the merged `roots`: path in dots, scalar, and the number of the root that it comes from.

    Paths are those of `documents.tree.leaves`. Absent values (null) are yielded too; what a null took away is not.
    """
    return stack_leaves(stacked(enumerate(roots)))


def stacked(roots: Iterable[tuple[int, Node]]) -> Stack:
    """Return the stack of `roots`, each with its number; those that are no mapping are left out."""
    return [(number, root) for number, root in roots if isinstance(root, Mapping)]


def stack_entries(stack: Stack) -> dict[str, tuple[int, Stack]]:
    """Return for each key of the mappings of `stack` its line in the last layer that has it, and the stack below it.

    Empty where the stack is no mapping.
    """
    found: dict[str, tuple[int, Stack]] = {}
    for number, mapping in stack:
        if not isinstance(mapping, Mapping):
            return {}
        for key, node in mapping.entries.items():
            before = found.get(key)
            below = before[1] if before and isinstance(node, Mapping) and isinstance(before[1][0][1], Mapping) else []
            found[key] = (mapping.lines.get(key, 0), [*below, (number, node)])
    return found


def stack_leaves(stack: Stack, prefix: str = "") -> Iterator[tuple[str, Scalar, int]]:
    """Yield every leaf below `stack` as `layered_leaves` does, its path behind `prefix`."""
    found: list[tuple[str, Scalar, int]] = []
    _collect(stack, prefix, found)
    return iter(found)


def _collect(stack: Stack, prefix: str, found: list[tuple[str, Scalar, int]]) -> None:
    if not stack:
        return
    entries = stack_entries(stack) if len(stack) > 1 else {}
    if not entries:
        # One layer alone, or empty mappings over one another: what the last one says.
        number, node = stack[-1]
        if type(node) is Scalar:
            found.append((prefix, node, number))
        else:
            found += [(name, scalar, number) for name, scalar in leaves(node, prefix)]
        return
    for key, (_, below) in entries.items():
        _collect(below, f"{prefix}.{key}" if prefix else key, found)


def _merge(stack: Stack) -> Mapping:
    merged = Mapping({}, stack[0][1].line, {})
    for key, (line, below) in stack_entries(stack).items():
        first = below[0][1]
        if isinstance(first, Scalar) and first.null:
            continue
        merged.entries[key] = first if len(below) == 1 else _merge(below)
        merged.lines[key] = line
    return merged
