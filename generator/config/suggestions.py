"""Words for a person who wrote another word than the one that was meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 80
"""Longest word that is compared; a longer one is no slip of the hand."""


def suggestion(word: str, known: Iterable[str], what: str) -> str:
    """Return what to write instead of `word`: the nearest of `known`, else all of them, as `what` they are."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6) if len(word) <= _LONGEST else []
    if near:
        return f"did you mean `{near[0]}`?"
    return f"{what}: {', '.join(words)}" if words else ""
