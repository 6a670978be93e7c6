"""SSH's binary form, in which keys and signatures are written: texts after their lengths."""

from __future__ import annotations

NAMESPACE = b"git"
"""What a signature by git is made for; one that was made for anything else says nothing of a commit."""


class MalformedError(ValueError):
    """What is not in the form that it should have."""


class Fields:
    """Reads the fields of SSH's binary form one after the other; raises `MalformedError` where they end early."""

    def __init__(self, data: bytes) -> None:
        """Begin at the start of `data`."""
        self._data, self._at = data, 0

    def take(self, number: int) -> bytes:
        """Return the next `number` bytes."""
        taken = self._data[self._at : self._at + number]
        if len(taken) != number:
            raise MalformedError
        self._at += number
        return taken

    def number(self) -> int:
        """Return the next number of 32 bits."""
        return int.from_bytes(self.take(4), "big")

    def text(self) -> bytes:
        """Return the next text, which comes after its length."""
        return self.take(self.number())

    def end(self) -> None:
        """See that nothing is left."""
        if self._at != len(self._data):
            raise MalformedError


def packed(text: bytes) -> bytes:
    """Return a text after its length."""
    return len(text).to_bytes(4, "big") + text
