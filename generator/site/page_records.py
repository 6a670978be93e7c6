"""Which record of the evidence a page shows, by digest, so that one page alone can be checked against its record."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING

import msgspec

from generator.evidence.next_release import next_path
from generator.evidence.reading import DEPLOYMENTS, RECORDS, SUMMARY, pack_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.evidence.reading import Evidence
    from generator.site.context import Context


class _List(msgspec.Struct, gc=False):
    digest: str


class PageRecords:
    """The records that pages are drawn from, as `PLACE SHA256`: what stands in the `assay-record` of a page.

    `PLACE` is the id of a deployment, or the path of a file in the evidence folder, with `:` and the line where the
    record is one line of it. SHA-256 is that of the line without its line feed, or of the whole file.
    """

    def __init__(self, folder: Path, offsets: Callable[[str], int | None]) -> None:
        """Read from the evidence in `folder`; a list of topologies is gone through when it is first asked for.

        `offsets` tells how many bytes there are before the line of a release.
        """
        self._folder, self._offsets = folder, offsets
        self._lists: dict[str, dict[str, tuple[int, int]]] = {}

    def deployment(self, identity: str) -> str:
        """Return the record of a release; empty where there is none."""
        offset = self._offsets(identity)
        if offset is None:
            return ""
        with (self._folder / DEPLOYMENTS).open("rb") as file:
            file.seek(offset)
            return f"{identity} {_hashed(file)}"

    def topology(self, environment: str, digest: str) -> str:
        """Return the first line that has a topology of an environment; empty where there is none."""
        name = pack_path("topology", environment)
        path = self._folder / name
        if name not in self._lists:
            self._lists[name] = _places(path)
        number, offset = self._lists[name].get(digest, (0, 0))
        if not number:
            return ""
        with path.open("rb") as file:
            file.seek(offset)
            return f"{name}:{number} {_hashed(file)}"

    def next_release(self, environment: str) -> str:
        """Return the record of what waits for an environment; empty where there is none."""
        return self._whole(next_path(environment))

    def summary(self) -> str:
        """Return the summary: what hand-written pages are filled from."""
        return self._whole(SUMMARY)

    def _whole(self, name: str) -> str:
        path = self._folder / name
        return f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}" if path.is_file() else ""


def page_records(context: Context) -> PageRecords:
    """Return the records of a report; ask `Context.once` for it."""

    def offset(identity: str) -> int | None:
        position = context.index.position.get(identity)
        return None if position is None else context.index.places.offsets[position]

    return PageRecords(context.evidence.folder, offset)


def records_digest(evidence: Evidence) -> bytes:
    """Return the SHA-256 of what records tell, which can be said of a deployment long after it was."""
    path = evidence.folder / RECORDS
    return hashlib.sha256(path.read_bytes() if path.exists() else b"").digest()


def _places(path: Path) -> dict[str, tuple[int, int]]:
    """Return where each list of a file stands first, by its digest: the line, and the bytes before it."""
    found: dict[str, tuple[int, int]] = {}
    if path.is_file():
        decoder, offset = msgspec.json.Decoder(_List), 0
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                found.setdefault(decoder.decode(line).digest, (number, offset))
                offset += len(line)
    return found


def _hashed(file: IO[bytes]) -> str:
    """Return the SHA-256 of the next line."""
    return hashlib.sha256(file.readline().rstrip(b"\n")).hexdigest()
