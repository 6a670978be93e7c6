"""Names looked for in texts: as whole words, in any form of spacing and accents; never as a part of another word.

A name of several words is found in any case. One of a single word is found as it is written, since many of them are
words of a language too.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_WORD: Final = re.compile(r"\w+(?:-\w+)*")
_GAP: Final = re.compile(r"\W{1,3}")
_UNSPACED: Final = "\u2e80"
"""From here on scripts stand that put no space between words."""
CUT: Final = "…"
"""What a text ends with that was too long."""
MOST_WORDS = 8
"""Words of a name; of a longer one the first are looked for."""

Words = tuple[str, ...]


class Known(Protocol):
    """Tells what stands in the place of a name."""

    def __call__(self, words: Words, /) -> str | None:
        """Return what stands in the place of these words; `None` where they are no name."""
        ...


def words_of(name: str) -> Words:
    """Return the words of a name as they are compared; nothing where it has none."""
    found = _WORD.findall(unicodedata.normalize("NFC", name))[:MOST_WORDS]
    return tuple(found) if len(found) == 1 else tuple(_folded(word) for word in found)


def unspaced(name: str) -> bool:
    """Return whether a name is of a script without spaces, or of no words: it is looked for letter by letter."""
    return bool(name.strip()) and (not words_of(name) or any(letter >= _UNSPACED for letter in name))


def replaced(
    text: str,
    sizes: Collection[int],
    known: Known,
    literal: Mapping[str, str] | None = None,
    *,
    alone: bool = True,
) -> str:
    """Return `text` with what `known` says in the place of each name that has as many words as one of `sizes`.

    `literal` are names that are found letter by letter. Without `alone`, names of one word are not looked for.
    """
    plain = text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
    looked = sorted((size for size in sizes if alone or size > 1), reverse=True)
    shown = _by_words(plain, looked, known) if looked else plain
    for name, instead in (literal or {}).items():
        shown = shown.replace(name, instead)
    return text if shown == plain else shown


def _by_words(text: str, sizes: Sequence[int], known: Known) -> str:
    found = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(text)]
    parts: list[str] = []
    done = at = 0
    while at < len(found):
        for size in sizes:
            run = found[at : at + size]
            if len(run) == size and _together(text, run) and (instead := known(_compared(run))) is not None:
                parts += [text[done : run[0][0]], instead]
                done = run[-1][1]
                at += size
                break
        else:
            at += 1
    return "".join([*parts, text[done:]]) if parts else text


def _together(text: str, run: Sequence[tuple[int, int, str]]) -> bool:
    return all(_GAP.fullmatch(text, before[1], after[0]) for before, after in pairwise(run))


def _compared(run: Sequence[tuple[int, int, str]]) -> Words:
    return (run[0][2],) if len(run) == 1 else tuple(_folded(word) for _, _, word in run)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


class Names:
    """Names and what stands in their place; names are only added."""

    def __init__(self) -> None:
        """Start without any."""
        self._known: dict[Words, str] = {}
        self._sizes: set[int] = set()
        self._begun: dict[str, list[Words]] = {}
        """Names of several words by their first one."""
        self._literal: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Return whether there is any name to look for."""
        return bool(self._known or self._literal)

    def add(self, name: str, instead: str) -> None:
        """Look for `name` from now on; the first that was said of it stands."""
        words = words_of(name)
        if words:
            self._known.setdefault(words, instead)
            self._sizes.add(len(words))
            if len(words) > 1:
                self._begun.setdefault(words[0], []).append(words)
        if unspaced(name) and len(name.strip()) > 1:
            self._literal.setdefault(unicodedata.normalize("NFC", name.strip()), instead)

    def replaced(self, text: str, *, alone: bool = True) -> str:
        """Return `text` without these names."""
        if not self:
            return text
        shown = replaced(text, self._sizes, self._known.get, self._literal, alone=alone)
        return self._whole(shown) if shown.endswith(CUT) else shown

    def _whole(self, text: str) -> str:
        """Return a text that was cut, without the beginning of a name where it was cut."""
        plain = text.removesuffix(CUT).rstrip()
        found = list(_WORD.finditer(plain))[-MOST_WORDS:]
        if not found or found[-1].end() != len(plain):
            return text
        for start, first in enumerate(found[:-1]):
            *before, last = [_folded(match[0]) for match in found[start:]]
            size = len(before)
            for words in self._begun.get(before[0], ()):
                if len(words) > size and list(words[:size]) == before and words[size].startswith(last):
                    return f"{plain[: first.start()]}{self._known[words]}{CUT}"
        return text
