"""The pages of each period: what each is drawn from, and its view once somebody draws it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from generator.site.audit.periods import (
    is_quarter,
    joined,
    months_of,
    period_name,
    period_page,
    period_table,
    quarter_of,
    quarters_of,
)
from generator.site.audit.rows import AuditRow, audit_row
from generator.site.audit.totals import OUTCOMES, Totals
from generator.site.audit.views import PeriodRow, period_row, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from generator.site.audit.periods import Period
    from generator.site.context import Context

PART = 250
"""Changes that one page lists; a longer period goes on in further parts."""


class PeriodLink(NamedTuple):
    """The way to the page of another period."""

    page: str
    name: str


class Around(NamedTuple):
    """The periods around one."""

    outer: PeriodLink | None
    """The quarter of a month."""
    previous: PeriodLink | None
    next: PeriodLink | None


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
    outer: PeriodLink | None
    """The quarter of a month."""
    previous: PeriodLink | None
    next: PeriodLink | None
    outcomes: tuple[str, ...]
    several: bool


class PeriodPart(NamedTuple):
    """A part of the page of a period, before it is drawn."""

    path: str
    name: str
    sentence: str
    around: Around
    drawn_from: tuple[bytes, ...]
    """All that its view comes from."""
    view: Callable[[], PeriodView]


def period_parts(context: Context) -> Iterator[PeriodPart]:
    """Yield every part of every period: months, then quarters, each newest first."""
    months = months_of(context)
    quarters = [joined(key, own) for key, own in quarters_of(months).items()]
    for periods in (months, quarters):
        for at, period in enumerate(periods):
            yield from _parts(context, period, _around(periods, at))


def _around(periods: Sequence[Period], at: int) -> Around:
    """Return the periods around that at `at`; what carries no date has none before or after it in time."""
    key = periods[at].key
    if not key:
        return Around(None, None, None)
    older = periods[at + 1].key if at + 1 < len(periods) else ""
    return Around(
        outer=None if is_quarter(key) else _link(quarter_of(key)),
        previous=_link(older) if older else None,
        next=_link(periods[at - 1].key) if at else None,
    )


def _link(key: str) -> PeriodLink:
    return PeriodLink(period_page(key), period_name(key))


def _parts(context: Context, period: Period, around: Around) -> Iterator[PeriodPart]:
    found = period.totals
    listed = found.excepted if is_quarter(period.key) else found.changes
    pages = tuple((period_page(period.key, part), part) for part in range(1, max(1, -(-listed // PART)) + 1))
    for page, part in pages:
        # Everything but the way to other periods comes from its own changes.
        drawn_from = (repr((around, part, PART)).encode(), *period.digests)
        view = partial(_view, context, period, around, pages, part)
        yield PeriodPart(page, period.name, sentence(found), around, drawn_from, view)


def _view(
    context: Context, period: Period, around: Around, pages: tuple[tuple[str, int], ...], part: int
) -> PeriodView:
    found, quarter = period.totals, is_quarter(period.key)
    listed = [entry for entry in period.entries() if entry.exceptions or not quarter]
    newest_first = listed[::-1]
    return PeriodView(
        name=period.name,
        key=period.key,
        totals=found,
        sentence=sentence(found),
        table=period_table(period.key),
        rows=tuple(audit_row(context, entry) for entry in newest_first[(part - 1) * PART : part * PART]),
        listed=len(listed),
        part=part,
        parts=pages if len(pages) > 1 else (),
        part_page=period_page(period.key),
        months=tuple(period_row(one) for one in _newest_first(period)) if quarter else (),
        outer=around.outer,
        previous=around.previous,
        next=around.next,
        outcomes=OUTCOMES,
        several=len(context.productions) > 1,
    )


def _newest_first(quarter: Period) -> Iterator[Period]:
    return (quarter._replace(key=month.key, months=(month,)) for month in reversed(quarter.months))
