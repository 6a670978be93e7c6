"""The Checks page: what stands now, what is let stand, what each check ever found, and the help of each."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from generator.site.change_rows import Link
from generator.site.exempt_view import exempt, exemptions_view
from generator.site.names import anchor
from generator.site.texts import N_, ngettext
from generator.site.texts import gettext as _
from generator.site.words import counted, digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.packs import FindingEntry
    from generator.evidence.summary import EnvironmentSummary, RuleRecord
    from generator.site.context import Context
    from generator.site.exempt_view import Exempt, ExemptionsView
    from generator.site.words import Digest, Moment

OWN_RULES = "assay.yaml"
"""Source of the rules that the configuration writes."""
POLICY = ".rego"
FAMILIES = {
    "references": N_("References: is everything there that is named?"),
    "exposure": N_("Exposure: who can reach what, and how?"),
    "resilience": N_("Resilience: does it go on when a part fails or is replaced?"),
    "configuration": N_("Configuration: are settings as they must not be?"),
    "supply": N_("Supply: what runs, and where does it come from?"),
    "promotion": N_("Promotion: was it tried before it came here?"),
    "schema": N_("Schema: does the platform take it?"),
    "records": N_("Records: does what pipelines and incident tools tell agree with itself?"),
    "history": N_("History: does git still have what earlier evidence was drawn from?"),
}
UNWAIVED = ("records", "history")
"""Families of findings that are of no component: no waiver is for them."""
LEVELS = ("error", "warning", "note")
FEWEST = 25
SHARED = 200
"""Standing findings that the environments of the page share; of each the worst, and a quarter as many waived ones."""
WAIVED_FOR = timedelta(days=90)
"""How long the waiver lasts that the help of a check shows."""


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
    release: Link
    """The first release that had it; its text is empty where none had it yet."""
    waiver: Exempt | None


class StandingFindings(NamedTuple):
    """What holds now in one environment."""

    environment: str
    rows: tuple[FindingLine, ...]
    """What counts, worst first."""
    left: int
    waived: tuple[FindingLine, ...]
    waived_total: int
    not_assessed: tuple[str, ...]
    counts: str
    """`2 errors, 3 warnings`; empty where nothing counts."""


class RuleHelp(NamedTuple):
    """The help of one rule."""

    anchor: str
    rule: RuleRecord
    why: str
    fix: str
    example: tuple[str, ...]
    """Lines of what it finds."""
    waive: tuple[str, ...]
    """Lines of a declaration that lets a finding of it stand; empty where none can."""
    standing: int
    """Findings that count now, in all environments."""
    setting: str
    """`off`, or the level that the configuration gives it; empty where nothing."""
    origin: str
    """`own rule` or `policy`; empty for a check of Assay's own."""


class RuleCounts(NamedTuple):
    """One rule over the whole history of one environment."""

    environment: str
    anchor: str
    rule: str
    family: str
    level: str
    opened: int
    fixed: int
    standing: int
    waived: int


class RuleFamily(NamedTuple):
    """Rules that look after the same."""

    name: str
    anchor: str
    title: str
    rules: tuple[RuleHelp, ...]
    standing: int


class ChecksView(NamedTuple):
    """The Checks page."""

    standing: tuple[StandingFindings, ...]
    records: tuple[tuple[str, FindingLine], ...]
    """(environment, finding) of each record that contradicts itself or another one."""
    records_left: int
    history: tuple[FindingLine, ...]
    """What earlier bundles hold and git has no more."""
    history_left: int
    exemptions: ExemptionsView
    counts: tuple[tuple[str, tuple[RuleCounts, ...]], ...]
    """(environment, a row for each rule that ever found anything there)."""
    total: int
    """How many checks there are."""
    off: int
    said: str
    """How many there are, in a sentence."""
    families: tuple[RuleFamily, ...]


def finding_line(context: Context, row: FindingEntry) -> FindingLine:
    """Return a finding as tables show it."""
    place = row.path + (f":{row.line}" if row.path and row.line else "")
    rank = LEVELS.index(row.level) if row.level in LEVELS else len(LEVELS)
    return FindingLine(
        rule=row.rule,
        anchor=context.rule_anchor(row.rule),
        level=row.level,
        rank=rank,
        message=row.message,
        subject=row.subject,
        place=place,
        since=context.calendar.moment(row.since_at),
        commit=digest(row.since),
        release=Link(*context.deployment_link(row.release)),
        waiver=exempt(row.exempt),
    )


