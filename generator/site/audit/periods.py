"""Years, quarters and months of an audit, and the files that each has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.audit.months import audit_months
from generator.site.audit.totals import Tally
from generator.site.texts import gettext as _
from generator.site.words import month_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.site.audit.entries import Entry
    from generator.site.audit.months import Month
    from generator.site.audit.totals import Totals
    from generator.site.context import Context

FOLDER = "audit"
YEAR = 4
UNDATED = "undated"


class Period(NamedTuple):
    """A month, a quarter or a year with its changes."""

    key: str
    """`2026-08`, `2026-Q3` or `2026`; empty for what carries no usable date."""
    months: tuple[Month, ...]
    """Oldest first."""

    @property
    def name(self) -> str:
        """Return it in words."""
        return period_name(self.key)

    @property
    def totals(self) -> Totals:
        """Return what its changes add up to."""
        return self.tally.totals()

    @property
    def tally(self) -> Tally:
        """Return its changes, counted."""
        found = Tally()
        for month in self.months:
            found.join(month.tally)
        return found

    @property
    def digests(self) -> tuple[bytes, ...]:
        """Return the digests of all that is told of its changes."""
        return tuple(month.digest for month in self.months)

    def entries(self) -> tuple[Entry, ...]:
        """Return its changes, month by month, the oldest of each first."""
        return tuple(entry for month in self.months for entry in month.entries())


def is_quarter(key: str) -> bool:
    """Return whether a key is that of a quarter."""
    return "Q" in key


def quarter_of(month: str) -> str:
    """Return the quarter of a month: `2026-Q3` of `2026-08`; empty of none."""
    return f"{month[:YEAR]}-Q{(int(month[YEAR + 1 :]) + 2) // 3}" if month else ""


def period_name(key: str) -> str:
    """Return a period in words: `August 2026`, `Q3 2026`."""
    if is_quarter(key):
        return _("%(quarter)s %(year)s", quarter=key[YEAR + 1 :], year=key[:YEAR])
    return month_name(key)


def period_page(key: str, part: int = 1) -> str:
    """Return the path of the page of a period; long ones go on in further parts."""
    return f"{FOLDER}/{key or UNDATED}{f'-part-{part}' if part > 1 else ''}.html"


def period_table(key: str) -> str:
    """Return the path of the table (CSV) of a period."""
    return f"{FOLDER}/{key or UNDATED}.csv"


def month_data(month: str) -> str:
    """Return the path of the data of a month that scripts load."""
    return f"{FOLDER}/{month or UNDATED}.js"


def months_of(context: Context) -> tuple[Period, ...]:
    """Return the months that have changes, newest first; what carries no date comes last."""
    return tuple(Period(month.key, (month,)) for month in context.once(audit_months).newest_first())


def quarters_of(months: Iterable[Period]) -> Mapping[str, tuple[Period, ...]]:
    """Return the months of each quarter, newest first; what carries no date is in none."""
    found: dict[str, list[Period]] = {}
    for month in months:
        if month.key:
            found.setdefault(quarter_of(month.key), []).append(month)
    return {key: tuple(group) for key, group in found.items()}


def joined(key: str, months: Iterable[Period]) -> Period:
    """Return the months of a quarter or a year, newest first as they come, as one period."""
    oldest_first = reversed(list(months))
    return Period(key, tuple(month for period in oldest_first for month in period.months))
