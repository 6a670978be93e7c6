"""How each production environment stands: a sentence for those who ask, and a verdict for each thing that counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from generator.site.checks_view import LEVELS
from generator.site.drift_view import counts_now
from generator.site.listing_views import release_row
from generator.site.names import release_page
from generator.site.terms import said, said_count
from generator.site.texts import N_, ngettext, number
from generator.site.texts import gettext as _
from generator.site.words import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.evidence.gates import GateRow
    from generator.evidence.summary import EnvironmentSummary, LiveDrift
    from generator.site.context import Context
    from generator.site.index import Release
    from generator.site.listing_views import ReleaseRow
    from generator.site.terms import Said
    from generator.site.tile_groups import TileGroup

OLD_DRIFT_SECONDS = 30 * 86400
RUNS = {
    "initial": N_("%(name)s runs %(parts)s; what came last was their [first version](initial), %(age)s."),
    "forward": N_("%(name)s runs %(parts)s, last changed %(age)s by a [forward](forward) [release](release)."),
    "rollback": N_("%(name)s runs %(parts)s, last changed %(age)s by a [rollback](rollback)."),
    "redo": N_("%(name)s runs %(parts)s, last changed %(age)s by a [redo](redo)."),
    "roll-forward": N_("%(name)s runs %(parts)s, last changed %(age)s by a [roll-forward](roll-forward)."),
    "hotfix": N_("%(name)s runs %(parts)s, last changed %(age)s by a [hotfix](hotfix)."),
    "gap": N_("%(name)s runs %(parts)s, last changed %(age)s when something [went or came back](gap)."),
}
UNDATED = N_("%(name)s runs %(parts)s; the newest [release](release) carries no usable date.")
ONLY_TOUCHED = N_("%(name)s runs %(parts)s; since the history begins it was [touched](redeploy) and never changed.")
OUTCOMES = {
    "failed": N_("%(number)s failed"),
    "missing": N_("%(number)s missing"),
    "not assessed": N_("%(number)s not assessed"),
}


class Verdict(NamedTuple):
    """One thing that counts, and how it stands."""

    name: str
    term: str
    """Entry of the glossary that says what it is."""
    tone: str
    """`good`, `fails`, `waits`, `calm` or `unknown`."""
    text: str
    page: str
    """Where more is told."""


class ProductionCard(NamedTuple):
    """How one production environment stands."""

    name: str
    present: bool
    says: tuple[Said, ...]
    """Sentences that answer whether it is all right."""
    last: ReleaseRow | None
    verdicts: tuple[Verdict, ...]
    tiles: TileGroup | None
    """Its delivery in a few figures; `None` where there are none."""


def card(context: Context, env: EnvironmentSummary, tiles: TileGroup | None, next_page: str) -> ProductionCard:
    """Return the card of a production; `next_page` is that of its next release, empty where there is none."""
    positions = context.index.by_environment.get(env.name, [])
    newest = context.index.releases[positions[-1]] if positions else None
    last = release_row(context, newest) if newest is not None else None
    gates = context.objects.gates(env.name, newest.gates).rows if newest is not None and newest.gates else ()
    says = tuple(_sentences(context, env, gates)) if env.present and last is not None else ()
    verdicts = tuple(_verdicts(env, newest, gates, next_page)) if env.present else ()
    return ProductionCard(env.name, env.present, says, last, verdicts, tiles)


def old_drift(env: EnvironmentSummary) -> int:
    """Return how many differences that count are older than 30 days."""
    return sum(row.age_seconds > OLD_DRIFT_SECONDS for row in env.drift if counts_now(row))


def waiting(env: EnvironmentSummary) -> int:
    """Return how many values wait for promotion to an environment."""
    return sum(row.drift == "pending" and counts_now(row) for row in env.drift)


def _sentences(context: Context, env: EnvironmentSummary, gates: Sequence[GateRow]) -> Iterator[Said]:
    releases = context.index.releases
    positions = reversed(context.index.by_environment[env.name])
    changed = next((releases[position] for position in positions if releases[position].kind != "redeploy"), None)
    name = env.name[:1].upper() + env.name[1:] if env.name.isalpha() else env.name
    parts = counted(env.components, "component")
    if changed is None:
        yield said(ONLY_TOUCHED, name=name, parts=parts)
    else:
        age = context.calendar.moment(changed.at).age
        yield said(RUNS[changed.kind] if age else UNDATED, name=name, parts=parts, age=age)
    if any(row.condition == "approval" and row.outcome in {"missing", "failed"} for row in gates):
        yield said("The newest release has no [approval](gate).")
    if env.drift_not_assessed:
        yield said("Whether anything waits, or [differs](drift) from upstream, is [not assessed](not-assessed).")
        return
    upstream, waits = shown(env.upstream), waiting(env)
    if waits:
        yield said_count(
            "%(number)s change [waits](pending) in %(upstream)s.",
            "%(number)s changes [wait](pending) in %(upstream)s.",
            waits,
            upstream=upstream,
        )
    else:
        yield said("Nothing [waits](pending) in %(upstream)s.", upstream=upstream)
    old = old_drift(env)
    if old:
        yield said_count(
            "%(number)s [drift](drift) is older than 30 days.",
            "%(number)s [drifts](drift) are older than 30 days.",
            old,
        )
    else:
        yield said("No [drift](drift) is older than 30 days.")


def _verdicts(
    env: EnvironmentSummary, newest: Release | None, gates: Sequence[GateRow], next_page: str
) -> Iterator[Verdict]:
    if newest is not None and gates:
        yield _gates(gates, f"{release_page(newest.id)}#gates")
    held = Counter(row.level for row in env.findings if row.exempt is None)
    levels = [counted(held[level], level) for level in LEVELS if held[level]]
    told = [listed(levels) or _("none")]
    told += [_("%(number)s waived", number=number(env.waived))] if env.waived else []
    tone = "fails" if held["error"] else "waits" if held["warning"] else "good"
    yield Verdict(_("Findings"), "finding", tone, ", ".join(told), "checks.html#standing")
    if env.drift_not_assessed:
        reason = _("not assessed: %(reason)s", reason=shown(env.drift_not_assessed))
        yield Verdict(_("Drift"), "drift", "unknown", reason, "drift.html")
    else:
        count, old, waits = sum(map(counts_now, env.drift)), old_drift(env), waiting(env)
        text = ngettext("%(number)s value", "%(number)s values", count) if count else _("none")
        if old:
            text = _("%(values)s, %(old)s older than 30 days", values=text, old=number(old))
        yield Verdict(_("Drift"), "drift", "waits" if old else "calm" if count else "good", text, "drift.html")
        text = ngettext("%(number)s change", "%(number)s changes", waits) if waits else _("nothing")
        name = _("Waits in %(upstream)s", upstream=shown(env.upstream))
        yield Verdict(name, "pending", "waits" if waits else "good", text, next_page or "#next")
    if env.live is not None:
        yield _live(env.live)
    if env.unreadable:
        text = ngettext("%(number)s item could not be read", "%(number)s items could not be read", env.unreadable)
        yield Verdict(_("History"), "deployment-model", "unknown", text, "methods.html#unreadable")


def _gates(rows: Sequence[GateRow], page: str) -> Verdict:
    found = Counter(row.outcome for row in rows)
    told = [_(text, number=number(found[outcome])) for outcome, text in OUTCOMES.items() if found[outcome]]
    text = ", ".join(told) or ngettext("passed", "all %(number)s passed", len(rows))
    tone = "fails" if found["failed"] else "unknown" if told else "good"
    return Verdict(_("Gates of the newest release"), "gate", tone, text, page)


def _live(live: LiveDrift) -> Verdict:
    """Return whether what runs is what the model says, as far as the snapshot tells."""
    name, other = _("What runs"), sum(counts_now(row) for row in live.rows)
    if other:
        text = ngettext("%(number)s value is not as in the model", "%(number)s values are not as in the model", other)
        return Verdict(name, "snapshot", "fails", text, "drift.html")
    if live.not_assessed:
        return Verdict(name, "snapshot", "unknown", _("could be compared in part only"), "drift.html")
    return Verdict(name, "snapshot", "good", _("is what the model says"), "drift.html")
