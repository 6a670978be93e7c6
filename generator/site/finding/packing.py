"""Numbers and texts as scripts hold them: short, the same everywhere, and nothing that could end a script.

A script from disk can read neither binary nor packed data without a request, which browsers refuse there. So numbers
are written with 64 characters of ASCII, five bits each and one that says whether more follow: a small number is one
character. `assets/javascripts/assay.js` reads them.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BITS = 5
MORE = 1 << BITS
_SHORT = tuple(ALPHABET[:MORE])
_LONG = tuple(ALPHABET[MORE:])


def packed(values: Iterable[int]) -> str:
    """Return numbers of 0 and more as text."""
    pieces: list[str] = []
    for value in values:
        left = value
        while left >= MORE:
            pieces.append(_LONG[left & (MORE - 1)])
            left >>= BITS
        pieces.append(_SHORT[left])
    return "".join(pieces)


def packed_newest(values: Sequence[int], before: str = "") -> str:
    """Return numbers that grow, each more than the one before, as text: the last, then how much less each other one is.

    `before` is such a text of smaller numbers, which are to follow. To add numbers so costs as much as they are.
    """
    if not values:
        return before
    steps = [values[-1], *(last - value for last, value in pairwise(reversed(values)))]
    if not before:
        return packed(steps)
    first, rest = _first(before)
    return packed([*steps, values[0] - first]) + rest


def _first(text: str) -> tuple[int, str]:
    """Return the first of packed numbers, and the text of the others."""
    value, unit = 0, 1
    for at, sign in enumerate(text, 1):
        digit = ALPHABET.index(sign)
        value += digit % MORE * unit
        unit *= MORE
        if digit < MORE:
            return value, text[at:]
    return value, ""


def packed_signed(values: Iterable[int]) -> str:
    """Return numbers of any sign as text."""
    return packed(value * 2 if value >= 0 else -value * 2 - 1 for value in values)


def literal(value: object) -> str:
    """Return `value` as JSON that is also JavaScript in ASCII, and can't end the script that it stands in."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def cell(text: str) -> str:
    """Return `text` fit for a line of cells: tabs and line ends are spaces."""
    return " ".join(text.split())
