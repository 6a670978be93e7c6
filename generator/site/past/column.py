"""A list in a script that only ever grows: held as its text, so that to go on needs none of what stands in it."""

from __future__ import annotations

import msgspec


class Column:
    """Values of JSON, one after the other."""

    def __init__(self, text: bytes = b"") -> None:
        """Go on from `text`, what a column before had as its `bytes`."""
        self._text = bytearray(text)

    def add(self, value: object) -> None:
        """Put a value at the end."""
        self.put(msgspec.json.encode(value))

    def put(self, text: bytes) -> None:
        """Put what is JSON already at the end: a value, or a name with its value."""
        if self._text:
            self._text += b","
        self._text += text

    def __bytes__(self) -> bytes:
        """Return the values with commas between them."""
        return bytes(self._text)

    @property
    def listed(self) -> msgspec.Raw:
        """The values as a list of JSON."""
        return msgspec.Raw(b"[%s]" % self._text)

    @property
    def named(self) -> msgspec.Raw:
        """The names with their values as an object of JSON."""
        return msgspec.Raw(b"{%s}" % self._text)
