"""What measures are made of, read from an evidence folder: its deployments, what records tell, and the summary.

Only what is measured is decoded: a history may have 100,000 deployments, and most of a line is for its page.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.evidence.reading import COMPONENTS, DEPLOYMENTS, Evidence, lines_of
from generator.metrics.facts import AppChange, Arrival, Delivery, Downtime, EnvironmentFacts, Incident
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.evidence.delivery_records import RecordLine
    from generator.evidence.summary import Summary

EVERYWHERE = "*"
"""Environment of a record that is of all of them."""
_ROLE = "component"
_PROMOTED = "promoted"
_NEW = frozenset({Kind.INITIAL, Kind.FORWARD})
"""A version that comes back was promoted when it first came; its age by now is no lead."""
_MENDING = frozenset({Kind.ROLLBACK, Kind.ROLL_FORWARD, Kind.HOTFIX})
_EDGE = "connection"


class _Commit(msgspec.Struct):
    id: str
    committed_at: str


class _Origin(msgspec.Struct):
    commit: str
    deployment: str = ""


class _Change(msgspec.Struct):
    component: str
    aspect: str
    field: str
    kind: Kind
    new: str | None
    origin: _Origin | None = None
    validation: str = ""
    culprit: str = ""


class _Line(msgspec.Struct):
    """A line of `deployments.jsonl`, as far as measures need it."""

    environment: str
    sequence: int
    commit: _Commit
    kind: Kind
    changes: list[_Change]
    bulk: bool = False
    bypass: bool = False
    partial: bool = False
    incidents: tuple[str, ...] = ()
    mends: tuple[str, ...] = ()


class _Part(msgspec.Struct):
    """A line of `objects/components.jsonl`, as far as measures need it."""

    id: str
    role: str


class _Recorded(NamedTuple):
    """What records tell of one environment."""

    finishes: dict[int, RecordLine]
    incidents: dict[str, RecordLine]
    downtimes: list[Downtime]


def environment_facts(folder: Path, summary: Summary) -> tuple[EnvironmentFacts, ...]:
    """Return the facts of each environment, in the order of the summary.

    The folder needs neither its summary nor its manifest yet. Raises `RefusedError` where a line can't be read.
    """
    as_of = seconds(summary.as_of)
    evidence = Evidence.unfinished(folder, summary)
    lines: dict[str, list[_Line]] = {environment.name: [] for environment in summary.environments}
    for line in lines_of(folder / DEPLOYMENTS, _Line):
        lines.setdefault(line.environment, []).append(line)
    records = _records(evidence.records(), list(lines), as_of)
    times = {name: _times(found, records[name], as_of) for name, found in lines.items()}
    resources = frozenset(part.id for part in lines_of(folder / COMPONENTS, _Part) if part.role != _ROLE)
    changes = _app_changes(evidence)
    found: dict[str, EnvironmentFacts] = {}
    firsts: dict[str, str] = {}
    for environment in summary.environments:
        name = environment.name
        recorded, upstream = records[name], environment.upstream
        first = firsts[name] = firsts.get(upstream, upstream) or name
        deliveries = _Deliveries(name, times, recorded).of(lines[name])
        found[name] = EnvironmentFacts(
            name=name,
            production=environment.production,
            deliveries=deliveries,
            first=found.get(first),
            incidents=tuple(_incidents(name, deliveries, recorded, as_of)),
            downtimes=tuple(recorded.downtimes),
            teams={cell.component: cell.team for cell in environment.cells if cell.team},
            app_changes=tuple(changes.get(name, ())) if changes is not None and environment.production else None,
            resources=resources,
            truncated=summary.coverage.limited,
        )
    return tuple(found.values())


def facts_of(evidence: Evidence) -> tuple[EnvironmentFacts, ...]:
    """Return the facts that stand in an evidence folder."""
    return environment_facts(evidence.folder, evidence.summary)


def seconds(time: str) -> int | None:
    """Return what an RFC 3339 time is in seconds since 1970; `None` where it is empty."""
    return int(datetime.fromisoformat(time).timestamp()) if time else None


def _past(time: str, as_of: int | None) -> int | None:
    """Return a time in seconds; `None` where it is empty or after the report time."""
    found = seconds(time)
    return None if found is not None and as_of is not None and found > as_of else found


def _times(lines: Iterable[_Line], recorded: _Recorded, as_of: int | None) -> list[int | None]:
    """Return the time of each deployment of an environment: when a record says that it finished, else its commit's."""
    finishes = recorded.finishes
    return [
        seconds(finishes[line.sequence].finished)
        if line.sequence in finishes
        else _past(line.commit.committed_at, as_of)
        for line in lines
    ]


