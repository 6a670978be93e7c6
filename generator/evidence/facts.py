"""What measures are made of, read from an evidence folder: its deployments, what records tell, and the summary.

Only what is measured is decoded: a history may have 100,000 deployments, and most of a line is for its page.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.evidence.reading import CHANGES, COMPONENTS, DEPLOYMENTS, RECORDS, Evidence, lines_of
from generator.evidence.records import Aspect, Validation  # noqa: TC001 - lines are decoded by their annotations
from generator.metrics.facts import AppChange, Arrival, Delivery, Downtime, EnvironmentFacts, Incident
from generator.metrics.failures import REMEDIES
from generator.metrics.gathered import Place
from generator.metrics.leads import PROMOTED
from generator.model.difference import EDGE
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from generator.evidence.delivery_records import RecordLine
    from generator.evidence.records import ChangeRecord, DeploymentRecord
    from generator.evidence.summary import EnvironmentSummary, Summary

EVERYWHERE = "*"
"""Environment of a record that is of all of them."""
_ROLE = "component"
_KINDS: dict[str, Kind] = {kind.value: kind for kind in Kind}


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
    """Return the facts of each environment, in the order of the summary, with every deployment.

    The folder needs neither its summary nor its manifest yet. Raises `RefusedError` where a line can't be read.
    """
    evidence = Evidence.unfinished(folder, summary)
    about = About(evidence)
    deliveries: dict[str, list[Delivery]] = {place.name: [] for place in about.places(parts=True)}

    def time_of(name: str, number: int) -> int | None:
        known = deliveries.get(name, ())
        return known[number - 1].time if number <= len(known) else None

    for line in lines_of(folder / DEPLOYMENTS, Line):
        deliveries[line.environment].append(about.delivery(line, time_of))
    found: dict[str, EnvironmentFacts] = {}
    for name, own in deliveries.items():
        facts = about.facts(name, own)
        found[name] = msgspec.structs.replace(facts, deliveries=tuple(own), first=found.get(about.firsts[name]))
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


class About:
    """What there is to know beside deployments: of the summary, of records, and of applications' own histories."""

    def __init__(self, evidence: Evidence) -> None:
        """Read it. The folder needs neither its summary nor its manifest yet."""
        self._evidence, self._summary = evidence, evidence.summary
        self.as_of = seconds(self._summary.as_of)
        names = [environment.name for environment in self._summary.environments]
        self._records = _records(evidence.records(), names, self.as_of)
        self._began: dict[tuple[str, int], set[str]] = defaultdict(set)
        for name in names:
            for incident in self._records[name].incidents.values():
                for deployment in incident.deployments:
                    self._began[name, _number(deployment, name)].add(incident.id)
        self._changes = _app_changes(evidence)
        self.firsts: dict[str, str] = {}
        """First environment of the chain of each one; empty where it is that itself."""
        begun: dict[str, str] = {}
        for environment in self._summary.environments:
            name, upstream = environment.name, environment.upstream
            begun[name] = begun.get(upstream, upstream) or name
            self.firsts[name] = begun[name] if begun[name] in self.firsts else ""

    def places(self, *, parts: bool) -> Iterator[Place]:
        """Yield the environments; with `parts` those of production are counted by component and team too."""
        for environment in self._summary.environments:
            name, production = environment.name, environment.production
            teams, changes = self._teams(environment), self._brought_to(environment)
            yield Place(name, production, self.firsts[name], teams, changes, parts=parts and production)

    def digest(self) -> bytes:
        """Return the digest of all that what is gathered of deployments depends on, beside the report time."""
        found = hashlib.sha256()
        for name in (RECORDS, CHANGES):
            path = self._evidence.folder / name
            known = path.read_bytes() if path.exists() else None
            # What a record tells may be known from a certain time on.
            found.update(b"" if known is None else b"%d %d " % (len(known), self.as_of or 0) + known)
            found.update(b"\0")
        places = [place._replace(app_changes=None) for place in self.places(parts=True)]
        found.update(msgspec.msgpack.encode([(*place[:3], sorted(place.teams.items())) for place in places]))
        return found.digest()

    def facts(self, name: str, told: Iterable[Delivery]) -> EnvironmentFacts:
        """Return the facts of an environment without its deployments; `told` has those with an incident."""
        environment = next(one for one in self._summary.environments if one.name == name)
        changes = self._brought_to(environment)
        return EnvironmentFacts(
            name=name,
            production=environment.production,
            deliveries=(),
            incidents=tuple(_incidents(name, told, self._records[name], self.as_of)),
            downtimes=tuple(self._records[name].downtimes),
            teams=self._teams(environment),
            app_changes=tuple(changes) if changes is not None else None,
            resources=self._resources,
            truncated=self._summary.coverage.limited,
        )

    @cached_property
    def _resources(self) -> frozenset[str]:
        parts = lines_of(self._evidence.folder / COMPONENTS, _Part)
        return frozenset(part.id for part in parts if part.role != _ROLE)

    @staticmethod
    def _teams(environment: EnvironmentSummary) -> dict[str, str]:
        return {cell.component: cell.team for cell in environment.cells if cell.team}

    def _brought_to(self, environment: EnvironmentSummary) -> list[AppChange] | None:
        if self._changes is None or not environment.production:
            return None
        return self._changes.get(environment.name, [])

    def delivery(self, line: Line | DeploymentRecord, time_of: Callable[[str, int], int | None]) -> Delivery:
        """Return what is measured of a line; `time_of` tells the times of deployments before it, upstream."""
        name, number = line.environment, line.sequence
        record = self._records[name].finishes.get(number)
        time = _past(line.commit.committed_at, self.as_of) if record is None else seconds(record.finished)
        components, arrivals, simultaneous = _brought(line, time_of)
        kind = _KINDS[line.kind]
        parts = _taken_back(line) if kind is Kind.ROLLBACK else ()
        undone = {part for part, _ in parts}
        if line.mends and kind in REMEDIES:
            undone.update(_number(mended, name) for mended in line.mends)
        began = self._began.get((name, number)) if self._began else None
        return Delivery(
            sequence=number,
            commit="",
            time=time,
            kind=kind,
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

    def late(self, line: DeploymentRecord, delivery: Delivery) -> int | None:
        """Return the time of a deployment that has none yet, since it is after the report time."""
        return seconds(line.commit.committed_at) if delivery.time is None and not delivery.confirmed else None


def _brought(
    line: Line | DeploymentRecord, time_of: Callable[[str, int], int | None]
) -> tuple[tuple[str, ...], tuple[Arrival, ...], bool]:
    """Return the components that changed, the artifacts that came, and whether one came upstream at once."""
    components: set[str] = set()
    arrivals: list[Arrival] = []
    simultaneous = False
    for change in line.changes:
        if change.aspect == "artifact":
            components.add(change.component)
            simultaneous = simultaneous or change.validation == "simultaneous"
            if change.new is not None and change.kind != Kind.GAP:
                arrivals.append(_arrival(change, line.commit.id, time_of))
        elif change.field != EDGE:
            components.add(change.component)
    ordered = tuple(components) if len(components) < 2 else tuple(sorted(components))  # noqa: PLR2004 - nothing to sort
    return ordered, tuple(arrivals), simultaneous


def _arrival(change: _Change | ChangeRecord, commit: str, time_of: Callable[[str, int], int | None]) -> Arrival:
    origin = change.origin
    # When a branch was moved on to a commit that another one had, git does not tell.
    told = origin is not None and origin.commit != commit
    if origin is None or not told or change.validation != "promoted" or change.kind not in PROMOTED:
        return Arrival(change.component, change.field, change.new or "", _KINDS[change.kind])
    name, _, number = origin.deployment.rpartition("-")
    at = time_of(name, int(number)) if number else None
    return Arrival(change.component, change.field, change.new or "", _KINDS[change.kind], at, promoted=True)


def _taken_back(line: Line | DeploymentRecord) -> tuple[tuple[int, str], ...]:
    """Return which deployments a rollback takes back, and in which components."""
    culprits: dict[str, int] = {}
    for change in line.changes:
        number = _number(change.culprit, line.environment) if change.kind == Kind.ROLLBACK else 0
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
