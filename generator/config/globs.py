"""Patterns of paths as git's `:(glob)` reads them: `*` and `?` stay inside of a folder, `**` goes through any.

A regular expression of many wildcards goes back and forth for as long as whoever wrote the pattern likes, so a pattern
of more than a few is followed along all its ways at once instead.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PART = re.compile(r"\*\*/|/\*\*$|\*\*|\*|\?|[^*?]+")
_MEANING = {"**/": "(?:[^/]+/)*", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_MOST_THROUGH = 2
"""Wildcards that go through folders of a pattern that is matched by a regular expression."""
_MOST_INSIDE = 2
"""The same of those inside of one folder's or file's name."""


@lru_cache(maxsize=512)
def _expression(pattern: str) -> re.Pattern[str] | None:
    """Return `pattern` ready to match whole paths from the top; `None` where that could take long."""
    parts = _PART.findall(pattern)
    through = sum(part in {"**/", "/**", "**"} for part in parts)
    inside = max((name.count("*") for name in pattern.split("/") if name != "**"), default=0)
    if through > _MOST_THROUGH or inside > _MOST_INSIDE or ("**" in parts and through + inside > _MOST_INSIDE + 1):
        return None
    return re.compile("".join(_MEANING.get(part) or re.escape(part) for part in parts), re.DOTALL)


class _Ways:
    """A pattern, of which every way through a path is followed at once."""

    def __init__(self, pattern: str) -> None:
        self._steps: list[str] = []
        """What each place waits for: a character of its own, or one of the wildcards."""
        for part in _PART.findall(pattern):
            if part == "/**":
                self._steps += ["/", "**"]
            else:
                self._steps += [part] if part in _MEANING else [*part]

    def fit(self, path: str) -> bool:
        """Return whether the whole of `path` fits."""
        # A place below zero is one inside of a folder that `**/` goes through.
        places = self._from({0})
        for character in path:
            places = self._from({after for place in places for after in self._after(place, character)})
            if not places:
                return False
        return len(self._steps) in places

    def _after(self, place: int, character: str) -> tuple[int, ...]:
        """Return where a place leads to by one character."""
        if place < 0:
            return (place,) if character != "/" else (~place,)
        step = self._steps[place] if place < len(self._steps) else ""
        match step:
            case "**":
                return (place,)
            case "*":
                return (place,) if character != "/" else ()
            case "?":
                return (place + 1,) if character != "/" else ()
            case "**/":
                return (~place,) if character != "/" else ()
            case _:
                return (place + 1,) if character == step else ()

    def _from(self, places: set[int]) -> set[int]:
        """Return `places` with those that are reached by nothing at all."""
        found, waiting = set(places), list(places)
        while waiting:
            place = waiting.pop()
            skipped = 0 <= place < len(self._steps) and self._steps[place] in {"*", "**", "**/"}
            if skipped and place + 1 not in found:
                found.add(place + 1)
                waiting.append(place + 1)
        return found


_ways = lru_cache(maxsize=512)(_Ways)


def matches(patterns: tuple[str, ...], path: str) -> bool:
    """Return whether `path` fits one of `patterns`."""
    return any(_fits(pattern, path) for pattern in patterns)


def _fits(pattern: str, path: str) -> bool:
    expression = _expression(pattern)
    return _ways(pattern).fit(path) if expression is None else expression.fullmatch(path) is not None


def pathspec(pattern: str) -> str:
    """Return the same for git."""
    return f":(top,glob){pattern}"
