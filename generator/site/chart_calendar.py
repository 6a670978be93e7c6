"""The release calendar: a square a day, a row a weekday, over the last year; days with a failure carry a mark."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from generator.site.chart import make_chart
from generator.site.chart_colours import SENTINELS
from generator.site.chart_specs import spec_of
from generator.site.texts import gettext as _
from generator.site.texts import ngettext, number
from generator.site.words import MONTHS, WEEKDAYS, counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.evidence.counts import KindCounts
    from generator.evidence.metrics import PeriodMetrics
    from generator.site.chart import Chart
    from generator.site.measured import EnvironmentMeasures

WEEKS = 53
DAYS_SHOWN = 366
"""Days up to the report's, its own included: those of which evidence has measures."""
_WEEK = 7
_WIDTH = 636
"""Width of all weeks together, in units of the view box."""
_LARGEST_STEP = 20
"""Side of a day with its margin in a short history, in units of the view box."""
_SIDES = (0.46, 0.62, 0.79, 0.92)
"""Side of the square of each level as a share of the day's, the smallest first."""
_NOTHING, _FAILED = 0.33, 0.6
"""Sides of the mark of a day without a deployment and of that of a failure, as shares of the day's."""


class _Day(NamedTuple):
    day: date
    deployments: int
    bulk: int
    failed: int


def calendar_chart(measures: EnvironmentMeasures, as_of: str) -> Chart:
    """Return the deployments of each day of the last year up to `as_of` (RFC 3339), bulk ones included."""
    last = _date(as_of)
    days = _days(measures, last) if last is not None else ()
    deployments, failed = sum(day.deployments for day in days), sum(day.failed for day in days)
    bulk = sum(day.bulk for day in days)
    says = _("Deployments a day, a column a week: the more there were, the larger and the stronger the square.")
    if days:
        says += " " + _(
            "%(first)s to %(last)s: %(deployments)s on %(days)s.",
            first=days[0].day,
            last=days[-1].day,
            deployments=counted(deployments, "deployment"),
            days=counted(sum(day.deployments > 0 for day in days), "day"),
        )
        says += " " + (
            ngettext(
                "%(number)s failed deployment, on the day with a triangle.",
                "%(number)s failed deployments, on the days with a triangle.",
                failed,
            )
            if failed
            else _("No failed deployments.")
        )
    return make_chart(
        "calendar",
        measures.environment,
        title=_("Release calendar"),
        says=says,
        columns=(_("Week"), *map(_, WEEKDAYS), _("Deployments"), _("Failed")),
        rows=_rows(days),
        spec=_spec(days) if deployments or failed else {},
        reason=_("There was no deployment in the last year.") if days else _("No deployment was recorded."),
        notes=(
            ngettext("%(number)s bulk deployment among them.", "%(number)s bulk deployments among them.", bulk)
            if bulk
            else "",
        ),
    )


def _date(iso: str) -> date | None:
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return (when.astimezone(UTC) if when.tzinfo else when).date()


def _days(measures: EnvironmentMeasures, last: date) -> tuple[_Day, ...]:
    """Return every day that the calendar has, oldest first; none before the first deployment."""
    start = _date(measures.whole.start) if measures.whole is not None else None
    if start is None or start > last:
        return ()
    length = min((last - max(start, _first(last))).days + 1, DAYS_SHOWN)
    lines = {line.period: line for line in measures.days}
    days = (last - timedelta(days=back) for back in reversed(range(length)))
    return tuple(_day(day, lines.get(day.isoformat())) for day in days)


def _first(last: date) -> date:
    """Return the first day of the first of the `WEEKS` whose last one holds `last`."""
    return date.fromordinal(max(1, last.toordinal() - last.weekday() - _WEEK * (WEEKS - 1)))


def _day(day: date, line: PeriodMetrics | None) -> _Day:
    if line is None:
        return _Day(day, 0, 0, 0)
    bulk = _total(line.bulk)
    return _Day(day, _total(line.kinds) + bulk, bulk, line.change_fail_rate.count + line.failed_apart)


def _total(kinds: KindCounts) -> int:
    return sum(msgspec.structs.astuple(kinds))


def _rows(days: Sequence[_Day]) -> list[tuple[str, ...]]:
    weeks: dict[str, dict[int, _Day]] = {}
    for day in days:
        weeks.setdefault(day.day.strftime("%G-W%V"), {})[day.day.weekday()] = day
    return [
        (
            week,
            *(_cell(found, weekday) for weekday in range(_WEEK)),
            number(sum(day.deployments for day in found.values())),
            number(sum(day.failed for day in found.values())),
        )
        for week, found in weeks.items()
    ]


def _cell(days: Mapping[int, _Day], weekday: int) -> str:
    """Return what a day had; nothing where it is not in the calendar."""
    day = days.get(weekday)
    if day is None:
        return ""
    return number(day.deployments) + (" " + _("(%(number)s failed)", number=number(day.failed)) if day.failed else "")


