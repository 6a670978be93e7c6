"""The single durations and failures behind figures, from the facts that measures are made of.

Lines of `metrics.jsonl` hold quantiles; a distribution needs every case. Both come from the same measuring.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.folding import Folds
from generator.evidence.gathered_facts import gathered_facts
from generator.evidence.measuring import settings_in
from generator.metrics.columns import UNDATED
from generator.metrics.measuring import Measuring
from generator.metrics.tally import LEAD, PROMOTION
from generator.timeline.declared import deployment_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.evidence.reading import Evidence
    from generator.metrics.columns import Part
    from generator.metrics.gathered import Gathered


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


def samples(evidence: Evidence, folds: Folds | None = None) -> Mapping[str, Samples]:
    """Return the cases of each environment by its name; `folds` know what the former report gathered."""
    settings = settings_in(evidence.summary)
    facts = gathered_facts(evidence, folds if folds is not None else Folds(evidence), "samples", parts=False)
    return {one.name: _of(Measuring(one, settings)) for one in facts}


def _of(measuring: Measuring) -> Samples:
    gathered = measuring.gathered
    return Samples(
        lead_times=_seconds(gathered.whole, LEAD),
        promotion_leads=_seconds(gathered.whole, PROMOTION),
        failures=tuple(_failures(measuring)),
        times=Times(gathered),
    )


def _seconds(part: Part, measure: int) -> tuple[int, ...]:
    spans = part.spans.get(measure)
    return tuple(spans.seconds) if spans is not None else ()


class Times(Mapping[str, int]):
    """Time of each deployment that has one, by its id."""

    def __init__(self, gathered: Gathered) -> None:
        """Look them up where they were gathered."""
        self._gathered = gathered
        self._name = gathered.place.name

    def __getitem__(self, identity: str) -> int:
        """Return the time of one deployment."""
        name, _, number = identity.rpartition("-")
        known = name == self._name and number.isdecimal() and 0 < int(number) <= len(self._gathered)
        time = self._gathered.time(int(number)) if known and identity == deployment_id(name, int(number)) else None
        if time is None:
            raise KeyError(identity)
        return time

    def __iter__(self) -> Iterator[str]:
        """Yield the ids."""
        times = enumerate(self._gathered.times, 1)
        return (deployment_id(self._name, number) for number, time in times if time != UNDATED)

    def __len__(self) -> int:
        """Return how many have a time."""
        return len(self._gathered) - self._gathered.times.count(UNDATED)


def _failures(measuring: Measuring) -> Iterator[FailedSample]:
    name = measuring.facts.name
    for number in measuring.failures.suspects:
        failure = measuring.failures.of(number)
        if failure is not None and failure.counted:
            undone_by = (deployment_id(name, other) for other in failure.undone_by)
            told_by = (*undone_by, *failure.incidents)
            identity = deployment_id(name, number)
            yield FailedSample(identity, failure.delivery.time, failure.recovered, failure.seconds, told_by)
