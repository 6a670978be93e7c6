"""The readers there are: ours and those of other packages, found by the entry point group `assay.readers`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, cast

from generator.errors import RefusedError

if TYPE_CHECKING:
    from generator.readers.reader import Reader

GROUP = "assay.readers"


def reader_names() -> frozenset[str]:
    """Return the names of every reader that is installed, without importing any."""
    return frozenset(point.name for point in entry_points(group=GROUP))


@cache
def reader(name: str) -> Reader:
    """Return the reader of that name; only then is its module imported. Raises `RefusedError` where there is none."""
    for point in entry_points(group=GROUP, name=name):
        return cast("Reader", point.load()())
    known = ", ".join(sorted(reader_names()))
    raise RefusedError("reader", f"there is no reader {name!r}", fix=f"use one of: {known}")
