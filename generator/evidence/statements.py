"""in-toto statements of production releases, made of nothing but the bundle: `statements/ENVIRONMENT.jsonl`.

Each release has a statement with our own predicate, one for each imported result that passed or failed, and one
verification summary where gates are configured. What is missing or can't be read has no statement of its own: it is
told in the release's. Times are those of commits, so that a statement stays the same from one bundle to the next for
as long as its release does.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Literal, NamedTuple, TypeAlias
from urllib.parse import quote

import msgspec

from generator.errors import FaultError, Place
from generator.evidence.beginnings import copy_beginning
from generator.evidence.dsse import statements_path
from generator.evidence.predicates import (
    CONFIGURATION,
    GATES_LEVEL,
    RELEASE,
    STATEMENT_TYPE,
    TEST_RESULT,
    VERIFICATION_SUMMARY,
    VERIFIER,
    Descriptor,
    GateOutcome,
    Identified,
    Policy,
    ReleasedArtifact,
    ReleasePredicate,
    ResultCounts,
    ResultOutcome,
    ResultPredicate,
    Statement,
    SummaryPredicate,
)
from generator.evidence.reading import DEPLOYMENTS, lines_of, pack_path
from generator.evidence.statement_sources import GatesLine, TestsLine, releases_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.evidence.reading import Evidence
    from generator.evidence.records import ChangeRecord
    from generator.evidence.results import ResultRecord
    from generator.evidence.statement_sources import Release, Tests

MOST_ARTIFACTS = 50
"""Artifacts that a release's predicate lists; subjects and the record name all of them."""
MOST_TESTS = 20
"""Names of failed tests, and of those with warnings, that a test result lists."""
_PINNED = re.compile(r"(?:(?P<name>.+)@)?(?P<algorithm>sha256|sha512):(?P<digest>[0-9a-f]{64}(?:[0-9a-f]{64})?)")
_HEX_DIGITS = {"sha256": 64, "sha512": 128}
_TOLD = frozenset({"passed", "failed"})


_Tests: TypeAlias = "tuple[tuple[str, ...], tuple[str, ...]]"
"""Names of the first tests that failed, and of the first with warnings."""


class Stated(NamedTuple):
    """Statements that an earlier bundle has, and the new one has as well; as it stands here, none."""

    folder: Path = Path()
    """The earlier bundle."""
    deployments: int = 0
    """Bytes of its deployments that they are on."""
    sizes: Mapping[str, int] = MappingProxyType({})
    """Bytes of each environment's statements on those."""


NOTHING_STATED = Stated()


def statements_of(bundle: Evidence) -> Iterator[tuple[str, bytes]]:
    """Yield (environment, statement as canonical JSON) for each production release, in the order of deployments.

    Raises `RefusedError` where a file of the bundle can't be read.
    """
    return ((environment, statement) for _, environment, statement in _statements(bundle, 0))


def _statements(bundle: Evidence, start: int) -> Iterator[tuple[int, str, bytes]]:
    """Yield the same for the deployments from the byte `start` of their file on, each with its release's place."""
    productions = [e.name for e in bundle.summary.environments if e.production]
    encoder = msgspec.json.Encoder(order="sorted")
    writers = {name: _Writer(bundle, name) for name in productions}
    for place, line, release in releases_in(bundle.folder / DEPLOYMENTS, productions, start):
        for statement in writers[release.environment].statements(line, release):
            yield place, release.environment, encoder.encode(statement)


def write_statements(bundle: Evidence, stated: Stated = NOTHING_STATED, mark: int = 0) -> dict[str, int]:
    """Write the statements of `bundle` into its folder, those that were `stated` as they were.

    Returns how many bytes those on its first `mark` bytes of deployments have, by environment. Raises `FaultError`
    where the machine can't write.
    """
    files: dict[str, IO[bytes]] = {}
    settled: dict[str, int] | None = None

    def opened(environment: str, mode: Literal["ab", "wb"] = "wb") -> IO[bytes]:
        path = bundle.folder / statements_path(environment)
        path.parent.mkdir(exist_ok=True)
        return path.open(mode, buffering=1 << 18)

    try:
        for environment, size in sorted(stated.sizes.items()):
            name = statements_path(environment)
            copy_beginning(stated.folder / name, bundle.folder / name, size)
            files[environment] = opened(environment, "ab")
        for place, environment, statement in _statements(bundle, stated.deployments):
            if place >= mark and settled is None:
                settled = {name: file.tell() for name, file in files.items()}
            if environment not in files:
                files[environment] = opened(environment)
            files[environment].write(statement + b"\n")
        return {name: file.tell() for name, file in files.items()} if settled is None else settled
    except OSError as fault:
        raise FaultError("write", str(fault), place=Place(str(bundle.folder))) from fault
    finally:
        for file in files.values():
            file.close()