def _records(
    lines: Iterator[RecordLine], environments: Iterable[str], as_of: int | None
) -> defaultdict[str, _Recorded]:
    """Return by environment what records tell, as far as measures look at them."""
    found: defaultdict[str, _Recorded] = defaultdict(lambda: _Recorded({}, {}, []))
    for line in lines:
        if not line.counts:
            continue
        for name in environments if line.environment == EVERYWHERE else (line.environment,):
            recorded = found[name]
            if line.kind == "deployment":
                number = _number(line.deployment, name)
                # What is to finish after the report time is not confirmed yet.
                if number and line.status == "succeeded" and _past(line.finished, as_of) is not None:
                    recorded.finishes.setdefault(number, line)
            elif line.kind == "incident":
                recorded.incidents[line.id] = line
            elif line.kind == "downtime" and (start := _past(line.start, as_of)) is not None:
                end = seconds(line.end)
                recorded.downtimes.append(Downtime(start, end, line.component, line.planned, line.id))
    return found


class _Deliveries:
    """Turns the lines of one environment into deliveries."""

    def __init__(self, name: str, times: dict[str, list[int | None]], recorded: _Recorded) -> None:
        self._name, self._times, self._recorded = name, times, recorded
        self._began: dict[int, set[str]] = defaultdict(set)
        for incident in recorded.incidents.values():
            for deployment in incident.deployments:
                self._began[_number(deployment, name)].add(incident.id)

    def of(self, lines: Iterable[_Line]) -> tuple[Delivery, ...]:
        return tuple([self._delivery(line, time) for line, time in zip(lines, self._times[self._name], strict=True)])

    def _delivery(self, line: _Line, time: int | None) -> Delivery:
        components: set[str] = set()
        arrivals: list[Arrival] = []
        parts: set[tuple[int, str]] = set()
        simultaneous = False
        for change in line.changes:
            if change.field == _EDGE:
                continue
            components.add(change.component)
            if change.aspect == "artifact":
                simultaneous = simultaneous or change.validation == "simultaneous"
                if change.new is not None and change.kind is not Kind.GAP:
                    arrivals.append(self._arrival(change, line.commit.id))
            if change.culprit and change.kind is Kind.ROLLBACK and line.kind is Kind.ROLLBACK:
                parts.add((_number(change.culprit, self._name), change.component))
        undone = {number for number, _ in parts}
        if line.kind in _MENDING:
            undone.update(_number(name, self._name) for name in line.mends)
        began = self._began.get(line.sequence)
        record = self._recorded.finishes.get(line.sequence)
        return Delivery(
            sequence=line.sequence,
            commit=line.commit.id,
            time=time,
            kind=line.kind,
            components=tuple(sorted(components)),
            arrivals=tuple(arrivals),
            undone=tuple(sorted(undone)),
            undone_parts=tuple(sorted(parts)),
            incidents=tuple(sorted(began.union(line.incidents))) if began else line.incidents,
            bulk=line.bulk,
            bypass=line.bypass,
            simultaneous=simultaneous,
            partial=line.partial,
            confirmed=record is not None,
            started=seconds(record.started) if record is not None else None,
            verified=record.verified if record is not None else None,
        )

    def _arrival(self, change: _Change, commit: str) -> Arrival:
        origin = change.origin
        # When a branch was moved on to a commit that another one had, git does not tell.
        told = origin is not None and origin.commit != commit
        promoted = told and change.validation == _PROMOTED and change.kind in _NEW
        at = self._upstream(origin.deployment) if promoted and origin is not None else None
        return Arrival(change.component, change.field, change.new or "", change.kind, at, promoted)

    def _upstream(self, deployment: str) -> int | None:
        name, _, number = deployment.rpartition("-")
        return self._times[name][int(number) - 1] if name in self._times else None


def _number(deployment: str, environment: str) -> int:
    """Return the number of a deployment of `environment` by its id; 0 where it is of another, or none."""
    name, _, number = deployment.rpartition("-")
    return int(number) if name == environment else 0


def _incidents(name: str, deliveries: Iterable[Delivery], recorded: _Recorded, as_of: int | None) -> Iterator[Incident]:
    """Yield every incident of an environment: those that records tell of, and those that files declare."""
    linked: dict[str, list[int]] = defaultdict(list)
    for delivery in deliveries:
        for incident in delivery.incidents:
            linked[incident].append(delivery.sequence)
    for identity in sorted({*linked, *recorded.incidents}):
        line = recorded.incidents.get(identity)
        deployments = tuple(linked.get(identity, ()))
        if line is None:
            yield Incident(identity, deployments)
            continue
        yield Incident(
            id=identity,
            deployments=deployments,
            fixed_by=_number(line.fixed_by, name),
            component=line.component,
            impact_start=_past(line.impact_start, as_of),
            detected=_past(line.detected, as_of),
            cause_assigned=_past(line.cause_assigned, as_of),
            restored=_past(line.restored, as_of),
        )


def _app_changes(evidence: Evidence) -> dict[str, list[AppChange]] | None:
    """Return what deployments brought of applications' own histories, by environment."""
    lines = evidence.app_changes()
    if lines is None:
        return None
    found: dict[str, list[AppChange]] = defaultdict(list)
    for line in lines:
        change = AppChange(line.sequence, line.component, line.commit, seconds(line.committed_at))
        found[line.environment].append(change)
    return found
