"""The page of one release: what changed, was it validated, can it be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.names import month_page, release_page, topology_page
from generator.site.walk import part_rows
from generator.site.words import counted, digest, month_name, shown, span, value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.evidence.packs import DriftEntry, FindingEntry
    from generator.evidence.records import ChangeRecord, DeploymentRecord
    from generator.site.context import Context
    from generator.site.index import Release
    from generator.site.walk import PartRow, Step
    from generator.site.words import Digest, Moment, Value

MOST_CHANGES = 300
MOST_LISTED = 50
"""Findings or drift items that a page lists; the rest is counted and stands in the evidence."""
MOST_PART_ROWS = 60


class Link(NamedTuple):
    """A link to another release."""

    page: str
    text: str


class ChangeRow(NamedTuple):
    """One change as the table shows it."""

    component: str
    connection: bool
    aspect: str
    field: str
    old: Value
    new: Value
    kind: str
    note: str
    """For a rollback or redo: what it returns to, in words before the link."""
    note_link: Link | None
    validation: str
    origin: Moment | None
    origin_id: str
    origin_commit: Digest | None
    soak: str
    soak_seconds: int
    earlier: Link | None
    """The release before this one that changed the component."""
    later: Link | None


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


class Picture(NamedTuple):
    """A diagram, or why there is none."""

    name: str
    """File name without suffix; empty where there is no picture."""
    width: int
    height: int
    alt: str
    reason: str
    """Why it is not drawn whole; empty where it is."""


class ReleaseView(NamedTuple):
    """Everything that a release page shows."""

    id: str
    heading: str
    environment: str
    upstream: str
    kind: str
    flags: tuple[str, ...]
    verdict: str
    when: Moment
    month: Link
    previous: Link | None
    next: Link | None
    subject: str
    gates: str
    confidence: str
    reasons: tuple[str, ...]
    changes: tuple[ChangeRow, ...]
    changes_left: int
    part: tuple[PartRow, ...]
    part_left: int
    picture: Picture
    topology: Link
    new: tuple[FindingRow, ...]
    fixed: tuple[FindingRow, ...]
    findings_standing: tuple[FindingRow, ...]
    findings_total: str
    findings_left: int
    drift_assessed: bool
    drift: tuple[DriftRow, ...]
    drift_left: int
    drift_counts: tuple[tuple[str, int], ...]
    unreadable: int
    digest: Digest
    previous_digest: Digest | None
    commit: Digest
    author: str
    line: int


class Lists(NamedTuple):
    """What came and went in the lists of a release, beside those held now."""

    findings: Mapping[str, FindingEntry]
    findings_came: Mapping[str, FindingEntry]
    findings_went: Mapping[str, FindingEntry]
    drift_came: Mapping[str, DriftEntry]
    drift_went: Mapping[str, DriftEntry]


def release_link(release: Release | None) -> Link | None:
    """Return a link to a release, `None` where there is none."""
    return None if release is None else Link(release_page(release.id), release.id)


def release_view(context: Context, step: Step, lists: Lists) -> ReleaseView:
    """Return the page of the release of `step`."""
    record, index = step.record, context.index
    position = index.position[record.id]
    row = index.releases[position]
    before, after = index.neighbours(index.by_environment[record.environment], position)
    graph = step.standing.changed()
    part = part_rows(graph) if graph is not None else ()
    month = row.at[:7]
    new, standing, fixed = _findings(context, lists)
    drift = _drift(context, lists) if record.drift is not None else ()
    return ReleaseView(
        id=record.id,
        heading=context.release_name(row),
        environment=record.environment,
        upstream=context.upstreams[record.environment],
        kind=record.kind,
        flags=release_flags(row),
        verdict=row.verdict,
        when=context.calendar.moment(row.at),
        month=Link(month_page(month), month_name(month)),
        previous=release_link(before),
        next=release_link(after),
        subject=record.commit.subject,
        gates=_gates(record),
        confidence=record.confidence,
        reasons=record.reasons,
        changes=_changes(context, record, position),
        changes_left=max(0, len(record.changes) - MOST_CHANGES),
        part=part[:MOST_PART_ROWS],
        part_left=max(0, len(part) - MOST_PART_ROWS),
        picture=picture(context, row.picture, _alt(part), expected=bool(record.changes)),
        topology=Link(topology_page(record.digest), record.digest[:12]),
        new=new[:MOST_LISTED],
        fixed=fixed[:MOST_LISTED],
        findings_standing=standing[:MOST_LISTED],
        findings_total=_totals(record),
        findings_left=sum(max(0, len(rows) - MOST_LISTED) for rows in (new, fixed, standing)),
        drift_assessed=record.drift is not None,
        drift=drift[:MOST_LISTED],
        drift_left=max(0, len(drift) - MOST_LISTED),
        drift_counts=_drift_counts(record),
        unreadable=record.unreadable,
        digest=digest(record.digest),
        previous_digest=digest(record.previous_digest) if record.previous_digest else None,
        commit=digest(record.commit.id),
        author=record.commit.author or "not recorded",
        line=row.line,
    )


def release_flags(row: Release) -> tuple[str, ...]:
    """Return what is said of a release beside its kind."""
    return (*(("bypass",) if row.bypass else ()), *(("bulk",) if row.bulk else ()))


def picture(context: Context, name: str, alt: str, *, expected: bool) -> Picture:
    """Return the picture `name` as it came out; where none was asked for although one is `expected`, say why."""
    if not name:
        reason = "The changed part is too large for a picture of its own." if expected else ""
        return Picture("", 0, 0, "", reason)
    drawn = context.drawn[name]
    if drawn.state == "table":
        return Picture("", 0, 0, "", drawn.reason)
    return Picture(name, drawn.width, drawn.height, alt, drawn.reason)


def _changes(context: Context, record: DeploymentRecord, position: int) -> tuple[ChangeRow, ...]:
    seen: set[str] = set()
    rows = []
    for change in record.changes[:MOST_CHANGES]:
        first = change.component not in seen
        seen.add(change.component)
        rows.append(_change(context, record, change, position if first else -1))
    return tuple(rows)


def _change(context: Context, record: DeploymentRecord, change: ChangeRecord, position: int) -> ChangeRow:
    positions = context.index.by_component.get((record.environment, change.component), [])
    before, after = context.index.neighbours(positions, position) if position >= 0 and positions else (None, None)
    origin = change.origin
    note, link = _note(context, change)
    return ChangeRow(
        component=change.component,
        connection=change.field == "connection",
        aspect=change.aspect,
        field=change.field,
        old=value(change.old),
        new=value(change.new),
        kind=change.kind,
        note=note,
        note_link=link,
        validation=change.validation if context.upstreams[record.environment] else "",
        origin=context.calendar.moment(origin.at) if origin else None,
        origin_id=origin.deployment if origin else "",
        origin_commit=digest(origin.commit) if origin else None,
        soak=span(origin.soak_seconds) if origin else "",
        soak_seconds=origin.soak_seconds if origin else -1,
        earlier=release_link(before),
        later=release_link(after),
    )


def _note(context: Context, change: ChangeRecord) -> tuple[str, Link | None]:
    target, words = (
        (change.culprit, "undoes") if change.kind == "rollback" and change.culprit else (change.returns_to, "first in")
    )
    if not target:
        return "", None
    position = context.index.position.get(target)
    if position is None:
        return f"{words} {shown(target)}", None
    return words, release_link(context.index.releases[position])


def _finding(context: Context, entry: FindingEntry, state: str) -> FindingRow:
    place = entry.path + (f":{entry.line}" if entry.path and entry.line else "")
    since = context.calendar.moment(entry.since_at)
    return FindingRow(state, entry.rule, context.rule_anchor(entry.rule), entry.level, entry.message, place, since)


def _findings(
    context: Context, lists: Lists
) -> tuple[tuple[FindingRow, ...], tuple[FindingRow, ...], tuple[FindingRow, ...]]:
    came, went = lists.findings_came, lists.findings_went
    new = tuple(_finding(context, came[key], "new") for key in sorted(came.keys() - went.keys()))
    fixed = tuple(_finding(context, went[key], "fixed") for key in sorted(went.keys() - came.keys()))
    held = sorted(lists.findings.keys() - (came.keys() - went.keys()))
    return new, tuple(_finding(context, lists.findings[key], "standing") for key in held), fixed


def _drift(context: Context, lists: Lists) -> tuple[DriftRow, ...]:
    came, went = lists.drift_came, lists.drift_went
    rows = []
    for key in sorted(came.keys() | went.keys()):
        state = "changed" if key in came and key in went else "began" if key in came else "ended"
        entry = came.get(key) or went[key]
        since = context.calendar.moment(entry.since_at)
        rows.append(
            DriftRow(state, entry.component, entry.field, entry.drift, value(entry.upstream), value(entry.value), since)
        )
    return tuple(sorted(rows, key=lambda row: ("began", "ended", "changed").index(row.state)))


def _gates(record: DeploymentRecord) -> str:
    gates = record.gates
    outcomes = (gates.passed, "passed"), (gates.failed, "failed"), (gates.missing, "missing")
    words = [f"{count} {word}" for count, word in (*outcomes, (gates.not_assessed, "not assessed")) if count]
    return ", ".join(words) or "none configured"


def _totals(record: DeploymentRecord) -> str:
    counts = record.findings
    levels = ((counts.error, "error"), (counts.warning, "warning"), (counts.note, "note"))
    return ", ".join(counted(count, word) for count, word in levels if count) or "no findings"


def _drift_counts(record: DeploymentRecord) -> tuple[tuple[str, int], ...]:
    counts = record.drift
    if counts is None:
        return ()
    return (
        ("pending", counts.pending),
        ("ahead", counts.ahead),
        ("config", counts.config),
        ("structure", counts.structure),
    )


def _alt(part: tuple[PartRow, ...]) -> str:
    marked = [f"{shown(row.id)} {row.mark}" for row in part if row.mark]
    around = counted(len(part) - len(marked), "neighbour")
    return f"Changed part: {', '.join(marked[:12]) or 'connections'}; {around}."


def description(view: ReleaseView) -> str:
    """Return the one-line description of the page."""
    return f"{view.heading}, {view.when.text}: {view.verdict}"


def search_text(row: Release) -> str:
    """Return what the search finds a release by."""
    versions = [] if row.kind == "redeploy" else [row.verdict]
    return " ".join([*row.components[:20], row.subject, *versions])
