"""Vega-Lite specifications of the charts: from rows of numbers to how they look. No text of a repository enters."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from generator.site.chart_svg import FONTS, SENTINELS

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 640
"""Width of the plot, in units of the view box."""
_MONTH_LABEL = (
    "[monthAbbrevFormat(toNumber(slice(datum.value, 5, 7)) - 1),"
    " (datum.index == 0 || slice(datum.value, 5, 7) == '01') ? slice(datum.value, 0, 4) : '']"
)
_DURATION_TICKS = {
    60: "1 min",
    600: "10 min",
    3_600: "1 h",
    21_600: "6 h",
    86_400: "1 day",
    604_800: "1 week",
    2_592_000: "30 days",
    31_536_000: "1 year",
}
_WIDEST_BAR = 34
BACK = "Rollback or roll-forward"
MOST_STEPS = 5
"""Steps of an axis of counts."""
SHORTEST_DRAWN = 60
"""Seconds below which a duration is drawn as this: a logarithmic axis has no zero."""


def diverging_spec(months: Sequence[str], up: Sequence[int], down: Sequence[int]) -> dict[str, Any]:
    """Return bars up and bars down on one scale, each with its number at its end."""
    values = [
        {"month": month, "what": name, "count": sign * count, "text": str(count) if count else ""}
        for name, sign, counts in (("Forward", 1, up), (BACK, -1, down))
        for month, count in zip(months, counts, strict=True)
    ]
    month = _month_axis(months)
    room = max(0.09 * (max(down) + max(up)), 0.3)
    count = {
        "field": "count",
        "type": "quantitative",
        "stack": None,
        "axis": {"title": None, "format": "d", "labelExpr": "format(abs(datum.value), ',d')", "tickMinStep": 1},
        "scale": {"domain": [-max(down) - room, max(up) + room], "nice": False},
    }
    bars = {
        "mark": {"type": "bar", "size": _bar_width(months)},
        "encoding": {"x": month, "y": count, "color": _colours([("Forward", "forward"), (BACK, "rollback")])},
    }
    numbers = [
        {
            "transform": [{"filter": f"datum.what == '{what}'"}],
            "mark": {"type": "text", "dy": shift, "fontSize": 10.5, "color": SENTINELS["text"]},
            "encoding": {"x": month, "y": count, "text": {"field": "text"}},
        }
        for what, shift in (("Forward", -7), (BACK, 9))
    ]
    zero = {
        "mark": {"type": "rule", "color": SENTINELS["axis"]},
        "encoding": {"y": {"datum": 0, "type": "quantitative"}},
    }
    return _spec(values, [bars, zero, *numbers], height=210)


def stacked_spec(months: Sequence[str], series: Sequence[tuple[str, str, Sequence[int]]]) -> dict[str, Any]:
    """Return bars stacked by series: (label, colour name, a count a month), the first at the bottom."""
    values = [
        {"month": month, "what": label, "count": count, "order": order}
        for order, (label, _, counts) in enumerate(series)
        for month, count in zip(months, counts, strict=True)
        if count
    ]
    highest = max(sum(column) for column in zip(*(counts for _, _, counts in series), strict=True))
    bars = {
        "mark": {"type": "bar", "size": _bar_width(months), "stroke": SENTINELS["hatch"], "strokeWidth": 0.8},
        "encoding": {
            "x": _month_axis(months),
            "y": {
                "field": "count",
                "type": "quantitative",
                # With a lower count the engine would thin out ticks that it is given.
                "axis": {"title": None, "format": ",d", "values": _whole_ticks(highest), "tickCount": 99},
                "scale": {"domain": [0, max(highest, 1)]},
            },
            "color": _colours([(label, colour) for label, colour, _ in series]),
            "order": {"field": "order"},
        },
    }
    return _spec(values, [bars], height=200)


def duration_spec(months: Sequence[str], values: Sequence[tuple[str, int, int]]) -> dict[str, Any]:
    """Return a dot (median) and a triangle (p90) a month, joined by a line; values are (month, median, p90) in s."""
    rows = [
        {"month": month, "what": what, "seconds": max(seconds, SHORTEST_DRAWN)}
        for month, median, p90 in values
        for what, seconds in (("Median", median), ("90th percentile", p90))
    ]
    bottom, top = _duration_ends([max(seconds, SHORTEST_DRAWN) for _, *both in values for seconds in both])
    shown = [tick for tick in _DURATION_TICKS if bottom <= tick <= top]
    names = ", ".join(f"'{tick}': '{_DURATION_TICKS[tick]}'" for tick in shown)
    # With a lower count the engine would thin out ticks that it is given.
    axis = {
        "title": None,
        "values": shown,
        "tickCount": 99,
        "labelExpr": f"{{{names}}}[datum.value]",
        "labelOverlap": False,
    }
    scale = {"type": "log", "domain": [bottom, top], "nice": False}
    month = _month_axis(months)
    seconds = {"field": "seconds", "type": "quantitative", "scale": scale, "axis": axis}
    span = {
        "mark": {"type": "rule", "color": SENTINELS["axis"], "strokeWidth": 1},
        "encoding": {
            "x": month,
            "y": {"field": "seconds", "type": "quantitative", "aggregate": "min", "scale": scale, "axis": axis},
            "y2": {"field": "seconds", "aggregate": "max"},
        },
    }
    kinds = [("Median", "median"), ("90th percentile", "p90")]
    points = {
        "mark": {"type": "point", "filled": True, "size": 62, "opacity": 1},
        "encoding": {
            "x": month,
            "y": seconds,
            "color": _colours(kinds),
            "shape": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": [label for label, _ in kinds], "range": ["circle", "triangle-up"]},
            },
        },
    }
    return _spec(rows, [span, points], height=200)


def _month_axis(months: Sequence[str]) -> dict[str, Any]:
    axis = {"title": None, "labelExpr": _MONTH_LABEL, "labelAngle": 0, "grid": False, "ticks": False}
    return {"field": "month", "type": "ordinal", "axis": axis, "scale": {"domain": list(months)}}


def _colours(kinds: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "field": "what",
        "type": "nominal",
        "scale": {"domain": [label for label, _ in kinds], "range": [SENTINELS[colour] for _, colour in kinds]},
        "legend": {"title": None},
    }


def _duration_ends(seconds: Sequence[int]) -> tuple[float, float]:
    """Return the ends of an axis that holds all of `seconds` and at least two of its ticks."""
    lowest, highest = min(seconds), max(seconds)
    ticks = list(_DURATION_TICKS)
    below = max((tick for tick in ticks if tick <= lowest), default=ticks[0])
    above = min((tick for tick in ticks if tick > below), default=ticks[-1])
    return below, max(highest * 1.2, above)


def _whole_ticks(highest: int) -> list[int]:
    """Return at most six round numbers from 0 to `highest`: half a deployment is none."""
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if highest <= MOST_STEPS * step)
    return list(range(0, max(highest, 1) + 1, step))


def _bar_width(months: Sequence[str]) -> float:
    return min(0.68 * WIDTH / len(months), _WIDEST_BAR)


def _spec(values: list[dict[str, Any]], layers: list[dict[str, Any]], *, height: int) -> dict[str, Any]:
    text = {"labelColor": SENTINELS["text"], "labelFontSize": 11.5, "labelFont": FONTS}
    return {
        "data": {"values": values},
        "width": WIDTH,
        "height": height,
        "padding": {"left": 2, "right": 6, "top": 4, "bottom": 2},
        "background": None,
        "layer": layers,
        "config": {
            "aria": False,
            "font": FONTS,
            "view": {"stroke": None},
            "axis": {
                **text,
                "gridColor": SENTINELS["grid"],
                "domainColor": SENTINELS["axis"],
                "tickColor": SENTINELS["axis"],
            },
            "axisY": {"domain": False, "ticks": False, "tickCount": 5},
            "legend": {**text, "orient": "top", "symbolType": "square", "symbolSize": 110, "symbolStrokeWidth": 0},
        },
    }
