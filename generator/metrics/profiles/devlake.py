"""Apache DevLake's DORA dashboard, as its documentation and the queries in it define it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.metrics.profiles.counting import DaysOfWeek, Middle, Missing, Part, Timed, Times, lower_median
from generator.metrics.profiles.history import Definition
from generator.metrics.profiles.profile import NO_COMMIT, NO_INCIDENT, NO_RECORD, NOT_RESTORED, Measure, Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.metrics.facts import Incident
    from generator.metrics.profiles.counting import Counting
    from generator.metrics.profiles.history import EnvironmentHistory

_SOURCE = "Apache DevLake documentation, DORA - {} ({})"
_URL = "https://devlake.apache.org/docs/Metrics/{}"


def _linked(history: EnvironmentHistory) -> Iterator[tuple[int, int, Incident]]:
    """Yield number and time of the newest deployment when an incident was opened, and the incident."""
    for incident in history.facts.incidents:
        opened = history.opened(incident)
        newest = None if opened is None or opened > history.as_of else history.newest_before(opened)
        if newest is not None:
            time, number = newest
            yield number, time, incident


def _frequency(history: EnvironmentHistory) -> Counting:
    return DaysOfWeek(history.every)


def _lead_time(history: EnvironmentHistory) -> Counting:
    commits = history.commits
    if commits is None:
        return Missing("seconds", "It needs pull requests, or the application's own history, which was not given.")

    def ages() -> Iterator[tuple[int, int | None]]:
        for number, brought in commits.items():
            time = history.time(number)
            if time is None:
                continue
            oldest: dict[str, int] = {}
            for component, committed in brought:
                oldest[component] = min(committed, oldest.get(component, committed))
            for committed in oldest.values():
                yield time, time - committed

    return Middle(Timed(ages()), lower_median, NO_COMMIT)


def _fail_rate(history: EnvironmentHistory) -> Counting:
    if not history.facts.incidents:
        return Missing("share", NO_RECORD)
    failed = {number: time for number, time, _ in _linked(history)}
    return Part(Times(failed.values()), history.every)


def _recovery(history: EnvironmentHistory) -> Counting:
    def spans() -> Iterator[tuple[int, int | None]]:
        for _, time, incident in _linked(history):
            end = incident.restored
            yield time, None if end is None or not time <= end <= history.as_of else end - time

    return Middle(Timed(spans()), lower_median, NO_INCIDENT, NOT_RESTORED)


PROFILE = Profile(
    "devlake",
    "Apache DevLake",
    (
        Measure(
            Definition(
                "deployment frequency",
                "Days of a week with at least one successful deployment to production: the median of all weeks, the "
                "lower of two middle ones. Weeks begin on Monday; every week that the window touches counts.",
                _SOURCE.format("Deployment Frequency", "main branch"),
                _URL.format("DeploymentFrequency"),
                "DevLake then names a range such as `on demand`, by week and by month; the median of the weeks is "
                "shown.",
            ),
            _frequency,
        ),
        Measure(
            Definition(
                "lead time",
                "Median lead time for changes: the cycle time of a pull request, from its first commit until it was "
                "deployed; the median of those deployed in the window, the lower of two middle ones.",
                _SOURCE.format("Median Lead Time for Changes", "version 0.19"),
                _URL.format("LeadTimeForChanges"),
                "What was one pull request is not known: all commits of one component in one deployment stand for "
                "it, and need the application's own history.",
            ),
            _lead_time,
        ),
        Measure(
            Definition(
                "change fail rate",
                "Change failure rate: deployments with at least one incident divided by all deployments. An incident "
                "belongs to the newest deployment that had finished when it was opened, whatever anybody says of it.",
                _SOURCE.format("Change Failure Rate", "main branch, by the DORA report of 2023"),
                _URL.format("CFR"),
                "An incident without a time of its own belongs to the deployment that it is linked to. A rollback "
                "without an incident is no failure. Without any incident on record the share is left open.",
            ),
            _fail_rate,
        ),
        Measure(
            Definition(
                "recovery time",
                "Failed deployment recovery time: from the end of a deployment until the incident that belongs to it "
                "was resolved; the median, the lower of two middle ones, once for each incident.",
                _SOURCE.format("Failed Deployment Recovery Time", "main branch"),
                _URL.format("FailedDeploymentRecoveryTime"),
                "Resolved is taken as restored. DevLake cuts to whole minutes; seconds are kept here.",
            ),
            _recovery,
        ),
    ),
)
