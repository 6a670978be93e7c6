"""Delivery measures of one environment, gathered one deployment at a time.

Counts add; ratios and quantiles are derived from counts that are shown beside them (DEFINITIONS, "Measures").
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import msgspec

from generator.metrics.periods import UNITS, count, period, periods
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.metrics.periods import Unit

SPARSE: frozenset[Unit] = frozenset({"hour", "day"})
"""Units whose empty periods are counted but not listed: a decade has 88,000 hours."""
P90 = 90
HOUR = 3600


class Bucket(msgspec.Struct):
    """Deployments of one period."""

    kinds: Counter[Kind]
    bulk: int = 0
    bypass: int = 0


class Series(msgspec.Struct, frozen=True):
    """Deployments by period of one unit."""

    unit: Unit
    periods: int
    first: str
    last: str
    buckets: tuple[tuple[str, Bucket], ...]


class Quantiles(msgspec.Struct, frozen=True):
    """Median and 90th percentile of `n` durations in seconds; `None` where nothing was measured."""

    n: int
    median: int | None
    p90: int | None


def quantiles(seconds: Iterable[int]) -> Quantiles:
    """Return the median (mean of the middle two) and the 90th percentile (nearest rank) of durations in seconds."""
    ordered = sorted(seconds)
    n = len(ordered)
    if not n:
        return Quantiles(0, None, None)
    median = (ordered[(n - 1) // 2] + ordered[n // 2]) // 2
    return Quantiles(n, median, ordered[-(-n * P90 // 100) - 1])


class DeliveryTally:
    """Counts of one environment; `add` for each deployment in order, then read."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self.kinds: Counter[Kind] = Counter()
        self.changes = 0
        self.bypasses = 0
        self.simultaneous = 0
        self.bulks = 0
        self.undated = 0
        """Deployments whose commit carries no usable time: counted in `kinds`, absent from every period."""
        self._first: int | None = None
        self._last: int | None = None
        # Every period is made of whole hours, so hours are all that is kept.
        self._hours: dict[int, Bucket] = {}
        self._leads: dict[str, list[int]] = defaultdict(list)
        self._lead_of = 0

    def add(
        self, time: int | None, kind: Kind, *, changes: int, bulk: bool, bypass: bool, simultaneous: bool
    ) -> None:
        """Count one deployment at `time` (seconds since 1970, `None` where unknown)."""
        self.kinds[kind] += 1
        self.changes += changes
        self.bulks += bulk
        self.bypasses += bypass
        self.simultaneous += simultaneous
        if time is None:
            self.undated += 1
            return
        self._first = time if self._first is None else min(self._first, time)
        self._last = time if self._last is None else max(self._last, time)
        bucket = self._hours.get(time // HOUR)
        if bucket is None:
            bucket = self._hours[time // HOUR] = Bucket(Counter())
        bucket.kinds[kind] += 1
        bucket.bulk += bulk
        bucket.bypass += bypass

    def add_promotion(self, time: int | None, upstream_time: int | None) -> None:
        """Count one artifact promoted at `time`, whose newest upstream deployment before was at `upstream_time`."""
        self._lead_of += 1
        if time is not None and upstream_time is not None:
            self._leads[period(time, "month")].append(time - upstream_time)

    def velocity_to_rollback(self) -> tuple[int, int]:
        """Return forward deliveries and rollbacks; the two sets are disjoint."""
        return self.kinds[Kind.FORWARD], self.kinds[Kind.ROLLBACK]

    def promotion_lead(self) -> tuple[Quantiles, int]:
        """Return the quantiles of promotion lead, and how many promoted artifacts there were to measure."""
        return quantiles(s for month in self._leads.values() for s in month), self._lead_of

    def promotion_lead_by_month(self) -> tuple[tuple[str, Quantiles], ...]:
        """Return the same by month of the promotion, for months that have any."""
        return tuple((month, quantiles(self._leads[month])) for month in sorted(self._leads))

    def series(self, until: int | None) -> tuple[Series, ...]:
        """Return the counts by period, from the first deployment to the last one or to `until` if that is later."""
        if self._first is None or self._last is None:
            return ()
        last = self._last if until is None else max(self._last, until)
        return tuple(self._series(unit, self._first, last) for unit in UNITS)

    def _series(self, unit: Unit, first: int, last: int) -> Series:
        found: dict[str, Bucket] = {}
        for hour, bucket in self._hours.items():
            total = found.setdefault(period(hour * HOUR, unit), Bucket(Counter()))
            total.kinds += bucket.kinds
            total.bulk += bucket.bulk
            total.bypass += bucket.bypass
        names = sorted(found) if unit in SPARSE else list(periods(first, last, unit))
        buckets = tuple((name, found.get(name) or Bucket(Counter())) for name in names)
        return Series(unit, count(first, last, unit), period(first, unit), period(last, unit), buckets)
