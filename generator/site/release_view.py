"""The page of one release: what changed, was it validated, can it be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from generator.evidence.bringing_back import source_commit
from generator.evidence.dsse import statements_path
from generator.site.bring_back import Version, bring_back
from generator.site.change_groups import changes_view
from generator.site.change_rows import Link, release_link
from generator.site.names import month_page, next_page, topology_page
from generator.site.part_view import part_view
from generator.site.proof_view import MOST_GATES, gate_rows, gates_text, result_rows, results_text
from generator.site.records_view import told_view
from generator.site.release_limits import FULL, LEVELS, fits
from generator.site.release_lists import drift_rows, moved_rows, standing_rows
from generator.site.texts import N_
from generator.site.texts import gettext as _
from generator.site.triage_view import triage_view
from generator.site.verdicts import KINDS
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
    from generator.site.part_view import PartView
    from generator.site.records_view import ToldView
    from generator.site.release_limits import Limits
    from generator.site.release_lists import DriftRow, Lists
    from generator.site.templating import Templates
    from generator.site.triage_view import TriageView
    from generator.site.walk import Step
    from generator.site.words import Digest, Moment

FEW_CHANGES = 10
"""Rows of changes up to which the other lists of a page have room."""
MOST_STANDING = 10
"""Standing findings that a page shows without folding them: they were there before."""
ROOT = "../"
FLAGS = {"bypass": N_("bypass"), "bulk": N_("bulk"), "partial": N_("partial")}
CONFIDENCES = {"declared": N_("declared"), "observed": N_("observed"), "inferred": N_("inferred")}
DRIFT_CLASSES = {
    "pending": N_("pending"),
    "ahead": N_("ahead"),
    "config": N_("config"),
    "structure": N_("structure"),
    "expected": N_("expected"),
    "accepted": N_("accepted"),
}


class Approver(NamedTuple):
    """Somebody's yes."""

    name: str
    """Empty where the report shows no names."""
    source: str
    gate: str
    doubt: str


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
    waiting: Link | None
    """What waits for its environment; of the newest release alone."""
    subject: str
    gates: str
    gate_rows: tuple[GateRow, ...]
    gates_left: int
    gates_bad: bool
    """Whether a gate failed or nothing says that it passed."""
    results: str
    """Imported results in counts; empty where there are none."""
    result_rows: tuple[Markup, ...]
    results_left: int
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
    explore: str
    """What the address of the topology ends with to show what this release changed in it: for scripts."""
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
    """Empty where the report shows no names."""
    committer: str
    """Where it is another one."""
    approvers: tuple[Approver, ...]
    approvers_left: int
    line: int
    statements: str
    """File of the bundle that has its in-toto statements."""


def drawn_release(
    context: Context, templates: Templates, fragments: Fragments, step: Step, lists: Lists
) -> tuple[ReleaseView, str]:
    """Return the page of the release of `step` and its HTML: in full, or in as few rows as make it light enough."""
    for limits in LEVELS:
        view = release_view(context, fragments, step, lists, limits)
        body = templates.render("release", ROOT, view)
        if fits(body):
            break
    return view, body


