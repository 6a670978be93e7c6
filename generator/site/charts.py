"""Charts of one environment's history by month, each with the table it is drawn from.

At most `chart_months.MONTHS_DRAWN` months are drawn, empty ones included: the newest, or those up to the last with
anything to draw; the table has every month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.records import attribute
from generator.site.chart import make_chart
from generator.site.chart_months import MONTHS_DRAWN, count_rows, drawn_months, filled, nothing, span_words, stack
from generator.site.chart_specs import diverging_spec, duration_spec
from generator.site.chart_text import NO_VALUE, cut_notes, duration_text, small_note
from generator.site.texts import N_, ngettext, number
from generator.site.texts import gettext as _
from generator.site.words import first_upper

if TYPE_CHECKING:
    from generator.evidence.counts import KindCounts
    from generator.evidence.metrics import PeriodMetrics, Spread
    from generator.site.chart import Chart
    from generator.site.measured import EnvironmentMeasures

RATIO_MONTHS = 3
_KINDS = ("initial", "forward", "rollback", "redo", "roll-forward", "hotfix", "redeploy", "gap")
_PROMOTION = N_("Time from the upstream deployment of a version to its deployment here")
_CONFIG = N_("Time from a version's first commit in the first environment to its deployment here")
_CHANGE = N_("Time from a commit of the application to the deployment that brought it here")
_CHANGE_LEAD = "change lead time"


def velocity_chart(measures: EnvironmentMeasures, most: int = MONTHS_DRAWN) -> Chart:
    """Return forward deliveries (bars up) against rollbacks and roll-forwards (bars down) by month, bulk apart.

    With fewer than usual, the chart has `most` months, and its table those alone.
    """
    lines = filled(measures.months)
    months = list(lines)
    up = [line.velocity_to_rollback.left for line in lines.values()]
    down = [line.velocity_to_rollback.right for line in lines.values()]
    rows, shares = [], []
    for at, month in enumerate(months):
        left, right = (sum(counts[max(0, at + 1 - RATIO_MONTHS) : at + 1]) for counts in (up, down))
        shares.append(right / (left + right) if left + right else None)
        rows.append((month, number(up[at]), number(down[at]), _ratio(up[at], down[at]), _ratio(left, right)))
    drawn = drawn_months([up[at] + down[at] for at in range(len(months))])
    both = sum(up) + sum(down)
    words = span_words(months, drawn, is_drawn=both > 0)
    if most < min(MONTHS_DRAWN, len(months)):
        drawn = slice(max(drawn.start, drawn.stop - most), drawn.stop)
        rows = rows[drawn]
        words = " " + _("Here stand the months %(first)s to %(last)s.", first=rows[0][0], last=rows[-1][0])
    return make_chart(
        "velocity",
        measures.environment,
        title=_("Velocity against rollbacks"),
        says=_(
            "Forward deliveries (bars up) against rollbacks and roll-forwards (bars down) by month. In all %(ratio)s.",
            ratio=_ratio(sum(up), sum(down)),
        )
        + words,
        columns=(
            _("Month"),
            _("Forward"),
            _("Rollbacks and roll-forwards"),
            _("Ratio"),
            _("Ratio over %(number)s months", number=RATIO_MONTHS),
        ),
        rows=rows,
        spec=diverging_spec(months[drawn], up[drawn], down[drawn], shares[drawn]) if both else {},
        reason=nothing(months, _("There was no forward delivery or rollback in any month.")),
        notes=(
            *_apart(measures),
            small_note(both, measures.small, N_("delivery or rollback"), N_("deliveries and rollbacks")),
        ),
    )


def kinds_by_month_chart(measures: EnvironmentMeasures) -> Chart:
    """Return deployments by month, stacked by kind, bulk ones apart; what never happened is not drawn."""
    lines = filled(measures.months)
    months = list(lines)
    columns = {kind: [_of_kind(line.kinds, kind) for line in lines.values()] for kind in _KINDS}
    columns["bulk"] = [_total(line.bulk) for line in lines.values()]
    order = ("forward", "initial", "redo", "hotfix", "redeploy", "gap", "roll-forward", "rollback", "bulk")
    drawn = drawn_months([sum(column) for column in zip(*columns.values(), strict=True)])
    total = sum(map(sum, columns.values()))
    return make_chart(
        "kinds",
        measures.environment,
        title=_("Deployments by kind"),
        says=ngettext(
            "%(number)s deployment by month, stacked by kind; bulk ones of any kind are a part of their own.",
            "%(number)s deployments by month, stacked by kind; bulk ones of any kind are a part of their own.",
            total,
        )
        + span_words(months, drawn),
        columns=(_("Month"), *(first_upper(_(name)) for name in columns), _("Total")),
        rows=count_rows(months, columns),
        spec=stack(months, {kind: columns[kind] for kind in order}, drawn),
        reason=nothing(months, _("There was no deployment in any month.")),
        notes=(*cut_notes(measures.months), *_undated(measures)),
    )


def lead_by_month_chart(measures: EnvironmentMeasures, measure: str) -> Chart:
    """Return median and 90th percentile of `promotion-lead` or `lead-time` by month, on a logarithmic axis."""
    title, says = lead_words(measures, measure)
    is_promotion = measure == "promotion-lead"
    whole = _lead(measures.whole, measure)
    lines = filled(measures.months) if whole is not None and whole.n else {}
    months = list(lines)
    spreads = {month: _lead(line, measure) for month, line in lines.items()}
    rows = [(month, *_spread_cells(spread)) for month, spread in spreads.items()]
    drawn = drawn_months([spread is not None and spread.n for spread in spreads.values()])
    values = [
        (month, spread.median_seconds, spread.p90_seconds)
        for month in months[drawn]
        if (spread := spreads[month]) is not None
        and spread.median_seconds is not None
        and spread.p90_seconds is not None
    ]
    missing = whole.reason if whole is not None else ""
    if not missing:
        missing = _("no promotion was recorded.") if is_promotion else _("no lead time was recorded.")
    few = sum(1 for spread in spreads.values() if spread is not None and 0 < spread.n < measures.small)
    return make_chart(
        f"{measure}-months",
        measures.environment,
        title=_("%(measure)s by month", measure=title),
        says=_(
            "%(what)s: median (dot) and 90th percentile (triangle), on a logarithmic axis. Less than a minute is drawn"
            " as one.",
            what=says,
        )
        + span_words(months, drawn, is_drawn=bool(values)),
        columns=(
            _("Month"),
            _("Promotions measured") if is_promotion else _("Lead times measured"),
            _("Of promotions") if is_promotion else _("Of lead times"),
            _("Median"),
            _("90th percentile"),
        ),
        rows=rows,
        spec=duration_spec(months[drawn], values, (_("Median"), _("90th percentile"))) if values else {},
        reason=_("Not measurable: %(reason)s", reason=missing),
        notes=(
            _small_months(few, measures.small),
            whole.reason if whole is not None and whole.n else "",
            *cut_notes(measures.months if values else ()),
        ),
    )


def lead_words(measures: EnvironmentMeasures, measure: str) -> tuple[str, str]:
    """Return what `promotion-lead` or `lead-time` is called, and what it is, without a stop."""
    if measure == "promotion-lead":
        return _("Promotion lead"), _(_PROMOTION)
    kind = measures.whole.lead_time_kind if measures.whole is not None else ""
    return first_upper(_(kind or "lead time")), _(_CHANGE if kind == _CHANGE_LEAD else _CONFIG)


def _lead(line: PeriodMetrics | None, measure: str) -> Spread | None:
    if line is None:
        return None
    return line.promotion_lead if measure == "promotion-lead" else line.lead_time


def _spread_cells(spread: Spread | None) -> tuple[str, str, str, str]:
    if spread is None:
        return "0", "0", NO_VALUE, NO_VALUE
    return number(spread.n), number(spread.of), duration_text(spread.median_seconds), duration_text(spread.p90_seconds)


def _small_months(few: int, small: int) -> str:
    if not few:
        return ""
    return ngettext(
        "%(number)s month with fewer than %(small)s cases: a small sample.",
        "%(number)s months with fewer than %(small)s cases: small samples.",
        few,
        small=number(small),
    )


def _apart(measures: EnvironmentMeasures) -> tuple[str, ...]:
    """Return what a month does not show: bulk deployments, cut months, deployments without a usable time."""
    bulk = sum(_total(line.bulk) for line in measures.months)
    words = ngettext(
        "%(number)s bulk deployment of any kind is not in it.",
        "%(number)s bulk deployments of any kind are not in it.",
        bulk,
    )
    return (words if bulk else "", *cut_notes(measures.months), *_undated(measures))


def _undated(measures: EnvironmentMeasures) -> tuple[str, ...]:
    whole = measures.whole
    every = _total(whole.kinds) + _total(whole.bulk) if whole is not None else 0
    left = every - sum(_total(line.kinds) + _total(line.bulk) for line in measures.months)
    if left <= 0:
        return ()
    return (
        ngettext(
            "%(number)s deployment without a usable time is in no month.",
            "%(number)s deployments without a usable time are in no month.",
            left,
        ),
    )


def _of_kind(kinds: KindCounts, kind: str) -> int:
    count: int = getattr(kinds, attribute(kind))
    return count


def _total(kinds: KindCounts) -> int:
    return sum(msgspec.structs.astuple(kinds))


def _ratio(left: int, right: int) -> str:
    return f"{number(left)} : {number(right)}"
