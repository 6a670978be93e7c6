"""Records that are named by their digest (gates, results, triage): each must be what its name says."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.gates import GateTable, outcome_counts
from generator.evidence.verifying.texts import TextError, canonical_lines, decoded

if TYPE_CHECKING:
    from pathlib import Path

GATES = "gates"
_SHORT = 32


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    digest: str
    record: msgspec.Raw


class NamedRecords:
    """The records of one kind and environment by digest, and which of them a deployment named."""

    def __init__(self, path: Path, kind: str) -> None:
        """Read `path`; a file that is absent holds none. Raises `TextError` for a line that is not what it says."""
        self._lines: dict[str, int] = {}
        self._counts: dict[str, dict[str, int]] = {}
        self._asked: set[str] = set()
        if path.is_file():
            self._read(path, kind)

    def _read(self, path: Path, kind: str) -> None:
        lines, tables = msgspec.json.Decoder(_Line), msgspec.json.Decoder(GateTable)
        for number, text in canonical_lines(path):
            line: _Line = decoded(lines, text, number)
            record = bytes(line.record)
            found = hashlib.sha256(record).hexdigest()[:_SHORT]
            if found != line.digest:
                raise TextError(number, f"holds a record whose digest is {found[:12]}…, not {line.digest[:12]}…")
            if found in self._lines:
                raise TextError(number, f"holds the record {found[:12]}… once more")
            self._lines[found] = number
            if kind == GATES:
                self._counts[found] = outcome_counts(decoded(tables, record, number))

    def ask(self, digest: str) -> bool:
        """Return whether there is a record `digest`, and keep in mind that it was asked for."""
        self._asked.add(digest)
        return digest in self._lines

    def counts(self, digest: str) -> dict[str, int]:
        """Return the outcomes that a table of gates holds."""
        return self._counts.get(digest, {})

    def unasked(self) -> list[tuple[int, str]]:
        """Return line and digest of every record that nothing asked for."""
        return [(number, digest) for digest, number in self._lines.items() if digest not in self._asked]
