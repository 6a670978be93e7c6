"""Delivery measures of one environment, of its components and of its teams, cut by time (DEFINITIONS, "Measures").

Each deployment becomes a mark: what it adds to counts, and the durations that end with it. Marks are put into hours
or days once, and those are added up to longer periods.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple

from generator.metrics.availability import Availability, Served
from generator.metrics.failures import BEARING, Failures
from generator.metrics.leads import LeadTimes, promoted
from generator.metrics.slices import DAY, HOUR, History, Stretch, beginning
from generator.metrics.tally import (
    APART,
    BYPASS,
    DETECT,
    FAILED,
    GOOD,
    LEAD,
    NULL_DEPLOY,
    OF,
    OPEN,
    PENDING,
    PROMOTION,
    RECOVERY,
    REPAIR,
    TRIAGE,
    Mark,
    Tally,
    kind_place,
    of_place,
)
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from generator.metrics.facts import Delivery, EnvironmentFacts, Incident
    from generator.metrics.failures import Failure
    from generator.metrics.periods import Unit
    from generator.metrics.settings import Settings
    from generator.metrics.slices import Span

By = Literal["environment", "component", "team"]
PARTS: dict[Unit, Unit] = {"quarter": "month", "year": "month"}
"""Units that whole periods of a shorter one make up; all others are made of days."""


class Slice(NamedTuple):
    """What one stretch of time comes to."""

    stretch: Stretch
    tally: Tally
    served: Served | None
    """`None` where availability is not measurable."""


class Subject(NamedTuple):
    """What measures are of: an environment as a whole, one of its components, or a team's components together."""

    by: By
    name: str
    """Component or team; empty for the environment as a whole."""
    components: frozenset[str] | None
    """Its components; `None` for everything."""
    deliveries: Sequence[Delivery]
    """Deployments that changed it, oldest first."""


class Measuring:
    """Everything that is measured of one environment."""

    def __init__(self, facts: EnvironmentFacts, settings: Settings) -> None:
        """Look through `facts` once."""
        self.facts, self.settings = facts, settings
        self.target = settings.target if facts.production else ""
        """Agreed availability in per cent: nothing is agreed for what is no production."""
        self.failures = Failures(facts, settings)
        self.leads = LeadTimes(facts)
        self._suspects = frozenset(self.failures.suspects)
        self._linked: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in facts.deliveries:
            for incident in delivery.incidents:
                self._linked[incident].append(delivery)

    def subjects(self, by: By) -> Iterator[Subject]:
        """Yield what there is to measure, by name; components and teams only where a deployment changed them."""
        facts = self.facts
        if by == "environment":
            yield Subject(by, "", None, facts.deliveries)
            return
        changed: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in facts.deliveries:
            if by == "component":
                names = [name for name in delivery.components if name not in facts.resources]
            else:
                names = sorted({facts.teams[name] for name in delivery.components if facts.teams.get(name)})
            for name in names:
                changed[name].append(delivery)
        owned: dict[str, set[str]] = defaultdict(set)
        for component, team in facts.teams.items():
            owned[team].add(component)
        for name in sorted(changed):
            components = frozenset((name,)) if by == "component" else frozenset(owned[name])
            yield Subject(by, name, components, changed[name])

    def open_failures(self) -> Iterator[Failure]:
        """Yield the failed deployments that count and have not recovered, in their order."""
        for number in self.failures.suspects:
            failure = self.failures.of(number)
            if failure is not None and failure.counted and not failure.recovered:
                yield failure

    def slices(self, subject: Subject, spans: Sequence[Span]) -> Iterator[Slice]:
        """Yield the measures of `subject` by each of `spans`, in their order, oldest first."""
        cut = _Cut(self, subject)
        for span in spans:
            yield from cut.by(span)

    def marks(self, subject: Subject) -> Iterator[Mark]:
        """Yield what each deployment and each incident of a subject adds."""
        for delivery in subject.deliveries:
            yield self._mark(delivery, subject.components)
        for incident in self.facts.incidents:
            if subject.components is None or self._concerns(incident, subject.components):
                yield _incident_mark(incident)

    def availability(self, subject: Subject) -> Availability | None:
        """Return the downtimes of a subject: its own, and those of the environment as a whole.

        The environment has those of all its parts. `None` where no downtime was recorded and nothing is agreed: that
        there was none is not known then.
        """
        if not self.facts.downtimes and not self.target:
            return None
        parts = subject.components
        found = [d for d in self.facts.downtimes if parts is None or not d.component or d.component in parts]
        settings = self.settings
        return Availability(found, settings.agreed if self.facts.production else (), settings.as_of)

    def _concerns(self, incident: Incident, components: AbstractSet[str]) -> bool:
        if incident.component:
            return incident.component in components
        return any(not components.isdisjoint(delivery.components) for delivery in self._linked.get(incident.id, ()))

    def _mark(self, delivery: Delivery, scope: AbstractSet[str] | None) -> Mark:
        kind, bulk = delivery.kind, delivery.bulk
        places = [kind_place(kind, bulk=bulk)]
        durations: list[tuple[int, int]] = []
        if delivery.bypass:
            places.append(BYPASS)
        failure = self.failures.of(delivery.sequence, scope) if delivery.sequence in self._suspects else None
        if failure is not None:
            _mark_failure(failure, places, durations)
        elif kind in BEARING and not bulk:
            places.append(GOOD if self._is_observed(delivery) else PENDING)
        if kind is Kind.REDEPLOY:
            places.append(of_place(NULL_DEPLOY))
            seconds = _null_deploy(delivery)
            if seconds is not None:
                durations.append((NULL_DEPLOY, seconds))
        elif delivery.arrivals or self.leads.changes:
            _mark_leads(LEAD, delivery.time, self.leads.begun(delivery, scope), places, durations)
            _mark_leads(PROMOTION, delivery.time, promoted(delivery, scope), places, durations)
        return Mark(delivery.time, tuple(places), tuple(durations))

    def _is_observed(self, delivery: Delivery) -> bool:
        """Return whether the observation of a deployment ended; of one without a usable time that is not known."""
        as_of = self.settings.as_of
        return delivery.time is not None and as_of is not None and delivery.time + self.settings.observation <= as_of