def checks_view(context: Context) -> ChecksView:
    """Return the Checks page: production first."""
    environments = context.from_production
    held = Counter(row.rule for env in environments for row in env.findings if row.exempt is None)
    told, gone = context.summary.record_findings, context.summary.history_findings
    held.update(one.finding.rule for one in (*told, *gone))
    until = _until(context.summary.as_of)
    rules = tuple(_rule(rule, held[rule.id], until) for rule in context.summary.rules)
    off = sum(rule.setting == "off" for rule in rules)
    present = [env for env in environments if env.present]
    most = max(FEWEST, SHARED // max(1, len(present)))
    counts = ((env.name, _rule_counts(context, env)) for env in environments)
    return ChecksView(
        standing=tuple(_standing(context, env, most) for env in present),
        records=tuple((one.environment, finding_line(context, one.finding)) for one in told[:FEWEST]),
        records_left=max(0, len(told) - FEWEST),
        history=tuple(finding_line(context, one.finding) for one in gone[: -FEWEST - 1 : -1]),
        history_left=max(0, len(gone) - FEWEST),
        exemptions=exemptions_view(context),
        counts=tuple((name, rows) for name, rows in counts if rows),
        total=len(rules),
        off=off,
        said=_said(len(rules), off),
        families=_families(rules),
    )


def _said(total: int, off: int) -> str:
    known = ngettext("One check is known.", "%(number)s checks are known.", total)
    if not off:
        return known
    return known + " " + ngettext("One is switched off.", "%(number)s are switched off.", off)


def _until(as_of: str) -> str:
    """Return a day some time after the report; the end of a year where the report has no time."""
    try:
        return (datetime.fromisoformat(as_of) + WAIVED_FOR).date().isoformat()
    except (ValueError, OverflowError):
        return "2030-12-31"


def _standing(context: Context, env: EnvironmentSummary, most: int) -> StandingFindings:
    counting = [row for row in env.findings if row.exempt is None]
    waived = [row for row in env.findings if row.exempt is not None]
    return StandingFindings(
        env.name,
        tuple(finding_line(context, row) for row in counting[:most]),
        max(0, len(counting) - most),
        tuple(finding_line(context, row) for row in waived[: most // 4]),
        len(waived),
        env.not_assessed,
        _levels(counting),
    )


def _levels(rows: Sequence[FindingEntry]) -> str:
    counts = Counter(row.level for row in rows)
    words = {
        "error": counted(counts["error"], "error"),
        "warning": counted(counts["warning"], "warning"),
        "note": counted(counts["note"], "note"),
    }
    return ", ".join(words[level] for level in LEVELS if counts[level])


def _rule(rule: RuleRecord, standing: int, until: str) -> RuleHelp:
    return RuleHelp(
        anchor=anchor(rule.id),
        rule=rule,
        why=" ".join(rule.why.split()),
        fix=" ".join(rule.fix.split()),
        example=tuple(rule.example.expandtabs(4).splitlines()),
        waive=_waiver(rule.id, until) if rule.family not in UNWAIVED else (),
        standing=standing,
        setting=rule.setting if rule.setting != rule.level else "",
        origin=_origin(rule.source),
    )


def _origin(source: str) -> str:
    if source == OWN_RULES:
        return _("own rule")
    return _("policy") if source.endswith(POLICY) else ""


def _waiver(rule: str, until: str) -> tuple[str, ...]:
    return (
        "waivers:",
        f"  - rule: {rule}",
        f"    component: {_('NAME')}",
        f"    owner: {_('who answers for it')}",
        f"    reason: {_('why it may stand')}",
        f"    expires: {until}",
    )


def _rule_counts(context: Context, env: EnvironmentSummary) -> tuple[RuleCounts, ...]:
    """Return the rules that ever found anything, those with most standing findings first."""
    known = {rule.id: rule for rule in context.summary.rules}
    rows = []
    for total in sorted(env.finding_totals, key=lambda total: (-total.standing, -total.opened, total.rule)):
        rule = known.get(total.rule)
        family, level = (rule.family, rule.setting or rule.level) if rule is not None else ("", "")
        counts = total.opened, total.fixed, total.standing, total.waived
        rows.append(RuleCounts(env.name, context.rule_anchor(total.rule), total.rule, family, level, *counts))
    return tuple(rows)


def _families(rules: tuple[RuleHelp, ...]) -> tuple[RuleFamily, ...]:
    """Return the rules by family, each in the order of the evidence."""
    found: dict[str, list[RuleHelp]] = {}
    for rule in rules:
        found.setdefault(rule.rule.family, []).append(rule)
    order = [*(name for name in FAMILIES if name in found), *sorted(found.keys() - FAMILIES.keys())]
    return tuple(
        RuleFamily(
            name=name,
            anchor=anchor(f"family-{name or 'other'}"),
            title=_(FAMILIES[name]) if name in FAMILIES else _("Other checks"),
            rules=tuple(found[name]),
            standing=sum(rule.standing for rule in found[name]),
        )
        for name in order
    )
