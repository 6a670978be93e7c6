"""Datadog's DORA Metrics with its change failure detection, as its documentation words them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from generator.metrics.profiles.counting import DAY, Middle, Missing, Part, Rate, Timed, Times, mean, median
from generator.metrics.profiles.history import Definition
from generator.metrics.profiles.profile import NO_APPLICATION, NO_COMMIT, NO_FAILURE, Measure, Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.metrics.profiles.counting import Counting
    from generator.metrics.profiles.history import EnvironmentHistory

_SOURCE = "Datadog documentation, Delivery Performance, DORA Metrics: {} (since its move there)"
_URL = "https://docs.datadoghq.com/delivery_performance/dora_metrics/{}/"
_LONGEST_PAUSE = 60 * DAY
"""A deployment after a longer one gets no lead time."""


def _frequency(history: EnvironmentHistory) -> Counting:
    return Rate(history.every)


def _lead_time(history: EnvironmentHistory) -> Counting:
    commits = history.commits
    if commits is None:
        return Missing("seconds", NO_APPLICATION)

    def ages() -> Iterator[tuple[int, int | None]]:
        for (before, _), (time, number) in pairwise(history.dated):
            brought = commits.get(number)
            if brought and time - before <= _LONGEST_PAUSE:
                yield time, mean([time - committed for _, committed in brought])

    return Middle(Timed(ages()), median, NO_COMMIT)


def _fail_rate(history: EnvironmentHistory) -> Counting:
    failed = (history.time(number) for number in history.remedied)
    return Part(Times(time for time in failed if time is not None), history.every)


def _recovery(history: EnvironmentHistory) -> Counting:
    def spans() -> Iterator[tuple[int, int | None]]:
        for number, remedy in history.remedied.items():
            began, ended = history.time(number), history.time(remedy)
            if began is not None:
                yield began, None if ended is None or ended < began else ended - began

    return Middle(Timed(spans()), median, NO_FAILURE, "No remedy has a usable time.")


PROFILE = Profile(
    "datadog",
    "Datadog",
    (
        Measure(
            Definition(
                "deployment frequency",
                "Deployments over a stretch of time. Here: every deployment, rollbacks, redeployments and bulk ones "
                "included, divided by the days.",
                _SOURCE.format("Calculation"),
                _URL.format("calculation"),
                "Datadog counts by service; one deployment of several components is one here.",
            ),
            _frequency,
        ),
        Measure(
            Definition(
                "lead time",
                "Change lead time: the age of every commit when its deployment finished, the mean of a deployment, "
                "then the median of the deployments. Not for the first deployment, nor after a pause of more than "
                "60 days.",
                _SOURCE.format("Calculation"),
                _URL.format("calculation"),
                "Needs the application's own history. Datadog looks at each service by itself; the pause is that of "
                "the environment here.",
            ),
            _lead_time,
        ),
        Measure(
            Definition(
                "change fail rate",
                "Change failure rate: deployments found to be change failures divided by all deployments, rollbacks "
                "included. A version that was there before, and is not the one being left, is a rollback, and the "
                "deployment after the newest one of that version is the failure; so going forward to it again is one "
                "too. A roll-forward or hotfix makes a failure of what it is linked to, else of the deployment "
                "before it.",
                _SOURCE.format("Calculation, Change Failure Detection"),
                _URL.format("change_failure_detection"),
                "An incident alone makes no failure. A rollback of settings alone goes unseen, as no version "
                "returns. Which deployments are roll-forwards and hotfixes is what Assay found, not a pattern of "
                "labels. While this was in preview, Datadog left rollbacks out of the divisor.",
            ),
            _fail_rate,
        ),
        Measure(
            Definition(
                "recovery time",
                "Failed deployment recovery time: from a change failure to the deployment that remedied it, by going "
                "back or forward; the median.",
                _SOURCE.format("Calculation, Change Failure Detection"),
                _URL.format("change_failure_detection"),
                "The end of an incident is not looked at.",
            ),
            _recovery,
        ),
    ),
)
