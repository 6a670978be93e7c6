"""The page of all periods, and that of one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from generator.site.audit.coverage import Unseen, unseen
from generator.site.audit.entries import audit_entries
from generator.site.audit.exceptions import EXCEPTIONS
from generator.site.audit.periods import (
    joined,
    month_data,
    months_of,
    period_name,
    period_page,
    period_table,
    quarters_of,
)
from generator.site.audit.rows import AuditRow, audit_row
from generator.site.audit.totals import OUTCOMES, Totals, totals
from generator.site.chain_view import broken_view
from generator.site.texts import gettext as _
from generator.site.texts import ngettext, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.site.audit.entries import Entry
    from generator.site.audit.periods import Period
    from generator.site.chain_view import BrokenView
    from generator.site.context import Context

PART = 250
"""Changes that one page lists; a longer period goes on in further parts."""


class PeriodRow(NamedTuple):
    """A period in a list of them."""

    page: str
    """Empty for a year, which has no page of its own."""
    name: str
    key: str
    table: str
    totals: Totals
    inner: tuple[PeriodRow, ...]
    """The months of a quarter, or the quarters of a year."""


class Month(NamedTuple):
    """A month to choose."""

    key: str
    name: str
    data: str


class AuditView(NamedTuple):
    """The page of all periods."""

    totals: Totals
    sentence: str
    first: str
    last: str
    years: tuple[PeriodRow, ...]
    """Newest first."""
    undated: PeriodRow | None
    unseen: tuple[Unseen, ...]
    outcomes: tuple[str, ...]
    months: tuple[Month, ...]
    """Newest first."""
    labels: str
    """JSON: the words of each exception, for scripts."""
    exceptions: tuple[tuple[str, str], ...]
    """(machine name, words) of every exception that occurs."""
    environments: tuple[str, ...]
    """Names of the production environments where there are several."""
    broken: BrokenView | None
    """What earlier bundles hold and the history has no more; `None` where that is nothing."""


class PeriodView(NamedTuple):
    """A part of the page of a period."""

    name: str
    key: str
    totals: Totals
    sentence: str
    table: str
    rows: tuple[AuditRow, ...]
    """Newest first; of a quarter those with an exception."""
    listed: int
    """Rows of all parts."""
    part: int
    parts: tuple[tuple[str, int], ...]
    """(page, number) of each part; empty where there is one alone."""
    part_page: str
    months: tuple[PeriodRow, ...]
    """Of a quarter."""
    outer: PeriodRow | None
    """The quarter of a month."""
    previous: PeriodRow | None
    next: PeriodRow | None
    outcomes: tuple[str, ...]
    several: bool


def audit_view(context: Context) -> AuditView:
    """Return the page of all periods."""
    entries = context.once(audit_entries)
    months = months_of(entries)
    quarters = quarters_of(months)
    years = tuple(_year(year, quarters) for year in dict.fromkeys(key[:4] for key in quarters))
    dated = [month for month in months if month.key]
    found, undated = totals(entries), [month for month in months if not month.key]
    labels = {name: [_(words), _(meaning)] for name, (words, meaning) in EXCEPTIONS.items()}
    return AuditView(
        totals=found,
        sentence=sentence(found),
        first=dated[-1].name if dated else "",
        last=dated[0].name if dated else "",
        years=years,
        undated=period_row(undated[0]) if undated else None,
        unseen=unseen(context, entries),
        outcomes=OUTCOMES,
        months=tuple(Month(month.key, month.name, month_data(month.key)) for month in dated),
        labels=json.dumps(labels),
        exceptions=tuple((one.name, one.words) for one in found.exceptions),
        environments=tuple(env.name for env in context.productions) if len(context.productions) > 1 else (),
        broken=context.once(broken_view),
    )


def period_row(period: Period, inner: tuple[PeriodRow, ...] = ()) -> PeriodRow:
    """Return a month or a quarter as lists show it."""
    page, table = period_page(period.key), period_table(period.key)
    return PeriodRow(page, period.name, period.key, table, totals(period.entries), inner)


def _year(year: str, quarters: Mapping[str, tuple[Period, ...]]) -> PeriodRow:
    own = {key: months for key, months in quarters.items() if key.startswith(f"{year}-")}
    every = joined(year, [month for months in own.values() for month in months])
    inner = tuple(
        period_row(joined(key, months), tuple(period_row(month) for month in months)) for key, months in own.items()
    )
    return PeriodRow("", year, year, "", totals(every.entries), inner)


def sentence(found: Totals) -> str:
    """Return a period in one sentence."""
    every = ngettext("One production change", "%(number)s production changes", found.changes)
    if not found.excepted and not found.silent:
        return _("%(changes)s, nothing out of the ordinary.", changes=every)
    if not found.excepted:
        return _(
            "%(changes)s: nothing out of the ordinary is known, and of %(silent)s of them not all is known.",
            changes=every,
            silent=number(found.silent),
        )
    return ngettext(
        "%(changes)s: one of them with something out of the ordinary.",
        "%(changes)s: %(number)s of them with something out of the ordinary.",
        found.excepted,
        changes=every,
    )


def period_views(context: Context) -> Iterator[tuple[str, PeriodView]]:
    """Yield every part of every period with its path: months, then quarters, each newest first."""
    months = months_of(context.once(audit_entries))
    quarters = quarters_of(months)
    outer = {month.key: period_row(joined(key, own)) for key, own in quarters.items() for month in own}
    rows = [period_row(month) for month in months]
    for at, month in enumerate(months):
        previous, following = _neighbours(rows, at)
        base = _view(context, month, month.entries)
        view = base._replace(outer=outer.get(month.key), previous=previous, next=following)
        yield from _parts(context, view, month.entries)
    joint = [joined(key, own) for key, own in quarters.items()]
    rows = [period_row(quarter) for quarter in joint]
    for at, quarter in enumerate(joint):
        entries = [entry for entry in quarter.entries if entry.exceptions]
        inner = tuple(period_row(month) for month in quarters[quarter.key])
        previous, following = _neighbours(rows, at)
        view = _view(context, quarter, entries)._replace(months=inner, previous=previous, next=following)
        yield from _parts(context, view, entries)


def _neighbours(rows: Sequence[PeriodRow], at: int) -> tuple[PeriodRow | None, PeriodRow | None]:
    """Return the periods before and after that at `at`, in time; what carries no date has none."""
    if not rows[at].key:
        return None, None
    older = rows[at + 1] if at + 1 < len(rows) and rows[at + 1].key else None
    return older, rows[at - 1] if at else None


def _view(context: Context, period: Period, listed: Sequence[Entry]) -> PeriodView:
    found = totals(period.entries)
    return PeriodView(
        name=period_name(period.key),
        key=period.key,
        totals=found,
        sentence=sentence(found),
        table=period_table(period.key),
        rows=(),
        listed=len(listed),
        part=1,
        parts=(),
        part_page=period_page(period.key),
        months=(),
        outer=None,
        previous=None,
        next=None,
        outcomes=OUTCOMES,
        several=len(context.productions) > 1,
    )


def _parts(context: Context, view: PeriodView, listed: Sequence[Entry]) -> Iterator[tuple[str, PeriodView]]:
    newest_first = listed[::-1]
    count = max(1, -(-len(listed) // PART))
    pages = tuple((period_page(view.key, part), part) for part in range(1, count + 1))
    for page, part in pages:
        rows = tuple(audit_row(context, entry) for entry in newest_first[(part - 1) * PART : part * PART])
        yield page, view._replace(rows=rows, part=part, parts=pages if count > 1 else ())
