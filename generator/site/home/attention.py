"""What somebody should look at: one line for each kind of thing, however many there are of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from generator.site.change_rows import Link
from generator.site.drift_view import counts_now
from generator.site.exempt_view import LOOK_AT
from generator.site.home.cards import old_drift
from generator.site.home.rollback import record_of
from generator.site.names import release_page
from generator.site.terms import said, said_count
from generator.site.texts import gettext as _
from generator.site.words import listed, shown, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.evidence.packs import FindingEntry
    from generator.evidence.records import DeploymentRecord
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.context import Context
    from generator.site.terms import Said

MOST = 14
"""Lines that the page shows; of more productions than that, the rest is counted."""
NAMED = 4
"""Names that a line holds."""
_TONES = ("fails", "waits", "unknown", "calm")


class Notice(NamedTuple):
    """One line."""

    tone: str
    """`fails`, `waits`, `unknown` or `calm`."""
    says: Said
    where: str
    """Environments that it is about; empty where it is about all of the report, or there is one production only."""
    link: Link
    """Where more is told."""


def attention(context: Context) -> tuple[tuple[Notice, ...], int]:
    """Return what to look at, worst first, and how many further lines there would be."""
    alike: dict[tuple[str, str, Link], tuple[Said, list[str]]] = {}
    for env in context.productions:
        for tone, says, link in _of(context, env) if env.present else ():
            alike.setdefault((tone, says.plain, link), (says, []))[1].append(shown(env.name))
    several = len(context.productions) > 1
    notices = [
        Notice(tone, says, listed(names, NAMED) if several else "", link)
        for (tone, _plain, link), (says, names) in alike.items()
    ]
    notices += [Notice(tone, says, "", link) for tone, says, link in _of_all(context)]
    notices.sort(key=lambda notice: _TONES.index(notice.tone))
    return tuple(notices[:MOST]), max(0, len(notices) - MOST)


def _of(context: Context, env: EnvironmentSummary) -> Iterator[tuple[str, Said, Link]]:
    positions = context.index.by_environment.get(env.name, [])
    if positions:
        yield from _newest_release(context, positions[-1])
    yield from _findings(env)
    yield from _drift(env)


def _newest_release(context: Context, position: int) -> Iterator[tuple[str, Said, Link]]:
    release = context.index.releases[position]
    page, name = release_page(release.id), context.release_name(release)
    rows = context.objects.gates(release.environment, release.gates).rows if release.gates else ()
    failed = [shown(row.name) for row in rows if row.outcome == "failed"]
    missing = [shown(row.name) for row in rows if row.outcome == "missing"]
    link = Link(f"{page}#gates", name)
    if failed:
        says = said_count(
            "The newest release did not pass %(number)s [gate](gate): %(names)s.",
            "The newest release did not pass %(number)s [gates](gate): %(names)s.",
            len(failed),
            names=listed(failed, NAMED),
        )
        yield "fails", says, link
    if missing:
        says = said_count(
            "Of %(number)s [gate](gate) nothing says that it passed: %(names)s.",
            "Of %(number)s [gates](gate) nothing says that they passed: %(names)s.",
            len(missing),
            names=listed(missing, NAMED),
        )
        yield "unknown", says, link
    link = Link(f"{page}#validation", name)
    for tone, says in _results(record_of(context, position)):
        yield tone, says, link


def _results(record: DeploymentRecord) -> Iterator[tuple[str, Said]]:
    bad = [shown(row.name) for row in record.results if row.outcome == "failed"]
    absent = [shown(row.name) for row in record.results if row.outcome in {"missing", "unreadable"}]
    if bad:
        yield (
            "fails",
            said_count(
                "%(number)s [result](imported-result) of the newest release failed: %(names)s.",
                "%(number)s [results](imported-result) of the newest release failed: %(names)s.",
                len(bad),
                names=listed(bad, NAMED),
            ),
        )
    if absent:
        yield (
            "unknown",
            said_count(
                "%(number)s [result](imported-result) is missing at the newest release: %(names)s.",
                "%(number)s [results](imported-result) are missing at the newest release: %(names)s.",
                len(absent),
                names=listed(absent, NAMED),
            ),
        )


def _findings(env: EnvironmentSummary) -> Iterator[tuple[str, Said, Link]]:
    held = [row for row in env.findings if row.exempt is None]
    counts = Counter(row.level for row in held)
    link = Link("checks.html#standing", _("Checks"))
    if counts["error"]:
        says = said_count(
            "%(number)s [error](finding) stands: %(names)s.",
            "%(number)s [errors](finding) stand: %(names)s.",
            counts["error"],
            names=_rules(held, "error"),
        )
        yield "fails", says, link
    if counts["warning"]:
        says = said_count(
            "%(number)s [warning](finding) stands: %(names)s.",
            "%(number)s [warnings](finding) stand: %(names)s.",
            counts["warning"],
            names=_rules(held, "warning"),
        )
        yield "waits", says, link


def _rules(held: Sequence[FindingEntry], level: str) -> str:
    """Return the rules that findings of a level come from, the commonest first."""
    rules = Counter(row.rule for row in held if row.level == level)
    return listed([rule for rule, _count in sorted(rules.items(), key=lambda rule: (-rule[1], rule[0]))], NAMED)


def _drift(env: EnvironmentSummary) -> Iterator[tuple[str, Said, Link]]:
    rows = [row for row in env.drift if counts_now(row)]
    if not rows:
        return
    oldest = max(rows, key=lambda row: row.age_seconds)
    what, old = f"{oldest.component} {oldest.field}", old_drift(env)
    link = Link("drift.html", _("Drift register"))
    if not old:
        return
    says = said_count(
        "%(what)s [differs](drift) from its upstream for %(age)s.",
        "%(number)s values [differ](drift) from upstream for more than 30 days, %(what)s the longest: for %(age)s.",
        old,
        what=what,
        age=span(oldest.age_seconds),
    )
    yield "waits", says, link


def _of_all(context: Context) -> Iterator[tuple[str, Said, Link]]:
    """Yield what is of no single environment."""
    yield from _exemptions(context)
    summary = context.summary
    lost = sum(row.level == "unreadable" for row in summary.unreadable)
    if lost:
        says = said_count(
            "%(number)s item of the history could not be read.",
            "%(number)s items of the history could not be read.",
            lost,
        )
        yield "unknown", says, Link("methods.html#unreadable", _("Methods"))
    untrue = sum(one.finding.level != "note" for one in summary.record_findings)
    if untrue:
        says = said_count(
            "%(number)s [record](record) of pipelines and incidents can't be true.",
            "%(number)s [records](record) of pipelines and incidents can't be true.",
            untrue,
        )
        yield "unknown", says, Link("checks.html#records", _("Checks"))
    rewritten = sum(one.finding.level != "note" for one in summary.history_findings)
    if rewritten:
        says = said_count(
            "Git no longer has all that earlier evidence was drawn from: %(number)s finding on its history.",
            "Git no longer has all that earlier evidence was drawn from: %(number)s findings on its history.",
            rewritten,
        )
        yield "fails", says, Link("checks.html#history", _("Checks"))
    for reason in dict.fromkeys(_not_assessed(context.productions)):
        yield "unknown", said("[Not assessed](not-assessed): %(reason)s", reason=reason), Link("", "")


def _not_assessed(environments: Sequence[EnvironmentSummary]) -> Iterable[str]:
    return (reason for env in environments for reason in env.not_assessed)


def _exemptions(context: Context) -> Iterator[tuple[str, Said, Link]]:
    states = Counter(row.state for row in context.summary.exemptions)
    link = Link("checks.html#let-stand", _("What is let stand"))
    expired, unknown, unused = (states[state] for state in LOOK_AT)
    if expired:
        says = said_count(
            "%(number)s [waiver](waiver) or [acceptance](accepted) has expired.",
            "%(number)s [waivers](waiver) and [acceptances](accepted) have expired.",
            expired,
        )
        yield "unknown", says, link
    if unknown:
        says = said_count(
            "%(number)s [waiver](waiver) names a check that does not exist.",
            "%(number)s [waivers](waiver) name checks that do not exist.",
            unknown,
        )
        yield "unknown", says, link
    if unused:
        says = said_count(
            "Nothing fits %(number)s [waiver](waiver) or [acceptance](accepted).",
            "Nothing fits %(number)s [waivers](waiver) and [acceptances](accepted).",
            unused,
        )
        yield "unknown", says, link
