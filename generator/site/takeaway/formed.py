"""Rows that were formed of lines of the evidence before: a line that is as it was gives the row that it gave."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from generator.errors import Place, RefusedError
from generator.evidence.csv_rows import csv_line
from generator.site.takeaway.table import encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

_SIZE = 16


class Source(NamedTuple):
    """A file of lines that have a row each."""

    path: Path
    line_type: type[Any]
    row: Callable[[Any], Iterable[Any]]
    """Returns the row of a line: of what stands in it, and of what the report's settings say, alone."""


class Formed:
    """The rows of the files of a report, by the name of each."""

    def __init__(self, sources: Mapping[str, Source], former: Mapping[str, Mapping[bytes, bytes]]) -> None:
        """Form rows of `sources`; `former` has rows by the digest of the line."""
        self._sources, self._former = sources, former
        self._rows: dict[str, list[tuple[bytes, bytes]]] = {}

    def rows(self, name: str) -> list[bytes]:
        """Return the rows of the file called `name`, each with its end; none where there is no such file."""
        return [row for _digest, row in self._of(name)]

    def at(self) -> dict[str, dict[bytes, bytes]]:
        """Return every row by the digest of its line, by the name of the file."""
        return {name: dict(self._of(name)) for name in self._sources}

    def _of(self, name: str) -> list[tuple[bytes, bytes]]:
        if name not in self._rows:
            source, former = self._sources[name], self._former.get(name, {})
            self._rows[name] = _formed(source, former) if source.path.exists() else []
        return self._rows[name]


def _formed(source: Source, former: Mapping[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    decoder, found = msgspec.json.Decoder(source.line_type), []
    with source.path.open("rb") as file:
        for number, line in enumerate(file, 1):
            digest = blake2b(line, digest_size=_SIZE).digest()
            row = former.get(digest)
            if row is None:
                try:
                    record = decoder.decode(line)
                except msgspec.DecodeError as fault:
                    place = Place(str(source.path), number)
                    raise RefusedError("evidence", str(fault), place=place, fix="build it again") from fault
                row = encoded(csv_line(source.row(record)))
            found.append((digest, row))
    return found
