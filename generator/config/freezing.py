"""Times at which nothing should be deployed: ranges of dates or times, and hours of every week.

What is written is turned into seconds here, by the zone that it names and never by that of the machine.
"""

from __future__ import annotations

import re
import zoneinfo
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from generator.config.cleaning import clean_text, refuse
from generator.config.closed import Closed

if TYPE_CHECKING:
    from datetime import tzinfo

_DAY = 86_400
_WEEK = 7 * _DAY
_MONDAY = 4 * _DAY
"""Seconds from the beginning of 1970, a Thursday, to the first Monday."""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ZONE = re.compile(r"UTC|[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z0-9_+-]*){1,2}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?")
_WEEKLY = re.compile(
    r"(?P<from>[A-Za-z]{3,9})(?: +(?P<from_time>\d{2}:\d{2}))? *- *"
    r"(?P<until>[A-Za-z]{3,9})(?: +(?P<until_time>\d{2}:\d{2}))?"
)
_WEEKLY_FIX = "write it as `Fri 16:00 - Mon 06:00`, days in English, or whole days as `Sat - Sun`"
_MOMENT_FIX = "a date such as `2026-12-20`, or a time such as `2026-12-20T16:00:00Z`"
_NO_ZONE_DATA = "this machine has no time zone data"


@lru_cache(maxsize=256)
def zone_of(name: str) -> tzinfo:
    """Return a time zone by its name, UTC for an empty one; raises pydantic's own error where it is none."""
    if not name or name == "UTC":
        return UTC
    fix = "the name of a zone as `Europe/Berlin`, or leave it out for UTC"
    if not _ZONE.fullmatch(name):
        refuse(f"`{name}` is no name of a time zone", fix)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        if not zoneinfo.available_timezones():
            refuse(f"{_NO_ZONE_DATA}, so `{name}` means nothing", "pip install tzdata, or write the times in UTC")
        refuse(f"no time zone is named `{name}`", fix)


@lru_cache(maxsize=4096)
def moment(text: str, zone: str, *, end: bool = False) -> int:
    """Return the seconds since 1970 UTC of a date or time in `zone`; of a date as an `end`, the second it is over."""
    found = _read_moment(text, zone_of(zone), end=end)
    if found is None:
        refuse(f"`{text}` is no date and no time", _MOMENT_FIX)
    return int(found.timestamp())


def _read_moment(text: str, zone: tzinfo, *, end: bool) -> datetime | None:
    """Return a date or time; `None` for what is none, also for a day or an hour that no calendar has."""
    with suppress(ValueError, OverflowError):
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
            return datetime.combine(day, time(), zone)
        if _MOMENT.fullmatch(text):
            found = datetime.fromisoformat(text)
            return found if found.tzinfo else found.replace(tzinfo=zone)
    return None


@lru_cache(maxsize=256)
def weekly_range(text: str) -> tuple[int, int]:
    """Return beginning and end of a weekly range, in seconds from Monday 00:00; the end may stand before it."""
    found = _WEEKLY.fullmatch(text.strip())
    if found is None:
        refuse(f"`{text}` is no range of a week", _WEEKLY_FIX)
    begin = _day(found["from"]) * _DAY + _clock(found["from_time"] or "00:00")
    end = _day(found["until"]) * _DAY + _clock(found["until_time"] or "24:00")
    if begin == end:
        refuse(f"`{text}` begins as it ends", _WEEKLY_FIX)
    return begin, end


def _day(word: str) -> int:
    found = next((place for place, name in enumerate(_DAYS) if name.startswith(word.casefold())), None)
    if found is None:
        refuse(f"`{word}` is no day of the week", _WEEKLY_FIX)
    return found


def _clock(text: str) -> int:
    hours, minutes = int(text[:2]), int(text[3:])
    if hours * 60 + minutes > 24 * 60 or minutes > 59:  # noqa: PLR2004 - a day and an hour
        refuse(f"`{text}` is no time of day", "from `00:00` to `24:00`")
    return hours * 3600 + minutes * 60


Zone = Annotated[str, AfterValidator(clean_text)]


class Freeze(Closed):
    """One window in which nothing should be deployed: `from` and `until`, or `weekly`."""

    since: Annotated[
        str,
        AfterValidator(clean_text),
        Field(alias="from"),
        WithJsonSchema({"type": "string", "description": "A date or a time."}),
    ] = ""
    """First day, or time, of the window."""
    until: Annotated[str, AfterValidator(clean_text)] = ""
    """Last day of the window, which still belongs to it; or the time at which it is over."""
    weekly: Annotated[str, AfterValidator(clean_text)] = ""
    """Hours of every week, as `Fri 16:00 - Mon 06:00`; a range may go over the end of the week."""
    zone: Zone = ""
    """Time zone of what is written without one, such as `Europe/Berlin`; empty for UTC."""
    reason: Annotated[str, AfterValidator(clean_text)] = ""
    """Why nothing should be deployed then."""

    @property
    def words(self) -> str:
        """Return the window as a reader would write it."""
        said = self.weekly or f"{self.since} to {self.until}"
        return f"{said} ({self.zone})" if self.zone else said

    def holds(self, at: int) -> bool:
        """Return whether the moment `at`, in seconds since 1970 UTC, is within the window."""
        if not self.weekly:
            return moment(self.since, self.zone) <= at < moment(self.until, self.zone, end=True)
        begin, end = weekly_range(self.weekly)
        offset = datetime.fromtimestamp(at, zone_of(self.zone)).utcoffset() or timedelta()
        second = (at + int(offset.total_seconds()) - _MONDAY) % _WEEK
        return begin <= second < end if begin < end else second >= begin or second < end

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.weekly:
            if self.since or self.until:
                refuse("`weekly` beside `from` and `until`", "write two windows")
            weekly_range(self.weekly)
            zone_of(self.zone)
            return self
        if not (self.since and self.until):
            refuse("a freeze needs `from` and `until`, or `weekly`", _MOMENT_FIX)
        zone_of(self.zone)
        if moment(self.since, self.zone) >= moment(self.until, self.zone, end=True):
            refuse(f"`{self.until}` is before `{self.since}`", "`until` is the last day, or the time of the end")
        return self
