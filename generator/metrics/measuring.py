"""Delivery measures of one environment, of its components and of its teams, cut by time (DEFINITIONS, "Measures").

What was gathered of deployments is added to by what later ones and records know against them, put in the order of time
once, and then cut.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple

from generator.metrics.availability import Availability, Served
from generator.metrics.counted import Counted
from generator.metrics.failures import Failures
from generator.metrics.gathered import gathered_of
from generator.metrics.slices import History, Stretch, ending, oldest_kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from generator.metrics.columns import Part
    from generator.metrics.facts import Delivery, EnvironmentFacts, Incident
    from generator.metrics.failures import Failure
    from generator.metrics.settings import Settings
    from generator.metrics.slices import Span
    from generator.metrics.tally import Tally

By = Literal["environment", "component", "team"]


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
    part: Part
    """What was counted of it."""


class Measuring:
    """Everything that is measured of one environment."""

    def __init__(self, facts: EnvironmentFacts, settings: Settings) -> None:
        """Look through `facts` once."""
        self.facts, self.settings = facts, settings
        self.target = settings.target if facts.production else ""
        """Agreed availability in per cent: nothing is agreed for what is no production."""
        self.gathered = facts.gathered if facts.gathered is not None else gathered_of(facts)
        self.failures = Failures(self.gathered, facts.incidents, settings.observation)
        self._linked: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in self.gathered.told:
            for incident in delivery.incidents:
                self._linked[incident].append(delivery)
        self._suspects: dict[str, list[int]] = defaultdict(list)
        for number in self.failures.suspects:
            for component in self.failures.delivery(number).components:
                self._suspects[component].append(number)

    def subjects(self, by: By) -> Iterator[Subject]:
        """Yield what there is to measure, by name; components and teams only where a deployment changed them."""
        gathered = self.gathered
        if by == "environment":
            yield Subject(by, "", None, gathered.whole)
            return
        parts = gathered.components if by == "component" else gathered.teams
        for name in sorted(parts):
            if by == "team" or name not in self.facts.resources:
                yield Subject(by, name, frozenset((name,)) if by == "component" else gathered.owned(name), parts[name])

    def open_failures(self) -> Iterator[Failure]:
        """Yield the failed deployments that count and have not recovered, in their order."""
        for number in self.failures.suspects:
            failure = self.failures.of(number)
            if failure is not None and failure.counted and not failure.recovered:
                yield failure

    def slices(self, subject: Subject, spans: Sequence[Span], *, recent: bool = False) -> Iterator[Slice]:
        """Yield the measures of `subject` by each of `spans`, in their order, oldest first.

        Of days and hours the `recent` ones alone, where that is said: those that evidence keeps.
        """
        cut = _Cut(self, subject, recent=recent)
        for span in spans:
            yield from cut.by(span)

    def counted(self, subject: Subject) -> Counted:
        """Return what a subject comes to at the report time."""
        scope = subject.components
        suspects = self.failures.suspects if scope is None else sorted({n for c in scope for n in self._suspects[c]})
        found = (self.failures.of(number, scope) for number in suspects)
        incidents = (one for one in self.facts.incidents if scope is None or self._concerns(one, scope))
        return Counted(subject.part, (one for one in found if one is not None), incidents, self.settings)

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


class _Cut:
    """The measures of one subject, cut by time."""

    def __init__(self, measuring: Measuring, subject: Subject, *, recent: bool) -> None:
        self._counted = counted = measuring.counted(subject)
        as_of = measuring.settings.as_of
        self._kept = as_of if recent else None
        self._history = History(counted.first, as_of if as_of is not None else counted.last, measuring.facts.truncated)
        self._availability = measuring.availability(subject)

    def by(self, span: Span) -> Iterator[Slice]:
        counted = self._counted
        if span == "all":
            yield self._slice(self._history.whole(), counted.whole())
        elif span == "rolling":
            for stretch in self._history.rolling():
                yield self._slice(stretch, counted.after(stretch.start or 0))
        else:
            since = oldest_kept(span, self._kept)
            found = counted.begun(span, since) if self._history.is_sparse(span) else ()
            for stretch in self._history.calendar(span, found):
                begin = stretch.start or 0
                yield self._slice(stretch, counted.between(begin, ending(begin, span)))

    def _slice(self, stretch: Stretch, tally: Tally) -> Slice:
        if self._availability is None:
            return Slice(stretch, tally, None)
        if stretch.start is None or stretch.end is None or self._counted.first is None:
            return Slice(stretch, tally, Served(0, 0, 0))
        return Slice(stretch, tally, self._availability.within(max(stretch.start, self._counted.first), stretch.end))
