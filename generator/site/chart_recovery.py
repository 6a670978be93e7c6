"""The recovery timeline: every failed deployment at its time, as high as its recovery took; open ones are marked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from generator.site.chart import make_chart
from generator.site.chart_colours import SENTINELS
from generator.site.chart_specs import colours, duration_axis, spec_of, time_axis
from generator.site.chart_text import NO_VALUE, SHORTEST_DRAWN, duration_text, label, small_note
from generator.site.texts import number
from generator.site.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.metrics import Spread
    from generator.evidence.samples import FailedSample
    from generator.site.chart import Chart

FAILURES_DRAWN = 150
"""Failed deployments that are drawn, the newest."""
_RECOVERED, _OPEN = "Recovered", "Not recovered"
_SHORTEST_WINDOW = 86_400


def recovery_chart(
    environment: str, failures: Sequence[FailedSample], spread: Spread, *, as_of: int, small: int
) -> Chart:
    """Return the failed deployments of an environment; `spread` is of their recovery times, `as_of` the report time."""
    ordered = sorted(failures, key=lambda one: one.time or 0)
    known = [one for one in ordered if one.time is not None and (one.seconds is not None or not one.recovered)]
    drawn = known[-FAILURES_DRAWN:]
    still = sum(not one.recovered for one in ordered)
    says = "Failed deployments at their time, as high as their recovery took, on a logarithmic axis. Less than a minute"
    says += " is drawn as one."
    if ordered:
        says += f" {number(spread.n)} of {number(spread.of)} recovered, median {duration_text(spread.median_seconds)}"
        says += f", 90th percentile {duration_text(spread.p90_seconds)}."
    if still:
        says += f" {counted(still, 'failure').capitalize()} not recovered: dashed, as high as the time since."
    return make_chart(
        "recovery",
        environment,
        title="Recovery of failed deployments",
        says=says,
        columns=("Failed", "Deployment", "Recovered", "After", "Told by"),
        rows=[_row(one) for one in ordered],
        spec=_spec(drawn, as_of) if drawn else {},
        reason=spread.reason or "No deployment failed.",
        notes=(
            small_note(spread.n, small, "recovery", "recoveries"),
            f"Of {number(len(known))} failed deployments the newest {FAILURES_DRAWN} are drawn."
            if len(known) > FAILURES_DRAWN
            else "",
            f"{counted(len(ordered) - len(known), 'failure').capitalize()} at an unknown time: in the table alone."
            if len(ordered) > len(known)
            else "",
        ),
    )


def _row(one: FailedSample) -> tuple[str, ...]:
    told = label(", ".join(one.told_by), 120)
    time = NO_VALUE if one.time is None else _minute(one.time)
    if not one.recovered:
        return time, label(one.deployment, 80), "not recovered", NO_VALUE, told
    if one.time is None or one.seconds is None:
        return time, label(one.deployment, 80), "at an unknown time", NO_VALUE, told
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
                "what": _RECOVERED if one.recovered else _OPEN,
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
    told = [{"field": name, "title": name.capitalize()} for name in ("deployment", "time", "what", "duration")]
    kinds = [(_RECOVERED, "forward"), (_OPEN, "failed")]
    sticks = [
        {
            "transform": [{"filter": f"datum.what == '{name}'"}],
            "mark": {
                "type": "rule",
                "color": SENTINELS[colour],
                "strokeWidth": 2,
                **({"strokeDash": [4, 3]} if name == _OPEN else {}),
            },
            "encoding": {"x": x, "y": y, "y2": {"datum": scale["domain"][0]}},
        }
        for name, colour in kinds
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
