"""The page of all failures: whose they were, when, and what tells so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from generator.site.change_rows import Link
from generator.site.triage_view import VERDICTS, failed_range, origin_row, slug
from generator.site.words import counted, listed, number, quarter, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.evidence.summary import EnvironmentSummary
    from generator.evidence.triage import TriageRecord
    from generator.site.context import Context
    from generator.site.index import Failure
    from generator.site.triage_view import OriginRow
    from generator.site.words import Moment

MEANINGS = {
    "application": "the upstream ran the same artifact with the same settings, and missed it",
    "application, unvalidated": "the artifact had never run upstream",
    "deployment suspected": "the same artifact ran upstream with other settings",
    "deployment": "no artifact changed: settings, scale or topology alone",
    "mixed": "artifact and settings changed, or components disagree",
    "environment": "nothing in the model changed",
    "not assessed": "it can't be told from what is kept",
}
TRIGGERS = ("rollback", "incident", "gate")
SHARES = {
    "the deployment's or suspected to be": ("deployment", "deployment suspected"),
    "the application's": ("application", "application, unvalidated"),
    "mixed": ("mixed",),
    "the environment's": ("environment",),
    "not assessed": ("not assessed",),
}
"""Whose a failure was, in the words of a sentence, with the verdicts that say so."""
MOST_FAILURES = 200
"""Failures that the page lists, the newest; the rest is counted."""


class FailureLine(NamedTuple):
    """One failure in the list of them."""

    environment: str
    deployment: Link
    when: Moment
    kind: str
    verdict: str
    slug: str
    trigger: str
    reason: str
    first: Link
    last: Link | None
    good: Link | None
    origin: OriginRow | None
    never_in: str


class CountRow(NamedTuple):
    """Counts of one verdict or quarter."""

    name: str
    slug: str
    meaning: str
    counts: tuple[int, ...]
    total: int


class TriagePage(NamedTuple):
    """The Triage page."""

    total: int
    triggers: tuple[str, ...]
    verdicts: tuple[CountRow, ...]
    """A row a verdict that was ever reached, counts by trigger."""
    columns: tuple[str, ...]
    """Verdicts that were ever reached, the columns of `quarters`."""
    quarters: tuple[CountRow, ...]
    """Newest first, those without a failure left out."""
    rows: tuple[FailureLine, ...]
    """Newest first."""
    left: int
    clean: tuple[str, ...]
    """What is said of each environment in which nothing failed."""
    share: str
    """Whose the failures were, in one sentence; empty where nothing failed."""


def triage_page(context: Context) -> TriagePage:
    """Return the Triage page: each verdict is read once, and only the newest are held."""
    failures = context.index.failures
    by_verdict: Counter[tuple[str, str]] = Counter()
    by_quarter: Counter[tuple[str, str]] = Counter()
    rows = []
    listed_from = len(failures) - MOST_FAILURES
    for at, failure in enumerate(failures):
        record = context.objects.triage(failure.environment, failure.triage)
        by_verdict[record.verdict, record.trigger.partition(" ")[0]] += 1
        by_quarter[quarter(failure.at), record.verdict] += 1
        if at >= listed_from:
            rows.append(_line(context, failure, record))
    reached = [name for name in VERDICTS if any(verdict == name for verdict, _ in by_verdict)]
    verdicts = tuple(_counts(name, slug(name), [by_verdict[name, t] for t in TRIGGERS]) for name in reached)
    names = sorted({name for name, _ in by_quarter}, reverse=True)
    quarters = tuple(_counts(name, "", [by_quarter[name, verdict] for verdict in reached]) for name in names)
    failed = {failure.environment for failure in failures}
    return TriagePage(
        total=len(failures),
        triggers=TRIGGERS,
        verdicts=verdicts,
        columns=tuple(reached),
        quarters=quarters,
        rows=tuple(reversed(rows)),
        left=max(0, len(failures) - len(rows)),
        clean=tuple(_clean(context, env) for env in context.from_production if env.name not in failed),
        share=_share({row.name: row.total for row in verdicts}) if failures else "",
    )


def _share(totals: Mapping[str, int]) -> str:
    """Return whose the failures were; those of the deployment are named also where there are none."""
    every = sum(totals.values())
    parts: list[str] = []
    for words, names in SHARES.items():
        count = sum(totals.get(name, 0) for name in names)
        if count or not parts:
            parts.append(f"{number(count) if count else 'none'} {'were' if count > 1 else 'was'} {words}")
    return f"Of {counted(every, 'failure')} {listed(parts, len(parts))}."


def _counts(name: str, css: str, counts: list[int]) -> CountRow:
    return CountRow(name, css, MEANINGS.get(name, ""), tuple(counts), sum(counts))


def _clean(context: Context, env: EnvironmentSummary) -> str:
    guarded = any(env.name == one.name and one.gates for one in context.summary.environments)
    gates = "no gate failed" if guarded else "no gate guards it"
    return (
        f"Nothing failed in {shown(env.name)}: no rollback and no incident in "
        f"{counted(env.deployments, 'deployment')}, and {gates}."
    )


def _line(context: Context, failure: Failure, record: TriageRecord) -> FailureLine:
    good = record.last_good
    first, last = failed_range(context, record)
    return FailureLine(
        environment=failure.environment,
        deployment=Link(*context.deployment_link(failure.id)),
        when=context.calendar.moment(failure.at),
        kind=failure.kind,
        verdict=record.verdict,
        slug=slug(record.verdict),
        trigger=record.trigger,
        reason=record.reason,
        first=first,
        last=last,
        good=Link(*context.deployment_link(good.deployment)) if good is not None else None,
        origin=origin_row(context, record.origin),
        never_in=record.never_in,
    )
