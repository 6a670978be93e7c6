"""Rows of CSV (RFC 4180) that no program calculates, whatever a repository's text says."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from generator.errors import escape_control

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a text begins that a spreadsheet would calculate; the wide forms of East Asia too."""


def safe(text: str) -> str:
    """Return `text` such that no program calculates it and no line breaks in it."""
    # Nearly all begin with a letter or a figure, and are printable: those are told first.
    if text[:1].isalnum() and text.isprintable():
        return text
    return f"'{escape_control(text)}" if text.lstrip().startswith(FORMULA) else escape_control(text)


class _Told:
    """A file whose `write` returns what is written: the writer of a row returns it then."""

    def write(self, text: str) -> str:
        """Return `text`."""
        return text


_WRITER = csv.writer(_Told(), lineterminator="\r\n")


def csv_line(row: Iterable[Any]) -> str:
    """Return a row with its end.

    Texts are made safe, truth is written `yes` or empty, what is missing is an empty cell, numbers are plain.
    """
    # The types of the standard library say that nothing is returned.
    line: Any = _WRITER.writerow([_cell(cell) for cell in row])
    return str(line)


def write_rows(file: TextIO, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write `head` and `rows`, one at a time, to a file opened with `newline=""`; return how many rows there were."""
    file.write(csv_line(head))
    count = 0
    for row in rows:
        file.write(csv_line(row))
        count += 1
    return count


def _cell(cell: object) -> object:
    if isinstance(cell, str):
        return safe(cell)
    if isinstance(cell, bool):
        return "yes" if cell else ""
    return cell
