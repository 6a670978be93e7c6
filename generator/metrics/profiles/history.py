"""One environment, put in order once for every definition that counts it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from generator.metrics.failures import Failures
from generator.metrics.profiles.counting import DAY, UNDATED, Times, Window
from generator.metrics.settings import Settings
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.metrics.facts import Delivery, EnvironmentFacts, Incident
    from generator.metrics.failures import Failure

WINDOWS: Mapping[str, int] = {"all": 0, "30d": 30, "90d": 90, "365d": 365}
"""Days of each window; 0 for the whole history."""


class EnvironmentHistory:
    """The deployments of one environment up to the report time, and what is known against them."""

    def __init__(self, facts: EnvironmentFacts, as_of: int, observation: int) -> None:
        """Take the facts as seen at `as_of`; `observation` is in seconds."""
        self.facts = facts
        self.as_of = as_of
        self.observation = observation
        self.by_number: dict[int, Delivery] = {delivery.sequence: delivery for delivery in facts.deliveries}
        self.dated: list[tuple[int, Delivery]] = sorted(
            ((d.time, d) for d in facts.deliveries if d.time is not None and d.time <= as_of),
            key=lambda pair: (pair[0], pair[1].sequence),
        )
        """Deployments with a usable time, in its order."""
        self._incidents = {incident.id: incident for incident in facts.incidents}

    def windows(self) -> Iterator[Window]:
        """Yield the windows that figures are made of; none where no deployment has a usable time."""
        if not self.dated:
            return
        first = self.dated[0][0]
        days = max(1, -(-(self.as_of - first) // DAY))
        for name, length in WINDOWS.items():
            start = self.as_of - length * DAY if length else UNDATED - 1
            yield Window(name, start, self.as_of, min(days, length) if length else days)

    @cached_property
    def every(self) -> Times:
        """Every deployment, whatever it brought."""
        return Times(time for time, _ in self.dated)

    @cached_property
    def changing(self) -> Times:
        """Every deployment that changed what runs."""
        return Times(time for time, delivery in self.dated if delivery.kind is not Kind.REDEPLOY)

    @cached_property
    def failures(self) -> Mapping[int, Failure]:
        """By number: every deployment that something is known against, whether Assay's own rate counts it or not."""
        failures = Failures(self.facts, Settings(self.as_of, observation=self.observation))
        found = {number: failures.of(number) for number in failures.suspects}
        return {number: failure for number, failure in found.items() if failure is not None}

    def first_remedy(self, failure: Failure) -> int | None:
        """Return when what is known against a deployment first ended, whether that held or not."""
        began = failure.delivery.time
        if began is None:
            return None
        times = [self.by_number[number].time for number in failure.undone_by]
        for name in failure.incidents:
            incident = self._incidents[name]
            fixed = self.by_number.get(incident.fixed_by)
            # The record of the incident knows better than the commit that ended it.
            times.append(incident.restored if incident.restored is not None else fixed.time if fixed else None)
        return min((time for time in times if time is not None and began <= time <= self.as_of), default=None)

    @cached_property
    def remedied(self) -> Mapping[int, int]:
        """By number of a deployment that versions alone show to have failed: the first one that remedied it.

        A version that comes back condemns the deployment that replaced it last; a roll-forward or hotfix what it is
        linked to, else the deployment before it of the same components.
        """
        running: dict[tuple[str, str], str] = {}
        replaced: dict[tuple[str, str, str], int] = {}
        newest: dict[str, int] = {}
        failed: dict[int, int] = {}
        for delivery in self.facts.deliveries:
            for arrival in delivery.arrivals:
                artifact = arrival.component, arrival.field
                before = running.get(artifact)
                if before == arrival.version:
                    continue
                running[artifact] = arrival.version
                culprit = replaced.get((*artifact, arrival.version))
                if culprit is not None:
                    failed.setdefault(culprit, delivery.sequence)
                if before is not None:
                    replaced[*artifact, before] = delivery.sequence
            if delivery.kind in (Kind.ROLL_FORWARD, Kind.HOTFIX):
                known = [newest[component] for component in delivery.components if component in newest]
                linked = [number for number in delivery.undone if 0 < number < delivery.sequence]
                for number in linked or ([max(known)] if known else []):
                    failed.setdefault(number, delivery.sequence)
            newest.update(dict.fromkeys(delivery.components, delivery.sequence))
        return failed

    def opened(self, incident: Incident) -> int | None:
        """Return when an incident was opened: detected, else begun, else the deployment that it began with."""
        if incident.detected is not None:
            return incident.detected
        if incident.impact_start is not None:
            return incident.impact_start
        times = [self.by_number[n].time for n in incident.deployments if n in self.by_number]
        return min((time for time in times if time is not None), default=None)

    def newest_before(self, time: int) -> Delivery | None:
        """Return the newest deployment at or before `time`."""
        place = bisect_right(self.every.ordered, time)
        return self.dated[place - 1][1] if place else None

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
