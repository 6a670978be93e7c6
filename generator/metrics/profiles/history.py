"""One environment, put in order once for every definition that counts it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from generator.metrics.columns import UNDATED
from generator.metrics.failures import Failures
from generator.metrics.gathered import gathered_of
from generator.metrics.profiles.counting import DAY, Times, Window
from generator.metrics.tally import kind_place
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.metrics.facts import EnvironmentFacts, Incident
    from generator.metrics.failures import Failure

WINDOWS: Mapping[str, int] = {"all": 0, "30d": 30, "90d": 90, "365d": 365}
"""Days of each window; 0 for the whole history."""


_OWN = tuple(kind_place(kind, bulk=False) for kind in Kind)
_BULK = tuple(kind_place(kind, bulk=True) for kind in Kind)
_SAME = {kind_place(Kind.REDEPLOY, bulk=bulk) for bulk in (False, True)}


class EnvironmentHistory:
    """The deployments of one environment up to the report time, and what is known against them."""

    def __init__(self, facts: EnvironmentFacts, as_of: int, observation: int, failures: Failures | None = None) -> None:
        """Take the facts as seen at `as_of`; `observation` is in seconds. `failures` may be known already."""
        self.facts = facts
        self.as_of = as_of
        self.observation = observation
        self.gathered = facts.gathered if facts.gathered is not None else gathered_of(facts)
        self._known = failures
        self._incidents = {incident.id: incident for incident in facts.incidents}

    def windows(self) -> Iterator[Window]:
        """Yield the windows that figures are made of; none where no deployment has a usable time."""
        first = self.every.ordered[0] if self.every.ordered else None
        if first is None or first > self.as_of:
            return
        days = max(1, -(-(self.as_of - first) // DAY))
        for name, length in WINDOWS.items():
            start = self.as_of - length * DAY if length else UNDATED - 1
            yield Window(name, start, self.as_of, min(days, length) if length else days)

    def times(self, *kinds: Kind) -> list[int]:
        """Return when deployments of these kinds were made, bulk ones among them."""
        return self._times(kind_place(kind, bulk=bulk) for kind in kinds for bulk in (False, True))

    def own_times(self, *kinds: Kind) -> list[int]:
        """Return when deployments of these kinds that are not bulk were made; `UNDATED` stands for each without a time.

        Those are in the whole history alone.
        """
        places = [kind_place(kind, bulk=False) for kind in kinds]
        return [UNDATED] * sum(self.gathered.whole.undated(place) for place in places) + self._times(places)

    def _times(self, places: Iterable[int]) -> list[int]:
        return [time for place in places for time in self.gathered.whole.ordered(place)]

    @cached_property
    def every(self) -> Times:
        """Every deployment with a time, whatever it brought."""
        return Times(self._times((*_OWN, *_BULK)))

    @cached_property
    def changing(self) -> Times:
        """Every deployment that changed what runs."""
        return Times(self._times(place for place in (*_OWN, *_BULK) if place not in _SAME))

    @cached_property
    def dated(self) -> Sequence[tuple[int, int]]:
        """Time and number of every deployment with a usable time, in its order."""
        times = enumerate(self.gathered.times, 1)
        return sorted((time, number) for number, time in times if time != UNDATED and time <= self.as_of)

    def time(self, number: int) -> int | None:
        """Return the time of a deployment, `None` where there is none up to the report time, or no such deployment."""
        time = self.gathered.time(number) if 0 < number <= len(self.gathered) else None
        return None if time is None or time > self.as_of else time

    @cached_property
    def failures(self) -> Mapping[int, Failure]:
        """By number: every deployment that something is known against, whether Assay's own rate counts it or not."""
        failures = self._known or Failures(self.gathered, self.facts.incidents, self.observation)
        found = {number: failures.of(number) for number in failures.suspects}
        return {number: failure for number, failure in found.items() if failure is not None}

    @cached_property
    def failed(self) -> Sequence[int]:
        """Times of all of these that have one."""
        found = (self.time(number) for number in self.failures)
        return [time for time in found if time is not None]

    @property
    def remedied(self) -> Mapping[int, int]:
        """By number of a deployment that versions alone show to have failed: the first one that remedied it.

        A version that comes back condemns the deployment that replaced it last; a roll-forward or hotfix what it is
        linked to, else the deployment before it of the same components.
        """
        return self.gathered.remedied

    def first_remedy(self, failure: Failure) -> int | None:
        """Return when what is known against a deployment first ended, whether that held or not."""
        began = failure.delivery.time
        if began is None:
            return None
        times = [self.gathered.time(number) for number in failure.undone_by]
        for name in failure.incidents:
            incident = self._incidents[name]
            fixed = self.gathered.time(incident.fixed_by) if 0 < incident.fixed_by <= len(self.gathered) else None
            # The record of the incident knows better than the commit that ended it.
            times.append(incident.restored if incident.restored is not None else fixed)
        return min((time for time in times if time is not None and began <= time <= self.as_of), default=None)

    def opened(self, incident: Incident) -> int | None:
        """Return when an incident was opened: detected, else begun, else the deployment that it began with."""
        if incident.detected is not None:
            return incident.detected
        if incident.impact_start is not None:
            return incident.impact_start
        times = [self.gathered.time(n) for n in incident.deployments if 0 < n <= len(self.gathered)]
        return min((time for time in times if time is not None), default=None)

    def newest_before(self, time: int) -> tuple[int, int] | None:
        """Return time and number of the newest deployment at or before `time`."""
        place = bisect_right(self.dated, time, key=lambda one: one[0])
        return self.dated[place - 1] if place else None

    @cached_property
    def commits(self) -> Mapping[int, tuple[tuple[str, int], ...]] | None:
        """By number of a deployment: (component, commit time) of what it brought of the applications' histories.

        `None` where none was given.
        """
        if self.facts.app_changes is None:
            return None
        found: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for change in self.facts.app_changes:
            if change.time is not None:
                found[change.deployment].append((change.component, change.time))
        return {number: tuple(brought) for number, brought in found.items()}


class Definition(msgspec.Struct, frozen=True):
    """How a body defines a measure, in words of our own."""

    measure: str
    """`deployment frequency`, `lead time`, `change fail rate`, `recovery time` or `rework rate`."""
    formula: str
    source: str
    """Title of the document, and its date or version."""
    url: str
    differs: str = ""
    """What of it can't be told from git and records, and what stands in its place."""
