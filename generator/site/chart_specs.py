"""Vega-Lite specifications of charts by month, and what all charts have in common.

Expressions hold no text of a repository, and nor do names of fields: such text stands in values of the data alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.site.chart_colours import SENTINELS
from generator.site.chart_svg import DRAWN_IN
from generator.site.chart_text import (
    BETWEEN,
    CROWDED,
    DURATION_TICKS,
    SHORTEST_DRAWN,
    duration_ends,
    short_count,
    whole_ticks,
)
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 640
"""Width of the plot, in units of the view box."""
_MONTH_LABEL = (
    "[monthAbbrevFormat(toNumber(slice(datum.value, 5, 7)) - 1),"
    " ({first}slice(datum.value, 5, 7) == '01') ? slice(datum.value, 0, 4) : '']"
)
_NEW_YEAR = "-01"
_WIDEST_BAR = 34
_DIGIT = 6
"""Width of a digit over a bar, in units of the view box."""
_DAY = 86_400
_TIMES = ((3 * _DAY, "%b %-d %H:%M"), (100 * _DAY, "%b %-d"), (2_200 * _DAY, "%b %Y"), (float("inf"), "%Y"))
"""How times are named on an axis shorter than so many seconds."""


def diverging_spec(
    months: Sequence[str], up: Sequence[int], down: Sequence[int], shares: Sequence[float | None]
) -> dict[str, Any]:
    """Return bars up and bars down on one scale, each with its number at its end, over a strip with their share."""
    room = int(WIDTH / len(months) / _DIGIT)
    ahead, back = _("Forward"), _("Rollback or roll-forward")
    values = [
        {"month": month, "what": name, "count": sign * count, "text": short_count(count, room) if count else ""}
        for name, sign, counts in ((ahead, 1, up), (back, -1, down))
        for month, count in zip(months, counts, strict=True)
    ]
    bare = {"labels": False, "domain": False}
    month = month_axis(months, **(bare if any(shares) else {}))
    over = max(0.09 * (max(down) + max(up)), 0.3)
    count = {
        "field": "count",
        "type": "quantitative",
        "stack": None,
        "axis": {"title": None, "format": "d", "labelExpr": "format(abs(datum.value), ',d')", "tickMinStep": 1},
        "scale": {"domain": [-max(down) - over, max(up) + over], "nice": False},
    }
    bars = {
        "mark": {"type": "bar", "size": bar_width(months)},
        "encoding": {"x": month, "y": count, "color": colours([(ahead, "forward"), (back, "rollback")])},
    }
    numbers = [
        {
            "transform": [{"filter": f"datum.count {sign} 0"}],
            "mark": {"type": "text", "dy": shift, "fontSize": 10.5, "color": SENTINELS["text"]},
            "encoding": {"x": month, "y": count, "text": {"field": "text"}},
        }
        for sign, shift in ((">", -7), ("<", 9))
    ]
    zero = {
        "mark": {"type": "rule", "color": SENTINELS["axis"]},
        "encoding": {"y": {"datum": 0, "type": "quantitative"}},
    }
    layers: list[dict[str, Any]] = [bars, zero, *numbers]
    if not any(shares):
        return spec_of(values, layers, height=210)
    return _stacked_views(values, layers, _strip(months, shares))


def _stacked_views(values: list[dict[str, Any]], layers: list[dict[str, Any]], strip: dict[str, Any]) -> dict[str, Any]:
    whole = spec_of(values, layers, height=190)
    top = {key: whole.pop(key) for key in ("data", "width", "height", "layer")}
    return {**whole, "vconcat": [top, strip], "spacing": 10}


def _strip(months: Sequence[str], shares: Sequence[float | None]) -> dict[str, Any]:
    values = [
        {"month": month, "share": share} for month, share in zip(months, shares, strict=True) if share is not None
    ]
    highest = max(value["share"] for value in values if isinstance(value["share"], float))
    y = {
        "field": "share",
        "type": "quantitative",
        "axis": {"title": None, "format": ".0%", "values": [0, highest], "tickCount": 99},
        "scale": {"domain": [0, highest * 1.12], "nice": False},
    }
    return {
        "data": {"values": values},
        "width": WIDTH,
        "height": 44,
        "title": {
            "text": _("Share of rollbacks and roll-forwards, over 3 months"),
            "anchor": "start",
            "frame": "group",
            "fontSize": 11.5,
            "fontWeight": "normal",
            "color": SENTINELS["text"],
            "offset": 4,
        },
        "mark": {
            "type": "line",
            "color": SENTINELS["back"],
            "strokeWidth": 1.6,
            "point": {"color": SENTINELS["back"], "size": 26, "filled": True},
        },
        "encoding": {"x": month_axis(months), "y": y},
    }


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
        "mark": {"type": "bar", "size": bar_width(months), "stroke": SENTINELS["hatch"], "strokeWidth": 0.8},
        "encoding": {
            "x": month_axis(months),
            "y": {
                "field": "count",
                "type": "quantitative",
                # With a lower count the engine would thin out ticks that it is given.
                "axis": {"title": None, "format": ",d", "values": whole_ticks(highest), "tickCount": 99},
                "scale": {"domain": [0, max(highest, 1)]},
            },
            "color": colours([(label, colour) for label, colour, _ in series]),
            "order": {"field": "order"},
        },
    }
    return spec_of(values, [bars], height=200)


def duration_spec(
    months: Sequence[str], values: Sequence[tuple[str, int, int]], names: tuple[str, str]
) -> dict[str, Any]:
    """Return a dot and a triangle a month, joined by a line; values are (month, seconds, seconds), named by `names`."""
    rows = [
        {"month": month, "what": what, "seconds": max(seconds, SHORTEST_DRAWN)}
        for month, *both in values
        for what, seconds in zip(names, both, strict=True)
    ]
    scale, axis = duration_axis([max(seconds, SHORTEST_DRAWN) for _, *both in values for seconds in both])
    month = month_axis(months)
    seconds = {"field": "seconds", "type": "quantitative", "scale": scale, "axis": axis}
    span = {
        "mark": {"type": "rule", "color": SENTINELS["axis"], "strokeWidth": 1},
        "encoding": {
            "x": month,
            "y": {"field": "seconds", "type": "quantitative", "aggregate": "min", "scale": scale, "axis": axis},
            "y2": {"field": "seconds", "aggregate": "max"},
        },
    }
    kinds = list(zip(names, ("median", "p90"), strict=True))
    points = {
        "mark": {"type": "point", "filled": True, "size": 62, "opacity": 1},
        "encoding": {
            "x": month,
            "y": seconds,
            "color": colours(kinds),
            "shape": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": list(names), "range": ["circle", "triangle-up"]},
            },
        },
    }
    return spec_of(rows, [span, points], height=200)


def quoted(text: str) -> str:
    """Return a text of our own as a string of Vega's expressions."""
    return json.dumps(text)


