"""One record as it is written, before it means anything: keys and texts, with their lines.

YAML, JSON and CSV all become these, so that everything after knows one form only.
"""

from __future__ import annotations

from typing import NamedTuple

from generator.documents.tree import Mapping, Scalar, Sequence
from generator.errors import one_line

Plain = str | bool | None | list["Plain"] | dict[str, "Plain"]
"""A value of a file: text (numbers are left as they are written), yes or no, nothing, a list or a mapping."""


class Item(NamedTuple):
    """One entry of a file."""

    value: Plain
    line: int
    lines: dict[str, int] = {}  # noqa: RUF012 - it is never changed, and one that says nothing serves all
    """Line of each key, where they are known."""


class Row(NamedTuple):
    """The keys of one record."""

    values: dict[str, str]
    """What is written under each key; keys with nothing under them are left out."""
    line: int
    lines: dict[str, int] = {}  # noqa: RUF012 - as above
    names: dict[str, str] = {}  # noqa: RUF012 - as above
    """What a key is called in the file, where it is called otherwise."""
    broken: tuple[str, ...] = ()
    """Keys under which there is no single value."""

    def line_of(self, key: str) -> int:
        """Return the line of a key, else of the record."""
        return self.lines.get(key, self.line)

    def name_of(self, key: str) -> str:
        """Return what a key is called in the file."""
        return one_line(self.names.get(key, key), 120)


def text_of(value: Plain) -> str | None:
    """Return a single value as text, empty where there is nothing; `None` for a list or a mapping."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None


def row_of(item: Item) -> Row | None:
    """Return the keys of an entry; `None` where it is no mapping."""
    if not isinstance(item.value, dict):
        return None
    texts = {key: text_of(value) for key, value in item.value.items()}
    broken = tuple(key for key, text in texts.items() if text is None)
    return Row({key: text for key, text in texts.items() if text}, item.line, item.lines, broken=broken)


def item_of(node: Mapping | Sequence | Scalar) -> Item:
    """Return a node of a YAML document as an entry."""
    return Item(plain(node), node.line, node.lines if isinstance(node, Mapping) else {})


def plain(node: Mapping | Sequence | Scalar) -> Plain:
    """Return a node without its lines; the parser has bounded how deep it goes."""
    if isinstance(node, Scalar):
        return None if node.null else node.text
    if isinstance(node, Sequence):
        return [plain(child) for child in node.items]
    return {key: plain(child) for key, child in node.entries.items()}
