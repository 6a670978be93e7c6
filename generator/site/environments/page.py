"""The page of an environment: what stands there, and what its history adds up to."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from generator.site.bring_back import Version, bring_back
from generator.site.checks_view import LEVELS, finding_line
from generator.site.drift_view import CLASSES
from generator.site.environment_views import card, kind_counts
from generator.site.listing_views import KINDS
from generator.site.names import anchor
from generator.site.past.matrix_view import STANDINGS
from generator.site.texts import gettext as _
from generator.site.words import counted, month_name, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.summary import Cell, EnvironmentSummary, GateTotal
    from generator.site.bring_back import BringBack
    from generator.site.change_rows import Link
    from generator.site.checks_view import FindingLine
    from generator.site.context import Context
    from generator.site.environment_views import EnvironmentCard
    from generator.site.environments.listing import DeploymentRow, PartRow
    from generator.site.words import Moment

MOST_ARTIFACTS = 200
MOST_FINDINGS = 12
MOST_STANDING = 300
"""Components that the page lists; the matrix has them all."""
OPEN_STANDING = 30
"""Components up to which they stand open."""
MONTHS = 12
"""Months of drift that the page lists, the newest."""
OPEN_PARTS = 40
"""Parts of the list up to which they stand open."""
YEAR = 4
"""Characters of the year in a day."""


class StandingRow(NamedTuple):
    """A component that runs now."""

    component: str
    page: str
    version: str
    artifact: str
    since: Moment
    deployment: tuple[str, str]
    """(page, name) of the deployment that set it; both empty where none is known."""
    standing: str
    words: str
    team: str


class DriftMonth(NamedTuple):
    """Drift that stood at the end of a month."""

    month: str
    name: str
    counts: tuple[int, ...]
    """In the order of the classes, then what is accepted."""


class EnvironmentView(NamedTuple):
    """The page."""

    name: str
    card: EnvironmentCard
    years: tuple[tuple[str, int, tuple[int, ...]], ...]
    """(year, total, counts in the order of `kinds`)."""
    kinds: tuple[str, ...]
    standing: tuple[StandingRow, ...]
    standing_total: int
    folded: bool
    others: str
    """`3 exposures and resources`; empty where there are none."""
    compared: bool
    teams: bool
    newest: tuple[DeploymentRow, ...]
    parts: tuple[tuple[str, tuple[PartRow, ...]], ...]
    """(year, parts of the list that begin in it), newest first; the year is empty where no commit has a date."""
    parts_folded: bool
    gates: tuple[GateTotal, ...]
    results: tuple[tuple[str, int, int, int, int], ...]
    """(name, passed, failed, missing, unreadable)."""
    drift: tuple[tuple[str, str, int], ...]
    """(class, meaning, items that count); empty where nothing is compared."""
    drift_anchor: str
    drift_beside: str
    """What is accepted or expected; empty where nothing is."""
    drift_reason: str
    months: tuple[DriftMonth, ...]
    """Newest first."""
    findings: tuple[FindingLine, ...]
    findings_say: str
    findings_left: int
    not_assessed: tuple[str, ...]
    bring_back: BringBack | None
    """How to get at the newest version; `None` where there is none."""
    previous: Link | None
    next: Link | None


def environment_view(
    context: Context,
    env: EnvironmentSummary,
    parts: Sequence[PartRow],
    newest: tuple[DeploymentRow, ...],
    beside: tuple[Link | None, Link | None],
) -> EnvironmentView:
    """Return the page of an environment, with the `parts` of its list and its `newest` deployments.

    `beside` are the pages of its neighbours in the order of promotion.
    """
    cells = [cell for cell in env.cells if cell.role == "component"]
    compared = bool(env.upstream) and not env.drift_not_assessed
    finds = [row for row in env.findings if row.exempt is None]
    return EnvironmentView(
        name=env.name,
        card=card(context, env),
        years=tuple((row.year, sum(kind_counts(row.kinds)), kind_counts(row.kinds)) for row in reversed(env.years)),
        kinds=KINDS,
        standing=tuple(standing_row(context, cell, compared=compared) for cell in cells[:MOST_STANDING]),
        standing_total=len(cells),
        folded=len(cells) > OPEN_STANDING,
        others=counted(len(env.cells) - len(cells), "exposure or resource", "exposures and resources")
        if len(env.cells) > len(cells)
        else "",
        compared=compared,
        teams=any(cell.team for cell in cells),
        newest=newest,
        parts=tuple((year, tuple(some)) for year, some in groupby(reversed(parts), lambda part: part.since[:YEAR])),
        parts_folded=len(parts) > OPEN_PARTS,
        gates=env.gates,
        results=env.results,
        drift=_drift(env) if compared else (),
        drift_anchor=anchor(f"drift-{env.name}"),
        drift_beside=_drift_beside(env),
        drift_reason=env.drift_not_assessed if env.upstream else "",
        months=_months(env),
        findings=tuple(finding_line(context, row) for row in finds[:MOST_FINDINGS]),
        findings_say=_findings_say([row.level for row in finds], env.waived),
        findings_left=max(0, len(finds) - MOST_FINDINGS),
        not_assessed=env.not_assessed,
        bring_back=_bring_back(context, env),
        previous=beside[0],
        next=beside[1],
    )


def standing_row(context: Context, cell: Cell, *, compared: bool) -> StandingRow:
    """Return a component as it stands in an environment."""
    standing = cell.standing if compared else ""
    return StandingRow(
        component=cell.component,
        page=context.component_link(cell.component),
        version=cell.version,
        artifact=cell.artifact,
        since=context.calendar.moment(cell.since),
        deployment=context.deployment_link(cell.deployment),
        standing=standing,
        words=_(STANDINGS[standing]) if STANDINGS.get(standing) else standing,
        team=cell.team,
    )


def description(env: EnvironmentSummary) -> str:
    """Return the one-line description of the page."""
    what = counted(env.deployments, "deployment")
    return _("Versions of %(environment)s: %(deployments)s.", environment=shown(env.name), deployments=what)


def _drift(env: EnvironmentSummary) -> tuple[tuple[str, str, int], ...]:
    counts = Counter(row.drift for row in env.drift if row.exempt is None and not row.expected)
    return tuple((name, meaning, counts[name]) for name, meaning in CLASSES)


def _drift_beside(env: EnvironmentSummary) -> str:
    accepted = sum(row.exempt is not None for row in env.drift)
    expected = sum(row.exempt is None and bool(row.expected) for row in env.drift)
    if not (accepted or expected):
        return ""
    return _(
        "Beside them %(accepted)s and %(expected)s.",
        accepted=counted(accepted, "accepted difference"),
        expected=counted(expected, "expected difference"),
    )


def _months(env: EnvironmentSummary) -> tuple[DriftMonth, ...]:
    return tuple(
        DriftMonth(row.month, month_name(row.month), (row.pending, row.ahead, row.config, row.structure, row.accepted))
        for row in reversed(env.drift_over_time[-MONTHS:])
    )


def _findings_say(levels: Sequence[str], waived: int) -> str:
    counts = Counter(levels)
    words = [counted(counts[level], level) for level in LEVELS if counts[level]]
    said = ", ".join(words) or counted(0, "finding")
    if not waived:
        return _("%(findings)s.", findings=said)
    return _("%(findings)s; beside them %(waived)s.", findings=said, waived=counted(waived, "waived finding"))


def _bring_back(context: Context, env: EnvironmentSummary) -> BringBack | None:
    newest = context.index.newest_digest.get(env.name, "")
    if not newest or not env.present:
        return None
    commit, standing = context.index.newest_commit[env.name], context.index.newest[env.name]
    return bring_back(context, Version(env.name, newest, commit, standing), MOST_ARTIFACTS)
