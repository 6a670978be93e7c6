"""What pages need to know of each other: light rows of every release, and which diagram each shows.

The first of the two passes. A row is a few hundred bytes; records, topologies and lists are never held together.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.bringing_back import source_commit
from generator.site.verdicts import components, verdict
from generator.site.walk import walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.evidence.packs import ComponentRecord
    from generator.evidence.reading import Evidence
    from generator.evidence.records import DeploymentRecord
    from generator.site.diagrams import Diagrams
    from generator.site.walk import Standing, Step

OWN_PAGES = 2000
"""Newest releases whose whole topology has a page of its own. The others lead to a page of the same shape: thirty
thousand pages that differ in a version would be more than half of the site's weight, and the evidence has them all."""
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

    def topology(self, digest: str) -> str:
        """Return the name of the page that shows the topology `digest`: its own, or that of its shape."""
        return digest if digest in self.versions else self.pictures[digest]

    def neighbours(self, positions: list[int], position: int) -> tuple[Release | None, Release | None]:
        """Return the releases before and after `position` among sorted `positions`, which hold it."""
        at = bisect_left(positions, position)
        before = self.releases[positions[at - 1]] if at else None
        after = self.releases[positions[at + 1]] if at + 1 < len(positions) else None
        return before, after


def build_index(evidence: Evidence, components_by_digest: Mapping[str, ComponentRecord], diagrams: Diagrams) -> Index:
    """Walk the evidence once; ask `diagrams` for every picture that a page will show."""
    index = Index()
    environments = {environment.name: environment for environment in evidence.summary.environments}
    shapes: dict[str, str] = {}
    for line, step in enumerate(walk(evidence, components_by_digest, environments), 1):
        name = step.record.environment
        index.newest[name], index.newest_digest[name] = step.standing, step.record.digest
        index.newest_commit[name] = source_commit(step.record.commit)
        _note_failure(index, step.record)
        environment = environments[name]
        if not environment.production:
            continue
        _note_topology(index, step, shapes, diagrams)
        graph = step.standing.changed()
        picture = diagrams.request(graph) if graph is not None else ""
        _note_release(index, step.record, environment.upstream, line, picture)
    for name, standing in index.newest.items():
        if index.newest_digest[name] not in index.pictures:
            index.pictures[index.newest_digest[name]] = diagrams.request(standing.whole())
    recent = (release.digest for release in index.releases[-OWN_PAGES:])
    index.versions = {*recent, *index.newest_digest.values()}
    return index


def _note_topology(index: Index, step: Step, shapes: dict[str, str], diagrams: Diagrams) -> None:
    name = step.record.environment
    if name not in shapes or not step.standing.is_same_shape():
        shapes[name] = diagrams.request(step.standing.whole())
    index.pictures.setdefault(step.record.digest, shapes[name])


def _note_failure(index: Index, record: DeploymentRecord) -> None:
    if record.triage is not None:
        failure = Failure(record.id, record.environment, record.commit.committed_at, record.kind, record.triage)
        index.failures.append(failure)


def _note_release(index: Index, record: DeploymentRecord, upstream: str, line: int, picture: str) -> None:
    changed = components(record)
    position = len(index.releases)
    release = Release(
        id=record.id,
        environment=record.environment,
        sequence=record.sequence,
        tags=record.commit.tags,
        at=record.commit.committed_at,
        kind=record.kind,
        verdict=verdict(record, upstream),
        subject=record.commit.subject,
        components=changed,
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
    index.releases.append(release)
    index.position[record.id] = position
    index.by_environment.setdefault(record.environment, []).append(position)
    index.by_month.setdefault(record.commit.committed_at[:MONTH], []).append(position)
    index.by_digest.setdefault(record.digest, []).append(position)
    for culprit in dict.fromkeys(change.culprit for change in record.changes if change.culprit):
        index.taken_back.setdefault(culprit, []).append(record.id)
    for component in changed:
        index.by_component.setdefault((record.environment, component), []).append(position)
