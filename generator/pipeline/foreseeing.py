"""What waits for production, as if all of it were released at the report time.

Nothing is told in a way of its own: what would come makes a deployment of the same timeline, the rules look at the
environment as it would stand, drift is compared anew, and the gates are asked as they are of any deployment.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.assurance.drift import DriftClass, DriftRegister
from generator.assurance.gates.facts import DriftAge, Found
from generator.assurance.ledger import FindingsLedger
from generator.evidence.next_release import NextRecord, NextResult
from generator.evidence.packs import TopologyEntry
from generator.evidence.reading import DEPLOYMENTS, lines_of
from generator.evidence.recorder import exempt_record, finding_entry
from generator.evidence.records import DeploymentRecord
from generator.evidence.result_records import result_record
from generator.evidence.summary import DriftRow
from generator.history.commits import rfc3339
from generator.pipeline.next_gates import next_gates, told
from generator.timeline.declared import deployment_id
from generator.timeline.foreseeing import arrival, brought

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from generator.assurance.drift import DriftItem
    from generator.assurance.drift import Path as Place
    from generator.assurance.exemptions import Exempting
    from generator.assurance.ledger import Standing
    from generator.evidence.packs import FindingEntry
    from generator.evidence.summary import EnvironmentSummary
    from generator.history.commits import Commit
    from generator.model.topology import Connection
    from generator.pipeline.judging import Judging
    from generator.pipeline.stage import Stage
    from generator.timeline.deployments import Deployment, Timeline
    from generator.timeline.state import Transition

_LEVELS = {"error": 0, "warning": 1, "note": 2}


class Report(NamedTuple):
    """The moment from which one looks ahead."""

    newest: Commit
    as_of: int | None
    """Report time, seconds since 1970 UTC."""
    folder: Path
    """Evidence folder, in which every deployment stands already."""


def foresee(
    stage: Stage, judging: Judging, exempting: Exempting, known: EnvironmentSummary, report: Report
) -> NextRecord | None:
    """Return what would come to the environment of `stage`; `None` where it is no production or has no upstream.

    Ask when everything else is told: results that are looked up here are no longer among those without a deployment.
    """
    if not stage.production or stage.upstream is None or stage.drift is None:
        return None
    record = NextRecord(
        environment=stage.name,
        upstream=stage.upstream.name,
        at=rfc3339(report.as_of),
        commit=report.newest.id,
        state="nothing",
        digest=stage.state.digest,
        next_digest=stage.state.digest,
    )
    if not stage.drift.assessed:
        return msgspec.structs.replace(record, state="not assessed", reason=known.drift_not_assessed)
    items = {(item.component, item.aspect, item.field): item for item in stage.drift.items}
    waits = [path for path, item in items.items() if item.drift is DriftClass.PENDING and item.counted]
    if not waits:
        return msgspec.structs.replace(record, stays=tuple(_rows(items.values(), report.as_of)))
    return _waiting(_Sight(stage, stage.upstream, judging, exempting, items, report), record, waits)


class _Sight(NamedTuple):
    """One environment while it is looked ahead for."""

    stage: Stage
    upstream: Stage
    judging: Judging
    exempting: Exempting
    items: dict[Place, DriftItem]
    """Drift that stands."""
    report: Report


def _waiting(sight: _Sight, record: NextRecord, waits: Sequence[Place]) -> NextRecord:
    stage, report = sight.stage, sight.report
    components = brought(stage.state, sight.upstream.state, waits)
    then, deployment = stage.timeline.foreseen(components, report.as_of)
    ledger = FindingsLedger(then.state, sight.upstream.timeline, stage.rules, sight.exempting)
    ledger.update(arrival(then.state), report.newest.id, report.newest.time)
    ledger.refresh(report.newest.id, report.newest.time)
    before, after = ({one.finding.identity: one for one in found.standing} for found in (stage.ledger, ledger))
    came = [one for identity, one in after.items() if identity not in before]
    new = Counter(one.finding.level.value for one in came if one.exempt is None)
    drift = _drift(sight, then)
    ages = Counter((item.drift.value, item.since_time) for item in drift.values() if item.counted)
    gates, facts, bound = sight.judging.foresee(
        stage,
        deployment,
        [Found(level, count, new[level]) for level, count in ledger.counts.items()],
        [DriftAge(drift, since, count) for (drift, since), count in ages.items()],
    )
    asked = next_gates(gates, facts)
    edges_came, edges_went = _edges(deployment.transition, then)
    as_of = report.as_of
    return msgspec.structs.replace(
        record,
        state="waits",
        says=told(asked),
        kind=deployment.verdict.kind.value,
        bulk=deployment.verdict.bulk,
        next_digest=deployment.digest,
        changes=tuple(stage.recorder.change(change, deployment.commit) for change in deployment.changes),
        gates=asked,
        results=tuple(_results(sight, deployment)),
        own_results=tuple(result_record(one, "") for one in bound),
        came=tuple(_unborn(one) for one in _worst_first(came)),
        fixed=_entries(stage, (one for identity, one in before.items() if identity not in after)),
        upstream_findings=_entries(
            sight.upstream, (one for one in sight.upstream.ledger.standing if one.finding.subject in components)
        ),
        ends=tuple(_rows((item for path, item in sight.items.items() if path not in drift), as_of)),
        begins=tuple(_rows((item for path, item in drift.items() if path not in sight.items), as_of)),
        stays=tuple(_rows((item for path, item in drift.items() if path in sight.items), as_of)),
        edges_came=edges_came,
        edges_went=edges_went,
    )


def _drift(sight: _Sight, then: Timeline) -> dict[Place, DriftItem]:
    """Return what would differ from the upstream then; what differs now keeps its start."""
    register = DriftRegister(sight.upstream.timeline, then, sight.exempting)
    everything = sorted({*then.state.components, *sight.upstream.state.components})
    register.update(everything, sight.report.newest.id, sight.report.newest.time)
    found = {}
    for item in register.items:
        path = (item.component, item.aspect, item.field)
        now = sight.items.get(path)
        kept = msgspec.structs.replace(item, since=now.since, since_time=now.since_time) if now is not None else item
        found[path] = kept
    return found


def _edges(transition: Transition, then: Timeline) -> tuple[tuple[TopologyEntry, ...], tuple[TopologyEntry, ...]]:
    links = then.state.links.connections
    before = {edge for edges in transition.relinked.values() for edge in edges}
    after = {edge for identity in transition.relinked for edge in links.get(identity, ())}
    return _entries_of(after - before), _entries_of(before - after)


def _entries_of(edges: Iterable[Connection]) -> tuple[TopologyEntry, ...]:
    return tuple(TopologyEntry("", e.source, e.target, e.how.value, e.port) for e in sorted(edges))


def _results(sight: _Sight, deployment: Deployment) -> Iterator[NextResult]:
    """Yield the results of the upstream deployments that values come from, the newest deployment first."""
    origins = {change.origin.sequence for change in deployment.changes if change.origin is not None}
    names = {deployment_id(sight.upstream.name, sequence): sequence for sequence in origins}
    if not sight.judging.imports:
        return
    records: Iterator[DeploymentRecord] = lines_of(sight.report.folder / DEPLOYMENTS, DeploymentRecord)
    found = [record for record in records if record.id in names and record.results]
    for record in sorted(found, key=lambda record: -record.sequence):
        for result in record.results:
            yield NextResult(record.id, result)


def _entries(stage: Stage, found: Iterable[Standing]) -> tuple[FindingEntry, ...]:
    return tuple(finding_entry(one, stage.recorder.release_of(one)) for one in _worst_first(found))


def _unborn(standing: Standing) -> FindingEntry:
    """Return a finding that no commit has yet."""
    return msgspec.structs.replace(finding_entry(standing, ""), since="", since_at="")


def _worst_first(found: Iterable[Standing]) -> list[Standing]:
    return sorted(found, key=lambda one: (one.exempt is not None, _LEVELS[one.finding.level], one.finding.identity))


def _rows(items: Iterable[DriftItem], as_of: int | None) -> Iterator[DriftRow]:
    """Yield drift as the summary has it, oldest first."""
    for item in sorted(items, key=lambda one: (one.since_time or 0, one.component, one.aspect, one.field)):
        dated = as_of is not None and item.since_time is not None
        yield DriftRow(
            component=item.component,
            aspect=item.aspect,
            field=item.field,
            drift=item.drift.value,
            upstream=item.upstream,
            value=item.value,
            since=item.since,
            since_at=rfc3339(item.since_time),
            age_seconds=(as_of or 0) - (item.since_time or 0) if dated else 0,
            expected=item.expected,
            exempt=exempt_record(item.exempt),
        )
