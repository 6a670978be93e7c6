"""Which record of the evidence a page shows, by digest, so that one page alone can be checked against its record."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.next_release import next_path
from generator.evidence.reading import DEPLOYMENTS, SUMMARY, pack_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.site.context import Context


class _Deployment(msgspec.Struct, gc=False):
    id: str


class _List(msgspec.Struct, gc=False):
    digest: str


class PageRecords:
    """The records that pages are drawn from, as `PLACE SHA256`: what stands in the `assay-record` of a page.

    `PLACE` is the id of a deployment, or the path of a file in the evidence folder, with `:` and the line where the
    record is one line of it. SHA-256 is that of the line without its line feed, or of the whole file.
    """

    def __init__(self, folder: Path) -> None:
        """Read from the evidence in `folder`; a file is gone through when it is first asked for."""
        self._folder = folder
        self._deployments: dict[str, bytes] = {}
        self._lists: dict[str, dict[str, tuple[int, bytes]]] = {}

    def deployment(self, identity: str) -> str:
        """Return the record of a deployment; empty where there is none."""
        if not self._deployments:
            decoder = msgspec.json.Decoder(_Deployment)
            for _number, line in _lines(self._folder / DEPLOYMENTS):
                self._deployments[decoder.decode(line).id] = hashlib.sha256(line).digest()
        found = self._deployments.get(identity)
        return f"{identity} {found.hex()}" if found is not None else ""

    def topology(self, environment: str, digest: str) -> str:
        """Return the first line that has a topology of an environment; empty where there is none."""
        name = pack_path("topology", environment)
        if name not in self._lists:
            decoder = msgspec.json.Decoder(_List)
            known = self._lists[name] = {}
            for number, line in _lines(self._folder / name):
                known.setdefault(decoder.decode(line).digest, (number, hashlib.sha256(line).digest()))
        number, found = self._lists[name].get(digest, (0, b""))
        return f"{name}:{number} {found.hex()}" if number else ""

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
    return PageRecords(context.evidence.folder)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    if path.is_file():
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield number, line.rstrip(b"\n")
