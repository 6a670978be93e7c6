"""Checks with their help and what stands, and what the Methods page says of this very report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.names import anchor
from generator.site.words import counted, digest

if TYPE_CHECKING:
    from generator.evidence.packs import FindingEntry
    from generator.evidence.summary import RuleRecord, Summary, UnreadableRecord
    from generator.site.context import Context
    from generator.site.words import Digest, Moment

LEVELS = ("error", "warning", "note")
MOST_FINDINGS = 1000
MOST_UNREADABLE = 500
MOST_ALSO = 20
"""Commits that are named of one thing that several brought."""
MOST_OPEN = 10
"""Lines of what was passed over that stand open: nothing has to be done about them."""


class FindingLine(NamedTuple):
    """A finding that holds now."""

    rule: str
    anchor: str
    level: str
    rank: int
    message: str
    subject: str
    place: str
    since: Moment
    commit: Digest


class StandingFindings(NamedTuple):
    """What holds now in one environment."""

    environment: str
    rows: tuple[FindingLine, ...]
    left: int
    not_assessed: tuple[str, ...]


class RuleHelp(NamedTuple):
    """The help of one rule."""

    anchor: str
    rule: RuleRecord
    why: str
    fix: str
    example: tuple[str, ...]
    """Lines."""
    standing: int


class ChecksView(NamedTuple):
    """The Checks page."""

    standing: tuple[StandingFindings, ...]
    rules: tuple[RuleHelp, ...]


class UnreadableLine(NamedTuple):
    """Something that could not be read, or was passed over, once for all environments that met it."""

    code: str
    reason: str
    environments: str
    """Every environment that met it, in the order of promotion; empty where it belongs to none."""
    place: str
    commit: Digest
    also: tuple[Digest, ...]
    """Further commits that brought the same, oldest first; some of them where they are many."""
    again: int
    """How many they are."""
    also_left: int
    """Those that are not shown."""
    when: Moment
    fix: str


class MethodsView(NamedTuple):
    """What the Methods page says of this report."""

    summary: Summary
    as_of: Moment
    commit: Digest
    config_digest: Digest
    faults: tuple[UnreadableLine, ...]
    """What is lost because it could not be read."""
    faults_left: int
    notes: tuple[UnreadableLine, ...]
    """What is passed over on purpose: nothing is wrong with it."""
    notes_left: int
    notes_folded: str
    """`50 files and templates` where they are too many to stand open; else empty."""
    own_key: bool
    not_assessed: tuple[tuple[str, str], ...]
    """(environment, reason)."""


def finding_line(context: Context, row: FindingEntry) -> FindingLine:
    """Return a finding as tables show it."""
    place = row.path + (f":{row.line}" if row.path and row.line else "")
    rank = LEVELS.index(row.level) if row.level in LEVELS else len(LEVELS)
    since = context.calendar.moment(row.since_at)
    help_anchor = context.rule_anchor(row.rule)
    return FindingLine(
        row.rule, help_anchor, row.level, rank, row.message, row.subject, place, since, digest(row.since)
    )


def checks_view(context: Context) -> ChecksView:
    """Return the Checks page: production first."""
    environments = context.from_production
    standing = tuple(
        StandingFindings(
            env.name,
            tuple(finding_line(context, row) for row in env.findings[:MOST_FINDINGS]),
            max(0, len(env.findings) - MOST_FINDINGS),
            env.not_assessed,
        )
        for env in environments
        if env.present
    )
    every = [row.rule for env in environments for row in env.findings]
    rules = tuple(
        RuleHelp(
            anchor(rule.id),
            rule,
            " ".join(rule.why.split()),
            " ".join(rule.fix.split()),
            tuple(rule.example.expandtabs(4).splitlines()),
            every.count(rule.id),
        )
        for rule in context.summary.rules
    )
    return ChecksView(standing, rules)


def methods_view(context: Context) -> MethodsView:
    """Return what was read, by what, and what was not."""
    summary = context.summary
    faults = _unreadable_lines(context, [row for row in summary.unreadable if row.level == "unreadable"])
    notes = _unreadable_lines(context, [row for row in summary.unreadable if row.level != "unreadable"])
    return MethodsView(
        summary=summary,
        as_of=context.calendar.moment(summary.as_of),
        commit=digest(summary.commit.id),
        config_digest=digest(summary.config_digest),
        faults=faults[:MOST_UNREADABLE],
        faults_left=max(0, len(faults) - MOST_UNREADABLE),
        notes=notes[:MOST_UNREADABLE],
        notes_left=max(0, len(notes) - MOST_UNREADABLE),
        notes_folded=counted(len(notes), "file or template", "files and templates") if len(notes) > MOST_OPEN else "",
        own_key=summary.fingerprint_key == "own",
        not_assessed=tuple((env.name, reason) for env in summary.environments for reason in env.not_assessed),
    )


def _unreadable_lines(context: Context, rows: list[UnreadableRecord]) -> tuple[UnreadableLine, ...]:
    """Return `rows` as lines, with what several environments share once, at the commit where it was first met."""
    alike: dict[tuple[str, str, str, int, str], list[UnreadableRecord]] = {}
    for row in rows:
        alike.setdefault((row.code, row.reason, row.path, row.line, row.fix), []).append(row)
    lines = []
    for same in alike.values():
        first = min(same, key=lambda row: row.at)
        met = {row.environment for row in same}
        names = [env.name for env in context.summary.environments if env.name in met]
        place = first.path + (f":{first.line}" if first.path and first.line else "")
        also = [commit for commit in dict.fromkeys(c for row in same for c in row.also) if commit != first.commit]
        lines.append(
            UnreadableLine(
                code=first.code,
                reason=first.reason,
                environments=", ".join(names),
                place=place,
                commit=digest(first.commit),
                also=tuple(digest(commit) for commit in also[:MOST_ALSO]),
                again=len(also),
                also_left=max(0, len(also) - MOST_ALSO),
                when=context.calendar.moment(first.at),
                fix=first.fix,
            )
        )
    return tuple(lines)
