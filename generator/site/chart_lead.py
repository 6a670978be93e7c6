"""How long it took, as a distribution: a histogram whose steps grow, with median and 90th percentile marked."""

from __future__ import annotations

from bisect import bisect_right
from math import log, log10
from typing import TYPE_CHECKING, Any

from generator.site.chart import make_chart
from generator.site.chart_colours import SENTINELS
from generator.site.chart_specs import quoted, spec_of
from generator.site.chart_text import NO_VALUE, duration_text, small_note, whole_ticks
from generator.site.texts import N_, decimal, ngettext, number
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.metrics import Spread
    from generator.site.chart import Chart

EDGES = (
    (60, N_("1 min")),
    (300, N_("5 min")),
    (900, N_("15 min")),
    (1_800, N_("30 min")),
    (3_600, N_("1 h")),
    (7_200, N_("2 h")),
    (14_400, N_("4 h")),
    (28_800, N_("8 h")),
    (57_600, N_("16 h")),
    (86_400, N_("1 day")),
    (172_800, N_("2 days")),
    (259_200, N_("3 days")),
    (432_000, N_("5 days")),
    (604_800, N_("1 week")),
    (864_000, N_("10 days")),
    (1_209_600, N_("2 weeks")),
    (1_814_400, N_("3 weeks")),
    (2_592_000, N_("30 days")),
    (5_184_000, N_("60 days")),
    (7_776_000, N_("90 days")),
    (15_552_000, N_("180 days")),
    (31_536_000, N_("1 year")),
)
"""Ends of the steps, in seconds. The first step takes everything below, the last everything above."""
_SECONDS = [edge[0] for edge in EDGES]
_WIDE = {"1 min", "15 min", "1 h", "4 h", "1 day", "3 days", "1 week", "2 weeks", "30 days", "90 days", "1 year"}
"""Ends that are named on an axis of more steps than have room for all names."""
_MOST_NAMES = 12
_EDGE = 0.3
"""Part of the plot within which words do not fit beside a line that is so near to its end."""


def lead_distribution_chart(
    measure: str, environment: str, seconds: Sequence[int], spread: Spread, *, title: str, says: str, small: int
) -> Chart:
    """Return the distribution of durations in `seconds`, whose quantiles stand in `spread`.

    `measure` is a part of the chart's id, `says` a sentence on what is measured.
    """
    counts = [0] * (len(EDGES) + 1)
    for duration in seconds:
        counts[bisect_right(_SECONDS, duration)] += 1
    filled = [step for step, count in enumerate(counts) if count]
    steps = range(filled[0], filled[-1] + 1) if filled else range(0)
    marks = ((_("Median"), spread.median_seconds), (_("90th percentile"), spread.p90_seconds))
    negative = sum(duration < 0 for duration in seconds)
    at_once = sum(duration == 0 for duration in seconds)
    if seconds:
        says += " " + _(
            "%(n)s of %(of)s measured: median %(median)s, 90th percentile %(p90)s. The steps grow from left to right.",
            n=number(spread.n),
            of=number(spread.of),
            median=duration_text(spread.median_seconds),
            p90=duration_text(spread.p90_seconds),
        )
    return make_chart(
        measure,
        environment,
        title=_("%(measure)s: distribution", measure=title),
        says=says,
        columns=(_("Duration"), _("Count"), _("Share"), _("Up to the end of the step")),
        rows=_rows(counts, steps),
        spec=_spec(counts, steps, marks) if seconds else {},
        reason=_("Not measurable: %(reason)s", reason=spread.reason or _("there was nothing to measure.")),
        notes=(
            small_note(len(seconds), small, N_("case"), N_("cases")),
            spread.reason if seconds else "",
            _(
                "%(count)s of %(all)s took 0 s: they began and ended at the same moment, as when one commit changes"
                " both environments.",
                count=number(at_once),
                all=number(len(seconds)),
            )
            if at_once
            else "",
            ngettext(
                "%(number)s case below zero, by skewed dates: in the first step.",
                "%(number)s cases below zero, by skewed dates: in the first step.",
                negative,
            )
            if negative
            else "",
        ),
    )


def _rows(counts: Sequence[int], steps: range) -> list[tuple[str, ...]]:
    total, sum_up = sum(counts), 0
    rows: list[tuple[str, ...]] = []
    for step in steps:
        sum_up += counts[step]
        rows.append((_name(step), number(counts[step]), _share(counts[step], total), _share(sum_up, total)))
    return rows


