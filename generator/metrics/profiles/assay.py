"""Assay's own measures, those of the project's definitions, over the same windows as the others'."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from generator.metrics.columns import UNDATED, without
from generator.metrics.failures import BEARING, REMEDIES
from generator.metrics.profiles.counting import Middle, Missing, Part, Rate, Run, Runs, Timed, Times, median
from generator.metrics.profiles.history import Definition
from generator.metrics.profiles.profile import NO_COMMIT, NO_FAILURE, NOT_RECOVERED, Measure, Profile
from generator.metrics.tally import AGAIN, LEAD, of_place
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from generator.metrics.columns import Part as Counts
    from generator.metrics.profiles.counting import Counting
    from generator.metrics.profiles.history import EnvironmentHistory

_SOURCE = "Assay, Methods: Measures (this version)"
_URL = "methods.html#measures"


def _frequency(history: EnvironmentHistory) -> Counting:
    return Rate(Times(history.own_times(*Kind)))


def _lead_time(history: EnvironmentHistory) -> Counting:
    facts, gathered = history.facts, history.gathered
    if facts.first is None and facts.app_changes is None:
        return Missing("seconds", "This is the first environment of its chain: nothing comes to it from another.")
    leads = Runs([_run(gathered.whole, measure) for measure in (LEAD, AGAIN)])
    if gathered.changes:
        return Middle(leads, median, NO_COMMIT)
    return Middle(
        leads,
        median,
        "No new version came in this window.",
        "No version that came was in the first environment before.",
    )


def _run(part: Counts, measure: int) -> Run:
    """Return lead times; those that could not be measured are what was counted beside them."""
    spans = part.spans.get(measure)
    times, seconds = spans.dated() if spans is not None else ((), ())
    place = of_place(measure)
    return Run(times, seconds, [UNDATED] * part.undated(place) + without(part.ordered(place), times))


def _fail_rate(history: EnvironmentHistory) -> Counting:
    failures = [one for one in history.failures.values() if one.delivery.kind in BEARING and not one.delivery.bulk]
    bearing = sorted(time for time in history.own_times(*BEARING) if time > UNDATED)
    held = without(bearing, (one.delivery.time for one in failures if one.delivery.time is not None))
    settled = held[: bisect_right(held, history.as_of - history.observation)]
    failed = [UNDATED if one.delivery.time is None else one.delivery.time for one in failures if one.counted]
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
    return Part(Times(history.own_times(*REMEDIES)), Times(history.own_times(*Kind)))


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
