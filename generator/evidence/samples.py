"""The single durations and failures behind figures, from the facts that measures are made of.

Lines of `metrics.jsonl` hold quantiles; a distribution needs every case. Both come from the same measuring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.facts import facts_of
from generator.evidence.measuring import settings_in
from generator.metrics.measuring import Measuring
from generator.metrics.tally import LEAD, PROMOTION
from generator.timeline.declared import deployment_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.evidence.reading import Evidence


class FailedSample(NamedTuple):
    """A failed deployment that counts."""

    deployment: str
    """Its id."""
    time: int | None
    """Its time, seconds since 1970 UTC; `None` where it is not known."""
    recovered: bool
    seconds: int | None
    """Time to recover; `None` where it has not, or a time is missing."""
    told_by: tuple[str, ...]
    """Ids of the deployments that take it back or mend it, then of its incidents."""


class Samples(NamedTuple):
    """The cases behind the figures of one environment, over all of its history."""

    lead_times: tuple[int, ...]
    """Seconds, oldest deployment first."""
    promotion_leads: tuple[int, ...]
    """Seconds, oldest deployment first."""
    failures: tuple[FailedSample, ...]
    """Oldest first."""
    times: Mapping[str, int]
    """Time of each deployment that has one, by its id: when a record says that it finished, else its commit's."""


def samples(evidence: Evidence) -> Mapping[str, Samples]:
    """Return the cases of each environment by its name."""
    settings = settings_in(evidence.summary)
    return {facts.name: _of(Measuring(facts, settings)) for facts in facts_of(evidence)}


def _of(measuring: Measuring) -> Samples:
    name = measuring.facts.name
    whole = next(measuring.subjects("environment"))
    durations = [duration for mark in measuring.marks(whole) for duration in mark.durations]
    return Samples(
        lead_times=tuple(seconds for measure, seconds in durations if measure == LEAD),
        promotion_leads=tuple(seconds for measure, seconds in durations if measure == PROMOTION),
        failures=tuple(_failures(measuring)),
        times={
            deployment_id(name, delivery.sequence): delivery.time
            for delivery in measuring.facts.deliveries
            if delivery.time is not None
        },
    )


def _failures(measuring: Measuring) -> Iterator[FailedSample]:
    name = measuring.facts.name
    for number in measuring.failures.suspects:
        failure = measuring.failures.of(number)
        if failure is not None and failure.counted:
            undone_by = (deployment_id(name, other) for other in failure.undone_by)
            told_by = (*undone_by, *failure.incidents)
            identity = deployment_id(name, number)
            yield FailedSample(identity, failure.delivery.time, failure.recovered, failure.seconds, told_by)
