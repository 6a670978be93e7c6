"""The swimlane of a component: time across, a lane an environment, a bar a version; a rollback is a step down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from generator.site.chart import make_chart
from generator.site.chart_colours import BEHIND_TEXT, SENTINELS
from generator.site.chart_specs import WIDTH, spec_of, time_axis
from generator.site.chart_text import duration_text, label
from generator.site.texts import number
from generator.site.words import counted, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.site.chart import Chart
    from generator.site.stays import Lane, Stay

BARS_DRAWN = 40
"""Versions of one lane that are drawn, the newest."""
MOST_LANES = 12
"""Environments that are drawn: the first, in the order given."""
_LANE, _BAR, _STEP = 46, 20, 13
"""Height of a lane and of a bar, and how much lower a rollback lies, in units of the view box."""
_LETTER, _MARGIN = 6.2, 9
"""Width of a letter and what is free around a label, in the same."""
_SHORTEST_CUT, _LONGEST_LABEL = 9, 40
_LONGEST_LANE = 22
_SHORTEST_WINDOW = 3_600


def swimlane_chart(component: str, lanes: Sequence[Lane], as_of: int) -> Chart:
    """Return the versions of `component` over time, up to `as_of` (seconds since 1970), in each of `lanes`."""
    drawn = lanes[:MOST_LANES]
    stays = [(lane.environment, stay) for lane in lanes for stay in lane.stays]
    start, end = _window(drawn, as_of)
    back = sum(stay.kind == "rollback" for _, stay in stays)
    says = "Versions over time, a lane an environment. A bar that lies lower, behind an arrow, came by a rollback;"
    says += " a version has the same ground wherever it stands."
    if stays:
        versions = len({stay.version for _, stay in stays})
        says += f" {counted(versions, 'version')} in {counted(len(lanes), 'environment')},"
        says += f" {counted(back, 'rollback')}."
    left = sum(stay.end is not None and stay.end <= start for lane in drawn for stay in lane.stays)
    return make_chart(
        "swimlane",
        component,
        title=f"Versions of {label(component, 60)}",
        says=says,
        columns=("From", "Environment", "Version", "Until", "For", "Kind"),
        rows=[_row(name, stay, as_of) for name, stay in sorted(stays, key=_order)],
        spec=_spec(drawn, start, end) if stays else {},
        reason="No version of it was seen." if not stays else "",
        notes=(
            f"Drawn from {_day(start)} on, where {counted(left, 'version')} had gone already." if left else "",
            f"Of {number(len(lanes))} environments {MOST_LANES} are drawn." if len(lanes) > MOST_LANES else "",
        ),
    )


def _order(row: tuple[str, Stay]) -> tuple[int, str]:
    return row[1].start, row[0]


def _row(environment: str, stay: Stay, as_of: int) -> tuple[str, ...]:
    until = "stands" if stay.end is None else _minute(stay.end)
    lasted = duration_text((as_of if stay.end is None else stay.end) - stay.start)
    return _minute(stay.start), shown(environment), label(stay.version, 80), until, lasted, stay.kind


def _window(lanes: Sequence[Lane], as_of: int) -> tuple[int, int]:
    """Return the time that is drawn: that of the newest bars of the busiest lane, and of all where they are few."""
    starts = [stays[-BARS_DRAWN:][0].start for lane in lanes if (stays := lane.stays)]
    end = max([as_of, *(stay.start for lane in lanes for stay in lane.stays)])
    busy = [lane.stays[-BARS_DRAWN].start for lane in lanes if len(lane.stays) > BARS_DRAWN]
    start = max(busy) if busy else min(starts, default=end)
    return min(start, end - _SHORTEST_WINDOW), end


def _spec(lanes: Sequence[Lane], start: int, end: int) -> dict[str, Any]:
    bars: list[dict[str, Any]] = []
    tints: dict[str, int] = {}
    for _, version in sorted((stay.start, stay.version) for lane in lanes for stay in lane.stays):
        tints.setdefault(version, len(tints) % len(BEHIND_TEXT))
    for place, lane in enumerate(lanes):
        bars += [
            _bar(stay, place, tints[stay.version], start, end)
            for stay in lane.stays
            if stay.end is None or stay.end > start
        ]
    height = _LANE * len(lanes)
    names = [
        {"y": place * _LANE + _LANE / 2, "name": label(lane.environment, _LONGEST_LANE)}
        for place, lane in enumerate(lanes)
    ]
    lines = [{"y": place * _LANE} for place in range(1, len(lanes))]
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [0, height], "range": [0, height], "nice": False}}
    text = {"type": "text", "baseline": "middle", "fontSize": 11.5, "color": SENTINELS["text"]}
    layers = [
        {
            "data": {"values": lines},
            "mark": {"type": "rule", "color": SENTINELS["grid"]},
            "encoding": {"y": {**y, "field": "y"}},
        },
        *_bars(y, start, end),
        {
            "data": {"values": names},
            "mark": {**text, "align": "right", "dx": -8},
            "encoding": {"y": {**y, "field": "y"}, "x": {"value": 0}, "text": {"field": "name", "type": "nominal"}},
        },
    ]
    return spec_of(bars, layers, height=height)


def _bar(stay: Stay, place: int, tint: int, start: int, end: int) -> dict[str, Any]:
    begins, ends = max(stay.start, start), end if stay.end is None else stay.end
    back = stay.kind == "rollback"
    top = place * _LANE + (_LANE - _BAR - _STEP) / 2 + (_STEP if back else 0)
    room = WIDTH * (ends - begins) / (end - start) - _MARGIN - (9 if back else 0)
    letters = int(room / _LETTER)
    # What is left of a version must still tell it from others.
    fits = len(stay.version) <= letters or letters >= _SHORTEST_CUT
    name = label(stay.version, min(letters, _LONGEST_LABEL)) if fits else ""
    return {
        "at": begins * 1000,
        "until": ends * 1000,
        "top": top,
        "bottom": top + _BAR,
        "middle": top + _BAR / 2,
        "ground": f"tint-{tint + 1}",
        "back": back,
        "name": name,
        "version": stay.version,
        "kind": stay.kind,
        "time": f"{_minute(stay.start)} to {'the report' if stay.end is None else _minute(stay.end)}",
    }


def _bars(y: dict[str, Any], start: int, end: int) -> list[dict[str, Any]]:
    x = time_axis(start, end)
    told = [{"field": name, "title": name.capitalize(), "type": "nominal"} for name in ("version", "kind", "time")]
    tint = {
        "field": "ground",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(BEHIND_TEXT), "range": [SENTINELS[name] for name in BEHIND_TEXT]},
    }
    place = {"x": x, "x2": {"field": "until"}, "y": {**y, "field": "top"}, "y2": {"field": "bottom"}}
    words = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 11, "color": SENTINELS["text"]}
    middle = {"x": x, "y": {**y, "field": "middle"}}
    look: dict[str, Any] = {"type": "rect", "strokeWidth": 1, "stroke": SENTINELS["axis"]}
    arrow = {"type": "point", "shape": "triangle-left", "filled": True, "opacity": 1, "size": 60, "xOffset": 6}
    parts: list[dict[str, Any]] = [{"mark": look, "encoding": {**place, "fill": tint, "tooltip": told}}]
    for back in (False, True):
        chosen = [{"filter": f"datum.back == {str(back).lower()}"}]
        named = {**middle, "text": {"field": "name", "type": "nominal"}}
        parts.append({"transform": chosen, "mark": {**words, "dx": 14 if back else 5}, "encoding": named})
    chosen = [{"filter": "datum.back"}]
    edge = {"type": "rule", "color": SENTINELS["back"], "strokeWidth": 2.5}
    parts.append({"transform": chosen, "mark": edge, "encoding": {key: place[key] for key in ("x", "y", "y2")}})
    parts.append({"transform": chosen, "mark": {**arrow, "color": SENTINELS["back"]}, "encoding": middle})
    return parts


def _minute(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(" ", "minutes")[:16]


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
