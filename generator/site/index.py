"""What pages need to know of each other: light rows of every release, and which diagram each shows.

The first of the two passes, which goes on from the former report where there was one. A row is a few hundred bytes;
records, topologies and lists are never held together.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.evidence.bringing_back import source_commit
from generator.evidence.folding import Folds, NotKept
from generator.evidence.reading import DEPLOYMENTS
from generator.site.reached import Marks, versions
from generator.site.verdicts import components, verdict
from generator.site.walk import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from generator.evidence.packs import ComponentRecord
    from generator.evidence.reading import Evidence
    from generator.evidence.records import DeploymentRecord
    from generator.site.diagram_graph import DiagramGraph
    from generator.site.diagrams import Diagrams

MONTH = 7
"""Characters of the month in an RFC 3339 time."""


class Release(NamedTuple):
    """A production deployment in one line."""

    id: str
    environment: str
    sequence: int
    tags: tuple[str, ...]
    """Tags that make it a release, where tags are the history."""
    at: str
    """Commit time; empty where the commit carries none."""
    kind: str
    verdict: str
    subject: str
    components: tuple[str, ...]
    digest: str
    line: int
    """Its line in `deployments.jsonl`, from 1."""
    picture: str
    """Diagram of its changed part; empty where there is none to draw."""
    bypass: bool
    bulk: bool
    errors: int
    """Findings of level error that stood."""
    partial: bool
    gates: str
    """Digest of its gate table; empty where no gate is configured."""
    gates_failed: int
    gates_missing: int
    triage: str
    """Digest of its triage verdict; empty where nothing failed."""
    commit: str = ""
    """Full id of its commit."""


class Failure(NamedTuple):
    """A deployment of any environment that a triage verdict belongs to."""

    id: str
    environment: str
    at: str
    kind: str
    triage: str
    """Digest of the verdict."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the evidence has what each release is drawn from, by position."""

    offsets: array[int] = field(default_factory=lambda: array("Q"))
    """Bytes before its line in `deployments.jsonl`."""
    topologies: array[int] = field(default_factory=lambda: array("Q"))
    """Line of its topology in the lists of its environment, from 1."""
    findings: array[int] = field(default_factory=lambda: array("Q"))
    drifts: array[int] = field(default_factory=lambda: array("Q"))
    """Line of the newest drift list that its environment had; 0 where it never had one."""

    @property
    def all(self) -> tuple[array[int], ...]:
        """Return every list, in this order."""
        return self.offsets, self.topologies, self.findings, self.drifts


