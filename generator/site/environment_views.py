"""Environments beside each other: the matrix of versions, and what each environment's history adds up to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.records import attribute
from generator.site.bring_back import Version, bring_back
from generator.site.listing_views import KINDS
from generator.site.names import anchor, release_page, topology_page
from generator.site.words import counted, digest, shown, span

if TYPE_CHECKING:
    from generator.evidence.counts import KindCounts
    from generator.evidence.summary import Cell, Duration, EnvironmentSummary, GateTotal
    from generator.site.bring_back import BringBack
    from generator.site.context import Context
    from generator.site.words import Digest, Moment

MOST_ARTIFACTS = 500
STANDINGS = {
    "equal": "as upstream",
    "behind": "waits",
    "ahead": "ahead",
    "differs": "differs",
    "alone": "only here",
    "": "",
}


class MatrixCell(NamedTuple):
    """What one component is in one environment."""

    version: str
    """Empty where the component is absent there."""
    artifact: str
    standing: str
    words: str
    since: Moment
    age: str
    """How long before the report the version came."""
    page: str
    """Page of the release that set it; empty where it has no page."""
    deployment: str


class MatrixRow(NamedTuple):
    """One component across the environments."""

    component: str
    kind: str
    """Empty where all components are of one kind."""
    cells: tuple[MatrixCell | None, ...]


class MatrixView(NamedTuple):
    """The matrix."""

    columns: tuple[tuple[str, str], ...]
    """(environment, `production` where it is one and its name does not say so), in the order of promotion."""
    rows: tuple[MatrixRow, ...]
    others: tuple[MatrixRow, ...]
    """What is no component: exposures and resources."""
    removed: tuple[str, ...]
    compared: bool
    """Whether any environment stands beside its upstream."""


class EnvironmentCard(NamedTuple):
    """One environment."""

    name: str
    anchor: str
    upstream: str
    production: str
    """`production` where it is one and its name does not say so."""
    present: bool
    since: Moment
    digest: Digest
    topology: str
    contents: str
    deployments: int
    years: tuple[tuple[str, int, tuple[int, ...]], ...]
    """(year, total, counts in the order of `KINDS`)."""
    beside: str
    """Bypasses, simultaneous and bulk deployments: counted within the kinds too."""
    newest: str
    newest_page: str
    velocity: str
    lead: str
    not_assessed: tuple[str, ...]
    gates: tuple[GateTotal, ...]
    """Each gate over all deployments."""
    results: tuple[tuple[str, int, int, int, int], ...]
    """(name, passed, failed, missing, unreadable) of each imported result."""
    triage: str
    """Failures in counts; empty where nothing failed."""
    bring_back: BringBack | None
    """How to get at the newest version; `None` where there is none."""


class EnvironmentsView(NamedTuple):
    """All of them, in the order of promotion."""

    cards: tuple[EnvironmentCard, ...]
    kinds: tuple[str, ...]


def matrix_view(context: Context) -> MatrixView:
    """Return the matrix of the environments that are present."""
    present = [env for env in context.summary.environments if env.present]
    cells = {(env.name, cell.component): cell for env in present for cell in env.cells}
    compared = {env.name for env in present if env.upstream and not env.drift_not_assessed}
    names = {cell.component: cell for env in present for cell in env.cells}
    mixed = len({cell.kind for cell in names.values()}) > 1
    rows = [
        MatrixRow(
            name,
            cell.kind if mixed else "",
            tuple(_cell(context, cells.get((env.name, name)), compared=env.name in compared) for env in present),
        )
        for name, cell in sorted(names.items())
    ]
    is_component = {name: cell.role == "component" for name, cell in names.items()}
    return MatrixView(
        columns=tuple((env.name, production_word(env)) for env in present),
        rows=tuple(row for row in rows if is_component[row.component]),
        others=tuple(row for row in rows if not is_component[row.component]),
        removed=tuple(env.name for env in context.summary.environments if not env.present),
        compared=bool(compared),
    )


def production_word(env: EnvironmentSummary) -> str:
    """Return `production` where the environment is one and its name does not say so."""
    return "production" if env.production and "prod" not in env.name.lower() else ""


def _cell(context: Context, cell: Cell | None, *, compared: bool) -> MatrixCell | None:
    if cell is None:
        return None
    page = release_page(cell.deployment) if cell.deployment in context.index.position else ""
    since = context.calendar.moment(cell.since)
    # What has no version has no deployment that set one, and so no time of its own.
    age = since.age.removesuffix(" before this report") or ("time unknown" if cell.version else "")
    standing = cell.standing if compared else ""
    words = STANDINGS.get(standing, standing)
    return MatrixCell(cell.version, cell.artifact, standing, words, since, age, page, cell.deployment)


def environments_view(context: Context) -> EnvironmentsView:
    """Return what each environment is and was."""
    return EnvironmentsView(tuple(_card(context, env) for env in context.summary.environments), KINDS)


def _card(context: Context, env: EnvironmentSummary) -> EnvironmentCard:
    ratio = env.measures.velocity_to_rollback
    newest = context.index.newest_digest.get(env.name, "")
    return EnvironmentCard(
        name=env.name,
        anchor=anchor(env.name),
        upstream=env.upstream,
        production=production_word(env),
        present=env.present,
        since=context.calendar.moment(env.since),
        digest=digest(env.digest),
        topology=topology_page(newest) if newest and env.present else "",
        contents=f"{counted(env.components, 'component')}, {counted(env.connections, 'connection')}",
        deployments=env.deployments,
        years=tuple((row.year, sum(_counts(row.kinds)), _counts(row.kinds)) for row in reversed(env.years)),
        beside=f"{counted(env.bypasses, 'bypass', 'bypasses')}, "
        f"{counted(env.simultaneous, 'simultaneous', 'simultaneous')}, {counted(env.bulks, 'bulk', 'bulk')}, "
        f"{counted(env.partials, 'partial rollback')}",
        newest=env.newest,
        newest_page=release_page(env.newest) if env.newest in context.index.position else "",
        velocity=f"{ratio.left:,} : {ratio.right:,}",
        lead=lead_text(env.measures.promotion_lead, env.upstream),
        not_assessed=env.not_assessed,
        gates=env.gates,
        results=env.results,
        triage="; ".join(f"{count:,} {shown(verdict)}" for verdict, count in env.triage),
        bring_back=_bring_back(context, env, newest) if newest and env.present else None,
    )


def _bring_back(context: Context, env: EnvironmentSummary, newest: str) -> BringBack:
    commit, standing = context.index.newest_commit[env.name], context.index.newest[env.name]
    return bring_back(context, Version(env.name, newest, commit, standing), MOST_ARTIFACTS)


def _counts(kinds: KindCounts) -> tuple[int, ...]:
    return tuple(getattr(kinds, attribute(kind)) for kind in KINDS)


def lead_text(lead: Duration, upstream: str) -> str:
    """Return the promotion lead with what it was measured on, or why it was not."""
    if lead.median_seconds is None:
        return f"not measurable: {shown(lead.reason) or 'no promotion was seen'}"
    p90 = "" if lead.p90_seconds is None else f", nine of ten within {span(lead.p90_seconds)}"
    return f"median {span(lead.median_seconds)} from {shown(upstream)}{p90} ({lead.n:,} of {lead.of:,} promotions)"
