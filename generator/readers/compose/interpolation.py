"""Variables in compose files, filled in by Compose's rules; one without a value and a default stays `${NAME}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Plain: TypeAlias = "str | Sequence[Plain] | Mapping[str, Plain] | None"
"""A part of a compose model: every scalar is text, and `None` is a key without a value."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-?+]")
_DEEPEST = 20


class Use(NamedTuple):
    """One place where a variable is used."""

    name: str
    bare: bool
    """True where the place says nothing for the case that the variable has no value."""


class _Found(NamedTuple):
    """A `$` with what belongs to it, from `start` to `end` of the text."""

    start: int
    end: int
    name: str
    """Empty for `$$`."""
    operator: str = ""
    rest: str = ""


def uses(text: str, depth: int = 0) -> Iterator[Use]:
    """Yield every use of a variable in `text`, those in the defaults of others included."""
    for found in _scan(text):
        if found.name:
            yield Use(found.name, bare=not found.operator or "?" in found.operator)
            if "?" not in found.operator and depth < _DEEPEST:
                yield from uses(found.rest, depth + 1)


def interpolate(text: str, values: Mapping[str, str], depth: int = 0) -> str:
    """Return `text` with its variables filled in; one without a value stays as `${NAME}`, and `$$` becomes `$`."""
    if "$" not in text:
        return text
    parts, done = [], 0
    for found in _scan(text):
        parts += [text[done : found.start], _value(found, values, depth)]
        done = found.end
    return "".join([*parts, text[done:]])


def symbol(name: str) -> str:
    """Return what stands for a variable without a value."""
    return f"${{{name}}}"


def mapped(node: Plain, change: Callable[[str], str]) -> Plain:
    """Return `node` with every text in it changed; keys stay as they are."""
    if isinstance(node, str):
        return change(node)
    if isinstance(node, list):
        return [mapped(item, change) for item in node]
    if isinstance(node, dict):
        return {key: mapped(value, change) for key, value in node.items()}
    return None


def unescaped(text: str) -> str:
    """Return a text of the engine's output as it is meant: it doubles every `$`."""
    return text.replace("$$", "$")


def _value(found: _Found, values: Mapping[str, str], depth: int) -> str:
    if not found.name:
        return "$"
    value = values.get(found.name)
    there = value if value or not found.operator.startswith(":") else None
    if found.operator.endswith("+"):
        return _filled(found.rest, values, depth) if there is not None else ""
    if there is not None:
        return there
    if found.operator.endswith("-"):
        return _filled(found.rest, values, depth)
    return value if value is not None and not found.operator else symbol(found.name)


def _filled(rest: str, values: Mapping[str, str], depth: int) -> str:
    return interpolate(rest, values, depth + 1) if depth < _DEEPEST else rest


def _scan(text: str) -> Iterator[_Found]:
    """Yield what begins with `$` in `text`; what is no variable by Compose's rules is left alone."""
    place = text.find("$")
    while place >= 0:
        found = _found_at(text, place)
        if found:
            yield found
        place = text.find("$", found.end if found else place + 1)


def _found_at(text: str, place: int) -> _Found | None:
    if text.startswith("$$", place):
        return _Found(place, place + 2, "")
    braced = text.startswith("${", place)
    name = _NAME.match(text, place + (2 if braced else 1))
    if name is None:
        return None
    if not braced:
        return _Found(place, name.end(), name[0])
    end = _closing(text, place + 2)
    operator = _OPERATOR.match(text, name.end())
    if end < 0 or (operator is None and end != name.end()):
        return None
    if operator is None:
        return _Found(place, end + 1, name[0])
    return _Found(place, end + 1, name[0], operator[0], text[operator.end() : end])


def _closing(text: str, place: int) -> int:
    """Return where the brace closes that is open at `place`; -1 where it never does."""
    depth = 1
    while place < len(text):
        if text.startswith("${", place):
            depth += 1
            place += 1
        elif text[place] == "}":
            depth -= 1
            if not depth:
                return place
        place += 1
    return -1