def _share(count: int, total: int) -> str:
    return f"{decimal(100 * count / total, 1)} %" if total else NO_VALUE


def _name(step: int) -> str:
    if step == 0:
        return _("below %(end)s", end=_(EDGES[0][1]))
    if step == len(EDGES):
        return _("%(end)s and more", end=_(EDGES[-1][1]))
    return _("%(low)s to %(high)s", low=_(EDGES[step - 1][1]), high=_(EDGES[step][1]))


def _place(seconds: int) -> float:
    """Return where a duration lies on the axis, on which every step is one unit long."""
    step = bisect_right(_SECONDS, seconds)
    if step == 0:
        return max(0, seconds) / _SECONDS[0]
    if step == len(EDGES):
        # What has no end still has an inside: tenfold is its right edge.
        return step + min(1.0, log10(seconds / _SECONDS[-1]))
    return step + log(seconds / _SECONDS[step - 1]) / log(_SECONDS[step] / _SECONDS[step - 1])


def _spec(counts: Sequence[int], steps: range, marks: Sequence[tuple[str, int | None]]) -> dict[str, Any]:
    values = [
        {"from": step, "to": step + 1, "count": counts[step], "text": number(counts[step]), "duration": _name(step)}
        for step in steps
        if counts[step]
    ]
    names = ", ".join(f"'{step + 1}': {quoted(_(edge[1]))}" for step, edge in enumerate(EDGES))
    ends = [steps.start, steps.stop]
    x = {
        "type": "quantitative",
        "scale": {"domain": ends, "nice": False},
        "axis": {
            "title": None,
            "values": _named(steps),
            "tickCount": 99,
            "labelExpr": f"{{{names}}}[datum.value]",
            "grid": False,
            "labelOverlap": False,
        },
    }
    highest = max(counts)
    y = {
        "field": "count",
        "type": "quantitative",
        "axis": {"title": None, "format": ",d", "values": whole_ticks(highest), "tickCount": 99},
        "scale": {"domain": [0, highest * 1.06], "nice": False},
    }
    bars = {
        "mark": {"type": "rect", "color": SENTINELS["forward"], "stroke": SENTINELS["hatch"], "strokeWidth": 1},
        "encoding": {
            "x": {**x, "field": "from"},
            "x2": {"field": "to"},
            "y": y,
            "y2": {"datum": 0},
            "tooltip": [{"field": "duration", "title": _("Duration")}, {"field": "text", "title": _("Count")}],
        },
    }
    layers = [bars]
    for row, (name, seconds) in enumerate(reversed(marks)):
        if seconds is not None:
            layers += _mark(row, f"{name} {duration_text(seconds)}", min(max(_place(seconds), ends[0]), ends[1]), ends)
    return spec_of(values, layers, height=180)


def _named(steps: range) -> list[int]:
    """Return the ends of steps that have a name on the axis."""
    ends = [end for end in range(steps.start, steps.stop + 1) if 0 < end <= len(EDGES)]
    return ends if len(ends) <= _MOST_NAMES else [end for end in ends if EDGES[end - 1][1] in _WIDE]


def _mark(row: int, text: str, place: float, ends: Sequence[int]) -> list[dict[str, Any]]:
    """Return a line through the plot at `place`, with its words above, each in a row of its own."""
    part = (place - ends[0]) / (ends[1] - ends[0])
    # The median has its words before its line and the percentile behind, where there is room.
    behind = part < _EDGE if row else part < 1 - _EDGE
    look = {"color": SENTINELS["text"], "strokeWidth": 1.5, **({} if row else {"strokeDash": [4, 3]})}
    halo = {"color": SENTINELS["hatch"], "strokeWidth": 4}
    words = {"type": "text", "align": "left" if behind else "right", "y": -22 + 13 * row, "fontSize": 11.5}
    x = {"datum": place, "type": "quantitative"}
    start = {"y": {"value": -16 + 13 * row}, "y2": {"value": 180}}
    return [
        {"data": {"values": [{}]}, "mark": {"type": "rule", **halo}, "encoding": {"x": x, **start}},
        {"data": {"values": [{}]}, "mark": {"type": "rule", **look}, "encoding": {"x": x, **start}},
        {
            "data": {"values": [{"words": text}]},
            "mark": {**words, "dx": 4 if behind else -4, "color": SENTINELS["text"]},
            "encoding": {"x": x, "text": {"field": "words"}},
        },
    ]
