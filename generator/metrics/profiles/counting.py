"""Ways to count that definitions have in common, over any window: a rate, a share, the middle of durations.

Everything is put in order of time once; a window then is a slice.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from generator.metrics.periods import start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

DIGITS = 4
"""Digits that a value is rounded to."""
NO_DEPLOYMENT = "There is no deployment in this window."
DAY = 86_400
WEEK = 7 * DAY


class Window(NamedTuple):
    """A stretch up to the report time: later than `start`, and no later than `end`."""

    name: str
    start: int
    end: int
    days: int
    """Days of 24 hours that a frequency divides by: those of the window, or since the first deployment if that is
    later; the last one need not be whole."""


class Figure(msgspec.Struct, frozen=True):
    """A measure over a window."""

    value: float | None
    unit: str
    count: int
    of: int
    reason: str = ""


class Counting(Protocol):
    """A measure of one environment that can be asked for any window."""

    def over(self, window: Window) -> Figure:
        """Return the figure of `window`."""
        ...


class Durations(Protocol):
    """Durations that can be asked for any window."""

    def within(self, window: Window) -> Sequence[int | None]:
        """Return those of `window`; `None` is a case that could not be measured."""
        ...


class Timed:
    """Numbers at times."""

    def __init__(self, cases: Iterable[tuple[int, int | None]]) -> None:
        """Take (time, number) in any order; a number that is `None` is a case that could not be measured."""
        ordered = sorted(cases, key=lambda case: case[0])
        self._times = [time for time, _ in ordered]
        self._numbers = [number for _, number in ordered]

    def within(self, window: Window) -> Sequence[int | None]:
        """Return the numbers of `window`, in the order of their times."""
        return self._numbers[bisect_right(self._times, window.start) : bisect_right(self._times, window.end)]


class Run(NamedTuple):
    """Numbers whose times are in order already."""

    times: Sequence[int]
    numbers: Sequence[int]
    unmeasured: Sequence[int] = ()
    """Times of what could not be measured, in order."""


class Runs(NamedTuple):
    """Numbers of several runs together."""

    runs: Sequence[Run]

    def within(self, window: Window) -> Sequence[int | None]:
        """Return the numbers of `window`, run by run."""
        found: list[int | None] = []
        for times, numbers, unmeasured in self.runs:
            found += numbers[bisect_right(times, window.start) : bisect_right(times, window.end)]
            missing = bisect_right(unmeasured, window.end) - bisect_right(unmeasured, window.start)
            found += [None] * missing
        return found


class Missing(NamedTuple):
    """What can't be measured at all."""

    unit: str
    reason: str

    def over(self, window: Window) -> Figure:
        """Return no figure, with the reason."""
        del window
        return Figure(None, self.unit, 0, 0, self.reason)


class Times:
    """Moments, to be counted."""

    def __init__(self, times: Iterable[int]) -> None:
        """Take the moments in any order."""
        self.ordered = sorted(times)

    def within(self, window: Window) -> Sequence[int]:
        """Return those of `window`, in order."""
        return self.ordered[bisect_right(self.ordered, window.start) : bisect_right(self.ordered, window.end)]

    def number(self, window: Window) -> int:
        """Return how many lie in `window`."""
        return bisect_right(self.ordered, window.end) - bisect_right(self.ordered, window.start)


class Rate(NamedTuple):
    """Deployments a day."""

    times: Times

    def over(self, window: Window) -> Figure:
        """Return how many there were, divided by the days of `window`."""
        count = self.times.number(window)
        return Figure(round(count / window.days, DIGITS), "a day", count, window.days)


class Total(NamedTuple):
    """Deployments, not divided by anything."""

    times: Times
    of: Times

    def over(self, window: Window) -> Figure:
        """Return how many there were, out of all."""
        count = self.times.number(window)
        return Figure(float(count), "deployments", count, self.of.number(window))


class Part(NamedTuple):
    """A share of the deployments."""

    times: Times
    of: Times
    reason: str = NO_DEPLOYMENT

    def over(self, window: Window) -> Figure:
        """Return the share; it is above 1 where what is counted is no part of what it is divided by."""
        count, of = self.times.number(window), self.of.number(window)
        if not of:
            return Figure(None, "share", count, 0, self.reason)
        return Figure(round(count / of, DIGITS), "share", count, of)


class Middle(NamedTuple):
    """The middle of durations."""

    cases: Durations
    how: Callable[[list[int]], int]
    """`median`, `mean` or `lower_median`."""
    empty: str
    """Why there was nothing to measure."""
    unmeasured: str = ""
    """Why nothing of what there was could be measured."""

    def over(self, window: Window) -> Figure:
        """Return the middle of the durations that began or ended, as the cases say, in `window`."""
        cases = self.cases.within(window)
        known = sorted(seconds for seconds in cases if seconds is not None)
        if not known:
            return Figure(None, "seconds", 0, len(cases), self.unmeasured if cases else self.empty)
        return Figure(float(self.how(known)), "seconds", len(known), len(cases))


class DaysOfWeek(NamedTuple):
    """Days of a week with a deployment: the middle of all weeks, empty ones included."""

    times: Times

    def over(self, window: Window) -> Figure:
        """Return the lower median over the weeks (from Monday, UTC) that `window` touches."""
        times = self.times.within(window)
        earliest = self.times.ordered[0] if self.times.ordered else window.end
        first = int(start(max(earliest, window.start + 1), "week").timestamp())
        last = int(start(window.end, "week").timestamp())
        weeks = (last - first) // WEEK + 1
        days = {time // DAY for time in times}
        counts = [0] * weeks
        for day in days:
            counts[(day * DAY - first) // WEEK] += 1
        return Figure(float(lower_median(sorted(counts))), "days of a week", len(days), weeks)


def median(ordered: list[int]) -> int:
    """Return the mean of the middle two of sorted numbers, floored; the middle one where there is one."""
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) // 2


def lower_median(ordered: list[int]) -> int:
    """Return the middle one of sorted numbers, the lower one of two."""
    return ordered[(len(ordered) - 1) // 2]


def mean(numbers: list[int]) -> int:
    """Return the mean, floored."""
    return sum(numbers) // len(numbers)
