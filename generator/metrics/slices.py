"""Stretches of time that measures are of: calendar periods, rolling windows, and all of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from generator.metrics.periods import count, following, period, start

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.metrics.periods import Unit

Span = Literal["all", "rolling", "year", "quarter", "month", "week", "day", "hour"]
SPANS: tuple[Span, ...] = ("all", "rolling", "year", "quarter", "month", "week", "day", "hour")
"""What measures can be cut by, in the order of `metrics.jsonl`."""
ROLLING = (("7d", 7), ("30d", 30), ("90d", 90), ("365d", 365))
"""Rolling windows and their days."""
MOST_LISTED = 3000
"""Periods of one unit up to which empty ones are listed too: one date in a far century must not make a million."""
SPARSE: dict[Unit, int] = {"hour": 31 * 24, "day": 366}
"""Units of which only periods with anything in them are listed, and how many back from the report time evidence keeps:
a decade has 88,000 hours."""
HOUR, DAY = 3600, 86_400
CUT_LATE = "It ends at the report time."


class Stretch(NamedTuple):
    """One stretch of time."""

    unit: Span
    name: str
    start: int | None
    """First moment, seconds since 1970; `None` where nothing has a time."""
    end: int | None
    """First moment after it, never after the report time."""
    cut: str = ""
    """Why it is not whole, in sentences; empty where it is."""


class History(NamedTuple):
    """The time that a history covers."""

    first: int | None
    """Its first dated deployment."""
    as_of: int | None
    """The report time."""
    truncated: str = ""
    """Why it does not begin at its beginning."""

    def whole(self) -> Stretch:
        """Return all of it."""
        cut = self._limited() if self.truncated else ""
        return Stretch("all", "all", self.first, self.as_of if self.first is not None else None, cut)

    def rolling(self) -> Iterator[Stretch]:
        """Yield the windows that end at the report time; it belongs to them, the moment they begin with does not."""
        if self.as_of is None:
            return
        for name, days in ROLLING:
            begin = self.as_of - days * DAY
            early = self.first is None or begin < self.first
            yield Stretch("rolling", name, begin, self.as_of, self._early() if early else "")

    def calendar(self, unit: Unit, found: Collection[int]) -> Iterator[Stretch]:
        """Yield the periods of `unit`, oldest first; `found` holds the starts of those with anything in them.

        Of hours and days, and where the first and the last are too far apart, those alone are yielded.
        """
        if self.first is None or self.as_of is None:
            return
        if self.is_sparse(unit):
            for begin in sorted(found):
                yield self._period(begin, unit)
            return
        begin = beginning(self.first, unit)
        while begin <= self.as_of:
            yield self._period(begin, unit)
            begin = ending(begin, unit)

    def is_sparse(self, unit: Unit) -> bool:
        """Return whether only the periods of `unit` with anything in them are listed."""
        if self.first is None or self.as_of is None:
            return True
        return unit in SPARSE or count(self.first, self.as_of, unit) > MOST_LISTED

    def _period(self, begin: int, unit: Unit) -> Stretch:
        end = ending(begin, unit)
        cut = ""
        if self.first is not None and begin <= self.first < end and (begin < self.first or self.truncated):
            cut = self._early()
        if self.as_of is not None and end > self.as_of:
            cut = f"{cut} {CUT_LATE}" if cut else CUT_LATE
            end = self.as_of
        name = (
            f"{_named(begin - begin % DAY, 'day')}T{begin % DAY // HOUR:02d}" if unit == "hour" else _named(begin, unit)
        )
        return Stretch(unit, name, begin, end, cut)

    def _early(self) -> str:
        if self.truncated:
            return self._limited()
        if self.first is None:
            return "No deployment has a usable time."
        return f"The first deployment is of {period(self.first, 'day')}."

    def _limited(self) -> str:
        return f"The history before is not known: {self.truncated.rstrip('.')}."


def beginning(time: int, unit: Unit) -> int:
    """Return the first moment of the period that `time` falls into, seconds since 1970."""
    if unit == "hour":
        return time - time % HOUR
    if unit == "day":
        return time - time % DAY
    return _first_day(time // DAY, unit)


@lru_cache(maxsize=1 << 16)
def _first_day(day: int, unit: Unit) -> int:
    return int(start(day * DAY, unit).timestamp())


@lru_cache(maxsize=1 << 16)
def ending(begin: int, unit: Unit) -> int:
    """Return the first moment after the period that begins at `begin`; calendars are slow, and days come many times."""
    return begin + HOUR if unit == "hour" else begin + DAY if unit == "day" else following(begin, unit)


@lru_cache(maxsize=1 << 16)
def _named(begin: int, unit: Unit) -> str:
    return period(begin, unit)


def oldest_kept(unit: Unit, as_of: int | None) -> int | None:
    """Return where the oldest period of `unit` begins that evidence keeps; `None` where it keeps all of them."""
    most = SPARSE.get(unit)
    if most is None or as_of is None:
        return None
    seconds = HOUR if unit == "hour" else DAY
    return (as_of // seconds - most + 1) * seconds
