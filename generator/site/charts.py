"""Charts of one environment's history, each with the table it is drawn from.

At most `MONTHS_DRAWN` months are drawn, empty ones included: the newest, or those up to the last with anything to
draw; the table has every month. The SVGs follow
the page's colours through the variables `--assay-chart-NAME`, with NAME one of `forward`, `rollback`, `redo`,
`roll-forward`, `hotfix`, `redeploy`,
`initial`, `gap`, `pending`, `ahead`, `config`, `structure`, `median`, `p90`, `axis`, `text`, `grid` and
`hatch` (the page's ground); `generator.site.chart_svg.LIGHT` and `DARK` hold the values to give them.
"""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.records import attribute
from generator.evidence.summary import PeriodCounts
from generator.site.chart_specs import diverging_spec, duration_spec, stacked_spec
from generator.site.chart_svg import render_chart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from generator.evidence.summary import DriftOverTime, EnvironmentSummary

MONTHS_DRAWN = 24
"""Months that a chart shows at most; its table has all."""
NO_VALUE = "\N{EN DASH}"
"""Stands in a table where nothing was measured."""
_RATIO_MONTHS = 3
_KINDS = ("initial", "forward", "rollback", "redo", "roll-forward", "hotfix", "redeploy", "gap")
_DRIFT = ("pending", "ahead", "config", "structure")
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


