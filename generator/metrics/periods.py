"""Calendar periods in UTC: which one a time falls into, and all of them between two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Unit = Literal["hour", "day", "week", "month", "quarter", "year"]
UNITS: tuple[Unit, ...] = ("hour", "day", "week", "month", "quarter", "year")
_QUARTER = 3
_FORMATS = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}


def period(time: int, unit: Unit) -> str:
    """Return the name of the period that `time` (seconds since 1970) falls into, such as `2026-W34` or `2026-Q3`.

    Weeks are those of ISO 8601: the days around New Year belong to the week, not to the calendar year.
    """
    moment = datetime.fromtimestamp(time, UTC)
    if unit == "hour":
        return f"{moment.date()}T{moment.hour:02d}"
    if unit == "quarter":
        return f"{moment.year:04d}-Q{(moment.month - 1) // _QUARTER + 1}"
    return moment.strftime(_FORMATS[unit])


def start(time: int, unit: Unit) -> datetime:
    """Return the first moment of the period that `time` falls into."""
    moment = datetime.fromtimestamp(time, UTC).replace(minute=0, second=0)
    if unit == "hour":
        return moment
    moment = moment.replace(hour=0)
    if unit == "week":
        return moment - timedelta(days=moment.weekday())
    if unit == "day":
        return moment
    months = {"month": moment.month, "quarter": (moment.month - 1) // _QUARTER * _QUARTER + 1, "year": 1}
    return moment.replace(day=1, month=months[unit])


def _next(moment: datetime, unit: Unit) -> datetime:
    steps = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
    if unit in steps:
        return moment + steps[unit]
    # 32, 93 or 367 days reach into the following period from any first day; its start is what is wanted.
    reach = {"month": 32, "quarter": 93, "year": 367}[unit]
    return start(int((moment + timedelta(days=reach)).timestamp()), unit)


def following(time: int, unit: Unit) -> int:
    """Return the first moment after the period that `time` falls into, seconds since 1970."""
    return int(_next(start(time, unit), unit).timestamp())


def periods(first: int, last: int, unit: Unit) -> Iterator[str]:
    """Yield the names of every period from that of `first` to that of `last`, empty ones included."""
    moment, end = start(first, unit), start(last, unit)
    while moment <= end:
        yield period(int(moment.timestamp()), unit)
        moment = _next(moment, unit)


def count(first: int, last: int, unit: Unit) -> int:
    """Return how many periods lie from that of `first` to that of `last`, both included."""
    begin, end = start(first, unit), start(last, unit)
    days = (end - begin).days
    months = (end.year - begin.year) * 12 + end.month - begin.month
    spans = {
        "hour": int((end - begin).total_seconds()) // 3600,
        "day": days,
        "week": days // 7,
        "month": months,
        "quarter": months // _QUARTER,
        "year": end.year - begin.year,
    }
    return max(0, spans[unit]) + 1
