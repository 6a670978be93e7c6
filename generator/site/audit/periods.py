"""Years, quarters and months of an audit, and the files that each has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import gettext as _
from generator.site.words import month_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.site.audit.entries import Entry

FOLDER = "audit"
YEAR = 4
UNDATED = "undated"


class Period(NamedTuple):
    """A month or a quarter with its changes, oldest first."""

    key: str
    """`2026-08` or `2026-Q3`; empty for what carries no usable date."""
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """Return it in words."""
        return period_name(self.key)

    @property
    def year(self) -> str:
        """Return its year; empty where it has none."""
        return self.key[:YEAR]


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


def months_of(entries: Iterable[Entry]) -> tuple[Period, ...]:
    """Return the months that have changes, newest first; what carries no date comes last."""
    return _grouped((entry.month, entry) for entry in entries)


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
    return Period(key, tuple(entry for month in oldest_first for entry in month.entries))


def _grouped(pairs: Iterable[tuple[str, Entry]]) -> tuple[Period, ...]:
    found: dict[str, list[Entry]] = {}
    for key, entry in pairs:
        found.setdefault(key, []).append(entry)
    return tuple(Period(key, tuple(found[key])) for key in sorted(found, reverse=True))
