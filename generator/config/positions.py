"""A tree of documents as plain Python, with the line and column of every key and value.

The trees know lines only. Columns are found by looking the text up in its line, in the order of the file, so that
the second of two equal words on one line is not taken for the first.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from generator.documents.tree import Mapping, Node, Scalar, Sequence

Location = tuple[str | int, ...]
"""Way from the root: keys of mappings, places in sequences."""
Plain = str | None | list["Plain"] | dict[str, "Plain"]
"""Text, nothing, or a list or mapping of these."""

_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_NO_CONTENT = re.compile(r"[\s\-:,?\[{&]*")


@dataclass(slots=True)
class Positions:
    """Line and column, from 1, of keys and values by their location."""

    keys: dict[Location, tuple[int, int]] = field(default_factory=dict)
    values: dict[Location, tuple[int, int]] = field(default_factory=dict)

    def of_key(self, location: Location) -> tuple[int, int]:
        """Return where the key at the end of `location` stands; where it has none, the nearest thing around it."""
        while location and location not in self.keys:
            location = location[:-1]
        return self.keys.get(location, (1, 1))

    def of_value(self, location: Location) -> tuple[int, int]:
        """Return where the value at `location` stands; where there is none, the nearest thing around it."""
        if location in self.values:
            return self.values[location]
        if location[:-1] in self.values and location and isinstance(location[-1], int):
            return self.values[location[:-1]]
        return self.of_key(location)


class _Walk:
    def __init__(self, data: bytes) -> None:
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        self.lines = _LINE_END.split(data.decode("utf-16" if wide else "utf-8-sig", errors="replace"))
        self.positions = Positions()
        self.line, self.offset = 1, 0

    def spot(self, text: str, line: int) -> tuple[int, int]:
        """Return where `text` stands on `line`, after everything found before it."""
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        start = self.offset if line == self.line else 0
        found = source.find(text, start) if text else -1
        if found < 0:
            blank = _NO_CONTENT.match(source, start)
            found, text = (blank.end() if blank else start), ""
        if line >= self.line:
            # An alias leads back to lines that were passed already; those do not count as progress.
            self.line, self.offset = line, found + len(text)
        return line, found + 1

    def plain(self, node: Node, location: Location) -> Plain:
        match node:
            case Scalar():
                self.positions.values[location] = self.spot(node.text.partition("\n")[0], node.line)
                return None if node.null else node.text
            case Sequence():
                self.positions.values[location] = self.spot("", node.line)
                return [self.plain(item, (*location, place)) for place, item in enumerate(node.items)]
            case Mapping():
                return self.mapping(node, location)

    def mapping(self, node: Mapping, location: Location) -> Plain:
        self.positions.values[location] = self.spot("", node.line)
        entries: dict[str, Plain] = {}
        for key, child in node.entries.items():
            inner = (*location, key)
            self.positions.keys[inner] = self.spot(key, node.lines[key])
            entries[key] = self.plain(child, inner)
        return entries


def plain_with_positions(root: Node, data: bytes) -> tuple[Plain, Positions]:
    """Return `root`, which was parsed from `data`, as plain Python, and where everything in it stands."""
    walk = _Walk(data)
    return walk.plain(root, ()), walk.positions
