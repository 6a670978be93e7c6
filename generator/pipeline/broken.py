"""Breaks in git history as findings: a sentence each, releases that vanished at once together."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from generator.assurance.findings import listed
from generator.assurance.history_rules import HISTORY_RULES
from generator.errors import one_line
from generator.evidence.delivery_records import RecordFinding
from generator.evidence.packs import FindingEntry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.evidence.breaks import Break

_OFF = "off"


def history_findings(breaks: Sequence[Break], levels: Mapping[str, str]) -> tuple[RecordFinding, ...]:
    """Return the findings that `breaks` come to, in the order in which they were found.

    `levels` is what the configuration makes of rules, by their ids. A break is for ever, so its finding stands in
    every bundle that follows.
    """
    rules = {rule.id: rule for rule in HISTORY_RULES}
    found = []
    for (rule, environment, *_), grouped in groupby(breaks, key=_together):
        alike = tuple(grouped)
        level = levels.get(rule, "") or rules[rule].level.value
        if level != _OFF:
            entry = FindingEntry(
                rule=rule,
                level=level,
                message=one_line(_message(alike)),
                subject=_subject(alike),
                field="",
                path="",
                line=0,
                since=alike[0].found_by,
                since_at=alike[0].found_at,
            )
            found.append(RecordFinding(environment, entry))
    return tuple(found)


def _together(one: Break) -> tuple[str, str, int, str, str]:
    """Return what breaks of one finding share: one ref alone, or all releases that an environment lost at once."""
    ref = "" if one.rule == "release-vanished" else one.subject
    return one.rule, one.environment, one.bundle, one.found_by, ref


def _subject(alike: Sequence[Break]) -> str:
    first, last = alike[0].subject, alike[-1].subject
    return first if first == last else f"{first} … {last}"


def _message(alike: Sequence[Break]) -> str:
    one = alike[0]
    old, new, bundle = one.old[:12], one.new[:12], f"in bundle {one.bundle}"
    kind, _, name = one.subject.removeprefix("refs/").partition("/")
    if one.rule == "tag-moved":
        return f"tag `{name}` named {old} {bundle}, and {new} since"
    if one.rule == "tag-deleted":
        return f"tag `{name}` is gone; it named {old} {bundle}"
    if one.rule == "branch-rewritten":
        what = f"branch `{name}`" if kind == "heads" else f"`{one.subject}`"
        return f"{what} was at {old} {bundle}, and {new}, where it was found next, does not follow from that"
    names = listed([f"{gone.subject} ({gone.old[:12]})" for gone in alike])
    verb = "is" if len(alike) == 1 else "are"
    return f"{names} of bundle {one.bundle} {verb} not in the history any more"
