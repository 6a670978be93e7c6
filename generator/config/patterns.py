"""Patterns that users write: `*` stands for any text, and every other character for itself.

No regular expression is made of them, so that no pattern takes longer than in proportion to the text.
"""

from __future__ import annotations


class Pattern:
    """One pattern, ready to be matched."""

    def __init__(self, pattern: str) -> None:
        """Take `pattern` as it was written."""
        self._parts = pattern.split("*")

    def fits(self, text: str) -> bool:
        """Return whether the whole of `text` is what the pattern says."""
        return _fits(self._parts, text)

    def fits_field(self, name: str) -> bool:
        """Return whether a field's name, or the end of it from a dot on, is what the pattern says."""
        return _fits(self._parts, name) or _fits(["", f".{self._parts[0]}", *self._parts[1:]], name)


def _fits(parts: list[str], text: str) -> bool:
    if len(parts) == 1:
        return text == parts[0]
    first, last = parts[0], parts[-1]
    at, end = len(first), len(text) - len(last)
    if at > end or not text.startswith(first) or not text.endswith(last):
        return False
    for part in parts[1:-1]:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True
