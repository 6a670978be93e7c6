"""The page of all periods."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from generator.site.audit.coverage import Unseen, unseen
from generator.site.audit.exceptions import EXCEPTIONS
from generator.site.audit.months import audit_months
from generator.site.audit.periods import joined, month_data, months_of, period_page, period_table, quarters_of
from generator.site.audit.totals import OUTCOMES, Totals
from generator.site.chain_view import broken_view
from generator.site.texts import gettext as _
from generator.site.texts import ngettext, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.site.audit.periods import Period
    from generator.site.chain_view import BrokenView
    from generator.site.context import Context


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


def audit_view(context: Context) -> AuditView:
    """Return the page of all periods."""
    gathered = context.once(audit_months)
    months = months_of(context)
    quarters = quarters_of(months)
    years = tuple(_year(year, quarters) for year in dict.fromkeys(key[:4] for key in quarters))
    dated = [month for month in months if month.key]
    found, undated = gathered.whole.totals(), [month for month in months if not month.key]
    labels = {name: [_(words), _(meaning)] for name, (words, meaning) in EXCEPTIONS.items()}
    return AuditView(
        totals=found,
        sentence=sentence(found),
        first=dated[-1].name if dated else "",
        last=dated[0].name if dated else "",
        years=years,
        undated=period_row(undated[0]) if undated else None,
        unseen=unseen(context, gathered.seen),
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
    return PeriodRow(page, period.name, period.key, table, period.totals, inner)


def _year(year: str, quarters: Mapping[str, tuple[Period, ...]]) -> PeriodRow:
    own = {key: months for key, months in quarters.items() if key.startswith(f"{year}-")}
    every = joined(year, [month for months in own.values() for month in months])
    inner = tuple(
        period_row(joined(key, months), tuple(period_row(month) for month in months)) for key, months in own.items()
    )
    return PeriodRow("", year, year, "", every.totals, inner)


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