class _Cut:
    """The measures of one subject, cut by time."""

    def __init__(self, measuring: Measuring, subject: Subject) -> None:
        self._marks = sorted(measuring.marks(subject), key=self._order)
        times = [delivery.time for delivery in subject.deliveries if delivery.time is not None]
        self._first = min(times, default=None)
        as_of = measuring.settings.as_of
        self._as_of = as_of if as_of is not None else max(times, default=None)
        self._history = History(self._first, self._as_of, measuring.facts.truncated)
        self._availability = measuring.availability(subject)
        self._units: dict[Unit, dict[int, Tally]] = {}

    def by(self, span: Span) -> Iterator[Slice]:
        if span == "all":
            yield self._slice(self._history.whole(), self._sum(self._marks))
        elif span == "rolling":
            for stretch in self._history.rolling():
                after = bisect_right(self._marks, (False, stretch.start or 0), key=self._order)
                yield self._slice(stretch, self._sum([mark for mark in self._marks[after:] if mark.time is not None]))
        else:
            found = self._unit(span)
            for stretch in self._history.calendar(span, found):
                tally = found.get(stretch.start) if stretch.start is not None else None
                yield self._slice(stretch, tally if tally is not None else Tally())

    @staticmethod
    def _order(mark: Mark) -> tuple[bool, int]:
        return mark.time is None, mark.time or 0

    @staticmethod
    def _sum(marks: Sequence[Mark]) -> Tally:
        tally = Tally()
        for mark in marks:
            tally.add(mark)
        return tally

    def _unit(self, unit: Unit) -> dict[int, Tally]:
        """Return what happened in each period of `unit` that has anything, by its first moment."""
        found = self._units.get(unit)
        if found is None:
            found = self._units[unit] = self._counted(unit) if unit in {"hour", "day"} else self._merged(unit)
        return found

    def _counted(self, unit: Unit) -> dict[int, Tally]:
        seconds = HOUR if unit == "hour" else DAY
        found: dict[int, Tally] = {}
        for mark in self._marks:
            # An incident before the first deployment is in no period: there is none to put it into.
            if mark.time is None or self._first is None or mark.time < self._first:
                continue
            begin = mark.time - mark.time % seconds
            tally = found.get(begin)
            if tally is None:
                tally = found[begin] = Tally()
            tally.add(mark)
        return found

    def _merged(self, unit: Unit) -> dict[int, Tally]:
        found: dict[int, Tally] = {}
        for begin, tally in self._unit(PARTS.get(unit, "day")).items():
            found.setdefault(beginning(begin, unit), Tally()).take(tally)
        return found

    def _slice(self, stretch: Stretch, tally: Tally) -> Slice:
        if self._availability is None:
            return Slice(stretch, tally, None)
        if stretch.start is None or stretch.end is None or self._first is None:
            return Slice(stretch, tally, Served(0, 0, 0))
        return Slice(stretch, tally, self._availability.within(max(stretch.start, self._first), stretch.end))


def _mark_failure(failure: Failure, places: list[int], durations: list[tuple[int, int]]) -> None:
    if not failure.counted:
        places.append(APART)
        return
    places += [FAILED, of_place(RECOVERY)]
    if not failure.recovered:
        places.append(OPEN)
    elif failure.seconds is not None:
        durations.append((RECOVERY, failure.seconds))


def _mark_leads(
    measure: int,
    time: int | None,
    begun: Sequence[int | None],
    places: list[int],
    durations: list[tuple[int, int]],
) -> None:
    for begin in begun:
        places.append(OF + measure)
        if begin is not None and time is not None:
            durations.append((measure, time - begin))


def _null_deploy(delivery: Delivery) -> int | None:
    known = delivery.confirmed and delivery.verified is not False
    if not known or delivery.started is None or delivery.time is None or delivery.time < delivery.started:
        return None
    return delivery.time - delivery.started


def _incident_mark(incident: Incident) -> Mark:
    start, detected = incident.impact_start, incident.detected
    spans = (
        (DETECT, start, detected),
        (TRIAGE, detected, incident.cause_assigned),
        (REPAIR, incident.cause_assigned, incident.restored),
    )
    durations = tuple(
        (measure, end - begin)
        for measure, begin, end in spans
        if begin is not None and end is not None and begin <= end
    )
    places = tuple(of_place(measure) for measure, _, _ in spans)
    return Mark(start if start is not None else detected, places, durations)
