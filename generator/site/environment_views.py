"""Environments beside each other: what each is now, and what its history adds up to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.records import attribute
from generator.site.bring_back import Version, bring_back
from generator.site.listing_views import KINDS
from generator.site.names import anchor, release_page, topology_page
from generator.site.words import counted, digest, shown, span

if TYPE_CHECKING:
    from generator.evidence.counts import KindCounts
    from generator.evidence.summary import Duration, EnvironmentSummary, GateTotal
    from generator.site.bring_back import BringBack
    from generator.site.context import Context
    from generator.site.words import Digest, Moment

MOST_ARTIFACTS = 500


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


def production_word(env: EnvironmentSummary) -> str:
    """Return `production` where the environment is one and its name does not say so."""
    return "production" if env.production and "prod" not in env.name.lower() else ""


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
