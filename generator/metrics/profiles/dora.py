"""DORA's five measures of software delivery, as its guide of January 2026 words them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.metrics.failures import REMEDIES
from generator.metrics.profiles.counting import Middle, Missing, Part, Rate, Timed, Times, median
from generator.metrics.profiles.history import Definition
from generator.metrics.profiles.profile import NO_APPLICATION, NO_COMMIT, NO_FAILURE, NOT_RECOVERED, Measure, Profile
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.metrics.failures import Failure
    from generator.metrics.profiles.counting import Counting
    from generator.metrics.profiles.history import EnvironmentHistory

_SOURCE = "DORA's software delivery performance metrics (guide, updated 2026-01-05)"
_URL = "https://dora.dev/guides/dora-metrics/"


def _failures(history: EnvironmentHistory) -> Iterator[tuple[int, Failure]]:
    """Yield the failed deployments that changed what runs, with their times: DORA counts how often changes fail."""
    for number, failure in history.failures.items():
        time = history.time(number)
        if time is not None and failure.delivery.kind is not Kind.REDEPLOY:
            yield time, failure


def _frequency(history: EnvironmentHistory) -> Counting:
    return Rate(history.changing)


def _lead_time(history: EnvironmentHistory) -> Counting:
    commits = history.commits
    if commits is None:
        return Missing("seconds", NO_APPLICATION)

    def ages() -> Iterator[tuple[int, int | None]]:
        for number, brought in commits.items():
            time = history.time(number)
            if time is not None:
                yield from ((time, time - committed) for _, committed in brought)

    return Middle(Timed(ages()), median, NO_COMMIT)


def _fail_rate(history: EnvironmentHistory) -> Counting:
    return Part(Times(time for time, _ in _failures(history)), history.changing)


def _recovery(history: EnvironmentHistory) -> Counting:
    def spans() -> Iterator[tuple[int, int | None]]:
        for time, failure in _failures(history):
            remedy = history.first_remedy(failure)
            yield time, None if remedy is None else remedy - time

    return Middle(Timed(spans()), median, NO_FAILURE, NOT_RECOVERED)


def _rework(history: EnvironmentHistory) -> Counting:
    return Part(Times(history.times(*REMEDIES)), history.changing)


PROFILE = Profile(
    "dora",
    "DORA",
    (
        Measure(
            Definition(
                "deployment frequency",
                "Deployments to production over a stretch of time. Here: every deployment that changed what runs, "
                "rollbacks and bulk ones included, divided by the days.",
                _SOURCE,
                _URL,
                "DORA does not say whether a rollback or an unchanged redeployment counts; rollbacks do here, "
                "redeployments don't.",
            ),
            _frequency,
        ),
        Measure(
            Definition(
                "lead time",
                "Change lead time: from the commit of a change to version control until it is deployed in production. "
                "Here: the median over every commit that a deployment brought.",
                _SOURCE,
                _URL,
                "Needs the application's own history. Where it was not given, the measure is left open: the config "
                "lead time of Assay's own profile begins later, at the first environment.",
            ),
            _lead_time,
        ),
        Measure(
            Definition(
                "change fail rate",
                "Deployments that need somebody to step in at once, divided by all deployments. Here: those taken "
                "back, mended or linked to an incident, once each, divided by every deployment that changed what runs, "
                "rollbacks and bulk ones included. Nothing waits for an observation window.",
                _SOURCE,
                _URL,
                "Whether a failure needed to be answered at once is not recorded: every known failure counts.",
            ),
            _fail_rate,
        ),
        Measure(
            Definition(
                "recovery time",
                "Failed deployment recovery time: from a deployment that fails until it is recovered from. Here: to "
                "the first deployment that takes it back or mends it, or to the restoring of its incident, whichever "
                "came first; the median. Whether the remedy held is not asked.",
                _SOURCE,
                _URL,
                "DORA asks people for a range; the median stands for it.",
            ),
            _recovery,
        ),
        Measure(
            Definition(
                "rework rate",
                "Deployment rework rate: deployments that nobody planned and that an incident in production brought "
                "about, divided by all deployments. Here: rollbacks, roll-forwards and hotfixes, divided by every "
                "deployment that changed what runs.",
                _SOURCE,
                _URL,
                "That a deployment was unplanned follows from its kind.",
            ),
            _rework,
        ),
    ),
)
