"""Env files as Docker Compose reads them, which is not quite as others do: `KEY: value` counts as well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import Place, Unreadable, one_line
from generator.readers.compose.interpolation import interpolate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BEFORE = re.compile(r"(?:\s+|#[^\n]*)*")
_EXPORT = re.compile(r"export[ \t]+")
_KEY = re.compile(r"[ \t]*(?P<key>[\w.\-\[\]]*)[ \t]*(?P<sign>[=:\n]|\Z)[ \t]*")
_PLAIN = re.compile(r"[^\n]*")
_ESCAPE = re.compile(r"\\(?P<what>[abcfnrtv\\$])")
_ESCAPED = {
    "a": "\a",
    "b": "\b",
    "c": "\\c",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "$": "$$",
}


class Binding(NamedTuple):
    """One variable of an env file."""

    key: str
    template: str | None
    """Its value with variables not filled in yet; `None` where the line only passes on a variable of that name."""
    literal: bool = False
    """True where the value stood in single quotes, so that nothing is filled in."""


class BrokenLineError(ValueError):
    """A line that Compose refuses, by its number."""

    def __init__(self, line: int) -> None:
        """Keep the number of the line, from 1."""
        self.line = line
        super().__init__(f"line {line}")


def bindings(text: str) -> Iterator[Binding]:
    """Yield the variables of an env file in its order; raises `BrokenLineError` where one is broken."""
    place = 0
    while (place := _end(_BEFORE, text, place)) < len(text):
        found = _KEY.match(text, _end(_EXPORT, text, place))
        if found is None:
            raise BrokenLineError(text.count("\n", 0, place) + 1)
        place = found.end()
        if found["sign"] in {"\n", ""}:
            yield Binding(found["key"], None)
        elif text.startswith(("'", '"'), place):
            value, literal, after = _quoted(text, place)
            yield Binding(found["key"], value, literal)
            place = after
        else:
            plain = _PLAIN.match(text, place)
            value = plain[0] if plain else ""
            place += len(value)
            yield Binding(found["key"], value.partition(" #")[0].rstrip())


def read_env(data: bytes, path: str, outer: Mapping[str, str]) -> tuple[dict[str, str | None], Unreadable | None]:
    """Return the variables of an env file in its order, and what is wrong with it.

    A line `NAME` alone passes on the variable of that name: its value is `None`. Variables inside the values are
    filled in from `outer`, which wins, and from the lines before.
    """
    found: dict[str, str | None] = {}
    known = dict(outer)
    try:
        for binding in bindings(data.decode("utf-8-sig")):
            value = binding.template
            if value is not None:
                value = value if binding.literal else interpolate(value, known)
                known[binding.key] = outer.get(binding.key, value)
            found[binding.key] = value
    except BrokenLineError as fault:
        return found, Unreadable("env-syntax", "a line that is no KEY=VALUE", Place(path, fault.line))
    except UnicodeError as fault:
        return found, Unreadable("env-syntax", one_line(str(fault)), Place(path))
    return found, None


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


def _quoted(text: str, place: int) -> tuple[str, bool, int]:
    """Return the value whose quote opens at `place`, whether it is literal, and where it ends."""
    quote, parts, at = text[place], [], place + 1
    while at < len(text):
        if text.startswith(f"\\{quote}", at):
            parts.append(quote)
            at += 2
        elif text[at] == "\\" and at + 1 < len(text):
            parts.append(text[at : at + 2])
            at += 2
        elif text[at] == quote:
            value = "".join(parts)
            return (value, True, at + 1) if quote == "'" else (_ESCAPE.sub(_unescaped, value), False, at + 1)
        else:
            parts.append(text[at])
            at += 1
    raise BrokenLineError(text.count("\n", 0, place) + 1)


def _unescaped(found: re.Match[str]) -> str:
    return _ESCAPED[found["what"]]
