"""Days and times as people and tools write them, to seconds since 1970 UTC; never by the zone of the machine."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_START = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(9999, 12, 31, tzinfo=UTC)
"""First second that is not told: zones carry later ones beyond the calendar."""


def day_of(text: str) -> date | None:
    """Return the day of the calendar that `text` names, from 1970 on; `None` for anything else."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    # The day after the last one that a calendar knows could not be told.
    return day if day is not None and date(1970, 1, 1) <= day < date.max else None


def first_second(day: date) -> int:
    """Return the first second of `day` in UTC."""
    return seconds_of(datetime(day.year, day.month, day.day, tzinfo=UTC))


def seconds_of(moment: datetime) -> int:
    """Return the whole seconds from 1970 to a moment with its zone; parts of a second are left out."""
    return int((moment - _START) / timedelta(seconds=1))


def moment_of(text: str) -> int | None:
    """Return the second that a time with its zone names, or the first one of a day in UTC; `None` for anything else.

    Only times from 1970 on are told, as long as the calendar goes in UTC.
    """
    day = day_of(text)
    if day is not None:
        return first_second(day)
    try:
        moment = datetime.fromisoformat(text)
        return seconds_of(moment) if moment.tzinfo is not None and _START <= moment < _END else None
    except (ValueError, OverflowError):
        return None
