"""An evidence folder, read: the only way in which pages, checks of a bundle and other tools see it."""

from __future__ import annotations

import sys
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import msgspec

from generator.errors import Place, RefusedError
from generator.evidence.app_changes import AppChangeRecord
from generator.evidence.delivery_records import RecordLine
from generator.evidence.metrics import PeriodMetrics
from generator.evidence.next_release import NextRecord, next_path
from generator.evidence.packs import (
    ComponentRecord,
    DriftEntry,
    EndedRecord,
    FindingEntry,
    FixedRecord,
    PackLine,
    TopologyEntry,
)
from generator.evidence.records import FORMAT, DeploymentRecord
from generator.evidence.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SUMMARY = "summary.json"
DEPLOYMENTS = "deployments.jsonl"
RECORDS = "records.jsonl"
CHANGES = "changes.jsonl"
METRICS = "metrics.jsonl"
COMPONENTS = "objects/components.jsonl"
MANIFEST = "manifest.json"

Entry = TypeVar("Entry")
_WHOLE = b'{"digest":'
"""Beginning of a line with a whole list; any other names its base first."""


def pack_path(kind: str, environment: str) -> str:
    """Return where the lists or records of one kind (`topology`, `findings`, `gates`) of one environment stand."""
    return f"objects/{kind}/{environment}.jsonl"


class Replay(Generic[Entry]):
    """The lists of one kind of one environment, walked in the order of its deployments.

    Holds one list at a time, whatever the length of the history.
    """

    def __init__(self, path: Path, entry_type: type[Entry]) -> None:
        """Stand before the first line of `path`; a file that is absent has no lines."""
        self.entries: dict[str, Entry] = {}
        """The list at the deployment last advanced to, by key; do not change it."""
        self._type = entry_type
        self._digest = ""
        self._path = path
        self._line = 0
        self._lines = lines_of(path, PackLine)

    def go_to(self, line: int) -> bool:
        """Stand at the list of `line`, from 1, as if all lines up to it had been advanced to; 0 is before the first.

        Begins at the last whole list before it. Returns whether the list is another one than that held now.
        """
        if line == self._line:
            return False
        known = self._wholes
        number, begin = known[max(bisect_right(known, (line - 1, sys.maxsize)) - 1, 0)] if line and known else (0, 0)
        if line < self._line or number > self._line:
            self._lines = lines_of(self._path, PackLine, begin, number)
            self._line, self._digest, self.entries = number, "", {}
        while self._line < line:
            found = next(self._lines, None)
            if found is None:
                raise RefusedError("evidence", f"{self._path.name} has no line {line}")
            self._line += 1
            self._digest = found.digest
            new = {k: msgspec.convert(v, self._type) for k, v in found.set.items()}
            if not found.base:
                self.entries = new
                continue
            for key in found.unset:
                del self.entries[key]
            self.entries.update(new)
        return True

    @cached_property
    def _wholes(self) -> list[tuple[int, int]]:
        """Where the lines with a whole list stand: how many lines and bytes there are before each."""
        data = self._path.read_bytes() if self._path.exists() else b""
        found, lines, counted, at = [], 0, 0, 0
        while at < len(data) and data.startswith(_WHOLE, at):
            lines += data.count(b"\n", counted, at)
            found.append((lines, at))
            counted, at = at, data.find(b"\n" + _WHOLE, at) + 1 or len(data)
        return found

    def advance(self, digest: str) -> tuple[Mapping[str, Entry], Mapping[str, Entry]]:
        """Go to the list named `digest`; return what came or changed, and what went or changed (its old entries).

        The digest must be that of the list held now, or of the next line.
        """
        if digest == self._digest:
            return {}, {}
        line = next(self._lines, None)
        if line is None or line.digest != digest:
            raise RefusedError("evidence", f"object {digest} is not where the deployments expect it")
        self._line += 1
        new: dict[str, Entry] = {k: msgspec.convert(v, self._type) for k, v in line.set.items()}
        if line.base:
            gone = {k: self.entries[k] for k in (*line.unset, *(k for k in new if k in self.entries))}
            for key in line.unset:
                del self.entries[key]
            self.entries.update(new)
        else:
            gone = {k: v for k, v in self.entries.items() if new.get(k) != v}
            came = {k: v for k, v in new.items() if self.entries.get(k) != v}
            self.entries, new = new, came
        self._digest = digest
        return new, gone