def duration_axis(seconds: Sequence[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the scale and the axis of durations that hold all of `seconds`, none of which may be below a minute."""
    bottom, top = duration_ends(seconds)
    shown = [tick for tick in DURATION_TICKS if bottom <= tick <= top]
    if len(shown) >= CROWDED:
        shown = [tick for tick in shown if tick not in BETWEEN]
    names = ", ".join(f"'{tick}': {quoted(_(DURATION_TICKS[tick]))}" for tick in shown)
    # With a lower count the engine would thin out ticks that it is given.
    axis = {
        "title": None,
        "values": shown,
        "tickCount": 99,
        "labelExpr": f"{{{names}}}[datum.value]",
        "labelOverlap": False,
    }
    return {"type": "log", "domain": [bottom, top], "nice": False}, axis


def month_axis(months: Sequence[str], **more: object) -> dict[str, Any]:
    """Return the axis of `months`, which are names such as `2026-08`."""
    # The first month has its year too, unless that of the next one would stand on it.
    first = "" if any(month.endswith(_NEW_YEAR) for month in months[:2]) else "datum.index == 0 || "
    label = _MONTH_LABEL.replace("{first}", first)
    axis = {"title": None, "labelExpr": label, "labelAngle": 0, "grid": False, "ticks": False, **more}
    return {"field": "month", "type": "ordinal", "axis": axis, "scale": {"domain": list(months)}}


def time_axis(start: int, end: int) -> dict[str, Any]:
    """Return the scale and axis of times from `start` to `end`, seconds since 1970, as parts of an encoding.

    Its field is `at`, in milliseconds; everything is in UTC, whatever the machine's zone.
    """
    shown = next(shown for longest, shown in _TIMES if end - start < longest)
    axis = {"title": None, "grid": False, "tickCount": 6, "format": shown, "labelOverlap": True, "labelFlush": True}
    return {
        "field": "at",
        "type": "temporal",
        "scale": {"type": "utc", "domain": [start * 1000, end * 1000], "nice": False},
        "axis": axis,
    }


def colours(kinds: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the encoding of `what` by colour; `kinds` are (label, colour name), in the order of the legend."""
    return {
        "field": "what",
        "type": "nominal",
        "scale": {"domain": [label for label, _ in kinds], "range": [SENTINELS[colour] for _, colour in kinds]},
        "legend": {"title": None},
    }


def bar_width(months: Sequence[str]) -> float:
    """Return how wide a bar is that has its share of the plot."""
    return min(0.68 * WIDTH / len(months), _WIDEST_BAR)


def spec_of(values: list[dict[str, Any]], layers: list[dict[str, Any]], *, height: float) -> dict[str, Any]:
    """Return a specification of `layers` over `values`, with the look of all charts."""
    text = {"labelColor": SENTINELS["text"], "labelFontSize": 11.5, "labelFont": DRAWN_IN}
    return {
        "data": {"values": values},
        "width": WIDTH,
        "height": height,
        "padding": {"left": 2, "right": 6, "top": 4, "bottom": 2},
        "background": None,
        "layer": layers,
        "config": {
            "aria": False,
            "font": DRAWN_IN,
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
