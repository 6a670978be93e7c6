"""The recovery timeline: every failed deployment at its time, as high as its recovery took; open ones are marked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from generator.site.chart import make_chart
from generator.site.chart_colours import SENTINELS
from generator.site.chart_specs import colours, duration_axis, spec_of, time_axis
from generator.site.chart_text import NO_VALUE, SHORTEST_DRAWN, duration_text, label, small_note
from generator.site.texts import N_, ngettext, number
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.metrics import Spread
    from generator.evidence.samples import FailedSample
    from generator.site.chart import Chart

FAILURES_DRAWN = 150
"""Failed deployments that are drawn, the newest."""
_RECOVERED, _OPEN = N_("Recovered"), N_("Not recovered")
_SHORTEST_WINDOW = 86_400


def recovery_chart(
    environment: str, failures: Sequence[FailedSample], spread: Spread, *, as_of: int, small: int
) -> Chart:
    """Return the failed deployments of an environment; `spread` is of their recovery times, `as_of` the report time."""
    ordered = sorted(failures, key=lambda one: one.time or 0)
    known = [one for one in ordered if one.time is not None and (one.seconds is not None or not one.recovered)]
    drawn = known[-FAILURES_DRAWN:]
    still = sum(not one.recovered for one in ordered)
    says = _(
        "Failed deployments at their time, as high as their recovery took, on a logarithmic axis. Less than a minute is"
        " drawn as one."
    )
    if ordered:
        says += " " + _(
            "%(n)s of %(of)s recovered, median %(median)s, 90th percentile %(p90)s.",
            n=number(spread.n),
            of=number(spread.of),
            median=duration_text(spread.median_seconds),
            p90=duration_text(spread.p90_seconds),
        )
    if still:
        says += " " + ngettext(
            "%(number)s failure not recovered: dashed, as high as the time since.",
            "%(number)s failures not recovered: dashed, as high as the time since.",
            still,
        )
    return make_chart(
        "recovery",
        environment,
        title=_("Recovery of failed deployments"),
        says=says,
        columns=(_("Failed"), _("Deployment"), _("Recovered"), _("After"), _("Told by")),
        rows=[_row(one) for one in ordered],
        spec=_spec(drawn, as_of) if drawn else {},
        reason=spread.reason or _("No deployment failed."),
        notes=(
            small_note(spread.n, small, N_("recovery"), N_("recoveries")),
            _(
                "Of %(every)s failed deployments the newest %(number)s are drawn.",
                every=number(len(known)),
                number=FAILURES_DRAWN,
            )
            if len(known) > FAILURES_DRAWN
            else "",
            ngettext(
                "%(number)s failure at an unknown time: in the table alone.",
                "%(number)s failures at an unknown time: in the table alone.",
                len(ordered) - len(known),
            )
            if len(ordered) > len(known)
            else "",
        ),
    )


def _row(one: FailedSample) -> tuple[str, ...]:
    told = label(", ".join(one.told_by), 120)
    time = NO_VALUE if one.time is None else _minute(one.time)
    if not one.recovered:
        return time, label(one.deployment, 80), _("not recovered"), NO_VALUE, told
    if one.time is None or one.seconds is None:
        return time, label(one.deployment, 80), _("at an unknown time"), NO_VALUE, told
    return time, label(one.deployment, 80), _minute(one.time + one.seconds), duration_text(one.seconds), told


def _minute(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(" ", "minutes")[:16]


def _spec(failures: Sequence[FailedSample], as_of: int) -> dict[str, Any]:
    values = []
    for one in failures:
        time = one.time or 0
        lasted = as_of - time if one.seconds is None else one.seconds
        values.append(
            {
                "at": time * 1000,
                "seconds": max(lasted, SHORTEST_DRAWN),
                "what": _(_RECOVERED if one.recovered else _OPEN),
                "open": not one.recovered,
                "deployment": one.deployment,
                "time": _minute(time),
                "duration": duration_text(lasted),
            }
        )
    scale, axis = duration_axis([value["seconds"] for value in values if isinstance(value["seconds"], int)])
    y = {"field": "seconds", "type": "quantitative", "scale": scale, "axis": axis}
    first, end = failures[0].time or 0, max(as_of, failures[-1].time or 0)
    room = max(end - first, _SHORTEST_WINDOW) // 40
    x = time_axis(first - room, end)
    told = [
        {"field": name, "title": title}
        for name, title in (
            ("deployment", _("Deployment")),
            ("time", _("Time")),
            ("what", _("What")),
            ("duration", _("Duration")),
        )
    ]
    kinds = [(_(_RECOVERED), "forward"), (_(_OPEN), "failed")]
    sticks = [
        {
            "transform": [{"filter": f"datum.open == {str(colour == 'failed').lower()}"}],
            "mark": {
                "type": "rule",
                "color": SENTINELS[colour],
                "strokeWidth": 2,
                **({"strokeDash": [4, 3]} if colour == "failed" else {}),
            },
            "encoding": {"x": x, "y": y, "y2": {"datum": scale["domain"][0]}},
        }
        for _name, colour in kinds
    ]
    ends = {
        "mark": {"type": "point", "filled": True, "size": 62, "opacity": 1},
        "encoding": {
            "x": x,
            "y": y,
            "color": colours(kinds),
            "shape": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": [name for name, _ in kinds], "range": ["circle", "triangle-up"]},
            },
            "tooltip": told,
        },
    }
    return spec_of(values, [*sticks, ends], height=190)