def _levels(highest: int) -> list[int]:
    """Return the largest count of each level, at most four of them."""
    if highest <= len(_SIDES):
        return list(range(1, highest + 1))
    return sorted({ceil(highest ** (level / len(_SIDES))) for level in range(1, len(_SIDES))} | {highest})


def _spec(days: Sequence[_Day]) -> dict[str, Any]:
    levels = _levels(max(day.deployments for day in days))
    names = [_range(low, high) for low, high in _bounds(levels)]
    first = max(_first(days[-1].day), _monday(days[0].day))
    weeks = max((days[-1].day - first).days // _WEEK + 1, ceil(_WIDTH / _LARGEST_STEP))
    step = _WIDTH / weeks
    squares: list[dict[str, Any]] = []
    empty: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for day in days:
        place: dict[str, Any] = {
            "week": (day.day - first).days // _WEEK,
            "weekday": _(WEEKDAYS[day.day.weekday()]),
            "day": f"{_(WEEKDAYS[day.day.weekday()])} {day.day}",
        }
        if day.deployments or day.failed:
            place |= {"deployments": day.deployments, "failed": day.failed}
        (squares if day.deployments else empty).append(place)
        if day.deployments:
            place["what"] = next(name for name, high in zip(names, levels, strict=True) if day.deployments <= high)
        if day.failed:
            failed.append(place)
    layers = [_layer(empty, weeks, {"size": _area(_NOTHING, step), "color": SENTINELS["grid"]})]
    if squares:
        layers.append(_squares(squares, names, weeks))
    if failed:
        look = {"shape": "triangle-up", "size": _area(_FAILED, step), "color": SENTINELS["failed"]}
        layers.append(_layer(failed, weeks, {**look, "stroke": SENTINELS["hatch"], "strokeWidth": 1.2}))
    layers.append(_month_names(days, first, weeks))
    return {**spec_of([], layers, height=round(_WEEK * (step + 1))), "width": _WIDTH}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _area(share: float, step: float) -> float:
    """Return the area of a mark whose side is so large a `share` of the day's."""
    return round((share * step) ** 2, 1)


def _range(low: int, high: int) -> str:
    if low == high:
        return number(low)
    return _("%(low)s to %(high)s", low=number(low), high=number(high))


def _bounds(levels: Sequence[int]) -> list[tuple[int, int]]:
    return [(below + 1, high) for below, high in zip([0, *levels], levels, strict=False)]


def _axes(weeks: int) -> dict[str, Any]:
    axis = {"title": None, "domain": False, "ticks": False, "grid": False, "labelPadding": 8}
    return {
        "x": {"field": "week", "type": "ordinal", "axis": None, "scale": {"domain": list(range(weeks)), "padding": 0}},
        "y": {
            "field": "weekday",
            "type": "ordinal",
            "axis": axis,
            "scale": {"domain": list(map(_, WEEKDAYS)), "padding": 0},
        },
    }


def _layer(values: list[dict[str, Any]], weeks: int, look: dict[str, Any]) -> dict[str, Any]:
    told = [
        {"field": name, "title": title}
        for name, title in (("day", _("Day")), ("deployments", _("Deployments")), ("failed", _("Failed")))
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "point", "shape": "square", "filled": True, "opacity": 1, **look},
        "encoding": {**_axes(weeks), "tooltip": told},
    }


def _squares(values: list[dict[str, Any]], names: Sequence[str], weeks: int) -> dict[str, Any]:
    layer = _layer(values, weeks, {})
    used = range(len(_SIDES) - len(names), len(_SIDES))
    what = {"field": "what", "type": "nominal", "legend": {"title": None, "symbolType": "square"}}
    layer["encoding"] |= {
        "color": {
            **what,
            "scale": {"domain": list(names), "range": [SENTINELS[f"heat-{level + 1}"] for level in used]},
        },
    }
    sizes = [_area(_SIDES[level], _WIDTH / weeks) for level in used]
    if len(names) > 1:
        layer["encoding"]["size"] = {**what, "scale": {"domain": list(names), "range": sizes}}
    else:
        # A scale of sizes needs two of them.
        layer["mark"]["size"] = sizes[0]
    return layer


def _month_names(days: Sequence[_Day], first: date, weeks: int) -> dict[str, Any]:
    """Return the names of the months over the weeks in which they begin; that of a year has the year's."""
    values: list[dict[str, Any]] = []
    for day in days:
        if day.day.day == 1:
            name = _(MONTHS[day.day.month - 1])[:3]
            text = str(day.day.year) if day.day.month == 1 else name
            values.append({"week": (day.day - first).days // _WEEK, "text": text})
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "left", "y": -8, "dx": -5, "fontSize": 11, "color": SENTINELS["text"]},
        "encoding": {"x": _axes(weeks)["x"], "text": {"field": "text"}},
    }
