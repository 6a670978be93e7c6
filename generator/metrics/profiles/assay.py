"""Assay's own measures, those of the project's definitions, over the same windows as the others'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.metrics.failures import BEARING, REMEDIES
from generator.metrics.leads import LeadTimes
from generator.metrics.profiles.counting import UNDATED, Middle, Missing, Part, Rate, Timed, Times, median
from generator.metrics.profiles.history import Definition
from generator.metrics.profiles.profile import NO_COMMIT, NO_FAILURE, NOT_RECOVERED, Measure, Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.metrics.facts import Delivery
    from generator.metrics.profiles.counting import Counting
    from generator.metrics.profiles.history import EnvironmentHistory

_SOURCE = "Assay, Methods: Measures (this version)"
_URL = "methods.html#measures"


def _ordinary(history: EnvironmentHistory) -> Iterator[tuple[int, Delivery]]:
    """Yield the deployments that are not bulk; those without a usable time are in the whole history alone."""
    for delivery in history.facts.deliveries:
        if not delivery.bulk:
            yield UNDATED if delivery.time is None else delivery.time, delivery


def _frequency(history: EnvironmentHistory) -> Counting:
    return Rate(Times(time for time, _ in _ordinary(history)))


def _lead_time(history: EnvironmentHistory) -> Counting:
    facts = history.facts
    if facts.first is None and facts.app_changes is None:
        return Missing("seconds", "This is the first environment of its chain: nothing comes to it from another.")
    times = LeadTimes(facts)

    def leads() -> Iterator[tuple[int, int | None]]:
        for time, delivery in _ordinary(history):
            found = times.of(delivery, None)
            for place in range(found.of):
                yield time, found.seconds[place] if place < len(found.seconds) else None

    if times.changes:
        return Middle(Timed(leads()), median, NO_COMMIT)
    return Middle(
        Timed(leads()),
        median,
        "No new version came in this window.",
        "No version that came was in the first environment before.",
    )


def _fail_rate(history: EnvironmentHistory) -> Counting:
    settled = []
    failed = []
    for time, delivery in _ordinary(history):
        if delivery.kind in BEARING:
            failure = history.failures.get(delivery.sequence)
            if failure is None and UNDATED < time <= history.as_of - history.observation:
                settled.append(time)
            elif failure is not None and failure.counted:
                failed.append(time)
    return Part(
        Times(failed),
        Times(failed + settled),
        "No deployment of this window that brought a change was observed for long enough.",
    )


def _recovery(history: EnvironmentHistory) -> Counting:
    spans = (
        (UNDATED if failure.delivery.time is None else failure.delivery.time, failure.seconds)
        for failure in history.failures.values()
        if failure.counted
    )
    return Middle(Timed(spans), median, NO_FAILURE, NOT_RECOVERED)


def _rework(history: EnvironmentHistory) -> Counting:
    ordinary = list(_ordinary(history))
    return Part(
        Times(time for time, delivery in ordinary if delivery.kind in REMEDIES), Times(time for time, _ in ordinary)
    )


PROFILE = Profile(
    "assay",
    "Assay",
    (
        Measure(
            Definition(
                "deployment frequency",
                "Releases that are not bulk, of every kind, divided by the days.",
                _SOURCE,
                _URL,
            ),
            _frequency,
        ),
        Measure(
            Definition(
                "lead time",
                "With the application's own history: from each commit to the release that brought it. Else the "
                "config lead time: from the first time that the first environment of the chain had a version to its "
                "release, for each new artifact. The median; bulk releases apart.",
                _SOURCE,
                _URL,
            ),
            _lead_time,
        ),
        Measure(
            Definition(
                "change fail rate",
                "Failed ones of the releases that bring a change: not rollbacks, redeployments, gaps or bulk ones. A "
                "release that nothing is known against counts once its observation window has ended. Failed: taken "
                "back, mended, or linked to an incident.",
                _SOURCE,
                _URL,
            ),
            _fail_rate,
        ),
        Measure(
            Definition(
                "recovery time",
                "From a failed release to the first remedy that holds; the median. Those not recovered are listed.",
                _SOURCE,
                _URL,
            ),
            _recovery,
        ),
        Measure(
            Definition(
                "rework rate",
                "Rollbacks, roll-forwards and hotfixes divided by all releases, bulk ones apart.",
                _SOURCE,
                _URL,
            ),
            _rework,
        ),
    ),
)