class _Writer:
    """Makes the statements of one environment."""

    def __init__(self, bundle: Evidence, environment: str) -> None:
        self._gates = {
            line.digest: tuple(GateOutcome(row.name, row.condition, row.outcome) for row in line.record.rows)
            for line in lines_of(bundle.folder / pack_path("gates", environment), GatesLine)
        }
        self._tests: Mapping[str, _Tests] = {
            line.digest: (_named(line.record, {"failed", "error"}), _named(line.record, {"warning"}))
            for line in lines_of(bundle.folder / pack_path("results", environment), TestsLine)
        }
        self._resource = f"urn:assay:environment:{quote(environment)}"
        self._policy = Policy(CONFIGURATION, {"sha256": bundle.summary.config_digest})
        self._report_time = bundle.summary.as_of

    def statements(self, line: bytes, release: Release) -> Iterator[Statement]:
        """Yield the statements of one release, whose record is `line`."""
        about = _about(release)
        subject = (*about, *_pinned(release, {one.name for one in about}))
        yield Statement(STATEMENT_TYPE, subject, RELEASE, _predicate(line, release))
        for result in release.results:
            if result.outcome in _TOLD:
                yield Statement(STATEMENT_TYPE, about, TEST_RESULT, self._result(release, result))
        if release.gates.object:
            yield Statement(STATEMENT_TYPE, subject, VERIFICATION_SUMMARY, self._summary(release))

    def _result(self, release: Release, result: ResultRecord) -> ResultPredicate:
        failed, warned = self._tests.get(result.object, ((), ()))
        passed = "WARNED" if result.warnings else "PASSED"
        counts = (result.passed, result.failed, result.errors, result.warnings, result.notes, result.skipped)
        return ResultPredicate(
            result="FAILED" if result.outcome == "failed" else passed,
            configuration=(Descriptor({"gitCommit": release.commit.id}, "commit"),),
            failed_tests=failed,
            warned_tests=warned,
            release=release.id,
            name=result.name,
            counts=ResultCounts(*counts),
        )

    def _summary(self, release: Release) -> SummaryPredicate:
        gates = self._gates.get(release.gates.object, ())
        passed = bool(gates) and all(gate.outcome == "passed" for gate in gates)
        return SummaryPredicate(
            verifier=Identified(VERIFIER),
            time_verified=release.commit.committed_at or self._report_time,
            resource_uri=self._resource,
            policy=self._policy,
            verification_result="PASSED" if passed else "FAILED",
            verified_levels=(GATES_LEVEL,) if passed else ("FAILED",),
            release=release.id,
            gates=gates,
        )


def _named(detail: Tests, levels: set[str]) -> tuple[str, ...]:
    return tuple(item.name for item in detail.items if item.level in levels)[:MOST_TESTS]


def _about(release: Release) -> tuple[Descriptor, ...]:
    """Return what every statement of a release is about: the environment version, and the commits that made it."""
    name = f"{release.environment}@{release.commit.tags[0] if release.commit.tags else release.sequence}"
    version = Descriptor({"sha256": release.digest}, name)
    commit = Descriptor({"gitCommit": release.commit.id}, "commit")
    if not release.commit.deployed:
        return version, commit
    return version, commit, Descriptor({"gitCommit": release.commit.deployed}, "deployed commit")


def _pinned(release: Release, taken: set[str]) -> Iterator[Descriptor]:
    """Yield each artifact that a release brought pinned by a digest, once, under a name that is not `taken`."""
    seen: set[tuple[str, str]] = set()
    for change in release.changes:
        found = _PINNED.fullmatch(change.new) if change.aspect == "artifact" and change.new else None
        if found is None or len(found["digest"]) != _HEX_DIGITS[found["algorithm"]]:
            continue
        name = found["name"] or f"{change.component} {change.field}"
        if (name, found["digest"]) in seen:
            continue
        seen.add((name, found["digest"]))
        number, unique = 2, name
        while unique in taken:
            number, unique = number + 1, f"{name} ({number})"
        taken.add(unique)
        yield Descriptor({found["algorithm"]: found["digest"]}, unique)


def _predicate(line: bytes, release: Release) -> ReleasePredicate:
    artifacts = [change for change in release.changes if change.aspect == "artifact"]
    counts = Counter[str](change.aspect for change in release.changes)
    return ReleasePredicate(
        release=release.id,
        environment=release.environment,
        sequence=release.sequence,
        record=hashlib.sha256(line).hexdigest(),
        released_at=release.commit.committed_at,
        previous_digest=release.previous_digest,
        kind=release.kind,
        confidence=release.confidence,
        deployed=release.commit.deployed,
        tags=release.commit.tags,
        bulk=release.bulk,
        bypass=release.bypass,
        partial=release.partial,
        unreadable=release.unreadable,
        changes=dict(sorted(counts.items())),
        artifacts=tuple(_artifact(change) for change in artifacts[:MOST_ARTIFACTS]),
        left_out=max(len(artifacts) - MOST_ARTIFACTS, 0),
        findings=release.findings,
        drift=release.drift,
        gates=release.gates if release.gates.object else None,
        results=tuple(ResultOutcome(result.name, result.outcome) for result in release.results),
        triage=release.triage or "",
    )


def _artifact(change: ChangeRecord) -> ReleasedArtifact:
    origin = change.origin
    return ReleasedArtifact(
        component=change.component,
        field=change.field,
        old=change.old,
        new=change.new,
        kind=change.kind,
        validation=change.validation if change.validation != "not assessed" else "",
        origin=origin.deployment if origin is not None else "",
        soak_seconds=origin.soak_seconds if origin is not None else None,
    )
