"""Calendar periods as people name them: `2026`, `2026-Q3`, `2026-09`, `2026-01-01..2026-03-31`; all in UTC."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from generator.errors import UsageError
from generator.site.texts import gettext as _
from generator.site.words import month_name

NAMED = re.compile(r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[0-9]+)|(?P<month>[0-9]{1,2})))?", re.ASCII | re.IGNORECASE)
BETWEEN = ".."
DECEMBER, QUARTERS = 12, 4


class Span(NamedTuple):
    """A stretch of whole days."""

    key: str
    """As measures name it: `2026-09`, `2026-Q3` or `2026`; `2026-01-01..2026-03-31` where no calendar does."""
    name: str
    """In words."""
    unit: str
    """`month`, `quarter` or `year`; empty for days from one to another."""
    first: str
    """First day."""
    last: str
    """Last day."""

    def holds(self, at: str) -> bool:
        """Return whether a time, RFC 3339 in UTC, lies in it; an unknown one does not."""
        return bool(at) and self.first <= at[:10] <= self.last


def span_of(text: str) -> Span | None:
    """Return the period that `text` names, `None` where it looks like none.

    Raises `UsageError` for what looks like a period and is none.
    """
    if BETWEEN in text:
        return _between(text)
    named = NAMED.fullmatch(text)
    if named is None:
        return None
    year, quarter, month = int(named["year"]), named["quarter"], named["month"]
    if year == 0 or (quarter and not 1 <= int(quarter) <= QUARTERS) or (month and not 1 <= int(month) <= DECEMBER):
        raise _refused(text)
    if quarter:
        begin = 3 * int(quarter) - 2
        words = _("Q%(quarter)s %(year)s", quarter=str(int(quarter)), year=str(year))
        return Span(f"{year:04}-Q{int(quarter)}", words, "quarter", *_days(year, begin, begin + 2))
    if month:
        key = f"{year:04}-{int(month):02}"
        return Span(key, month_name(key), "month", *_days(year, int(month), int(month)))
    return Span(f"{year:04}", f"{year:04}", "year", *_days(year, 1, DECEMBER))


def _between(text: str) -> Span:
    first, _dots, last = (part.strip() for part in text.partition(BETWEEN))
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise _refused(text) from None
    if begin > end:
        raise UsageError("period", f"{first} is not before {last}", fix="write the earlier day first")
    words = _("%(first)s to %(last)s", first=begin.isoformat(), last=end.isoformat())
    return Span(f"{begin}{BETWEEN}{end}", words, "", begin.isoformat(), end.isoformat())


def _refused(text: str) -> UsageError:
    fix = "write it like 2026, 2026-Q3, 2026-09 or 2026-01-01..2026-03-31"
    return UsageError("period", f"{text!r} is no period", fix=fix)


def _days(year: int, first: int, last: int) -> tuple[str, str]:
    after = date(year + last // DECEMBER, last % DECEMBER + 1, 1) if year < date.max.year else date.max
    return date(year, first, 1).isoformat(), (after - timedelta(days=1)).isoformat()
