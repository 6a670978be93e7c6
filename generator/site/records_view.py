"""What records tell, as pages show it: of one release, and of all together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import N_
from generator.site.texts import gettext as _
from generator.site.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.evidence.delivery_records import RecordCount, RecordLine
    from generator.site.context import Context
    from generator.site.words import Moment

MOST_TOLD = 20
"""Records of one kind that a release page lists."""
MOST_UNLINKED = 500
"""Records that belong to no deployment, or don't count, that a page lists."""


STATUSES = {
    "succeeded": N_("succeeded"),
    "failed": N_("failed"),
    "cancelled": N_("cancelled"),
}
"""What pipelines say of a run, as pages show it."""


class ToldRow(NamedTuple):
    """A record of a pipeline that belongs to a release."""

    id: str
    component: str
    started: Moment
    finished: Moment
    status: str
    """`succeeded`, `failed`, `cancelled` or `not told`."""
    verified: str
    """`verified`, `not verified`, or empty where nothing is told."""
    problem: str
    """Why it does not give the release its time; empty where it does."""
    place: str


class IncidentRow(NamedTuple):
    """An incident of a record that is linked to a release."""

    id: str
    title: str
    role: str
    """`began with it` or `ended by it`."""
    began: Moment
    restored: Moment
    cause: str
    place: str


class ToldView(NamedTuple):
    """What records tell of one release."""

    rows: tuple[ToldRow, ...]
    rows_left: int
    incidents: tuple[IncidentRow, ...]
    incidents_left: int


class CountRow(NamedTuple):
    """Records of one kind from one place."""

    kind: str
    source: str
    records: int
    unlinked: str
    """How many belong to no deployment; empty for downtime, which needs none."""
    left_out: int


class ProblemRow(NamedTuple):
    """A record that belongs to no deployment, or that no measure counts."""

    kind: str
    id: str
    environment: str
    problem: str
    place: str


class RecordsView(NamedTuple):
    """What records tell of all environments."""

    counts: tuple[CountRow, ...]
    problems: tuple[ProblemRow, ...]
    problems_left: int
    problems_folded: str
    """`500 records` to open."""


def told_view(context: Context, deployment: str) -> ToldView | None:
    """Return what records tell of a deployment; `None` where no record does."""
    lines = context.records.get(deployment, ())
    if not lines:
        return None
    rows = [_told(context, line) for line in lines if line.kind == "deployment"]
    incidents = [_incident(context, line, deployment) for line in lines if line.kind == "incident"]
    return ToldView(
        tuple(sorted(rows, key=lambda row: bool(row.problem))[:MOST_TOLD]),
        max(0, len(rows) - MOST_TOLD),
        tuple(incidents[:MOST_TOLD]),
        max(0, len(incidents) - MOST_TOLD),
    )


def _told(context: Context, line: RecordLine) -> ToldRow:
    verified = "" if line.verified is None else _("verified") if line.verified else _("not verified")
    moment = context.dates.moment
    return ToldRow(
        id=line.id,
        component=line.component,
        started=moment(line.started),
        finished=moment(line.finished),
        status=_(STATUSES[line.status]) if line.status in STATUSES else line.status or _("not told"),
        verified=verified,
        problem=line.problem,
        place=_place(line),
    )


def _incident(context: Context, line: RecordLine, deployment: str) -> IncidentRow:
    moment = context.dates.moment
    return IncidentRow(
        id=line.id,
        title=line.title,
        role=_("began with it") if deployment in line.deployments else _("ended by it"),
        began=moment(line.impact_start or line.detected),
        restored=moment(line.restored),
        cause=line.cause,
        place=_place(line),
    )


def records_view(context: Context) -> RecordsView | None:
    """Return what records came from where; `None` where there are none."""
    counts = context.summary.records
    if not counts:
        return None
    problems = [line for line in context.evidence.records() if line.problem]
    return RecordsView(
        tuple(CountRow(one.kind, one.source, one.records, _unlinked(one), one.left_out) for one in counts),
        tuple(_problems(problems[:MOST_UNLINKED])),
        max(0, len(problems) - MOST_UNLINKED),
        counted(len(problems), "record"),
    )


def _unlinked(count: RecordCount) -> str:
    return "" if count.kind == "downtime" else str(count.unlinked)


def _problems(lines: Iterable[RecordLine]) -> Iterable[ProblemRow]:
    return (ProblemRow(line.kind, line.id, line.environment, line.problem, _place(line)) for line in lines)


def _place(line: RecordLine) -> str:
    return f"{line.source}:{line.line}" if line.line else line.source
