"""Counts and durations of one stretch of time. Counts add up; quantiles are taken of all durations together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS = tuple(Kind)
_PLACE = {kind: place for place, kind in enumerate(KINDS)}
P90 = 90

LEAD, PROMOTION, RECOVERY, NULL_DEPLOY, DETECT, TRIAGE, REPAIR, AGAIN = range(8)
"""What durations are of; `AGAIN` stands for lead times that end with what left everything as it was."""
_MEASURES = 8

_BULK = len(KINDS)
OF = 2 * len(KINDS)
"""Place of the first of the counts of how many durations there were to take, one a measure."""
BYPASS = OF + _MEASURES
FAILED, GOOD, PENDING, APART, OPEN = range(BYPASS + 1, BYPASS + 6)
"""Places of counts: deployments that failed, of which nothing bad is known, that are under observation; failures that
no rate counts; failures that have not ended."""
SIZE = OPEN + 1
"""How many places there are."""


def kind_place(kind: Kind, *, bulk: bool) -> int:
    """Return the place at which deployments of a kind are counted."""
    return _PLACE[kind] + (_BULK if bulk else 0)


def of_place(measure: int) -> int:
    """Return the place at which it is counted how many durations of `measure` there were to take."""
    return OF + measure


class Durations(NamedTuple):
    """How long something took, in seconds; `None` where nothing was measured."""

    n: int
    of: int
    median: int | None = None
    mean: int | None = None
    p90: int | None = None


class Tally(NamedTuple):
    """Counts and durations."""

    counts: Sequence[int] = (0,) * SIZE
    """By their places."""
    seconds: Mapping[int, Sequence[int]] = {}
    """Durations by measure, in any order."""

    def kinds(self) -> tuple[int, ...]:
        """Return deployments without bulk ones, in the order of `KINDS`."""
        return tuple(self.counts[:_BULK])

    def bulk(self) -> tuple[int, ...]:
        """Return bulk deployments, in the order of `KINDS`."""
        return tuple(self.counts[_BULK:OF])

    def durations(self, measure: int) -> Durations:
        """Return how long it took, by one measure."""
        found = self.seconds.get(measure)
        of = self.counts[OF + measure]
        return quantiles(found, of) if found else Durations(0, of)


def quantiles(seconds: Sequence[int], of: int | None = None) -> Durations:
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