def release_view(
    context: Context, fragments: Fragments, step: Step, lists: Lists, limits: Limits = FULL
) -> ReleaseView:
    """Return the page of the release of `step`, with no more rows than `limits` allow."""
    record, index = step.record, context.index
    position = index.position[record.id]
    row = index.releases[position]
    before, after = index.neighbours(index.by_environment[record.environment], position)
    month = row.at[:7]
    new = sorted(lists.findings_came.keys() - lists.findings_went.keys())
    fixed = sorted(lists.findings_went.keys() - lists.findings_came.keys())
    drift = drift_rows(context, lists) if record.drift is not None else ()
    changes = changes_view(context, record, position, limits)
    gates = gate_rows(context, record)
    rows = sum(len(part.first) + len(part.rest) for part in changes.parts)
    most = limits.few if rows > FEW_CHANGES else limits.listed
    upstream = context.upstreams[record.environment]
    moved_left = max(0, len(new) - most) + max(0, len(fixed) - most)
    standing_left = max(0, len(lists.findings) - len(new) - most)
    return ReleaseView(
        id=record.id,
        heading=context.release_name(row),
        environment=record.environment,
        upstream=upstream,
        kind=record.kind,
        flags=release_flags(row),
        verdict=row.verdict,
        when=context.dates.moment(row.at),
        month=Link(month_page(month), month_name(month)),
        previous=release_link(context, before),
        next=release_link(context, after),
        waiting=_waiting(record.environment, upstream) if after is None and upstream else None,
        subject=record.commit.subject,
        gates=gates_text(gates),
        gate_rows=gates[:MOST_GATES],
        gates_left=max(0, len(gates) - MOST_GATES),
        gates_bad=bool(record.gates.failed or record.gates.missing),
        results=results_text(record),
        result_rows=result_rows(context, fragments, record, limits.results),
        results_left=max(0, len(record.results) - limits.results),
        confidence=_(CONFIDENCES[record.confidence]),
        observed=record.observed if record.observed != record.kind else "",
        reasons=record.reasons,
        declared=record.declared[: limits.declared],
        declared_left=max(0, len(record.declared) - limits.declared),
        incidents=record.incidents,
        taken_back=tuple(Link(*context.deployment_link(name)) for name in index.taken_back.get(record.id, ())),
        triage=triage_view(context, record, record.triage, most) if record.triage is not None else None,
        told=told_view(context, record.id),
        bring_back=bring_back(context, _version(step), limits.artifacts),
        changes=changes,
        part=_part(context, fragments, step, row.picture, limits.parts),
        topology=Link(topology_page(context.index.topology(record.digest)), record.digest[:12]),
        explore=_explore(step),
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
        author=record.commit.author,
        committer=record.commit.committer,
        approvers=tuple(Approver(a.by, a.source, a.gate, a.doubt) for a in record.approvals[: limits.declared]),
        approvers_left=max(0, len(record.approvals) - limits.declared),
        line=row.line,
        statements=statements_path(record.environment),
    )


def _version(step: Step) -> Version:
    record = step.record
    return Version(record.environment, record.digest, source_commit(record.commit), step.standing)


def _waiting(environment: str, upstream: str) -> Link:
    return Link(next_page(environment), _("Next: what waits in %(upstream)s", upstream=shown(upstream)))


def _explore(step: Step) -> str:
    against = "&diff=before" if step.record.previous_digest else ""
    return f"at={quote(step.record.id, safe='')}{against}"


def _part(context: Context, fragments: Fragments, step: Step, name: str, most: int) -> Markup:
    """Return the changed part; two releases with the same picture have the same."""
    changed = bool(step.record.changes)

    def view() -> PartView:
        return part_view(context, step.standing.changed() if name else None, name, most, expected=changed)

    return fragments.get("part", (name or changed, most), view)


def release_flags(row: Release) -> tuple[str, ...]:
    """Return what is said of a release beside its kind."""
    flags = (row.bypass, "bypass"), (row.bulk, "bulk"), (row.partial, "partial")
    return tuple(name for held, name in flags if held)


def _totals(record: DeploymentRecord) -> str:
    counts = record.findings
    levels = (
        (counts.error, counted(counts.error, "error")),
        (counts.warning, counted(counts.warning, "warning")),
        (counts.note, counted(counts.note, "note")),
    )
    words = [text for count, text in levels if count] or [_("no findings")]
    return ", ".join([*words, *([_("%(number)s waived", number=counts.waived)] if counts.waived else [])])


def _drift_counts(record: DeploymentRecord) -> tuple[tuple[str, int], ...]:
    counts = record.drift
    if counts is None:
        return ()
    every = [(name, getattr(counts, name)) for name in DRIFT_CLASSES]
    shown_always = tuple(DRIFT_CLASSES)[:4]
    return tuple((_(DRIFT_CLASSES[name]), count) for name, count in every if count or name in shown_always)


def title(context: Context, row: Release) -> str:
    """Return the title of the page of a release."""
    return _("%(release)s, %(kind)s", release=context.release_name(row), kind=_(KINDS[row.kind]))


def description(context: Context, row: Release) -> str:
    """Return the one-line description of the page of a release."""
    return f"{context.release_name(row)}, {context.dates.moment(row.at).text}: {row.verdict}"


def search_text(row: Release) -> str:
    """Return what the search finds a release by."""
    versions = [] if row.kind == "redeploy" else [row.verdict]
    return " ".join([*row.tags, *row.components[:20], row.subject, *versions])
