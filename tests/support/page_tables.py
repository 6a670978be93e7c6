"""The tables of a page, as somebody who reads it without scripts sees them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_CELLS = ("th", "td")


class PageTable(NamedTuple):
    """One table."""

    figure: str
    """Id of the chart that it belongs to; empty where it belongs to none."""
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def page_tables(page: Path) -> list[PageTable]:
    """Return every table of a page in its order, texts folded to one space."""
    parser = _Tables()
    parser.feed(page.read_text("utf-8"))
    return parser.found


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[PageTable] = []
        self._figure = ""
        self._rows: list[list[str]] = []
        self._caption, self._into = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "figure":
            self._figure = dict(attrs).get("id") or ""
        elif tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in _CELLS and self._rows:
            self._rows[-1].append("")
            self._into = "cell"
        elif tag == "caption":
            self._into = "caption"

    def handle_endtag(self, tag: str) -> None:
        if tag == "figure":
            self._figure = ""
        elif tag == "table" and self._rows:
            head, *rows = [tuple(" ".join(cell.split()) for cell in row) for row in self._rows]
            self.found.append(PageTable(self._figure, " ".join(self._caption.split()), head, tuple(rows)))
        elif tag in (*_CELLS, "caption"):
            self._into = ""

    def handle_data(self, data: str) -> None:
        if self._into == "caption":
            self._caption += data
        elif self._into == "cell" and self._rows and self._rows[-1]:
            self._rows[-1][-1] += data
