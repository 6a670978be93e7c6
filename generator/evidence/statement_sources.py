"""What statements are made of, read from the bundle: as little of it as they need, since there may be 30,000."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.errors import Place, RefusedError
from generator.evidence.gates import GateTable  # noqa: TC001 - records are decoded by their annotations
from generator.evidence.records import (  # noqa: TC001 - as above
    ChangeRecord,
    DriftCounts,
    FindingCounts,
    GateCounts,
)
from generator.evidence.results import ResultRecord  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class ReleaseCommit(msgspec.Struct, frozen=True):
    """The parts of a commit that a statement needs."""

    id: str
    committed_at: str
    tags: tuple[str, ...] = ()
    deployed: str = ""


class Release(msgspec.Struct, frozen=True):
    """The parts of a deployment record that its statements need: reading less is reading faster."""

    id: str
    environment: str
    sequence: int
    commit: ReleaseCommit
    digest: str
    previous_digest: str
    kind: str
    confidence: str
    changes: tuple[ChangeRecord, ...]
    findings: FindingCounts
    drift: DriftCounts | None
    gates: GateCounts
    triage: str | None
    bulk: bool = False
    bypass: bool = False
    partial: bool = False
    unreadable: int = 0
    results: tuple[ResultRecord, ...] = ()


class ItemName(msgspec.Struct, frozen=True):
    """One test of an imported result."""

    name: str
    level: str


class Tests(msgspec.Struct, frozen=True):
    """The tests of an imported result that did not pass."""

    items: tuple[ItemName, ...] = ()


class TestsLine(msgspec.Struct, frozen=True):
    """A line of `objects/results/ENVIRONMENT.jsonl`."""

    digest: str
    record: Tests


class GatesLine(msgspec.Struct, frozen=True):
    """A line of `objects/gates/ENVIRONMENT.jsonl`."""

    digest: str
    record: GateTable


def releases_in(path: Path, productions: Sequence[str], start: int = 0) -> Iterator[tuple[int, bytes, Release]]:
    """Yield each release with the place and the line of its record, from the byte `start` of the file on.

    Lines are canonical and quotes in texts are escaped, so a line without its environment's name is another's, and
    need not be taken apart.
    """
    signs = [b'"environment":' + msgspec.json.encode(name) for name in productions]
    decoder = msgspec.json.Decoder(Release)
    known = frozenset(productions)
    if not signs or not path.exists():
        return
    with path.open("rb") as file:
        file.seek(start)
        end = start
        for number, whole in enumerate(file, 1):
            place, end = end, end + len(whole)
            if not any(sign in whole for sign in signs):
                continue
            line = whole.rstrip(b"\n")
            try:
                release = decoder.decode(line)
            except (msgspec.DecodeError, UnicodeError) as fault:
                at = Place(str(path), number)
                raise RefusedError("evidence", str(fault), place=at, fix="build it again") from fault
            if release.environment in known:
                yield place, line, release
