"""Octopus Deploy's DevOps Insights, as its documentation words them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.metrics.profiles.counting import Middle, Missing, Part, Timed, Times, Total, mean, median
from generator.metrics.profiles.history import Definition
from generator.metrics.profiles.profile import NO_FAILURE, Measure, Profile
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.metrics.facts import Arrival, EnvironmentFacts
    from generator.metrics.profiles.counting import Counting
    from generator.metrics.profiles.history import EnvironmentHistory

_SOURCE = "Octopus Deploy documentation, Insights: Metrics (of 2023-01-01, as revised since)"
_URL = "https://octopus.com/docs/insights/metrics"
_NEW = frozenset({Kind.INITIAL, Kind.FORWARD, Kind.ROLL_FORWARD, Kind.HOTFIX})
_FAILED = (
    "Octopus asks its own task whether it failed, or had to be helped along. Git knows no such task: a deployment that "
    "was taken back, mended or linked to an incident stands for a failed one."
)


def _successes(history: EnvironmentHistory) -> Times:
    return Times(time for time, delivery in history.dated if delivery.sequence not in history.failures)


def _frequency(history: EnvironmentHistory) -> Counting:
    return Total(_successes(history), history.every)


class _Releases:
    """The versions of one artifact in the order in which the first environment got them."""

    def __init__(self) -> None:
        self.times: list[int | None] = []
        self.places: dict[str, int] = {}
        self.deployed = -1
        """Place of the newest one that production has had, and not as a failure."""

    def add(self, version: str, time: int | None) -> None:
        if version not in self.places:
            self.places[version] = len(self.times)
            self.times.append(time)

    def oldest_waiting(self, version: str, time: int) -> int | None:
        """Return when the oldest version that `version` brings along was made, and count it as deployed."""
        place = self.places[version]
        made = self.times[self.deployed + 1]
        self.deployed = place
        return None if made is None or made > time else made


def _made(first: EnvironmentFacts) -> dict[tuple[str, str], _Releases]:
    releases: dict[tuple[str, str], _Releases] = {}
    for delivery in first.deliveries:
        for arrival in delivery.arrivals:
            releases.setdefault((arrival.component, arrival.field), _Releases()).add(arrival.version, delivery.time)
    return releases


def _lead_time(history: EnvironmentHistory) -> Counting:
    if history.facts.first is None:
        return Missing("seconds", "There is no environment before it that would tell when a version was made.")
    releases = _made(history.facts.first)

    def waited(arrival: Arrival, time: int) -> Iterator[tuple[int, int | None]]:
        known = releases.get((arrival.component, arrival.field))
        if known is None or arrival.version not in known.places:
            if arrival.kind in _NEW:
                yield time, None
        elif known.places[arrival.version] > known.deployed:
            made = known.oldest_waiting(arrival.version, time)
            yield time, None if made is None else time - made

    def leads() -> Iterator[tuple[int, int | None]]:
        for time, delivery in history.dated:
            if delivery.sequence not in history.failures:
                for arrival in delivery.arrivals:
                    yield from waited(arrival, time)

    return Middle(
        Timed(leads()),
        median,
        "No successful deployment of this window brought a new version.",
        "No version that came was in the first environment before.",
    )


def _fail_rate(history: EnvironmentHistory) -> Counting:
    return Part(Times(time for time, delivery in history.dated if delivery.sequence in history.failures), history.every)


def _recovery(history: EnvironmentHistory) -> Counting:
    def spans() -> Iterator[tuple[int, int | None]]:
        success: dict[str, int] = {}
        newest: int | None = None
        for time, delivery in reversed(history.dated):
            if delivery.sequence not in history.failures:
                newest = time
                success.update(dict.fromkeys(delivery.components, time))
                continue
            ends = [success[component] for component in delivery.components if component in success]
            end = newest if not delivery.components else min(ends, default=None)
            yield time, None if end is None else end - time

    return Middle(Timed(spans()), mean, NO_FAILURE, "No successful deployment of the same component came after it.")


PROFILE = Profile(
    "octopus",
    "Octopus Deploy",
    (
        Measure(
            Definition(
                "deployment frequency",
                "The number of successful deployments of the window, not divided by anything.",
                _SOURCE,
                _URL,
                _FAILED,
            ),
            _frequency,
        ),
        Measure(
            Definition(
                "lead time",
                "Deployment lead time: from the making of the oldest release whose changes had not been deployed "
                "there until the deployment was completed. Releases that were skipped count with the next one; a "
                "failed deployment deploys nothing. The median of the deployed artifacts.",
                _SOURCE,
                _URL,
                "A release is made when the first environment gets its version, and each artifact has its own. "
                "Octopus gives mean and median; the median is shown.",
            ),
            _lead_time,
        ),
        Measure(
            Definition(
                "change fail rate",
                "Deployment failure rate: failed deployments divided by all deployments, rollbacks, redeployments and "
                "bulk ones included.",
                _SOURCE,
                _URL,
                _FAILED,
            ),
            _fail_rate,
        ),
        Measure(
            Definition(
                "recovery time",
                "Mean time to recovery: from a failed deployment to the next successful one of the same scope, "
                "whatever that deploys; the mean.",
                _SOURCE,
                _URL,
                "The scope is a component of the environment, as a project is in Octopus. A series of failures "
                "counts once for each; Octopus's API tells it once for the series.",
            ),
            _recovery,
        ),
    ),
)
