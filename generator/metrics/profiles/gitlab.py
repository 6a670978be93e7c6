"""GitLab's DORA metrics, as its documentation words them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.metrics.profiles.counting import Middle, Missing, Part, Rate, Timed, Times, median
from generator.metrics.profiles.history import Definition
from generator.metrics.profiles.profile import NO_INCIDENT, NO_RECORD, NOT_RESTORED, Measure, Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.metrics.profiles.counting import Counting
    from generator.metrics.profiles.history import EnvironmentHistory

_SOURCE = "GitLab documentation, DevOps Research and Assessment (DORA) metrics (as of GitLab 17)"
_URL = "https://docs.gitlab.com/user/analytics/dora_metrics/"


def _frequency(history: EnvironmentHistory) -> Counting:
    return Rate(history.every)


def _lead_time(history: EnvironmentHistory) -> Counting:
    del history
    return Missing("seconds", "Neither git nor a record tells when a merge request was merged.")


def _fail_rate(history: EnvironmentHistory) -> Counting:
    if not history.facts.incidents:
        return Missing("share", NO_RECORD)
    opened = (history.opened(incident) for incident in history.facts.incidents)
    return Part(Times(time for time in opened if time is not None), history.every)


def _recovery(history: EnvironmentHistory) -> Counting:
    def closed() -> Iterator[tuple[int, int | None]]:
        for incident in history.facts.incidents:
            begun = incident.impact_start if incident.detected is None else incident.detected
            end = incident.restored
            if end is not None and end <= history.as_of:
                yield end, None if begun is None or begun > end else end - begun
            elif (opened := history.opened(incident)) is not None:
                yield opened, None

    return Middle(Timed(closed()), median, NO_INCIDENT, NOT_RESTORED)


PROFILE = Profile(
    "gitlab",
    "GitLab",
    (
        Measure(
            Definition(
                "deployment frequency",
                "Deployments to production that finished with success, on an average day. Here: every deployment, "
                "rollbacks, redeployments and bulk ones included, divided by the days.",
                _SOURCE,
                _URL,
                "GitLab divides by every day asked for; the days before the first deployment are left out here.",
            ),
            _frequency,
        ),
        Measure(
            Definition(
                "lead time",
                "Lead time for changes: from the moment at which a merge request was merged until it runs in "
                "production; the median.",
                _SOURCE,
                _URL,
                "When a merge request was merged stands neither in git nor in a record. Nothing takes its place.",
            ),
            _lead_time,
        ),
        Measure(
            Definition(
                "change fail rate",
                "Change failure rate: incidents divided by deployments to production. Two incidents of one "
                "deployment count twice, those of no known deployment count too, and the share may exceed 1.",
                _SOURCE,
                _URL,
                "An incident counts when it was detected, else when it began, else at the time of its deployment. "
                "Without any incident on record the share is left open.",
            ),
            _fail_rate,
        ),
        Measure(
            Definition(
                "recovery time",
                "Time to restore service: how long an incident was open, the median of those closed in the window.",
                _SOURCE,
                _URL,
                "From detected (else from the start of the impact) to restored. A rollback without an incident does "
                "not count; an incident that is still open is among the cases and not in the median.",
            ),
            _recovery,
        ),
    ),
)
