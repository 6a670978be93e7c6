"""What measures are made of, read from an evidence folder: its deployments, what records tell, and the summary.

Only what is measured is decoded: a history may have 100,000 deployments, and most of a line is for its page.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.evidence.reading import COMPONENTS, DEPLOYMENTS, Evidence, lines_of
from generator.evidence.records import Aspect, Validation  # noqa: TC001 - lines are decoded by their annotations
from generator.metrics.facts import AppChange, Arrival, Delivery, Downtime, EnvironmentFacts, Incident
from generator.metrics.failures import REMEDIES
from generator.metrics.leads import PROMOTED
from generator.model.difference import EDGE
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from generator.evidence.delivery_records import RecordLine
    from generator.evidence.summary import Summary

EVERYWHERE = "*"
"""Environment of a record that is of all of them."""
_ROLE = "component"


class _Commit(msgspec.Struct, gc=False):
    id: str
    committed_at: str


class _Origin(msgspec.Struct, gc=False):
    commit: str
    deployment: str = ""


class _Change(msgspec.Struct, gc=False):
    component: str
    aspect: Aspect
    field: str
    kind: Kind
    new: str | None
    origin: _Origin | None = None
    validation: Validation = "not assessed"
    culprit: str = ""


class Line(msgspec.Struct, gc=False):
    """A line of `deployments.jsonl`, as far as measures need it."""

    environment: str
    sequence: int
    commit: _Commit
    kind: Kind
    changes: tuple[_Change, ...]
    bulk: bool = False
    bypass: bool = False
    partial: bool = False
    incidents: tuple[str, ...] = ()
    mends: tuple[str, ...] = ()


class _Part(msgspec.Struct, gc=False):
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
    names = [environment.name for environment in summary.environments]
    records = _records(evidence.records(), names, as_of)
    deliveries = _Deliveries(records, names, as_of)
    for line in lines_of(folder / DEPLOYMENTS, Line):
        deliveries.take(line)
    resources = frozenset(part.id for part in lines_of(folder / COMPONENTS, _Part) if part.role != _ROLE)
    changes = _app_changes(evidence)
    found: dict[str, EnvironmentFacts] = {}
    firsts: dict[str, str] = {}
    for environment in summary.environments:
        name, upstream = environment.name, environment.upstream
        first = firsts[name] = firsts.get(upstream, upstream) or name
        own = tuple(deliveries.found[name])
        found[name] = EnvironmentFacts(
            name=name,
            production=environment.production,
            deliveries=own,
            first=found.get(first),
            incidents=tuple(_incidents(name, own, records[name], as_of)),
            downtimes=tuple(records[name].downtimes),
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
    """Turns lines into deliveries. A line comes after those that it points to."""

    def __init__(self, records: Mapping[str, _Recorded], names: Iterable[str], as_of: int | None) -> None:
        self.found: dict[str, list[Delivery]] = {name: [] for name in names}
        self._records, self._as_of = records, as_of
        self._began: dict[tuple[str, int], set[str]] = defaultdict(set)
        for name in self.found:
            for incident in records[name].incidents.values():
                for deployment in incident.deployments:
                    self._began[name, _number(deployment, name)].add(incident.id)

    def take(self, line: Line) -> None:
        """Take in the next line."""
        name, number = line.environment, line.sequence
        record = self._records[name].finishes.get(number)
        time = _past(line.commit.committed_at, self._as_of) if record is None else seconds(record.finished)
        components, arrivals, simultaneous = self._brought(line)
        parts = _taken_back(line) if line.kind is Kind.ROLLBACK else ()
        undone = {part for part, _ in parts}
        if line.mends and line.kind in REMEDIES:
            undone.update(_number(mended, name) for mended in line.mends)
        began = self._began.get((name, number)) if self._began else None
        self.found[name].append(
            Delivery(
                sequence=number,
                commit=line.commit.id,
                time=time,
                kind=line.kind,
                components=components,
                arrivals=arrivals,
                undone=tuple(sorted(undone)),
                undone_parts=parts,
                incidents=tuple(sorted(began.union(line.incidents))) if began else line.incidents,
                bulk=line.bulk,
                bypass=line.bypass,
                simultaneous=simultaneous,
                partial=line.partial,
                confirmed=record is not None,
                started=seconds(record.started) if record is not None else None,
                verified=record.verified if record is not None else None,
            )
        )

    def _brought(self, line: Line) -> tuple[tuple[str, ...], tuple[Arrival, ...], bool]:
        """Return the components that changed, the artifacts that came, and whether one came upstream at once."""
        components: set[str] = set()
        arrivals: list[Arrival] = []
        simultaneous = False
        for change in line.changes:
            if change.aspect == "artifact":
                components.add(change.component)
                simultaneous = simultaneous or change.validation == "simultaneous"
                if change.new is not None and change.kind is not Kind.GAP:
                    arrivals.append(self._arrival(change, line.commit.id))
            elif change.field != EDGE:
                components.add(change.component)
        ordered = tuple(components) if len(components) < 2 else tuple(sorted(components))  # noqa: PLR2004 - nothing to sort
        return ordered, tuple(arrivals), simultaneous

    def _arrival(self, change: _Change, commit: str) -> Arrival:
        origin = change.origin
        # When a branch was moved on to a commit that another one had, git does not tell.
        told = origin is not None and origin.commit != commit
        if origin is None or not told or change.validation != "promoted" or change.kind not in PROMOTED:
            return Arrival(change.component, change.field, change.new or "", change.kind)
        at = self._upstream(origin.deployment)
        return Arrival(change.component, change.field, change.new or "", change.kind, at, promoted=True)

    def _upstream(self, deployment: str) -> int | None:
        name, _, number = deployment.rpartition("-")
        known = self.found.get(name, ())
        return known[int(number) - 1].time if number and int(number) <= len(known) else None


def _taken_back(line: Line) -> tuple[tuple[int, str], ...]:
    """Return which deployments a rollback takes back, and in which components."""
    culprits: dict[str, int] = {}
    for change in line.changes:
        number = _number(change.culprit, line.environment) if change.kind is Kind.ROLLBACK else 0
        if number:
            # Of the fields of a component that went back, the one that goes back furthest tells where it failed.
            culprits[change.component] = min(number, culprits.get(change.component, number))
    return tuple(sorted((number, component) for component, number in culprits.items()))


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