@dataclass(slots=True)
class Index:
    """Every release by what it is looked up by; positions are those in `releases`. Filled once, then only read."""

    releases: list[Release] = field(default_factory=list)
    """Of all production environments, oldest first."""
    position: dict[str, int] = field(default_factory=dict)
    by_environment: dict[str, list[int]] = field(default_factory=dict)
    by_month: dict[str, list[int]] = field(default_factory=dict)
    """By `2026-08`; the empty month holds releases without a usable date."""
    by_component: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """By environment and component."""
    by_digest: dict[str, list[int]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    """Of all environments, oldest first."""
    taken_back: dict[str, list[str]] = field(default_factory=dict)
    """By the release that was the culprit: the rollbacks that took it back, at least in part."""
    pictures: dict[str, str] = field(default_factory=dict)
    """Diagram of the whole topology, by the topology's digest."""
    versions: set[str] = field(default_factory=set)
    """Digests of the topologies that have a page of their own."""
    newest: dict[str, Standing] = field(default_factory=dict)
    """Topology of each environment as it stands now."""
    newest_digest: dict[str, str] = field(default_factory=dict)
    newest_commit: dict[str, str] = field(default_factory=dict)
    """Commit that holds the files of it, by environment."""
    lines: int = 0
    """How many deployments there are."""
    places: Places = field(default_factory=Places)
    marks: Marks = field(default_factory=Marks)
    """What the newest deployments reached of what was there before."""

    def topology(self, digest: str) -> str:
        """Return the name of the page that shows the topology `digest`: its own, or that of its shape."""
        return digest if digest in self.versions else self.pictures[digest]

    def neighbours(self, positions: list[int], position: int) -> tuple[Release | None, Release | None]:
        """Return the releases before and after `position` among sorted `positions`, which hold it."""
        at = bisect_left(positions, position)
        before = self.releases[positions[at - 1]] if at else None
        after = self.releases[positions[at + 1]] if at + 1 < len(positions) else None
        return before, after

    def before(self, position: int) -> int | None:
        """Return the position of the release before this one in its environment; `None` for the first."""
        positions = self.by_environment[self.releases[position].environment]
        at = bisect_left(positions, position)
        return positions[at - 1] if at else None

    def note(self, row: Release) -> None:
        """Take in the next release."""
        position = len(self.releases)
        self.releases.append(row)
        self.position[row.id] = position
        self.by_environment.setdefault(row.environment, []).append(position)
        self.by_month.setdefault(row.at[:MONTH], []).append(position)
        self.by_digest.setdefault(row.digest, []).append(position)
        for component in row.components:
            self.by_component.setdefault((row.environment, component), []).append(position)


class _Stand(msgspec.Struct, array_like=True, gc=False):
    """How one environment stands: the lists that it has now, and how many there were."""

    digest: str = ""
    commit: str = ""
    shape: str = ""
    """Diagram of the newest topology of another shape than the one before."""
    topology: int = 0
    findings: str = ""
    finding: int = 0
    drift: str = ""
    drifted: int = 0

    def take(self, record: DeploymentRecord) -> None:
        """Go on to the next deployment."""
        self.topology += record.digest != self.digest
        self.digest, self.commit = record.digest, source_commit(record.commit)
        self.finding += record.findings.object != self.findings
        self.findings = record.findings.object
        if record.drift is not None:
            self.drifted += record.drift.object != self.drift
            self.drift = record.drift.object


class IndexState(msgspec.Struct, array_like=True, gc=False):
    """An index as it is kept; what is looked up by is made again of the rows."""

    lines: int
    size: int
    """Bytes of the deployments taken in."""
    releases: list[Release]
    places: tuple[bytes, ...]
    failures: list[Failure]
    taken_back: dict[str, list[str]]
    shapes: list[str]
    shaped: bytes
    """Which of `shapes` each distinct topology has, in the order of the releases."""
    stands: dict[str, _Stand]
    requested: tuple[str, ...]
    """Every diagram that was asked for."""


class IndexFold:
    """The index, as deployments are taken in."""

    def __init__(
        self,
        evidence: Evidence,
        components: Mapping[str, ComponentRecord],
        diagrams: Diagrams,
        kept: IndexState | None = None,
    ) -> None:
        """Begin with nothing, or go on from `kept`; raises `NotKept` where a diagram would be missing."""
        self.index = Index()
        self._environments = {environment.name: environment for environment in evidence.summary.environments}
        self._standings = {name: Standing(evidence.topologies(name), components) for name in self._environments}
        self._stands: dict[str, _Stand] = {}
        self._diagrams = diagrams
        self._requested: dict[str, None] = {}
        self._path, self._size = evidence.folder / DEPLOYMENTS, 0
        if kept is not None:
            self._go_on(kept)
        self._lines = lines_from(self._path, self._size)

    def _go_on(self, kept: IndexState) -> None:
        if not self._diagrams.recall(kept.requested):
            raise NotKept
        index = self.index
        for row in kept.releases:
            index.note(row)
        for place, data in zip(index.places.all, kept.places, strict=True):
            place.frombytes(data)
        index.failures, index.taken_back = kept.failures, kept.taken_back
        names = map(kept.shapes.__getitem__, memoryview(kept.shaped).cast("Q"))
        index.pictures = dict(zip(index.by_digest, names, strict=True))
        index.lines = index.marks.begin = kept.lines
        self._stands, self._size = kept.stands, kept.size
        self._requested = dict.fromkeys(kept.requested)
        for name, stand in kept.stands.items():
            self._standings[name].go_to(stand.topology)
            self._note_newest(name, stand)

    def take(self, line: int, record: DeploymentRecord) -> None:
        """Take in the next deployment."""
        index, name, begin = self.index, record.environment, self._size
        self._size += len(next(self._lines))
        index.lines = line
        environment = self._environments.get(name)
        if environment is None:
            return
        index.marks.newest.append((line, name, index.newest_digest.get(name, "")))
        stand = self._stands.setdefault(name, _Stand())
        stand.take(record)
        standing = self._standings[name]
        standing.advance(record.digest)
        self._note_newest(name, stand)
        _note_failure(index, record)
        if not environment.production:
            return
        if not stand.shape or not standing.is_same_shape():
            stand.shape = self._request(standing.whole())
        index.pictures.setdefault(record.digest, stand.shape)
        graph = standing.changed()
        row = _release(record, environment.upstream, line, self._request(graph) if graph is not None else "")
        culprits = dict.fromkeys(change.culprit for change in record.changes if change.culprit)
        index.marks.reach(index, row, culprits)
        index.note(row)
        for place, value in zip(index.places.all, (begin, stand.topology, stand.finding, stand.drifted), strict=True):
            place.append(value)
        for culprit in culprits:
            index.taken_back.setdefault(culprit, []).append(record.id)

    def _request(self, graph: DiagramGraph) -> str:
        name = self._diagrams.request(graph)
        self._requested[name] = None
        return name

    def _note_newest(self, name: str, stand: _Stand) -> None:
        index = self.index
        index.newest[name], index.newest_digest[name] = self._standings[name], stand.digest
        index.newest_commit[name] = stand.commit

    def state(self) -> IndexState:
        """Return how it stands."""
        index = self.index
        shapes = {name: number for number, name in enumerate(dict.fromkeys(index.pictures.values()))}
        return IndexState(
            lines=index.lines,
            size=self._size,
            releases=index.releases,
            places=tuple(place.tobytes() for place in index.places.all),
            failures=index.failures,
            taken_back=index.taken_back,
            shapes=list(shapes),
            shaped=array("Q", (shapes[name] for name in index.pictures.values())).tobytes(),
            stands=self._stands,
            requested=tuple(self._requested),
        )


def build_index(
    evidence: Evidence,
    components_by_digest: Mapping[str, ComponentRecord],
    diagrams: Diagrams,
    folds: Folds | None = None,
) -> Index:
    """Go through the evidence once, from where the former report ended where `folds` know of one.

    Asks `diagrams` for every picture that a page will show.
    """
    folds = folds if folds is not None else Folds(evidence)
    fold = folds.bring("index", IndexState, lambda kept: IndexFold(evidence, components_by_digest, diagrams, kept))
    index = fold.index
    for name, standing in index.newest.items():
        if index.newest_digest[name] not in index.pictures:
            index.pictures[index.newest_digest[name]] = diagrams.request(standing.whole())
    index.versions = versions(index, len(index.releases), index.newest_digest.values())
    return index


def lines_from(path: Path, size: int) -> Iterator[bytes]:
    """Yield the lines of a file after its first `size` bytes."""
    with path.open("rb") as file:
        file.seek(size)
        yield from file


def _note_failure(index: Index, record: DeploymentRecord) -> None:
    if record.triage is not None:
        failure = Failure(record.id, record.environment, record.commit.committed_at, record.kind, record.triage)
        index.failures.append(failure)


def _release(record: DeploymentRecord, upstream: str, line: int, picture: str) -> Release:
    return Release(
        id=record.id,
        environment=record.environment,
        sequence=record.sequence,
        tags=record.commit.tags,
        at=record.commit.committed_at,
        kind=record.kind,
        verdict=verdict(record, upstream),
        subject=record.commit.subject,
        components=components(record),
        digest=record.digest,
        line=line,
        picture=picture,
        bypass=record.bypass,
        bulk=record.bulk,
        errors=record.findings.error,
        partial=record.partial,
        gates=record.gates.object,
        gates_failed=record.gates.failed,
        gates_missing=record.gates.missing,
        triage=record.triage or "",
        commit=record.commit.id,
    )
