"""CSV to entries with their lines: the first line names the columns; commas, semicolons or tabs stand between them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from generator.errors import Place, Unreadable, one_line
from generator.events.limits import MAX_BROKEN
from generator.events.rows import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.events.rows import Plain

_SEPARATORS = (",", ";", "\t")
_MOST_COLUMNS = 200


class CsvText:
    """One file of CSV."""

    def __init__(self, text: str, path: str) -> None:
        """Read `text`, the whole file at `path`."""
        head = text.lstrip("\r\n").partition("\n")[0]
        self.separator = max(_SEPARATORS, key=head.count)
        self._rows = csv.reader(io.StringIO(text, newline=""), delimiter=self.separator, strict=True)
        self._path = path
        self.problems: list[Unreadable] = []
        self.columns: list[str] = []
        """Names of the columns, in small letters, words joined by `_`; empty for those without a name."""

    def items(self) -> Iterator[Item]:
        """Yield every row as keys and texts; what is broken becomes a problem."""
        for line, cells in self._lines():
            if len(self.problems) >= MAX_BROKEN:
                self._refuse("too many broken lines; what comes after them was not read", line)
                return
            if not any(cell.strip() for cell in cells):
                continue
            if not self.columns:
                self._head(cells, line)
                if not self.columns:
                    return
                continue
            extra = [cell for cell in cells[len(self.columns) :] if cell.strip()]
            unnamed = [cell for name, cell in zip(self.columns, cells, strict=False) if not name and cell.strip()]
            if extra or unnamed:
                self._refuse(f"{len(cells)} cells under {sum(map(bool, self.columns))} columns", line)
                continue
            value: dict[str, Plain] = {name: cell for name, cell in zip(self.columns, cells, strict=False) if name}
            yield Item(value, line)

    def _head(self, cells: list[str], line: int) -> None:
        names = ["_".join(cell.strip().lower().replace("-", " ").split()) for cell in cells[:_MOST_COLUMNS]]
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if len(cells) > _MOST_COLUMNS:
            self._refuse(f"{len(cells)} columns, more than the {_MOST_COLUMNS} that are read", line)
        elif twice:
            self._refuse(f"the column `{one_line(twice[0], 80)}` stands twice", line)
        else:
            self.columns = names

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the cells of each row and the line that it begins on."""
        while True:
            line = self._rows.line_num + 1
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as fault:
                last = self._rows.line_num
                lines = f"lines {line} to {last}: " if last > line else ""
                self._refuse(f"{lines}{one_line(str(fault), 200)}", line, "close every quote, double those in a text")
                if len(self.problems) >= MAX_BROKEN:
                    return
                continue
            yield line, cells

    def _refuse(
        self, reason: str, line: int, fix: str = "a cell for each column, with quotes around separators"
    ) -> None:
        self.problems.append(Unreadable("csv-syntax", reason, Place(self._path, line), fix))
