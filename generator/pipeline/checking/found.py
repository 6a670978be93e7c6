"""What stands and what went, told apart by whether what was looked at brought it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.pipeline.checking.report import Began, Brought, Ended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.evidence.next_release import NextRecord
    from generator.evidence.packs import EndedRecord, FindingEntry
    from generator.evidence.reading import Evidence
    from generator.evidence.records import DeploymentRecord
    from generator.evidence.summary import DriftRow, EnvironmentSummary
    from generator.pipeline.checking.scope import Sight

DriftPath = tuple[str, str, str]
"""Component, aspect and field of a difference."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one environment."""

    environment: EnvironmentSummary
    findings: tuple[tuple[FindingEntry, bool], ...]
    """Findings that stand, and whether what was looked at brought them; worst first."""
    drift: tuple[tuple[DriftRow, bool], ...]
    """Differences that stand, likewise; oldest first."""
    ended: tuple[Ended, ...]
    brought: tuple[Brought, ...]
    deployments: tuple[DeploymentRecord, ...] = ()
    """Those whose gates are asked, oldest first."""
    next: NextRecord | None = None
    """What waits, where that is looked at."""


def found_in(evidence: Evidence, names: Iterable[str], sight: Sight) -> list[Found]:
    """Return what was found in each of the environments `names`, in their order."""
    environments = {e.name: e for e in evidence.summary.environments}
    chosen = [environments[name] for name in names]
    if sight.scope.kind == "next":
        foreseen = ((e, evidence.next_release(e.name)) for e in chosen)
        return [_waiting(e, record) for e, record in foreseen if record is not None]
    wanted = _deployments(evidence, chosen, sight)
    if not sight.compares:
        return [
            Found(e, tuple((f, False) for f in e.findings), _rows(e.drift, frozenset()), (), (), tuple(wanted[e.name]))
            for e in chosen
        ]
    return [_compared(evidence, e, wanted[e.name], sight.commits) for e in chosen]


def _deployments(
    evidence: Evidence, chosen: Iterable[EnvironmentSummary], sight: Sight
) -> dict[str, list[DeploymentRecord]]:
    """Return, by environment, the deployments of a scope that compares, else the newest one of each."""
    found: dict[str, list[DeploymentRecord]] = {e.name: [] for e in chosen}
    newest = {e.newest for e in chosen if e.newest}
    for record in evidence.deployments():
        if record.environment not in found:
            continue
        if record.commit.id in sight.commits if sight.compares else record.id in newest:
            found[record.environment].append(record)
    return found


def _compared(
    evidence: Evidence, environment: EnvironmentSummary, deployments: list[DeploymentRecord], commits: frozenset[str]
) -> Found:
    """Return what the commits brought and ended; what went and came back within them is neither."""
    ids = {record.id for record in deployments}
    fixed = {
        _identity(record.finding): record.finding
        for record in evidence.fixed(environment.name)
        if record.fixed_by in ids and record.finding.since not in commits
    }
    gone = {_path(r): r for r in evidence.ended(environment.name) if r.until in commits and r.since not in commits}
    standing = {_identity(finding) for finding in environment.findings}
    differing = {_path(row) for row in environment.drift}
    ended = [_fixed(environment.name, f) for identity, f in fixed.items() if identity not in standing]
    ended += [_over(environment.name, record) for path, record in gone.items() if path not in differing]
    findings = tuple((f, f.since in commits and _identity(f) not in fixed) for f in environment.findings)
    brought = tuple(
        Brought(environment.name, d.id, d.kind, d.commit.id, d.digest, d.changes) for d in deployments if d.changes
    )
    drift = _rows(environment.drift, commits, lambda row: _path(row) not in gone)
    return Found(environment, findings, drift, tuple(ended), brought, tuple(deployments))


def _waiting(environment: EnvironmentSummary, record: NextRecord) -> Found:
    """Return what would be found if all that waits came; where nothing waits, that is what stands."""
    came = tuple((finding, True) for finding in record.came)
    gone = {_identity(finding) for finding in record.fixed}
    stays = tuple((finding, False) for finding in environment.findings if _identity(finding) not in gone)
    drift = [(row, True) for row in record.begins] + [(row, False) for row in record.stays]
    ended = [_fixed(environment.name, finding) for finding in record.fixed]
    ended += [_over(environment.name, row) for row in record.ends]
    waits = record.state == "waits"
    change = Brought(environment.name, "", record.kind, "", record.next_digest, record.changes)
    return Found(environment, came + stays, tuple(drift), tuple(ended), (change,) if waits else (), (), record)


def _rows(
    rows: Iterable[DriftRow], commits: frozenset[str], also: Callable[[DriftRow], bool] = lambda _: True
) -> tuple[tuple[DriftRow, bool], ...]:
    return tuple((row, row.since in commits and also(row)) for row in rows)


def _identity(finding: FindingEntry) -> tuple[str, str, str]:
    return finding.rule, finding.subject, finding.field


def _path(row: DriftRow | EndedRecord) -> DriftPath:
    return row.component, row.aspect, row.field


def _fixed(environment: str, finding: FindingEntry) -> Ended:
    return Ended(environment, "rule", finding.rule, finding.message)


def _over(environment: str, row: DriftRow | EndedRecord) -> Ended:
    return Ended(environment, "drift", row.drift, difference(row))


def difference(row: DriftRow | EndedRecord) -> str:
    """Return a difference to the upstream in words."""
    return f"{row.component} {row.field}: {told(row.value)} here, {told(row.upstream)} upstream"


def told(value: str | None) -> str:
    """Return a value in words: what is absent is told as such."""
    return "nothing" if value is None else f"`{value}`"


def begun(found: Iterable[Found]) -> Iterator[Began]:
    """Yield the differences that what was looked at brought."""
    for one in found:
        for row, new in one.drift:
            if new:
                yield Began(one.environment.name, row.drift, difference(row))
