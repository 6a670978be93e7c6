"""JSON to entries with their lines: one value, an array, several values behind one another, or one a line.

Numbers stay as they are written, so `1.10` is no number here either.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.documents.formats import distinct
from generator.errors import Place, Unreadable, one_line
from generator.events.limits import MAX_BROKEN
from generator.events.rows import Item

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

_SPACE = re.compile(r"[ \t\r\n]*")
_MOST_SECTIONS = 1000
"""Members of an object that are looked at as sections; one with more is a record, and a wrong one."""
_VALUE_STARTS = ("{", "[")


class _Broken(Exception):  # noqa: N818 - private, and never leaves this module
    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.reason, self.position = reason, position


class Member(NamedTuple):
    """A key of an object that was not read yet, and where its value begins."""

    key: str
    position: int


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=distinct)


class JsonText:
    """One file of JSON, read piece by piece so that each piece has its line."""

    def __init__(self, text: str, path: str) -> None:
        """Read `text`, the whole file at `path`."""
        self._text = text
        self._path = path
        self._counted, self._line = 0, 1
        self.problems: list[Unreadable] = []

    def items(self) -> Iterator[Item]:
        """Yield every value; those of arrays at the top one by one. What is broken becomes a problem."""
        position = self._skip(0)
        while position < len(self._text):
            try:
                if self._text[position] == "[":
                    position = yield from self.elements(position)
                else:
                    item, position = self._item(position)
                    yield item
            except _Broken as broken:
                if self._text[position] == "[":
                    self._refuse(broken.reason, self.line_at(broken.position), "what stands before it was read")
                    return
                yield from self._lines(position, broken)
                return
            position = self._skip(position)

    def section(self, names: frozenset[str]) -> list[tuple[Member, int]]:
        """Return the members of an object at the top with their lines; none where it is not one that has `names`."""
        position = self._skip(0)
        if not self._text.startswith("{", position):
            return []
        try:
            few = islice(self._members(position), _MOST_SECTIONS)
            found = [(member, self.line_at(member.position)) for member in few]
        except _Broken:
            return []
        if len(found) == _MOST_SECTIONS:
            return []
        return found if any(member.key in names for member, _ in found) else []

    def within(self, path: tuple[str, ...]) -> Iterator[Item] | None:
        """Return the items of the array that `path` leads to, from the file's one value; `None` where it does not."""
        position = self._skip(0)
        try:
            if self._skip(self._decode(position)[1]) != len(self._text):
                return None
            for name in path:
                found = [member for member in self._members(position) if member.key == name]
                if not found:
                    return None
                position = found[0].position
        except _Broken:
            return None
        return self.array(position)

    def array(self, position: int) -> Iterator[Item] | None:
        """Return the items of the array at `position`; `None` where no array is."""
        return self._guarded(position) if self._text.startswith("[", position) else None

    def is_null(self, position: int) -> bool:
        """Return whether nothing stands at `position`."""
        return self._text.startswith("null", position)

    def _guarded(self, position: int) -> Iterator[Item]:
        try:
            yield from self.elements(position)
        except _Broken as broken:
            self._refuse(broken.reason, self.line_at(broken.position), "what stands before it was read")

    def elements(self, position: int) -> Generator[Item, None, int]:
        """Yield the elements of the array at `position`; return where it ends."""
        position = self._skip(position + 1)
        if self._text.startswith("]", position):
            return position + 1
        while True:
            item, position = self._item(position)
            yield item
            position = self._skip(position)
            if self._text.startswith("]", position):
                return position + 1
            position = self._skip(self._past(",", position))

    def _members(self, position: int) -> Iterator[Member]:
        """Yield the keys of the object at `position`, and skip what is under each; an array is none."""
        position = self._skip(self._past("{", position))
        if self._text.startswith("}", position):
            return
        while True:
            key, position = self._decode(position)
            position = self._skip(self._past(":", self._skip(position)))
            yield Member(str(key), position)
            _, position = self._decode(position)
            position = self._skip(position)
            if self._text.startswith("}", position):
                return
            position = self._skip(self._past(",", position))

    def line_at(self, position: int) -> int:
        """Return the line of `position`; cheap where it is asked for from the beginning to the end."""
        if position < self._counted:
            self._counted, self._line = 0, 1
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line

    def _lines(self, position: int, broken: _Broken) -> Iterator[Item]:
        """Yield a value a line from `position` on; lines that go on with what is broken cost no line of their own.

        `broken` is what kept the first value from being read over its end of line.
        """
        line = self.line_at(position)
        found = self.line_at(broken.position)
        open_fault = False
        for number, text in enumerate(self._text[position:].split("\n"), line):
            stripped = text.strip()
            if not stripped or (open_fault and not text.startswith(_VALUE_STARTS)):
                continue
            try:
                value, end = _DECODER.raw_decode(stripped)
                if stripped[end:].strip():
                    reason = "more than one value on a line"
                    raise ValueError(reason)  # noqa: TRY301 - it is told as what the decoder itself refuses
            except (ValueError, RecursionError) as fault:
                beyond = f"{broken.reason} on line {found}" if number == line < found else _reason(fault)
                self._refuse(beyond, number)
                if len(self.problems) >= MAX_BROKEN:
                    self._refuse("too many broken lines; what comes after them was not read", number)
                    return
                open_fault = True
                continue
            open_fault = False
            yield Item(value, number)

    def _item(self, position: int) -> tuple[Item, int]:
        line = self.line_at(position)
        value, end = self._decode(position)
        return Item(value, line), end

    def _decode(self, position: int) -> tuple[Any, int]:
        try:
            return _DECODER.raw_decode(self._text, position)
        except json.JSONDecodeError as fault:
            raise _Broken(_reason(fault), fault.pos) from fault
        except (ValueError, RecursionError) as fault:
            raise _Broken(_reason(fault), position) from fault

    def _past(self, mark: str, position: int) -> int:
        if not self._text.startswith(mark, position):
            reason = f"`{mark}` is missing"
            raise _Broken(reason, min(position, len(self._text)))
        return position + 1

    def _skip(self, position: int) -> int:
        found = _SPACE.match(self._text, position)
        return found.end() if found else position

    def _refuse(self, reason: str, line: int, fix: str = "") -> None:
        self.problems.append(Unreadable("json-syntax", reason, Place(self._path, line), fix))


def _reason(fault: Exception) -> str:
    if isinstance(fault, RecursionError):
        return "nested too deep"
    return one_line(fault.msg if isinstance(fault, json.JSONDecodeError) else str(fault), 200)
