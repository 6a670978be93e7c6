"""Octopus Deploy's DevOps Insights, as its documentation words them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from generator.metrics.columns import numbers, without
from generator.metrics.profiles.counting import Middle, Missing, Part, Run, Runs, Timed, Times, Total, mean, median
from generator.metrics.profiles.history import Definition
from generator.metrics.profiles.profile import NO_FAILURE, Measure, Profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.metrics.profiles.counting import Counting
    from generator.metrics.profiles.history import EnvironmentHistory

_SOURCE = "Octopus Deploy documentation, Insights: Metrics (of 2023-01-01, as revised since)"
_URL = "https://octopus.com/docs/insights/metrics"
_FAILED = (
    "Octopus asks its own task whether it failed, or had to be helped along. Git knows no such task: a deployment that "
    "was taken back, mended or linked to an incident stands for a failed one."
)


def _frequency(history: EnvironmentHistory) -> Counting:
    return Total(Times(without(history.every.ordered, history.failed)), history.every)


def _lead_time(history: EnvironmentHistory) -> Counting:
    if history.facts.first is None:
        return Missing("seconds", "There is no environment before it that would tell when a version was made.")
    runs = [
        Run(numbers(one.times), numbers(one.seconds), numbers(one.unmeasured))
        for one in history.gathered.waits(history.failures)
    ]
    return Middle(
        Runs(runs),
        median,
        "No successful deployment of this window brought a new version.",
        "No version that came was in the first environment before.",
    )


def _fail_rate(history: EnvironmentHistory) -> Counting:
    return Part(Times(history.failed), history.every)


def _recovery(history: EnvironmentHistory) -> Counting:
    after = _After(history)

    def spans() -> Iterator[tuple[int, int | None]]:
        for number, failure in history.failures.items():
            time = history.time(number)
            if time is not None:
                found = (after.success(part, (time, number)) for part in after.parts(failure.delivery.components))
                end = min((one for one in found if one is not None), default=None)
                yield time, None if end is None else end - time

    return Middle(Timed(spans()), mean, NO_FAILURE, "No successful deployment of the same component came after it.")


class _After:
    """The deployments of each component in the order of time, to find the next one that did not fail."""

    def __init__(self, history: EnvironmentHistory) -> None:
        self._history = history
        self._ordered: dict[str, list[tuple[int, int]]] = {}

    def parts(self, components: Sequence[str]) -> Iterator[list[tuple[int, int]]]:
        """Yield the deployments of each of `components`, of the environment as a whole where there are none."""
        gathered = self._history.gathered
        for name in components or ("",):
            found = self._ordered.get(name)
            if found is None:
                part = gathered.components[name] if name else gathered.whole
                known = ((self._history.time(number), number) for number in part.numbers)
                found = self._ordered[name] = sorted((time, number) for time, number in known if time is not None)
            yield found

    def success(self, ordered: Sequence[tuple[int, int]], after: tuple[int, int]) -> int | None:
        """Return when the first deployment after one of (time, number) was that did not fail."""
        for place in range(bisect_right(ordered, after), len(ordered)):
            time, number = ordered[place]
            if number not in self._history.failures:
                return time
        return None


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
