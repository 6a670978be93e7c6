"""Lists of releases: the Releases page, a page a month, and the data of their filter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from generator.site.names import month_page, release_page
from generator.site.release_view import release_flags
from generator.site.words import MONTHS, counted, month_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.site.context import Context
    from generator.site.index import Release
    from generator.site.words import Moment

NEWEST = 100
KINDS = ("forward", "rollback", "roll-forward", "redo", "hotfix", "initial", "redeploy", "gap")
DATA_FILE = "releases/releases.js"


class ReleaseRow(NamedTuple):
    """A release in a list."""

    page: str
    name: str
    environment: str
    when: Moment
    kind: str
    flags: tuple[str, ...]
    verdict: str
    errors: str
    """`2 errors` where findings of that level stood; else empty."""


class MonthRow(NamedTuple):
    """A month with its releases; `counts` in the order of `KINDS`."""

    page: str
    name: str
    month: str
    total: int
    counts: tuple[int, ...]
    rollbacks: int


class YearRow(NamedTuple):
    """A year in the calendar of releases."""

    year: str
    total: int
    months: tuple[MonthRow | str, ...]
    """Twelve: a month with releases, `0` for one without, nothing for one that lies outside of the history."""


class ReleasesView(NamedTuple):
    """The Releases page."""

    total: int
    kinds: tuple[str, ...]
    month_names: tuple[str, ...]
    years: tuple[YearRow, ...]
    """Newest first."""
    undated: MonthRow | None
    newest: tuple[ReleaseRow, ...]
    several: bool
    """Whether there is more than one production environment, so that rows name theirs."""
    data: str


class MonthView(NamedTuple):
    """The page of a month."""

    name: str
    rows: tuple[ReleaseRow, ...]
    kinds: tuple[tuple[str, int], ...]
    several: bool
    previous: MonthRow | None
    next: MonthRow | None


def release_row(context: Context, row: Release) -> ReleaseRow:
    """Return a release as lists show it."""
    when = context.calendar.moment(row.at)
    name = context.release_name(row)
    page, flags = release_page(row.id), release_flags(row)
    errors = counted(row.errors, "error") if row.errors else ""
    return ReleaseRow(page, name, row.environment, when, row.kind, flags, row.verdict, errors)


def newest_rows(context: Context, count: int) -> tuple[ReleaseRow, ...]:
    """Return the newest `count` releases, newest first."""
    return tuple(release_row(context, row) for row in context.index.releases[: -count - 1 : -1])


def months(context: Context) -> tuple[MonthRow, ...]:
    """Return the months that have releases, newest first; what carries no date comes last."""
    rows = []
    for month in sorted(context.index.by_month, reverse=True):
        positions = context.index.by_month[month]
        kinds = [context.index.releases[position].kind for position in positions]
        counts = tuple(kinds.count(kind) for kind in KINDS)
        rows.append(
            MonthRow(month_page(month), month_name(month), month, len(positions), counts, kinds.count("rollback"))
        )
    return tuple(rows)


def releases_view(context: Context) -> ReleasesView:
    """Return the Releases page."""
    total = len(context.index.releases)
    several = len(context.productions) > 1
    every = {row.month: row for row in months(context)}
    first, last = min((month for month in every if month), default=""), context.summary.as_of[:7]
    years = []
    for year in sorted({month[:4] for month in every if month}, reverse=True):
        names = [f"{year}-{index:02}" for index in range(1, 13)]
        cells = tuple(every.get(name, "0" if first <= name <= last else "") for name in names)
        years.append(YearRow(year, sum(every[name].total for name in names if name in every), cells))
    columns = tuple(name[:3] for name in MONTHS)
    rows = newest_rows(context, NEWEST)
    return ReleasesView(total, KINDS, columns, tuple(years), every.get(""), rows, several, DATA_FILE)


def month_views(context: Context) -> Iterator[tuple[MonthRow, MonthView]]:
    """Yield each month with its page, newest first."""
    every = months(context)
    for at, month in enumerate(every):
        positions = context.index.by_month[month.month]
        rows = tuple(release_row(context, context.index.releases[position]) for position in reversed(positions))
        newer = every[at - 1] if at else None
        older = every[at + 1] if at + 1 < len(every) else None
        kinds = tuple((kind, count) for kind, count in zip(KINDS, month.counts, strict=True) if count)
        yield month, MonthView(month.name, rows, kinds, len(context.productions) > 1, older, newer)


def filter_data(context: Context) -> Iterable[str]:
    """Yield the script that holds a line a release for the filter, newest first, loaded when someone filters."""
    yield "globalThis.assayReleases=[\n"
    for row in reversed(context.index.releases):
        when = context.calendar.moment(row.at)
        line = [release_page(row.id), context.release_name(row), row.environment, row.at, when.text, row.kind]
        text = json.dumps([*line, list(release_flags(row)), row.verdict, list(row.components[:30])])
        yield text.replace("<", "\\u003c") + ",\n"
    yield "];\n"
