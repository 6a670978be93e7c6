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
    from collections.abc import Iterable, Mapping

    from generator.metrics.periods import Unit

MOST_LISTED = 3000
"""Periods of one unit up to which empty ones are listed too: one date in a far century must not make a million."""
LISTED: dict[Unit, int] = {"hour": 31 * 24, "day": 366}
"""Units of which only the newest periods are listed, and only those with deployments: a decade has 88,000 hours. What
is not listed is in the total, and the number of periods counts every one."""
P90 = 90
HOUR = 3600
HOURS_A_DAY = 24
DAY = HOUR * HOURS_A_DAY


class Bucket(msgspec.Struct):
    """Deployments of one period."""

    kinds: Counter[Kind]
    bulk: int = 0
    bypass: int = 0

    def take(self, other: Bucket) -> None:
        """Add another bucket to this one."""
        for kind, number in other.kinds.items():
            self.kinds[kind] += number
        self.bulk += other.bulk
        self.bypass += other.bypass


class Series(msgspec.Struct, frozen=True):
    """Deployments by period of one unit."""

    unit: Unit
    periods: int
    first: str
    last: str
    total: Bucket
    """All of them together."""
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
        self._leads: dict[int, list[int]] = defaultdict(list)
        self._lead_of = 0

    def add(self, time: int | None, kind: Kind, *, changes: int, bulk: bool, bypass: bool, simultaneous: bool) -> None:
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
            self._leads[time // DAY].append(time - upstream_time)

    def velocity_to_rollback(self) -> tuple[int, int]:
        """Return forward deliveries, and rollbacks with roll-forwards; the two sets are disjoint."""
        return self.kinds[Kind.FORWARD], self.kinds[Kind.ROLLBACK] + self.kinds[Kind.ROLL_FORWARD]

    def promotion_lead(self) -> tuple[Quantiles, int]:
        """Return the quantiles of promotion lead, and how many promoted artifacts there were to measure."""
        return quantiles(s for leads in self._leads.values() for s in leads), self._lead_of

    def promotion_lead_by_month(self) -> tuple[tuple[str, Quantiles], ...]:
        """Return the same by month of the promotion, for months that have any."""
        months: dict[str, list[int]] = defaultdict(list)
        for day, leads in self._leads.items():
            months[period(day * DAY, "month")].extend(leads)
        return tuple((month, quantiles(months[month])) for month in sorted(months))

    def series(self, until: int | None) -> tuple[Series, ...]:
        """Return the counts by period, from the first deployment to the last one or to `until` if that is later."""
        if self._first is None or self._last is None:
            return ()
        last = self._last if until is None else max(self._last, until)
        days = _merged(self._hours, HOURS_A_DAY)
        # All but hours are made of whole days, of which there are far fewer.
        return tuple(
            _series(unit, self._hours, HOUR, self._first, last)
            if unit == "hour"
            else _series(unit, days, DAY, self._first, last)
            for unit in UNITS
        )


def _merged(buckets: Mapping[int, Bucket], size: int) -> dict[int, Bucket]:
    """Return the buckets of numbered stretches, `size` of them made one."""
    found: dict[int, Bucket] = {}
    for number, bucket in buckets.items():
        found.setdefault(number // size, Bucket(Counter())).take(bucket)
    return found


def _named(buckets: Mapping[int, Bucket], seconds: int, unit: Unit) -> dict[str, Bucket]:
    """Return the buckets of numbered stretches of `seconds` by the period of `unit` that they fall into."""
    found: dict[str, Bucket] = {}
    for number, bucket in buckets.items():
        found.setdefault(period(number * seconds, unit), Bucket(Counter())).take(bucket)
    return found


def _series(unit: Unit, stretches: Mapping[int, Bucket], seconds: int, first: int, last: int) -> Series:
    total = Bucket(Counter())
    for bucket in stretches.values():
        total.take(bucket)
    listed = LISTED.get(unit)
    if listed is None:
        found = _named(stretches, seconds, unit)
        empty = Bucket(Counter())
        dense = count(first, last, unit) <= MOST_LISTED
        names = periods(first, last, unit) if dense else sorted(found)
        buckets = tuple((name, found.get(name, empty)) for name in names)
    else:
        newest = {number: b for number, b in stretches.items() if number > last // seconds - listed}
        buckets = tuple(sorted(_named(newest, seconds, unit).items()))
    return Series(unit, count(first, last, unit), period(first, unit), period(last, unit), total, buckets)
