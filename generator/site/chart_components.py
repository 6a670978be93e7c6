"""Change fail rate by component, with the interval that the counts allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.site.chart import make_chart
from generator.site.chart_colours import SENTINELS
from generator.site.chart_specs import spec_of
from generator.site.chart_text import NO_VALUE, label, share_text
from generator.site.texts import decimal, ngettext, number
from generator.site.texts import gettext as _
from generator.site.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.metrics import PeriodMetrics
    from generator.site.chart import Chart
    from generator.site.measured import EnvironmentMeasures

COMPONENTS_DRAWN = 20
LONGEST_NAME = 34
"""Characters of a component's name beside its line."""
_LONGEST_CELL = 120
_ROW = 19
"""Height of a line, in units of the view box."""


def fail_rate_by_component_chart(measures: EnvironmentMeasures) -> Chart:
    """Return the change fail rate of the components with most deployments, the highest first, with 95 % intervals."""
    busiest = sorted(measures.components, key=lambda line: (-_deployments(line), line.subject))[:COMPONENTS_DRAWN]
    lines = sorted(busiest, key=_rank)
    drawn = [line for line in lines if line.change_fail_rate.of]
    small = sum(line.change_fail_rate.of < measures.small for line in drawn)
    every = len(measures.components)
    return make_chart(
        "fail-rate",
        measures.environment,
        title=_("Change fail rate by component"),
        says=_says(small),
        columns=(
            _("Component"),
            _("Deployments"),
            _("Counted"),
            _("Failed"),
            _("Change fail rate"),
            _("95 %% interval"),
            _("Pending"),
        ),
        rows=[_row(line) for line in lines],
        spec=_spec(drawn, measures.small) if drawn else {},
        reason=_reason(lines),
        notes=(
            _("Of %(every)s components the %(number)s with most deployments.", every=number(every), number=len(lines))
            if every > len(lines)
            else "",
            _("A sample is small below %(deployments)s.", deployments=counted(measures.small, "counted deployment"))
            if small
            else "",
            _whole(measures),
        ),
    )


def _says(small: int) -> str:
    says = _(
        "Failed deployments of those that changed the component and whose observation ended, the highest share first;"
        " the line is the 95 %% interval (Wilson)."
    )
    if not small:
        return says
    drawn = ngettext(
        "%(number)s small sample, drawn as a diamond.", "%(number)s small samples, drawn as diamonds.", small
    )
    return f"{says} {drawn}"


def _whole(measures: EnvironmentMeasures) -> str:
    """Return the figure of the environment as a whole, and what is not in it."""
    whole = measures.whole
    if whole is None or not whole.change_fail_rate.of:
        return ""
    share = whole.change_fail_rate
    values = {
        "failed": number(share.count),
        "counted": number(share.of),
        "share": share_text(share),
        "pending": number(whole.pending),
        "apart": number(whole.failed_apart),
    }
    if share.of < measures.small:
        return _(
            "All components together: %(failed)s of %(counted)s failed, %(share)s, a small sample; %(pending)s still"
            " pending, %(apart)s that failed are counted apart.",
            **values,
        )
    return _(
        "All components together: %(failed)s of %(counted)s failed, %(share)s; %(pending)s still pending, %(apart)s"
        " that failed are counted apart.",
        **values,
    )


def _deployments(line: PeriodMetrics) -> int:
    return sum(msgspec.structs.astuple(line.kinds))


def _rank(line: PeriodMetrics) -> tuple[bool, float, int, str]:
    share = line.change_fail_rate
    return not share.of, -share.count / share.of if share.of else 0.0, -share.of, line.subject


def _row(line: PeriodMetrics) -> tuple[str, ...]:
    share = line.change_fail_rate
    low, high = share.low, share.high
    interval = NO_VALUE
    if low is not None and high is not None:
        interval = _("%(low)s to %(high)s %%", low=decimal(100 * low, 1), high=decimal(100 * high, 1))
    return (
        label(line.subject, _LONGEST_CELL),
        number(_deployments(line)),
        number(share.of),
        number(share.count),
        share_text(share),
        interval,
        number(line.pending),
    )


def _reason(lines: Sequence[PeriodMetrics]) -> str:
    missing = next((line.change_fail_rate.reason for line in lines if line.change_fail_rate.reason), "")
    if missing:
        return _("Not measurable: %(reason)s", reason=missing)
    return _("No component had a deployment that is counted.")


def _spec(lines: Sequence[PeriodMetrics], small: int) -> dict[str, Any]:
    values = []
    for place, line in enumerate(lines):
        share = line.change_fail_rate
        rate = share.count / share.of
        values.append(
            {
                "place": place,
                "component": label(line.subject, LONGEST_NAME),
                "share": rate,
                "low": rate if share.low is None else share.low,
                "high": rate if share.high is None else share.high,
                "counts": _("%(count)s of %(all)s", count=number(share.count), all=number(share.of)),
                "what": _("Small sample") if share.of < small else _("Change fail rate"),
            }
        )
    y = {"field": "place", "type": "ordinal", "axis": None, "scale": {"domain": list(range(len(values)))}}
    highest = min(1.0, max(value["high"] for value in values if isinstance(value["high"], float)) * 1.02)
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, highest or 1], "nice": False},
        "axis": {"title": None, "format": ".0%", "tickCount": 5},
    }
    told = [{"field": "component", "title": _("Component")}, {"field": "counts", "title": _("Counts")}]
    interval = {
        "mark": {"type": "rule", "color": SENTINELS["axis"], "strokeWidth": 2},
        "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
    }
    return spec_of(values, [interval, _points(x, y, told), *_words(x, y)], height=_ROW * len(values))


def _points(x: dict[str, Any], y: dict[str, Any], told: list[dict[str, str]]) -> dict[str, Any]:
    names = [_("Change fail rate"), _("Small sample")]
    what = {"field": "what", "type": "nominal", "legend": {"title": None}}
    return {
        "mark": {"type": "point", "filled": True, "size": 62, "opacity": 1},
        "encoding": {
            "y": y,
            "x": {**x, "field": "share"},
            "color": {**what, "scale": {"domain": names, "range": [SENTINELS["forward"], SENTINELS["p90"]]}},
            "shape": {**what, "scale": {"domain": names, "range": ["circle", "diamond"]}},
            "tooltip": told,
        },
    }


def _words(x: dict[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the names to the left of the plot, and the counts behind the lines."""
    look = {"type": "text", "fontSize": 11.5, "color": SENTINELS["text"], "baseline": "middle"}
    return [
        {
            "mark": {**look, "align": "right", "dx": -8},
            "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "component", "type": "nominal"}},
        },
        {
            "mark": {**look, "align": "left", "dx": 6, "fontSize": 10.5},
            "encoding": {"y": y, "x": {**x, "field": "high"}, "text": {"field": "counts", "type": "nominal"}},
        },
    ]
