"""A table to take away, and how its text becomes bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = "tables"


class Table(NamedTuple):
    """A table to take away."""

    name: str
    says: str
    """What its rows are, to be translated where it is shown."""
    head: Sequence[str]
    """Names of the columns: part of the format, never translated."""


class TableFile(NamedTuple):
    """A table as it was written."""

    name: str
    rows: int
    """Rows below the head."""
    size: int
    """Bytes."""
    digest: str = ""
    """SHA-256 of its bytes, in hexadecimal, where it is known without reading them; else empty."""


def encoded(text: str) -> bytes:
    """Return the bytes of rows; what is no character of its own stands as an escape."""
    return text.encode("utf-8", "backslashreplace")
