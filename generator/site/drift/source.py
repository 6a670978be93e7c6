"""A file of the register of drift, as the page that lists them and the writer of them know it."""

from __future__ import annotations

from typing import NamedTuple


class Source(NamedTuple):
    """A file of the register."""

    environment: str
    what: str
    """`standing`, the year in which items ended, or `undated`."""
    file: str
    items: int
