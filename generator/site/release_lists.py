"""What a release did to the lists that it stands in: findings and drift that came, went or stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.change_rows import Link
from generator.site.checks_view import LEVELS
from generator.site.drift_view import both_sides
from generator.site.exempt_view import exempt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from generator.evidence.packs import DriftEntry, FindingEntry
    from generator.site.context import Context
    from generator.site.exempt_view import Exempt
    from generator.site.fragments import Fragments
    from generator.site.words import Moment, Value

MOST_LISTED = 12
"""Findings of a state, or drift items, that a page lists; the rest is counted and stands in the evidence."""
FEW_LISTED = 5
"""The same on a page that has many changes to show: a page should stay light enough to be sent around."""

DRIFT_STATES = ("began", "counts again", "ended", "accepted", "changed")


class FindingRow(NamedTuple):
    """One finding at a release."""

    state: str
    """`new`, `standing`, `waived` or `fixed`."""
    rule: str
    anchor: str
    level: str
    message: str
    place: str
    since: Moment
    release: Link
    """The first release that had it; its page is empty where it has none."""
    waiver: Exempt | None


class DriftRow(NamedTuple):
    """One drift item that began or ended at a release."""

    state: str
    """`began`, `changed`, `accepted`, `counts again` or `ended`."""
    component: str
    field: str
    drift: str
    upstream: Value
    value: Value
    since: Moment
    acceptance: Exempt | None
    expected: str


class Lists(NamedTuple):
    """What came and went in the lists of a release, beside those held now."""

    findings: Mapping[str, FindingEntry]
    findings_came: Mapping[str, FindingEntry]
    findings_went: Mapping[str, FindingEntry]
    drift_came: Mapping[str, DriftEntry]
    drift_went: Mapping[str, DriftEntry]


def moved_rows(
    context: Context, fragments: Fragments, lists: Lists, new: list[str], fixed: list[str], most: int
) -> Markup:
    """Return the rows of what came and went: the same for the same entries."""
    came = _worst_first([lists.findings_came[key] for key in new])[:most]
    went = _worst_first([lists.findings_went[key] for key in fixed])[:most]

    def view() -> tuple[FindingRow, ...]:
        rows = [_finding(context, entry, "new") for entry in came]
        return (*rows, *(_finding(context, entry, "fixed") for entry in went))

    return fragments.get("finding-rows", (tuple(came), tuple(went)), view)


def standing_rows(context: Context, fragments: Fragments, lists: Lists, name: str, new: list[str], most: int) -> Markup:
    """Return the rows of what stood before: the same for a list without the same new entries."""

    def view() -> tuple[FindingRow, ...]:
        held = [lists.findings[key] for key in sorted(lists.findings.keys() - set(new))]
        return tuple(_finding(context, entry, "standing") for entry in _worst_first(held)[:most])

    return fragments.get("finding-rows", (name, tuple(new), most), view)


def _worst_first(entries: list[FindingEntry]) -> list[FindingEntry]:
    """Return `entries` by level, those that are waived last."""
    ranks = {level: rank for rank, level in enumerate(LEVELS)}
    return sorted(entries, key=lambda entry: (entry.exempt is not None, ranks.get(entry.level, len(ranks))))


def _finding(context: Context, entry: FindingEntry, state: str) -> FindingRow:
    place = entry.path + (f":{entry.line}" if entry.path and entry.line else "")
    waiver = exempt(entry.exempt) if state != "fixed" else None
    return FindingRow(
        state="waived" if waiver is not None else state,
        rule=entry.rule,
        anchor=context.rule_anchor(entry.rule),
        level=entry.level,
        message=entry.message,
        place=place,
        since=context.dates.moment(entry.since_at),
        release=Link(*context.deployment_link(entry.release)),
        waiver=waiver,
    )


def drift_rows(context: Context, lists: Lists) -> tuple[DriftRow, ...]:
    """Return the drift items that began, ended or changed."""
    came, went = lists.drift_came, lists.drift_went
    rows = []
    for key in sorted(came.keys() | went.keys()):
        entry = came.get(key) or went[key]
        upstream, own = both_sides(entry.aspect, entry.upstream, entry.value)
        rows.append(
            DriftRow(
                state=_drift_state(went.get(key), came.get(key)),
                component=entry.component,
                field=entry.field,
                drift=entry.drift,
                upstream=upstream,
                value=own,
                since=context.dates.moment(entry.since_at),
                acceptance=exempt(entry.exempt),
                expected=entry.expected,
            )
        )
    return tuple(sorted(rows, key=lambda row: DRIFT_STATES.index(row.state)))


def _drift_state(before: DriftEntry | None, now: DriftEntry | None) -> str:
    if before is None or now is None:
        return "began" if before is None else "ended"
    if (before.exempt is None) != (now.exempt is None):
        return "accepted" if before.exempt is None else "counts again"
    return "changed"
