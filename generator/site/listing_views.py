"""Lists of releases: the Releases page, and the pages of the months."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.change_rows import Link
from generator.site.finding.release_table import DATA_FILE, FLAGS
from generator.site.names import month_page, next_page, release_page
from generator.site.release_view import release_flags
from generator.site.texts import gettext as _
from generator.site.texts import number
from generator.site.words import MONTHS, counted, month_name, shown

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from generator.site.context import Context
    from generator.site.index import Release
    from generator.site.words import Moment

NEWEST = 100
MOST_ROWS = 500
"""Releases of a month that one page holds; of more, the month has several pages."""
KINDS = ("forward", "rollback", "roll-forward", "redo", "hotfix", "initial", "redeploy", "gap")


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
    releases: str
    """`12 releases`."""
    taken_back: str
    """`2 rollbacks`."""


class PartLink(NamedTuple):
    """One of the pages of a month that has several."""

    page: str
    name: str
    """`1 to 500`, counted from the newest."""
    current: bool


class YearRow(NamedTuple):
    """A year in the calendar of releases."""

    year: str
    total: int
    months: tuple[MonthRow | str, ...]
    """Twelve: a month with releases, `0` for one without, nothing for one that lies outside of the history."""


class ReleasesView(NamedTuple):
    """The Releases page."""

    total: int
    counted: str
    """The total as a person writes it."""
    kinds: tuple[str, ...]
    month_names: tuple[str, ...]
    years: tuple[YearRow, ...]
    """Newest first."""
    undated: MonthRow | None
    newest: tuple[ReleaseRow, ...]
    several: bool
    """Whether there is more than one production environment, so that rows name theirs."""
    environments: tuple[str, ...]
    """The production environments, as shown."""
    flags: tuple[str, ...]
    data: str
    coming: tuple[Link, ...]
    """Pages of what waits: one for each production environment that has an upstream."""


class MonthView(NamedTuple):
    """A page of a month."""

    page: str
    name: str
    rows: tuple[ReleaseRow, ...]
    kinds: tuple[tuple[str, int], ...]
    several: bool
    previous: MonthRow | None
    next: MonthRow | None
    total: str
    parts: tuple[PartLink, ...]
    """The pages of the month, newest first; empty where there is one only."""


def release_row(context: Context, row: Release, *, aged: bool = True) -> ReleaseRow:
    """Return a release as lists show it, `aged` where they say how long ago it was."""
    when = (context.calendar if aged else context.dates).moment(row.at)
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
        total, back = len(positions), kinds.count("rollback")
        words = counted(total, "release"), counted(back, "rollback")
        rows.append(MonthRow(month_page(month), month_name(month), month, total, counts, back, *words))
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
    columns = tuple(_(name)[:3] for name in MONTHS)
    rows = newest_rows(context, NEWEST)
    environments = tuple(shown(environment.name) for environment in context.productions)
    return ReleasesView(
        total=total,
        counted=number(total),
        kinds=KINDS,
        month_names=columns,
        years=tuple(years),
        undated=every.get(""),
        newest=rows,
        several=several,
        environments=environments,
        flags=FLAGS,
        data=DATA_FILE,
        coming=tuple(Link(next_page(env.name), shown(env.name)) for env in context.productions if env.upstream),
    )


def month_years(context: Context) -> tuple[tuple[str, tuple[MonthRow, ...]], ...]:
    """Return the months that have releases by year, newest first; what carries no date stands under no year, last."""
    years: dict[str, list[MonthRow]] = {}
    for row in months(context):
        years.setdefault(row.month[:4], []).append(row)
    return tuple((year, tuple(rows)) for year, rows in years.items())


def month_pages(context: Context, month: MonthRow) -> tuple[str, ...]:
    """Return the pages of a month, newest releases first."""
    starts = range(0, len(context.index.by_month[month.month]), MOST_ROWS)
    return tuple(month_page(month.month, start // MOST_ROWS + 1) for start in starts)


def month_views(context: Context, left: Container[str] = ()) -> Iterator[tuple[MonthRow, MonthView]]:
    """Yield each page of each month with its month, newest first, but for pages that are `left` as they are."""
    every = months(context)
    several = len(context.productions) > 1
    for at, month in enumerate(every):
        positions = context.index.by_month[month.month][::-1]
        newer = every[at - 1] if at else None
        older = every[at + 1] if at + 1 < len(every) else None
        kinds = tuple((kind, count) for kind, count in zip(KINDS, month.counts, strict=True) if count)
        for page, start in zip(month_pages(context, month), range(0, len(positions), MOST_ROWS), strict=True):
            if page in left:
                continue
            shown_here = [context.index.releases[place] for place in positions[start : start + MOST_ROWS]]
            rows = tuple(release_row(context, row, aged=False) for row in shown_here)
            parts = _parts(month, len(positions), start)
            yield month, MonthView(page, month.name, rows, kinds, several, older, newer, month.releases, parts)


def _parts(month: MonthRow, total: int, current: int) -> tuple[PartLink, ...]:
    if total <= MOST_ROWS:
        return ()
    starts = range(0, total, MOST_ROWS)
    return tuple(
        PartLink(
            month_page(month.month, start // MOST_ROWS + 1),
            _("%(first)s to %(last)s", first=number(start + 1), last=number(min(start + MOST_ROWS, total))),
            start == current,
        )
        for start in starts
    )