class Chart(msgspec.Struct, frozen=True):
    """A chart and its table: the same numbers twice."""

    id: str
    """Fit for an HTML id, one of its own for each kind of chart and environment."""
    title: str
    description: str
    """What the chart shows, in sentences."""
    svg: str
    """Inline SVG; empty where there is nothing to draw."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """A row a month, oldest first."""
    reason: str
    """Why nothing is drawn, as a sentence; empty where something is."""


def velocity_chart(env: EnvironmentSummary) -> Chart:
    """Return forward deliveries (bars up) against rollbacks (bars down) by month."""
    counts = _month_counts(env)
    months = list(counts)
    up = [counts[month].forward for month in months]
    down = [counts[month].rollback + counts[month].roll_forward for month in months]
    rows = tuple(
        (
            month,
            f"{up[at]:,}",
            f"{down[at]:,}",
            f"{up[at]:,} : {down[at]:,}",
            _ratio(up[max(0, at + 1 - _RATIO_MONTHS) : at + 1], down[max(0, at + 1 - _RATIO_MONTHS) : at + 1]),
        )
        for at, month in enumerate(months)
    )
    last = _drawn([up[at] + down[at] for at in range(len(months))])
    drawable = any(up) or any(down)
    return _chart(
        "velocity",
        env,
        title="Velocity against rollbacks",
        says=(
            "Forward deliveries (bars up) against rollbacks and roll-forwards (bars down) by month."
            f" In all {_ratio(up, down)}."
        ),
        columns=("Month", "Forward", "Rollbacks and roll-forwards", "Ratio", f"Ratio over {_RATIO_MONTHS} months"),
        rows=rows,
        spec=diverging_spec(months[last], up[last], down[last]) if drawable else {},
        drawn=last,
        reason=_nothing(months, "forward delivery or rollback"),
    )


def kinds_by_month_chart(env: EnvironmentSummary) -> Chart:
    """Return deployments by month, stacked by kind; kinds that never happened are left out of the drawing."""
    counts = _month_counts(env)
    months = list(counts)
    columns = {kind: [getattr(counts[month], attribute(kind)) for month in months] for kind in _KINDS}
    last = _drawn([sum(column) for column in zip(*columns.values(), strict=True)])
    order = ("forward", "initial", "redo", "hotfix", "redeploy", "gap", "roll-forward", "rollback")
    return _chart(
        "kinds",
        env,
        title="Deployments by kind",
        says="Deployments by month, stacked by kind.",
        columns=("Month", *(kind.capitalize() for kind in _KINDS), "Total"),
        rows=_count_rows(months, columns),
        spec=_stack(months, {kind: columns[kind] for kind in order}, last),
        drawn=last,
        reason=_nothing(months, "deployment"),
    )


def promotion_lead_chart(env: EnvironmentSummary) -> Chart:
    """Return the median and 90th percentile of the promotion lead by month, on a logarithmic axis."""
    leads = {month: (n, median, p90) for month, n, median, p90 in env.measures.promotion_lead_by_month if n}
    months = _all_months([*leads, *_month_counts(env)]) if leads else []
    rows = tuple(
        (month, f"{leads[month][0]:,}", duration_text(leads[month][1]), duration_text(leads[month][2]))
        if month in leads
        else (month, "0", NO_VALUE, NO_VALUE)
        for month in months
    )
    last = _drawn([month in leads for month in months])
    drawn = months[last]
    values = [(month, leads[month][1], leads[month][2]) for month in drawn if month in leads]
    missing = env.measures.promotion_lead.reason or "No promotion was recorded."
    return _chart(
        "promotion-lead",
        env,
        title="Promotion lead",
        says=(
            "Time from the upstream deployment of a version to its deployment here, by month: median (dot) and 90th"
            " percentile (triangle), on a logarithmic axis. Less than a minute is drawn as one."
        ),
        columns=("Month", "Promotions", "Median", "90th percentile"),
        rows=rows,
        spec=duration_spec(drawn, values) if values else {},
        drawn=last,
        reason=_nothing(months, "promotion") if months else missing,
    )


def drift_chart(env: EnvironmentSummary) -> Chart:
    """Return drift items that stood at the end of each month, stacked by class; only months that were compared."""
    standing = {point.month: point for point in env.drift_over_time}
    months = _all_months([*standing])
    if env.drift_not_assessed:
        held = [month for month, point in standing.items() if any(getattr(point, name) for name in _DRIFT)]
        months = [month for month in months if month <= max(held, default="")]
    columns = {
        name: [getattr(standing[month], name) if month in standing else 0 for month in months] for name in _DRIFT
    }
    missing = env.drift_not_assessed or "No drift was recorded."
    cut = " Later months are left out: nothing is compared any more." if env.drift_not_assessed else ""
    last = _drawn([sum(column) for column in zip(*columns.values(), strict=True)])
    return _chart(
        "drift",
        env,
        title="Drift from the upstream",
        says=f"Drift items that stood at the end of each month, stacked by class.{cut}",
        columns=("Month", *(name.capitalize() for name in _DRIFT), "Total", "Accepted", "Oldest", "Median age"),
        rows=_drift_rows(months, columns, standing),
        spec=_stack(months, columns, last),
        drawn=last,
        reason=_nothing(months, "drift item") if months else missing,
    )


def duration_text(seconds: int) -> str:
    """Return a duration in its two largest units, such as `3 d 4 h`; a negative one keeps its sign."""
    sign, left = "\N{MINUS SIGN}" if seconds < 0 else "", abs(seconds)
    for (size, unit), (next_size, next_unit) in pairwise(_UNITS):
        if left >= size:
            rest = left % size // next_size
            return f"{sign}{left // size} {unit}" + (f" {rest} {next_unit}" if rest else "")
    return f"{sign}{left} s"


def _month_counts(env: EnvironmentSummary) -> dict[str, PeriodCounts]:
    """Return the counts of every month from the first to the last, in order."""
    series = next((series for series in env.measures.series if series.unit == "month"), None)
    if series is None:
        return {}
    counts = {count.period: count for count in series.counts}
    return {
        month: counts.get(month, PeriodCounts(month)) for month in _all_months([series.first, series.last, *counts])
    }


def _all_months(months: Iterable[str]) -> list[str]:
    """Return every month from the first to the last of `months`, those between included."""
    known = sorted(month for month in months if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month))
    if not known:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (known[0], known[-1]))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _ratio(left: Sequence[int], right: Sequence[int]) -> str:
    return f"{sum(left):,} : {sum(right):,}"


def _count_rows(months: Sequence[str], columns: dict[str, list[int]]) -> tuple[tuple[str, ...], ...]:
    counts = zip(*columns.values(), strict=True)
    return tuple(
        (month, *(f"{count:,}" for count in row), f"{sum(row):,}") for month, row in zip(months, counts, strict=True)
    )


def _drift_rows(
    months: Sequence[str], columns: dict[str, list[int]], standing: dict[str, DriftOverTime]
) -> tuple[tuple[str, ...], ...]:
    """Return counts by class, then what is accepted, the age of the oldest item that counts and the median one."""
    rows = []
    for counts in _count_rows(months, columns):
        point = standing.get(counts[0])
        held = point is not None and any(getattr(point, name) for name in _DRIFT)
        ages = (point.oldest_seconds, point.median_seconds) if point is not None and held else ()
        words = [duration_text(age) for age in ages] or [NO_VALUE, NO_VALUE]
        rows.append((*counts, f"{point.accepted if point is not None else 0:,}", *words))
    return tuple(rows)


def _stack(months: Sequence[str], columns: dict[str, list[int]], drawn: slice) -> dict[str, Any]:
    series = [(name.capitalize(), name, counts[drawn]) for name, counts in columns.items() if any(counts[drawn])]
    return stacked_spec(months[drawn], series) if series else {}


def _drawn(filled: Sequence[int]) -> slice:
    """Return which months are drawn of those that have `filled`: the newest, or those up to the last that is filled."""
    last = max((at + 1 for at, count in enumerate(filled) if count), default=len(filled))
    end = len(filled) if last > len(filled) - MONTHS_DRAWN else last
    return slice(max(0, end - MONTHS_DRAWN), end)


def _nothing(months: Sequence[str], noun: str) -> str:
    if not months:
        return "No deployment was recorded."
    return f"There was no {noun} in any month."


def _chart(  # noqa: PLR0913 - the parts of one value, each by its name
    kind: str,
    env: EnvironmentSummary,
    *,
    title: str,
    says: str,
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    spec: dict[str, Any],
    drawn: slice,
    reason: str,
) -> Chart:
    chart_id = f"{kind}-{_slug(env.name)}"
    description = says
    if rows:
        description += f" {rows[0][0]} to {rows[-1][0]}." if len(rows) > 1 else f" {rows[0][0]}."
    if spec and len(rows) > MONTHS_DRAWN:
        newest = drawn.stop == len(rows)
        which = f"newest {MONTHS_DRAWN}" if newest else f"{MONTHS_DRAWN} up to {rows[drawn.stop - 1][0]}"
        description += f" Of {len(rows):,} months the {which} are drawn; the table has them all."
    svg = render_chart(spec, chart_id=chart_id, title=f"{title}: {env.name}", description=description) if spec else ""
    return Chart(chart_id, title, description, svg, columns, rows, "" if svg else reason)


def _slug(name: str) -> str:
    """Return `name` as a part of an HTML id, with a mark of its own where letters were lost."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return plain if plain == name else f"{plain[:40]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".lstrip("-")
