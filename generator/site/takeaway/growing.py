"""A table that only ever grows: it begins as it stood in the former site, where that is known."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.csv_rows import csv_line
from generator.evidence.folding import NotKept
from generator.site.takeaway.table import FOLDER, TableFile, encoded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from generator.evidence.folding import Folds

_WAITING = 500
"""Rows that are written at once."""


class GrowingAt(msgspec.Struct, array_like=True):
    """How much of a table is settled."""

    rows: int
    size: int
    """Bytes."""
    digest: bytes
    """SHA-256 of these bytes."""


class Growing:
    """A table in the making."""

    def __init__(self, name: str, folder: Path, opened: ExitStack) -> None:
        """Open the table `name` in `folder`; `opened` closes it."""
        self._name, self._path = name, folder / f"{name}.csv"
        self._file = opened.enter_context(self._path.open("wb"))
        self._rows, self._size, self._hash = 0, 0, hashlib.sha256()
        self._waiting: list[str] = []

    def begin(self, head: Sequence[str]) -> None:
        """Write the names of the columns."""
        self._waiting.append(csv_line(head))

    def go_on(self, folds: Folds, at: GrowingAt | None) -> None:
        """Begin with the former table up to `at`; raises `NotKept` where it was another."""
        if at is None:
            raise NotKept(self._name)
        self._hash = folds.former(f"{FOLDER}/{self._name}.csv", at.size, at.digest, self._file)
        self._rows, self._size = at.rows, at.size

    def add(self, line: str) -> None:
        """Write the next row, with its end."""
        self._rows += 1
        self._waiting.append(line)
        if len(self._waiting) >= _WAITING:
            self._write()

    def at(self) -> GrowingAt:
        """Return how it stands."""
        self._write()
        return GrowingAt(self._rows, self._size, self._hash.digest())

    def told(self) -> TableFile:
        """Return the table as it was written."""
        self._write()
        return TableFile(self._name, self._rows, self._size, self._hash.hexdigest())

    def _write(self) -> None:
        data = encoded("".join(self._waiting))
        self._waiting.clear()
        self._file.write(data)
        self._hash.update(data)
        self._size += len(data)
