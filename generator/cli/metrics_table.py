"""A table in a terminal: a name, and numbers aligned to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH = 100
_NAME = 16
"""Characters that a name has at least, where it needs them."""
_INDENT = 2


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, width: int = WIDTH) -> Iterator[str]:
    """Yield a line a row under its headings, as several tables where the columns don't fit beside each other."""
    names = [one_line(row[0]) for row in rows]
    widths = [max(len(cells[at]) for cells in (head, *rows)) for at in range(1, len(head))]
    longest = max(map(len, (head[0], *names)), default=0)
    room = max(_NAME, width - _INDENT - sum(widths) - 2 * len(widths))
    name = min(longest, max(room, _NAME))
    for first, last in _parts(widths, width - _INDENT - name):
        yield _line(head[0], head[1 + first : 1 + last], name, widths[first:last])
        for label, row in zip(names, rows, strict=True):
            yield _line(label, row[1 + first : 1 + last], name, widths[first:last])
        if last < len(widths):
            yield ""


def _parts(widths: Sequence[int], room: int) -> Iterator[tuple[int, int]]:
    """Yield from which to which column fits into `room` at a time."""
    first, used = 0, 0
    for at, width in enumerate(widths):
        if at > first and used + width + 2 > room:
            yield first, at
            first, used = at, 0
        used += width + 2
    yield first, len(widths)


def _line(name: str, cells: Sequence[str], width: int, widths: Sequence[int]) -> str:
    numbers = "".join(f"  {cell:>{size}}" for cell, size in zip(cells, widths, strict=True))
    return f"{'':{_INDENT}}{_folded(name, width):<{width}}{numbers}".rstrip()


def _folded(text: str, width: int) -> str:
    """Return a name cut in its middle, since both ends of a path tell something."""
    half = (width - 1) // 2
    return text if len(text) <= width else f"{text[: width - 1 - half]}…{text[-half:]}"
