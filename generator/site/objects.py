"""Records that are named by a digest (gates, results, triage), looked up one at a time.

A long history has as many of them as releases, and results of thousands of items: only where each line stands is held,
some 200 bytes a record, and a record is read when a page asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from generator.errors import Place, RefusedError
from generator.evidence.gates import GateTable
from generator.evidence.reading import pack_path
from generator.evidence.results import ResultDetail
from generator.evidence.triage import TriageRecord

if TYPE_CHECKING:
    from pathlib import Path

Record = TypeVar("Record")
TYPES: tuple[type[Any], ...] = (GateTable, ResultDetail, TriageRecord)


class _Line(msgspec.Struct):
    digest: str
    record: msgspec.Raw


class Objects:
    """The records of one evidence folder by kind, environment and digest."""

    def __init__(self, folder: Path) -> None:
        """Read from `folder`; a file is gone through when it is first asked for."""
        self._folder = folder
        self._places: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
        self._lines = msgspec.json.Decoder(_Line)
        self._decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {
            kind: msgspec.json.Decoder(kind) for kind in TYPES
        }

    def gates(self, environment: str, digest: str) -> GateTable:
        """Return what the gates said; raises `RefusedError` where the evidence does not hold it."""
        return self._get("gates", environment, digest, GateTable)

    def result(self, environment: str, digest: str) -> ResultDetail:
        """Return the details of an imported result; raises as `gates` does."""
        return self._get("results", environment, digest, ResultDetail)

    def triage(self, environment: str, digest: str) -> TriageRecord:
        """Return the verdict on a failure; raises as `gates` does."""
        return self._get("triage", environment, digest, TriageRecord)

    def _get(self, kind: str, environment: str, digest: str, record_type: type[Record]) -> Record:
        path = self._folder / pack_path(kind, environment)
        name = (kind, environment)
        if name not in self._places:
            self._places[name] = self._scan(path)
        place = self._places[name].get(digest)
        if place is None:
            reason = f"object {digest} is not where the deployments expect it"
            raise RefusedError("evidence", reason, place=Place(str(path)), fix="build it again")
        with path.open("rb") as file:
            file.seek(place[0])
            line = file.read(place[1])
        try:
            record: Record = self._decoders[record_type].decode(self._lines.decode(line).record)
        except msgspec.DecodeError as fault:
            raise RefusedError("evidence", str(fault), place=Place(str(path)), fix="build it again") from fault
        return record

    def _scan(self, path: Path) -> dict[str, tuple[int, int]]:
        """Return for each digest where its line begins and how long it is, in bytes."""
        found: dict[str, tuple[int, int]] = {}
        if not path.exists():
            return found
        at = 0
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    found[self._lines.decode(line).digest] = (at, len(line))
                except msgspec.DecodeError as fault:
                    place = Place(str(path), number)
                    raise RefusedError("evidence", str(fault), place=place, fix="build it again") from fault
                at += len(line)
        return found
