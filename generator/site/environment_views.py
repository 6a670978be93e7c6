"""Environments beside each other: what each is now, in a card that leads to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.records import attribute
from generator.site.listing_views import KINDS
from generator.site.names import anchor, environment_page, topology_page
from generator.site.texts import gettext as _
from generator.site.texts import number
from generator.site.words import counted, digest, shown, span

if TYPE_CHECKING:
    from generator.evidence.counts import KindCounts
    from generator.evidence.summary import Duration, EnvironmentSummary
    from generator.site.context import Context
    from generator.site.words import Digest, Moment


class EnvironmentCard(NamedTuple):
    """One environment."""

    name: str
    anchor: str
    page: str
    upstream: str
    upstream_page: str
    production: str
    """`production` where it is one and its name does not say so."""
    present: bool
    since: Moment
    digest: Digest
    topology: str
    contents: str
    deployments: int
    beside: str
    """Bypasses, simultaneous and bulk deployments: counted within the kinds too."""
    newest: str
    newest_page: str
    velocity: str
    lead: str
    drift: str
    """Differences to the upstream that count; empty where nothing is compared."""
    findings: str
    not_assessed: tuple[str, ...]
    triage: str
    """Failures in counts; empty where nothing failed."""


class EnvironmentsView(NamedTuple):
    """All of them, in the order of promotion."""

    cards: tuple[EnvironmentCard, ...]


def production_word(env: EnvironmentSummary) -> str:
    """Return `production` where the environment is one and its name does not say so."""
    return _("production") if env.production and "prod" not in env.name.lower() else ""


def environments_view(context: Context) -> EnvironmentsView:
    """Return what each environment is."""
    return EnvironmentsView(tuple(card(context, env) for env in context.summary.environments))


def card(context: Context, env: EnvironmentSummary) -> EnvironmentCard:
    """Return what an environment is, in short."""
    ratio = env.measures.velocity_to_rollback
    newest = context.index.newest_digest.get(env.name, "")
    newest_page, newest_name = context.deployment_link(env.newest) if env.newest else ("", "")
    compared = bool(env.upstream) and not env.drift_not_assessed
    return EnvironmentCard(
        name=env.name,
        anchor=anchor(env.name),
        page=environment_page(env.name),
        upstream=env.upstream,
        upstream_page=environment_page(env.upstream) if env.upstream else "",
        production=production_word(env),
        present=env.present,
        since=context.calendar.moment(env.since),
        digest=digest(env.digest),
        topology=topology_page(context.index.topology(newest)) if newest and env.present else "",
        contents=_(
            "%(components)s with %(connections)s",
            components=counted(env.components, "component"),
            connections=counted(env.connections, "connection"),
        ),
        deployments=env.deployments,
        beside=", ".join(
            (
                counted(env.bypasses, "bypass", "bypasses"),
                counted(env.simultaneous, "simultaneous", "simultaneous"),
                counted(env.bulks, "bulk", "bulk"),
                counted(env.partials, "partial rollback"),
            )
        ),
        newest=newest_name,
        newest_page=newest_page,
        velocity=f"{number(ratio.left)} : {number(ratio.right)}",
        lead=lead_text(env.measures.promotion_lead, env.upstream),
        drift=counted(sum(row.exempt is None and not row.expected for row in env.drift), "difference")
        if compared
        else "",
        findings=counted(sum(row.exempt is None for row in env.findings), "finding"),
        not_assessed=env.not_assessed,
        triage="; ".join(f"{number(count)} {shown(verdict)}" for verdict, count in env.triage),
    )


def kind_counts(kinds: KindCounts) -> tuple[int, ...]:
    """Return counts in the order of `KINDS`."""
    return tuple(getattr(kinds, attribute(kind)) for kind in KINDS)


def lead_text(lead: Duration, upstream: str) -> str:
    """Return the promotion lead with what it was measured on, or why it was not."""
    if lead.median_seconds is None:
        return _("not measurable: %(reason)s", reason=shown(lead.reason) or _("no promotion was seen"))
    values = {
        "median": span(lead.median_seconds),
        "upstream": shown(upstream),
        "n": number(lead.n),
        "of": number(lead.of),
    }
    if lead.p90_seconds is None:
        return _("median %(median)s from %(upstream)s (%(n)s of %(of)s promotions)", **values)
    return _(
        "median %(median)s from %(upstream)s, nine of ten within %(p90)s (%(n)s of %(of)s promotions)",
        p90=span(lead.p90_seconds),
        **values,
    )
