"""What a text is found by: its words, and the parts of words that hold more than one. `find.js` cuts the same way."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 48
"""Characters of a word that count; what is longer is found by its beginning."""
SHORTEST_PART = 2
MOST_WORDS = 40
"""Words of one text that count: a subject that is a whole paragraph is found by how it begins."""
SEPARATOR = re.compile(r"[\W_]+")


def terms(text: str) -> Iterator[str]:
    """Yield the terms of a text in lower case, each maybe more than once: `cart-api`, `cart`, `api`."""
    for word in text.lower().split(None, MOST_WORDS)[:MOST_WORDS]:
        yield from word_terms(word)


@lru_cache(maxsize=8192)
def word_terms(word: str) -> tuple[str, ...]:
    """Return the terms of one word in lower case: itself without signs around it, then its parts."""
    parts = [part for part in SEPARATOR.split(word) if part]
    if not parts:
        return ()
    start = word.index(parts[0])
    whole = word[start : word.rindex(parts[-1]) + len(parts[-1])][:LONGEST]
    if len(parts) == 1:
        return (whole,)
    return (whole, *(part[:LONGEST] for part in parts if len(part) >= SHORTEST_PART))


def version_terms(version: str) -> Iterator[str]:
    """Yield the terms of a version in lower case: whole, and without the `v` that some write and some don't."""
    whole = " ".join(version.lower().split())[:LONGEST]
    yield whole
    if whole[:1] == "v" and whole[1:2].isdigit():
        yield whole[1:]
