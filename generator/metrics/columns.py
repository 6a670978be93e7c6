"""What is counted of an environment or a part of it, in columns: when each count rose, and durations with their times.

Columns only grow, so that they can be kept from one report to the next. What deployments that come later can alter
(which ones failed, and what is still under observation) is not in them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UNDATED = -(2**62)
"""Stands for the time of what has none."""
_INDEX = 20
"""Bits for the place of a duration within its deployment."""


class ColumnState(msgspec.Struct, array_like=True, gc=False):
    """`Column` as plain data."""

    times: bytes
    undated: int


class SpansState(msgspec.Struct, array_like=True, gc=False):
    """`Spans` as plain data."""

    order: bytes
    times: bytes
    seconds: bytes


class PartState(msgspec.Struct, array_like=True):
    """`Part` as plain data."""

    numbers: bytes
    counts: dict[int, ColumnState]
    spans: dict[int, SpansState]


class Column:
    """When one count rose, oldest deployment first."""

    __slots__ = ("times", "undated")

    def __init__(self, times: bytes = b"", undated: int = 0) -> None:
        """Go on from what `state` returned."""
        self.times = numbers(times)
        self.undated = undated
        """How often it rose without a time."""

    def add(self, time: int | None) -> None:
        """Raise the count."""
        if time is None:
            self.undated += 1
        else:
            self.times.append(time)


class Dated(NamedTuple):
    """Durations in the order of the times at which they ended."""

    times: Sequence[int]
    seconds: Sequence[int]


class Spans:
    """Durations, oldest deployment first."""

    __slots__ = ("order", "seconds", "times")

    def __init__(self, order: bytes = b"", times: bytes = b"", seconds: bytes = b"") -> None:
        """Go on from what `state` returned."""
        self.order, self.times, self.seconds = numbers(order), numbers(times), numbers(seconds)

    def add(self, order: int, time: int, seconds: int) -> None:
        """Add a duration that ended at `time`; it may become known later than those after it."""
        if not self.order or self.order[-1] < order:
            self.order.append(order)
            self.times.append(time)
            self.seconds.append(seconds)
            return
        place = bisect_left(self.order, order)
        self.order.insert(place, order)
        self.times.insert(place, time)
        self.seconds.insert(place, seconds)

    def dated(self) -> Dated:
        """Return them in the order of their times."""
        times = list(self.times)
        ordered = sorted(times)
        if times == ordered:
            return Dated(times, self.seconds)
        pairs = sorted(zip(times, self.seconds, strict=True))
        return Dated(ordered, [seconds for _, seconds in pairs])


class Part:
    """What is counted of an environment, one of its components, or a team's components together."""

    __slots__ = ("counts", "numbers", "spans")

    def __init__(self, state: PartState | None = None) -> None:
        """Go on from `state`."""
        self.numbers = numbers(state.numbers if state is not None else b"")
        """Numbers of the deployments that changed it."""
        self.counts: dict[int, Column] = {}
        """By place, see `generator.metrics.tally`."""
        self.spans: dict[int, Spans] = {}
        """By measure."""
        if state is not None:
            self.counts = {place: Column(one.times, one.undated) for place, one in state.counts.items()}
            self.spans = {measure: Spans(one.order, one.times, one.seconds) for measure, one in state.spans.items()}

    def count(self, place: int, time: int | None) -> None:
        """Raise one count."""
        column = self.counts.get(place)
        if column is None:
            column = self.counts[place] = Column()
        column.add(time)

    def span(self, measure: int, order: int, time: int, seconds: int) -> None:
        """Add a duration."""
        spans = self.spans.get(measure)
        if spans is None:
            spans = self.spans[measure] = Spans()
        spans.add(order, time, seconds)

    def ordered(self, place: int) -> list[int]:
        """Return when the count of `place` rose, in the order of time."""
        column = self.counts.get(place)
        return sorted(column.times) if column is not None else []

    def undated(self, place: int) -> int:
        """Return how often the count of `place` rose without a time."""
        column = self.counts.get(place)
        return column.undated if column is not None else 0

    def state(self) -> PartState:
        """Return it as plain data."""
        return PartState(
            self.numbers.tobytes(),
            {place: ColumnState(one.times.tobytes(), one.undated) for place, one in self.counts.items()},
            {
                measure: SpansState(one.order.tobytes(), one.times.tobytes(), one.seconds.tobytes())
                for measure, one in self.spans.items()
            },
        )


def numbers(data: bytes = b"") -> array[int]:
    """Return numbers from their bytes: those of this machine, as they are kept in its cache alone."""
    return array("q", data)


def order_of(number: int, index: int) -> int:
    """Return what durations are ordered by: the number of their deployment, then their place within it."""
    return number << _INDEX | index


def without(ordered: Sequence[int], taken: Iterable[int]) -> list[int]:
    """Return `ordered` without each of `taken`, all of which are in it."""
    found: list[int] = []
    place = 0
    for one in sorted(taken):
        at = bisect_left(ordered, one, place)
        found += ordered[place:at]
        place = at + 1
    found += ordered[place:]
    return found
