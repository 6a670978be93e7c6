"""Counts and durations of one stretch of time. Counts add up; quantiles are taken of all durations together."""

from __future__ import annotations

from typing import NamedTuple

from generator.timeline.kinds import Kind

KINDS = tuple(Kind)
_PLACE = {kind: place for place, kind in enumerate(KINDS)}
P90 = 90

LEAD, PROMOTION, RECOVERY, NULL_DEPLOY, DETECT, TRIAGE, REPAIR = range(7)
"""What durations are of."""
_MEASURES = 7

_BULK = len(KINDS)
OF = 2 * len(KINDS)
"""Place of the first of the counts of how many durations there were to take, one a measure."""
BYPASS = OF + _MEASURES
FAILED, GOOD, PENDING, APART, OPEN = range(BYPASS + 1, BYPASS + 6)
"""Places of counts: deployments that failed, of which nothing bad is known, that are under observation; failures that
no rate counts; failures that have not ended."""
_SIZE = OPEN + 1


def kind_place(kind: Kind, *, bulk: bool) -> int:
    """Return the place at which deployments of a kind are counted."""
    return _PLACE[kind] + (_BULK if bulk else 0)


def of_place(measure: int) -> int:
    """Return the place at which it is counted how many durations of `measure` there were to take."""
    return OF + measure


class Mark(NamedTuple):
    """What one deployment or incident adds."""

    time: int | None
    """Seconds since 1970; `None` where it is in no period."""
    places: tuple[int, ...]
    """Places of the counts that it raises by one, each as often as it does."""
    durations: tuple[tuple[int, int], ...] = ()
    """(measure, seconds)."""


class Durations(NamedTuple):
    """How long something took, in seconds; `None` where nothing was measured."""

    n: int
    of: int
    median: int | None = None
    mean: int | None = None
    p90: int | None = None


class Tally:
    """Counts and durations, while they are gathered."""

    __slots__ = ("_durations", "counts")

    def __init__(self) -> None:
        """Start with nothing."""
        self.counts = [0] * _SIZE
        """Counts by their places; only read from outside."""
        self._durations: dict[int, list[int]] = {}

    def add(self, mark: Mark) -> None:
        """Count one mark."""
        counts = self.counts
        for place in mark.places:
            counts[place] += 1
        for measure, seconds in mark.durations:
            self._durations.setdefault(measure, []).append(seconds)

    def take(self, other: Tally) -> None:
        """Add everything that another tally holds."""
        self.counts = [mine + its for mine, its in zip(self.counts, other.counts, strict=True)]
        for measure, seconds in other._durations.items():
            self._durations.setdefault(measure, []).extend(seconds)

    def kinds(self) -> tuple[int, ...]:
        """Return deployments without bulk ones, in the order of `KINDS`."""
        return tuple(self.counts[:_BULK])

    def bulk(self) -> tuple[int, ...]:
        """Return bulk deployments, in the order of `KINDS`."""
        return tuple(self.counts[_BULK:OF])

    def durations(self, measure: int) -> Durations:
        """Return how long it took, by one measure."""
        found = self._durations.get(measure)
        of = self.counts[OF + measure]
        return quantiles(found, of) if found else Durations(0, of)


def quantiles(seconds: list[int], of: int | None = None) -> Durations:
    """Return the median (mean of the middle two), the mean and the 90th percentile (nearest rank) of durations.

    Median and mean are whole seconds, rounded down; `of` is how many there were to measure, by default all of them.
    """
    n = len(seconds)
    if not n:
        return Durations(0, of or 0)
    if n == 1:
        one = seconds[0]
        return Durations(1, 1 if of is None else of, one, one, one)
    ordered = sorted(seconds)
    median = (ordered[(n - 1) // 2] + ordered[n // 2]) // 2
    return Durations(n, n if of is None else of, median, sum(ordered) // n, ordered[-(-n * P90 // 100) - 1])
