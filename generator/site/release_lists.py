"""What a release did to the lists that it stands in: findings and drift that came, went or stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.drift_view import both_sides
from generator.site.reference_views import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from generator.evidence.packs import DriftEntry, FindingEntry
    from generator.site.context import Context
    from generator.site.fragments import Fragments
    from generator.site.words import Moment, Value

MOST_LISTED = 50
"""Findings or drift items that a page lists; the rest is counted and stands in the evidence."""


class FindingRow(NamedTuple):
    """One finding at a release."""

    state: str
    """`new`, `standing` or `fixed`."""
    rule: str
    anchor: str
    level: str
    message: str
    place: str
    since: Moment


class DriftRow(NamedTuple):
    """One drift item that began or ended at a release."""

    state: str
    """`began`, `changed` or `ended`."""
    component: str
    field: str
    drift: str
    upstream: Value
    value: Value
    since: Moment


class Lists(NamedTuple):
    """What came and went in the lists of a release, beside those held now."""

    findings: Mapping[str, FindingEntry]
    findings_came: Mapping[str, FindingEntry]
    findings_went: Mapping[str, FindingEntry]
    drift_came: Mapping[str, DriftEntry]
    drift_went: Mapping[str, DriftEntry]


def moved_rows(context: Context, fragments: Fragments, lists: Lists, new: list[str], fixed: list[str]) -> Markup:
    """Return the rows of what came and went: the same for the same entries."""
    came = _worst_first([lists.findings_came[key] for key in new])[:MOST_LISTED]
    went = _worst_first([lists.findings_went[key] for key in fixed])[:MOST_LISTED]

    def view() -> tuple[FindingRow, ...]:
        rows = [_finding(context, entry, "new") for entry in came]
        return (*rows, *(_finding(context, entry, "fixed") for entry in went))

    return fragments.get("finding-rows", (tuple(came), tuple(went)), view)


def standing_rows(context: Context, fragments: Fragments, lists: Lists, name: str, new: list[str]) -> Markup:
    """Return the rows of what stood before: the same for a list without the same new entries."""

    def view() -> tuple[FindingRow, ...]:
        held = [lists.findings[key] for key in sorted(lists.findings.keys() - set(new))]
        return tuple(_finding(context, entry, "standing") for entry in _worst_first(held)[:MOST_LISTED])

    return fragments.get("finding-rows", (name, tuple(new)), view)


def _worst_first(entries: list[FindingEntry]) -> list[FindingEntry]:
    return sorted(entries, key=lambda entry: LEVELS.index(entry.level) if entry.level in LEVELS else len(LEVELS))


def _finding(context: Context, entry: FindingEntry, state: str) -> FindingRow:
    place = entry.path + (f":{entry.line}" if entry.path and entry.line else "")
    since = context.calendar.moment(entry.since_at)
    return FindingRow(state, entry.rule, context.rule_anchor(entry.rule), entry.level, entry.message, place, since)


def drift_rows(context: Context, lists: Lists) -> tuple[DriftRow, ...]:
    """Return the drift items that began, ended or changed."""
    came, went = lists.drift_came, lists.drift_went
    rows = []
    for key in sorted(came.keys() | went.keys()):
        state = "changed" if key in came and key in went else "began" if key in came else "ended"
        entry = came.get(key) or went[key]
        since = context.calendar.moment(entry.since_at)
        upstream, own = both_sides(entry.aspect, entry.upstream, entry.value)
        rows.append(DriftRow(state, entry.component, entry.field, entry.drift, upstream, own, since))
    return tuple(sorted(rows, key=lambda row: ("began", "ended", "changed").index(row.state)))
