"""The page of one release: what changed, was it validated, can it be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.bringing_back import source_commit
from generator.site.bring_back import Version, bring_back
from generator.site.change_groups import changes_view
from generator.site.change_rows import Link, release_link
from generator.site.names import month_page, topology_page
from generator.site.pictures import picture
from generator.site.proof_view import gate_rows, gates_text, result_rows, results_text
from generator.site.records_view import told_view
from generator.site.release_lists import FEW_LISTED, MOST_LISTED, drift_rows, moved_rows, standing_rows
from generator.site.triage_view import triage_view
from generator.site.walk import part_rows
from generator.site.words import counted, digest, month_name, shown

if TYPE_CHECKING:
    from markupsafe import Markup

    from generator.evidence.gates import GateRow
    from generator.evidence.records import DeclaredRecord, DeploymentRecord
    from generator.site.bring_back import BringBack
    from generator.site.change_groups import Changes
    from generator.site.context import Context
    from generator.site.fragments import Fragments
    from generator.site.index import Release
    from generator.site.pictures import Picture
    from generator.site.records_view import ToldView
    from generator.site.release_lists import DriftRow, Lists
    from generator.site.triage_view import TriageView
    from generator.site.walk import PartRow, Step
    from generator.site.words import Digest, Moment

MOST_PART_ROWS = 60
TALL_PICTURE = 1000
"""Height of a picture in pixels above which it is folded."""
FEW_CHANGES = 10
"""Rows of changes up to which the other lists of a page have room."""
MOST_ARTIFACTS = 20
"""Artifacts that a page lists of those that its version runs."""
MOST_DECLARED = 20
"""Declarations that a page lists."""
MOST_STANDING = 10
"""Standing findings that a page shows without folding them: they were there before."""


class PartView(NamedTuple):
    """The changed part of a release."""

    picture: Picture
    tall: bool
    """Whether the picture is folded at first: it would push the rest of the page out of sight."""
    rows: tuple[PartRow, ...]
    left: int


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
    gate_rows: tuple[GateRow, ...]
    gates_bad: bool
    """Whether a gate failed or nothing says that it passed."""
    results: str
    """Imported results in counts; empty where there are none."""
    result_rows: tuple[Markup, ...]
    confidence: str
    observed: str
    """Kind that the values alone show, where a declaration says another; else empty."""
    reasons: tuple[str, ...]
    declared: tuple[DeclaredRecord, ...]
    declared_left: int
    incidents: tuple[str, ...]
    taken_back: tuple[Link, ...]
    """Rollbacks that took it back, at least in part."""
    triage: TriageView | None
    told: ToldView | None
    """What pipelines and incident tools tell of it; `None` where nothing."""
    bring_back: BringBack
    changes: Changes
    part: Markup
    """Picture and table of the changed part."""
    topology: Link
    new: int
    """New findings that count."""
    moved_any: bool
    """Whether any came or went, waived ones included."""
    fixed: int
    findings: int
    """New, fixed and standing."""
    moved: Markup
    """Rows of new and fixed findings."""
    standing: Markup
    """Rows of standing findings."""
    standing_folded: str
    """`26 standing findings` where they are too many to stand open; else empty."""
    findings_total: str
    findings_left: int
    """Findings that no table here holds."""
    moved_left: int
    """Those of them that are new or fixed."""
    standing_left: int
    drift_assessed: bool
    drift: tuple[DriftRow, ...]
    drift_left: int
    drift_counts: tuple[tuple[str, int], ...]
    unreadable: int
    digest: Digest
    previous_digest: Digest | None
    commit: Digest
    deployed: Digest | None
    """Commit whose files are deployed, where a pin names another one."""
    author: str
    line: int


def release_view(context: Context, fragments: Fragments, step: Step, lists: Lists) -> ReleaseView:
    """Return the page of the release of `step`."""
    record, index = step.record, context.index
    position = index.position[record.id]
    row = index.releases[position]
    before, after = index.neighbours(index.by_environment[record.environment], position)
    month = row.at[:7]
    new = sorted(lists.findings_came.keys() - lists.findings_went.keys())
    fixed = sorted(lists.findings_went.keys() - lists.findings_came.keys())
    drift = drift_rows(context, lists) if record.drift is not None else ()
    changes = changes_view(context, record, position)
    most = FEW_LISTED if sum(len(part.first) + len(part.rest) for part in changes.parts) > FEW_CHANGES else MOST_LISTED
    moved_left = max(0, len(new) - most) + max(0, len(fixed) - most)
    standing_left = max(0, len(lists.findings) - len(new) - most)
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
        previous=release_link(context, before),
        next=release_link(context, after),
        subject=record.commit.subject,
        gates=gates_text(record),
        gate_rows=gate_rows(context, record),
        gates_bad=bool(record.gates.failed or record.gates.missing),
        results=results_text(record),
        result_rows=result_rows(context, fragments, record),
        confidence=record.confidence,
        observed=record.observed if record.observed != record.kind else "",
        reasons=record.reasons,
        declared=record.declared[:MOST_DECLARED],
        declared_left=max(0, len(record.declared) - MOST_DECLARED),
        incidents=record.incidents,
        taken_back=tuple(Link(*context.deployment_link(name)) for name in index.taken_back.get(record.id, ())),
        triage=triage_view(context, record, record.triage, most) if record.triage is not None else None,
        told=told_view(context, record.id),
        bring_back=bring_back(context, _version(step), MOST_ARTIFACTS),
        changes=changes,
        part=_part(context, fragments, step, row.picture),
        topology=Link(topology_page(context.index.topology(record.digest)), record.digest[:12]),
        new=sum(lists.findings_came[key].exempt is None for key in new),
        moved_any=bool(new or fixed),
        fixed=len(fixed),
        findings=len(lists.findings) + len(fixed),
        moved=moved_rows(context, fragments, lists, new, fixed, most),
        standing=standing_rows(context, fragments, lists, record.findings.object, new, most),
        standing_folded=counted(len(lists.findings) - len(new), "standing finding")
        if len(lists.findings) - len(new) > MOST_STANDING
        else "",
        findings_total=_totals(record),
        findings_left=moved_left + standing_left,
        moved_left=moved_left,
        standing_left=standing_left,
        drift_assessed=record.drift is not None,
        drift=drift[:most],
        drift_left=max(0, len(drift) - most),
        drift_counts=_drift_counts(record),
        unreadable=record.unreadable,
        digest=digest(record.digest),
        previous_digest=digest(record.previous_digest) if record.previous_digest else None,
        commit=digest(record.commit.id),
        deployed=digest(record.commit.deployed) if record.commit.deployed else None,
        author=record.commit.author or "not recorded",
        line=row.line,
    )


def _version(step: Step) -> Version:
    record = step.record
    return Version(record.environment, record.digest, source_commit(record.commit), step.standing)


def _part(context: Context, fragments: Fragments, step: Step, name: str) -> Markup:
    """Return the changed part; two releases with the same picture have the same."""

    def view() -> PartView:
        graph = step.standing.changed() if name else None
        rows = part_rows(graph) if graph is not None else ()
        drawn = picture(context, name, _alt(rows), expected=bool(step.record.changes))
        tall = drawn.height > TALL_PICTURE
        return PartView(drawn, tall, rows[:MOST_PART_ROWS], max(0, len(rows) - MOST_PART_ROWS))

    return fragments.get("part", name or bool(step.record.changes), view)


def release_flags(row: Release) -> tuple[str, ...]:
    """Return what is said of a release beside its kind."""
    flags = (row.bypass, "bypass"), (row.bulk, "bulk"), (row.partial, "partial")
    return tuple(name for held, name in flags if held)


def _totals(record: DeploymentRecord) -> str:
    counts = record.findings
    levels = ((counts.error, "error"), (counts.warning, "warning"), (counts.note, "note"))
    words = [counted(count, word) for count, word in levels if count]
    return ", ".join([*(words or ["no findings"]), *([f"{counts.waived} waived"] if counts.waived else [])])


def _drift_counts(record: DeploymentRecord) -> tuple[tuple[str, int], ...]:
    counts = record.drift
    if counts is None:
        return ()
    return (
        ("pending", counts.pending),
        ("ahead", counts.ahead),
        ("config", counts.config),
        ("structure", counts.structure),
        *((("expected", counts.expected),) if counts.expected else ()),
        *((("accepted", counts.accepted),) if counts.accepted else ()),
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
    return " ".join([*row.tags, *row.components[:20], row.subject, *versions])
