"""Downtime and incidents of an environment, as records tell them: what availability and times to repair rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.facts import seconds
from generator.site.chart_text import duration_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.evidence.delivery_records import RecordLine
    from generator.site.context import Context
    from generator.site.words import Moment

MOST = 100
"""Rows of one table, the newest; the evidence has the rest."""


class DowntimeRow(NamedTuple):
    """A time in which something did not serve."""

    id: str
    component: str
    """Empty where it is the environment as a whole."""
    start: Moment
    end: Moment
    """Without a time where it goes on."""
    lasted: str
    what: str
    """`planned`, `down`, or why it does not count."""
    reason: str
    place: str


class IncidentTimes(NamedTuple):
    """An incident with all of its times."""

    id: str
    title: str
    times: tuple[Moment, Moment, Moment, Moment]
    """Impact, detected, cause assigned, restored."""
    deployments: str
    """What it began with."""
    problem: str
    """Why it does not count; empty where it does."""
    place: str


class Outages(NamedTuple):
    """Both tables of one environment."""

    downtimes: tuple[DowntimeRow, ...]
    downtimes_left: int
    incidents: tuple[IncidentTimes, ...]
    incidents_left: int


def outages(context: Context, environment: str, lines: Iterable[RecordLine]) -> Outages | None:
    """Return what `lines` tell of `environment`, newest first; `None` where they tell nothing."""
    own = [line for line in lines if line.environment in {environment, "*"}]
    down = _newest([line for line in own if line.kind == "downtime"])
    failed = _newest([line for line in own if line.kind == "incident"])
    if not down and not failed:
        return None
    return Outages(
        tuple(_downtime(context, line) for line in down[:MOST]),
        max(0, len(down) - MOST),
        tuple(_incident(context, line) for line in failed[:MOST]),
        max(0, len(failed) - MOST),
    )


def _newest(lines: Sequence[RecordLine]) -> list[RecordLine]:
    return sorted(lines, key=lambda line: (line.time, line.id), reverse=True)


def _downtime(context: Context, line: RecordLine) -> DowntimeRow:
    start, end = seconds(line.start), seconds(line.end or context.summary.as_of)
    return DowntimeRow(
        id=line.id,
        component=line.component,
        start=context.calendar.moment(line.start),
        end=context.calendar.moment(line.end),
        lasted=duration_text(end - start) if start is not None and end is not None else "",
        what=line.problem if not line.counts else "planned" if line.planned else "down",
        reason=line.reason or line.incident,
        place=f"{line.source}:{line.line}" if line.line else line.source,
    )


def _incident(context: Context, line: RecordLine) -> IncidentTimes:
    moment = context.calendar.moment
    return IncidentTimes(
        id=line.id,
        title=line.title,
        times=(
            moment(line.impact_start),
            moment(line.detected),
            moment(line.cause_assigned),
            moment(line.restored),
        ),
        deployments=", ".join(line.deployments),
        problem=line.problem if not line.counts else "",
        place=f"{line.source}:{line.line}" if line.line else line.source,
    )