class Evidence:
    """One evidence folder."""

    def __init__(self, folder: Path) -> None:
        """Open `folder`; raises `RefusedError` where it is no evidence folder of this format."""
        self.folder = folder
        path = folder / SUMMARY
        try:
            self.summary = msgspec.json.decode(path.read_bytes(), type=Summary)
        except FileNotFoundError:
            raise RefusedError(
                "evidence", "no evidence folder", place=Place(str(path)), fix="run assay build"
            ) from None
        except (msgspec.DecodeError, UnicodeError) as fault:
            raise RefusedError("evidence", str(fault), place=Place(str(path)), fix="build it again") from fault
        if self.summary.format != FORMAT:
            reason = f"format {self.summary.format!r}, this version reads {FORMAT!r}"
            raise RefusedError("evidence", reason, place=Place(str(path)), fix="build it again")

    @classmethod
    def unfinished(cls, folder: Path, summary: Summary) -> Self:
        """Return the evidence of a run that has written its lines, and not yet its summary."""
        found = cls.__new__(cls)
        found.folder, found.summary = folder, summary
        return found

    def metrics(self) -> Iterator[PeriodMetrics]:
        """Yield the delivery measures: by environment, then what they are of, unit and period, oldest first."""
        return lines_of(self.folder / METRICS, PeriodMetrics)

    def deployments(self) -> Iterator[DeploymentRecord]:
        """Yield every deployment of every environment, oldest first, one at a time."""
        return lines_of(self.folder / DEPLOYMENTS, DeploymentRecord)

    def records(self) -> Iterator[RecordLine]:
        """Yield what records tell, sorted by environment, kind and time; nothing where there are none."""
        return lines_of(self.folder / RECORDS, RecordLine)

    def app_changes(self) -> Iterator[AppChangeRecord] | None:
        """Return what deployments brought of applications' own histories; `None` where no such history was given."""
        path = self.folder / CHANGES
        return lines_of(path, AppChangeRecord) if path.exists() else None

    def components(self) -> dict[str, ComponentRecord]:
        """Return every distinct component state by its digest."""
        return {record.digest: record for record in lines_of(self.folder / COMPONENTS, ComponentRecord)}

    def topologies(self, environment: str) -> Replay[TopologyEntry]:
        """Return the topologies of an environment, to walk beside its deployments (by their `digest`)."""
        return Replay(self.folder / pack_path("topology", environment), TopologyEntry)

    def findings(self, environment: str) -> Replay[FindingEntry]:
        """Return the findings lists of an environment, to walk beside its deployments (by `findings.object`)."""
        return Replay(self.folder / pack_path("findings", environment), FindingEntry)

    def drift(self, environment: str) -> Replay[DriftEntry]:
        """Return the drift lists of an environment, to walk beside its deployments (by `drift.object`)."""
        return Replay(self.folder / pack_path("drift", environment), DriftEntry)

    def objects(self, kind: str, environment: str, record_type: type[Entry]) -> dict[str, Entry]:
        """Return every record of one kind (`gates`, `results`, `triage`) of an environment, by its digest."""
        lines = lines_of(self.folder / pack_path(kind, environment), _Object)
        return {line.digest: msgspec.json.decode(line.record, type=record_type) for line in lines}

    def next_release(self, environment: str) -> NextRecord | None:
        """Return what would come to a production environment; `None` where the evidence does not tell."""
        path = self.folder / next_path(environment)
        try:
            return msgspec.json.decode(path.read_bytes(), type=NextRecord)
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, UnicodeError) as fault:
            raise RefusedError("evidence", str(fault), place=Place(str(path)), fix="build it again") from fault

    def fixed(self, environment: str) -> Iterator[FixedRecord]:
        """Yield every finding of an environment that holds no more, in the order in which they were fixed."""
        return lines_of(self.folder / pack_path("fixed", environment), FixedRecord)

    def ended(self, environment: str) -> Iterator[EndedRecord]:
        """Yield every difference to the upstream that stands no more, in the order in which they ended."""
        return lines_of(self.folder / pack_path("ended", environment), EndedRecord)


class _Object(msgspec.Struct, frozen=True):
    """A line with a record of its own."""

    digest: str
    record: msgspec.Raw


def lines_of(path: Path, line_type: type[Any], begin: int = 0, before: int = 0) -> Iterator[Any]:
    """Yield the lines of a file as records of `line_type`; none where there is no such file.

    Those after its first `begin` bytes, which are `before` lines. Raises `RefusedError` where a line is no such record.
    """
    decoder = msgspec.json.Decoder(line_type)
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(begin)
        for number, line in enumerate(file, before + 1):
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as fault:
                place = Place(str(path), number)
                raise RefusedError("evidence", str(fault), place=place, fix="build it again") from fault
