"""How long an environment served of the time in which it was to serve.

Whatever overlaps counts once, and planned downtime is no part of the agreed time. All looking up is by sums made once,
so that a stretch of time costs two searches, whatever the number of downtimes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from generator.metrics.settings import union

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.metrics.facts import Downtime

_WEEK = 7 * 86_400
_MONDAY = 4 * 86_400
"""The first Monday after 1970-01-01, which was a Thursday."""
Interval = tuple[int, int]


class Served(NamedTuple):
    """What one stretch of time comes to, in seconds."""

    agreed: int
    """Agreed operating time without planned downtime."""
    down: int
    """Unplanned downtime within it."""
    intervals: int
    """Stretches of downtime that take something of it."""


class AgreedHours:
    """The agreed hours of every week."""

    def __init__(self, agreed: Sequence[Interval]) -> None:
        """Take the hours of one week, from Monday 00:00 UTC, sorted and apart; none for every hour."""
        self._starts = [start for start, _ in agreed]
        self._ends = [end for _, end in agreed]
        self._before = [0, *accumulate(end - start for start, end in agreed)]

    def between(self, start: int, end: int) -> int:
        """Return the agreed seconds from `start` to `end` (seconds since 1970 UTC)."""
        if not self._starts:
            return end - start
        return self._until(end) - self._until(start)

    def _until(self, time: int) -> int:
        weeks, rest = divmod(time - _MONDAY, _WEEK)
        place = bisect_right(self._starts, rest)
        over = max(0, self._ends[place - 1] - rest) if place else 0
        return weeks * self._before[-1] + self._before[place] - over


class _Sums:
    """Agreed seconds within intervals that are sorted and apart."""

    def __init__(self, hours: AgreedHours, intervals: Sequence[Interval]) -> None:
        self._hours = hours
        self._starts = [start for start, _ in intervals]
        self._ends = [end for _, end in intervals]
        seconds = [hours.between(start, end) for start, end in intervals]
        self._seconds = [0, *accumulate(seconds)]
        self._taking = [0, *accumulate(int(s > 0) for s in seconds)]

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Return the agreed seconds of the intervals from `start` to `end`, and how many of them take any."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        if first >= last:
            return 0, 0
        if last - first == 1:
            seconds = self._hours.between(max(start, self._starts[first]), min(end, self._ends[first]))
            return seconds, int(seconds > 0)
        head = self._hours.between(max(start, self._starts[first]), self._ends[first])
        tail = self._hours.between(self._starts[last - 1], min(end, self._ends[last - 1]))
        inner = self._seconds[last - 1] - self._seconds[first + 1]
        taking = self._taking[last - 1] - self._taking[first + 1]
        return head + inner + tail, taking + (head > 0) + (tail > 0)


class Availability:
    """The downtimes of one environment, or of one part of it."""

    def __init__(self, downtimes: Iterable[Downtime], agreed: Sequence[Interval], as_of: int | None) -> None:
        """Take downtimes in any order, and the agreed hours; what never ends goes on until the report time."""
        self._hours = AgreedHours(agreed)
        sides: dict[bool, list[Interval]] = {True: [], False: []}
        for downtime in downtimes:
            end = downtime.end if downtime.end is not None else as_of
            if end is not None:
                sides[downtime.planned].append((downtime.start, end))
        planned = union(sides[True])
        self._planned = _Sums(self._hours, planned)
        self._down = _Sums(self._hours, without(union(sides[False]), planned))

    def within(self, start: int, end: int) -> Served:
        """Return what the time from `start` up to `end` comes to."""
        if start >= end:
            return Served(0, 0, 0)
        agreed = self._hours.between(start, end) - self._planned.within(start, end)[0]
        return Served(agreed, *self._down.within(start, end))


def without(intervals: Sequence[Interval], taken: Sequence[Interval]) -> tuple[Interval, ...]:
    """Return what is left of `intervals` outside of `taken`; both sorted and apart."""
    found: list[Interval] = []
    place = 0
    for start, end in intervals:
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        at, ahead = start, place
        while ahead < len(taken) and taken[ahead][0] < end:
            if taken[ahead][0] > at:
                found.append((at, taken[ahead][0]))
            at = max(at, taken[ahead][1])
            ahead += 1
        if at < end:
            found.append((at, end))
    return tuple(found)
