"""Single deployments of an evidence folder by their lines: read where they stand, without those before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.errors import Place, RefusedError
from generator.evidence.reading import DEPLOYMENTS
from generator.evidence.records import DeploymentRecord

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_CHUNK = 1 << 20


class DeploymentLines:
    """The lines of `deployments.jsonl`. What is asked for is mostly new, so their places are found from the end on."""

    def __init__(self, folder: Path, lines: int) -> None:
        """Read from the evidence in `folder`, which has so many `lines` of deployments."""
        self._path, self._lines = folder / DEPLOYMENTS, lines
        self._decoder = msgspec.json.Decoder(DeploymentRecord)
        self._starts: list[int] = []
        """Where each line begins, the last one first."""
        self._size = self._path.stat().st_size if lines else 0
        self._from = self._size
        """Before this byte nothing was looked at."""

    def read(self, numbers: Sequence[int]) -> list[DeploymentRecord]:
        """Return the deployments of these lines, from 1. Raises `RefusedError` where one is no deployment."""
        found: list[DeploymentRecord] = []
        if not numbers:
            return found
        with self._path.open("rb") as file:
            for number in numbers:
                start, end = self._place(number)
                file.seek(start)
                try:
                    found.append(self._decoder.decode(file.read(end - start)))
                except msgspec.DecodeError as fault:
                    place = Place(str(self._path), number)
                    raise RefusedError("evidence", str(fault), place=place, fix="build it again") from fault
        return found

    def _place(self, number: int) -> tuple[int, int]:
        at = self._lines - number
        while len(self._starts) <= at and self._from:
            self._look()
        return self._starts[at], self._starts[at - 1] if at else self._size

    def _look(self) -> None:
        """Find the lines that begin in the next chunk towards the beginning of the file."""
        end = self._from
        self._from = max(0, end - _CHUNK)
        with self._path.open("rb") as file:
            file.seek(self._from)
            data = file.read(end - self._from)
        at = data.rfind(b"\n")
        while at >= 0:
            if self._from + at + 1 < self._size:
                self._starts.append(self._from + at + 1)
            at = data.rfind(b"\n", 0, at)
        if not self._from:
            self._starts.append(0)
