"""The list of all components: which version stands where, and what is to be said of each in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.components.now import gather
from generator.site.components.page import kind_of
from generator.site.names import component_page
from generator.site.past.matrix_view import STANDINGS, legend
from generator.site.texts import gettext as _
from generator.site.words import shown

if TYPE_CHECKING:
    from generator.evidence.summary import Cell
    from generator.site.components.now import Now
    from generator.site.components.stays import Stay
    from generator.site.context import Context
    from generator.site.words import Moment

MOST_COLUMNS = 6
"""Environments that have a column: the last ones in the order of promotion, which end with production."""
TOLD = ("behind", "ahead", "differs", "alone")
"""Standings that a row shows: what is as its upstream is needs no mark."""
DAY = 10
"""Characters of the day in an RFC 3339 time."""


class Running(NamedTuple):
    """What a component is in one environment."""

    version: str
    standing: str
    """Against the upstream; empty where it is as the upstream is, or nothing is compared."""
    words: str
    artifact: str


class ComponentRow(NamedTuple):
    """One component."""

    id: str
    page: str
    kind: str
    """Empty where all components are of one kind."""
    versions: tuple[Running | None, ...]
    """An environment each; `None` where it is not there."""
    releases: int
    rollbacks: int
    last: Moment
    day: str
    """Day of its last change; empty where unknown."""
    findings: int
    drift: int | None
    """`None` where nothing that it runs in is compared."""
    owner: str


class ComponentsView(NamedTuple):
    """The list."""

    columns: tuple[str, ...]
    left: int
    """Environments without a column."""
    rows: tuple[ComponentRow, ...]
    removed: tuple[ComponentRow, ...]
    """Those that no environment has now."""
    standings: tuple[tuple[str, str, str], ...]
    """(standing, words, meaning) of every standing that a row has."""
    owners: bool
    """Whether anybody is named as an owner."""


def components_view(context: Context) -> ComponentsView:
    """Return every component, sorted by name."""
    present = [env.name for env in context.summary.environments if env.present]
    columns = tuple(present[-MOST_COLUMNS:])
    every = context.once(gather).values()
    mixed = len({kind_of(context, now) for now in every}) > 1
    productions = frozenset(env.name for env in context.productions)
    compared = frozenset(
        env.name for env in context.summary.environments if env.upstream and not env.drift_not_assessed
    )
    rows = [(now, _row(context, now, columns, productions, compared)) for now in every]
    held = {cell.standing for _now, row in rows for cell in row.versions if cell is not None}
    return ComponentsView(
        columns=columns,
        left=len(present) - len(columns),
        rows=tuple(row._replace(kind=row.kind if mixed else "") for now, row in rows if now.placed),
        removed=tuple(row._replace(kind=row.kind if mixed else "") for now, row in rows if not now.placed),
        standings=legend(name for name in TOLD if name in held),
        owners=any(row.owner for _now, row in rows),
    )


def _row(
    context: Context, now: Now, columns: tuple[str, ...], productions: frozenset[str], compared: frozenset[str]
) -> ComponentRow:
    cells = {one.environment.name: one.cell for one in now.placed}
    versions = tuple(
        _running(cells[name], now.history.standing(name), compared=name in compared) if name in cells else None
        for name in columns
    )
    return ComponentRow(
        id=now.id,
        page=component_page(now.id),
        kind=kind_of(context, now),
        versions=versions,
        releases=now.releases(productions),
        rollbacks=sum(lane.rollbacks for lane in now.history.lanes),
        last=context.calendar.moment(now.history.newest_at),
        day=now.history.newest_at[:DAY],
        findings=now.standing_findings(),
        drift=now.standing_drift(),
        owner=now.owner,
    )


def _running(cell: Cell, stay: Stay | None, *, compared: bool) -> Running:
    standing = cell.standing if compared and cell.standing in TOLD else ""
    version = shown(cell.version if stay is None else stay.version)
    return Running(version, standing, _(STANDINGS[standing]) if standing else "", cell.artifact)
