"""Availability by month, against the target that was agreed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from generator.site.chart import make_chart
from generator.site.chart_colours import SENTINELS
from generator.site.chart_months import drawn_months, filled, span_words
from generator.site.chart_specs import month_axis, spec_of
from generator.site.chart_text import NO_VALUE, cut_notes, duration_text
from generator.site.texts import N_, number, spoken
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.evidence.metrics import Uptime
    from generator.site.chart import Chart
    from generator.site.measured import EnvironmentMeasures

_HUNDRED = Decimal(100)
_THOUSANDTHS = Decimal("0.001")
_MET, _MISSED, _PLAIN = N_("Target met"), N_("Below the target"), N_("Availability")


def availability_chart(measures: EnvironmentMeasures) -> Chart:
    """Return availability by month with its target, or why it is not measurable."""
    whole = measures.whole.availability if measures.whole is not None else None
    uptimes = {month: line.availability for month, line in filled(measures.months).items()}
    if whole is None or whole.reason:
        uptimes = {}
    months = list(uptimes)
    target = _target(whole)
    drawn = drawn_months([_share(uptime) is not None for uptime in uptimes.values()])
    known = {month: share for month in months[drawn] if (share := _share(uptimes[month])) is not None}
    says = _("Availability by month: agreed operating time without unplanned downtime, as a share of it.")
    if whole is not None and known:
        reached = availability_text(whole)
        says += " " + (
            _("Over all of it %(share)s.", share=reached)
            if target is None
            else _("Over all of it %(share)s, target %(target)s %%.", share=reached, target=target)
        )
    return make_chart(
        "availability",
        measures.environment,
        title=_("Availability") if target is None else _("Availability against the target"),
        says=f"{says}{span_words(months, drawn)}",
        columns=(
            _("Month"),
            _("Agreed time"),
            _("Down"),
            _("Downtimes"),
            _("Availability"),
            _("Target"),
            _("Met"),
        ),
        rows=[_row(month, uptime) for month, uptime in uptimes.items()],
        spec=_spec(months[drawn], known, target) if known else {},
        reason=_(
            "Not measurable: %(reason)s",
            reason=whole.reason if whole is not None and whole.reason else _("no time was agreed."),
        ),
        notes=(
            *cut_notes(measures.months if known else ()),
            _("No target was agreed.") if known and target is None else "",
        ),
    )


def availability_text(uptime: Uptime) -> str:
    """Return availability in per cent, rounded down: what was down a second is not 100 %."""
    share = _share(uptime)
    if share is None:
        return NO_VALUE
    return _percent(share)


def _percent(share: Decimal) -> str:
    """Return a share in per cent, rounded down, without zeros at its end."""
    figure = f"{share.quantize(_THOUSANDTHS, rounding='ROUND_FLOOR').normalize():f}"
    return f"{figure.replace('.', spoken().decimal)} %"


def target_text(uptime: Uptime) -> str:
    """Return the agreed target and whether it was met, as `target 99.9 %, missed`; empty where there is none."""
    share, target = _share(uptime), _target(uptime)
    if share is None or target is None:
        return ""
    if share >= target:
        return _("target %(target)s %%, met", target=target)
    return _("target %(target)s %%, missed", target=target)


def _share(uptime: Uptime | None) -> Decimal | None:
    """Return availability in per cent; `None` where no time was agreed or nothing was measured."""
    if uptime is None or uptime.reason or not uptime.agreed_seconds:
        return None
    return _HUNDRED * (uptime.agreed_seconds - uptime.down_seconds) / uptime.agreed_seconds


def _target(uptime: Uptime | None) -> Decimal | None:
    try:
        return Decimal(uptime.target) if uptime is not None and uptime.target else None
    except InvalidOperation:
        return None


def _row(month: str, uptime: Uptime | None) -> tuple[str, ...]:
    share, target = _share(uptime), _target(uptime)
    if uptime is None or share is None:
        return (month, *[NO_VALUE] * 6)
    return (
        month,
        duration_text(uptime.agreed_seconds),
        duration_text(uptime.down_seconds),
        number(uptime.intervals),
        availability_text(uptime),
        f"{target} %" if target is not None else NO_VALUE,
        NO_VALUE if target is None else _("yes") if share >= target else _("no"),
    )


def _spec(months: Sequence[str], known: Mapping[str, Decimal], target: Decimal | None) -> dict[str, Any]:
    values = [
        {
            "month": month,
            "availability": float(share),
            "text": _percent(share),
            "what": _(_PLAIN if target is None else _MET if share >= target else _MISSED),
        }
        for month, share in known.items()
    ]
    lowest = float(min([*known.values(), *([target] if target is not None else [])]))
    bottom = max(0.0, lowest - max(0.12 * (100 - lowest), 0.01)) if lowest < 100 else 99.0  # noqa: PLR2004 - per cent
    y = {
        "field": "availability",
        "type": "quantitative",
        "scale": {"domain": [bottom, 100], "nice": False},
        "axis": {"title": None, "tickCount": 4, "labelExpr": "datum.label + ' %'"},
    }
    month = month_axis(months)
    names = [_(_PLAIN)] if target is None else [_(_MET), _(_MISSED)]
    hanging = {
        "mark": {"type": "rule", "color": SENTINELS["axis"], "strokeWidth": 1.5},
        "encoding": {"x": month, "y": y, "y2": {"datum": 100}},
    }
    what = {"field": "what", "type": "nominal", "legend": {"title": None}}
    palette = [SENTINELS["forward"], SENTINELS["failed"]][: len(names)]
    points = {
        "mark": {"type": "point", "filled": True, "size": 62, "opacity": 1},
        "encoding": {
            "x": month,
            "y": y,
            "color": {**what, "scale": {"domain": names, "range": palette}},
            "shape": {**what, "scale": {"domain": names, "range": ["circle", "triangle-down"][: len(names)]}},
            "tooltip": [
                {"field": name, "title": title} for name, title in (("month", _("Month")), ("text", _(_PLAIN)))
            ],
        },
    }
    return spec_of(values, [hanging, points, *_target_line(target)], height=180)


def _target_line(target: Decimal | None) -> list[dict[str, Any]]:
    if target is None:
        return []
    y = {"datum": float(target), "type": "quantitative"}
    look = {"color": SENTINELS["text"], "strokeWidth": 1.4, "strokeDash": [5, 3]}
    words = {"type": "text", "align": "left", "baseline": "middle", "dx": 6, "fontSize": 11}
    return [
        {"data": {"values": [{}]}, "mark": {"type": "rule", **look}, "encoding": {"y": y}},
        {
            "data": {"values": [{"words": _("target %(target)s %%", target=target)}]},
            "mark": {**words, "color": SENTINELS["text"]},
            "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "words"}},
        },
    ]
