"""The page of what waits for a production environment: what would change, and whether it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.change_groups import changes_view
from generator.site.change_rows import Link, release_link
from generator.site.drift_view import counts_now, drift_line
from generator.site.exempt_view import exempt
from generator.site.names import next_page, topology_page
from generator.site.next_release.graph import next_graph
from generator.site.next_release.sentence import next_verdict, would_come
from generator.site.part_view import part_view
from generator.site.proof_view import result_row
from generator.site.texts import N_, number
from generator.site.texts import gettext as _
from generator.site.words import counted, digest, shown, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from generator.evidence.next_release import NextGate, NextRecord
    from generator.evidence.packs import FindingEntry
    from generator.evidence.summary import DriftRow, EnvironmentSummary
    from generator.site.change_groups import Changes
    from generator.site.context import Context
    from generator.site.drift_view import DriftLine
    from generator.site.exempt_view import Exempt
    from generator.site.fragments import Fragments
    from generator.site.next_release.sentence import Verdict
    from generator.site.part_view import PartView
    from generator.site.release_limits import Limits
    from generator.site.words import Digest, Moment

DRIFT_ORDER = ("structure", "ahead", "config", "pending")
"""What stays by the classes that one would look at first: what stands upstream alone may be needed by what comes."""


class GateLine(NamedTuple):
    """What one gate would say."""

    name: str
    condition: str
    outcome: str
    says: str
    detail: str
    owner: str
    so_far: str
    """`2 h of 24 h so far`; empty where it is no soak, or passed."""
    passes: Moment | None
    """When it would pass by itself."""
    later: str
    """Why it can't be known yet."""
    asked: bool


class FindingLine(NamedTuple):
    """A finding that would begin or end, or that stands upstream."""

    state: str
    """A class name."""
    word: str
    level: str
    message: str
    rule: str
    anchor: str
    place: str
    waiver: Exempt | None


class ResultGroup(NamedTuple):
    """Imported results of one upstream deployment."""

    deployment: Link
    rows: tuple[Markup, ...]


class NextView(NamedTuple):
    """Everything on the page."""

    environment: str
    upstream: str
    heading: str
    path: str
    when: Moment
    verdict: Verdict
    would: str
    """What would change, in a sentence; empty where nothing waits."""
    summary: tuple[tuple[str, str, str], ...]
    """(name, what is said of it, place on the page), in the order of the page; empty where nothing waits."""
    newest: Link | None
    """The newest release of the environment."""
    others: tuple[Link, ...]
    """The same page of other production environments."""
    waits: bool
    kind: str
    bulk: bool
    changes: Changes
    left_file: str
    """File of the evidence that holds all of it."""
    part: PartView | None
    topology: Link | None
    """The whole topology as it is now."""
    gates: tuple[GateLine, ...]
    own_results: tuple[Markup, ...]
    results: tuple[ResultGroup, ...]
    results_left: int
    findings: tuple[FindingLine, ...]
    """What would begin, then what would end."""
    findings_left: int
    upstream_findings: tuple[FindingLine, ...]
    upstream_left: int
    ends: tuple[DriftLine, ...]
    ends_left: int
    begins: tuple[DriftLine, ...]
    begins_left: int
    stays: tuple[DriftLine, ...]
    stays_left: int
    stays_words: str
    """`3 differences count; 20 are accepted or expected`."""
    open: tuple[str, ...]
    """What can't be known before the release is made."""
    digest: Digest
    next_digest: Digest | None
    commit: Digest


_STATES = {"new": N_("would begin"), "fixed": N_("would end"), "standing": N_("stands upstream")}


def next_view(
    context: Context, fragments: Fragments, env: EnvironmentSummary, record: NextRecord, limits: Limits
) -> NextView:
    """Return the page of what waits for `env`, as `record` tells it."""
    positions = context.index.by_environment.get(env.name, [])
    newest = context.index.releases[positions[-1]] if positions else None
    listed = limits.few if len(record.changes) > limits.listed else limits.listed
    moved = [(entry, "new") for entry in record.came] + [(entry, "fixed") for entry in record.fixed]
    counting = [row for row in record.stays if counts_now(row)]
    stays = sorted(counting, key=lambda row: (row.upstream is None, DRIFT_ORDER.index(row.drift), -row.age_seconds))
    page, own = context.index.newest_digest.get(env.name, ""), record.own_results
    return NextView(
        environment=env.name,
        upstream=record.upstream,
        heading=_("Next release of %(environment)s", environment=shown(env.name)),
        path=next_page(env.name),
        when=context.calendar.moment(record.at),
        verdict=next_verdict(record, context.calendar),
        would=would_come(record),
        summary=_summary(record, len(counting)),
        newest=release_link(context, newest),
        others=_others(context, env.name),
        waits=record.state == "waits",
        kind=record.kind,
        bulk=record.bulk,
        changes=changes_view(context, record, len(context.index.releases), limits),
        left_file=f"evidence/objects/next/{env.name}.json" if context.evidence.next_release(env.name) else "",
        part=_part(context, record, limits),
        topology=Link(topology_page(context.index.topology(page)), page[:12]) if page else None,
        gates=tuple(_gate(context, gate) for gate in record.gates),
        own_results=tuple(result_row(context, fragments, env.name, one) for one in own[: limits.results]),
        results=_results(context, fragments, record, limits.results),
        results_left=max(0, len(record.results) - limits.results) + max(0, len(own) - limits.results),
        findings=tuple(_finding(context, entry, state) for entry, state in moved[: 2 * listed]),
        findings_left=max(0, len(moved) - 2 * listed),
        upstream_findings=tuple(_finding(context, entry, "standing") for entry in record.upstream_findings[:listed]),
        upstream_left=max(0, len(record.upstream_findings) - listed),
        ends=_lines(context, record.ends, listed),
        ends_left=max(0, len(record.ends) - listed),
        begins=_lines(context, record.begins, listed),
        begins_left=max(0, len(record.begins) - listed),
        stays=_lines(context, stays, listed),
        stays_left=max(0, len(stays) - listed),
        stays_words=_stays(len(counting), len(record.stays) - len(counting)),
        open=_open(record),
        digest=digest(record.digest),
        next_digest=digest(record.next_digest) if record.next_digest != record.digest else None,
        commit=digest(record.commit),
    )


def _summary(record: NextRecord, stays: int) -> tuple[tuple[str, str, str], ...]:
    if record.state != "waits":
        return ()
    asked = [gate for gate in record.gates if gate.asked]
    passed = number(sum(gate.outcome == "passed" for gate in asked))
    gates = _("%(passed)s of %(all)s would pass", passed=passed, all=number(len(asked)))
    findings = _("%(came)s would begin, %(fixed)s would end", came=len(record.came), fixed=len(record.fixed))
    drift = _("%(ends)s would end, %(stays)s would stay", ends=number(len(record.ends)), stays=number(stays))
    return (
        (_("Gates"), gates if asked else _("none configured"), "gates"),
        (_("Findings"), findings, "validation"),
        (_("Drift"), drift, "drift"),
    )


def _others(context: Context, name: str) -> tuple[Link, ...]:
    others = (env for env in context.productions if env.upstream and env.name != name)
    return tuple(Link(next_page(env.name), shown(env.name)) for env in others)


def _part(context: Context, record: NextRecord, limits: Limits) -> PartView | None:
    standing = context.index.newest.get(record.environment)
    if record.state != "waits" or standing is None:
        return None
    graph = next_graph(standing, record)
    return part_view(context, graph, graph.digest if graph is not None else "", limits.parts, expected=True)


def _gate(context: Context, gate: NextGate) -> GateLine:
    so_far = ""
    if gate.so_far_seconds is not None and gate.needed_seconds is not None:
        values = {"so_far": span(gate.so_far_seconds), "needed": span(gate.needed_seconds)}
        so_far = _("%(so_far)s of %(needed)s so far", **values)
    return GateLine(
        name=gate.name,
        condition=gate.condition,
        outcome=gate.outcome,
        says=gate.says,
        detail=gate.detail,
        owner=gate.owner,
        so_far=so_far,
        passes=context.calendar.moment(gate.passes_at) if gate.passes_at else None,
        later=gate.later,
        asked=gate.asked,
    )


def _results(context: Context, fragments: Fragments, record: NextRecord, most: int) -> tuple[ResultGroup, ...]:
    found: dict[str, list[Markup]] = {}
    for one in record.results[:most]:
        row = result_row(context, fragments, record.upstream, one.result)
        found.setdefault(one.deployment, []).append(row)
    return tuple(ResultGroup(Link(*context.deployment_link(name)), tuple(rows)) for name, rows in found.items())


def _finding(context: Context, entry: FindingEntry, state: str) -> FindingLine:
    place = entry.path + (f":{entry.line}" if entry.path and entry.line else "")
    return FindingLine(
        state=state,
        word=_(_STATES[state]),
        level=entry.level,
        message=entry.message,
        rule=entry.rule,
        anchor=context.rule_anchor(entry.rule),
        place=place,
        waiver=exempt(entry.exempt),
    )


def _lines(context: Context, rows: Sequence[DriftRow], most: int) -> tuple[DriftLine, ...]:
    return tuple(drift_line(context, row) for row in rows[:most])


def _stays(counting: int, exempted: int) -> str:
    differences = counted(counting, "difference")
    if not exempted:
        return differences
    return _("%(differences)s, and %(number)s accepted or expected", differences=differences, number=exempted)


def _open(record: NextRecord) -> tuple[str, ...]:
    """Return what can't be known yet: of each gate, and of the release itself."""
    if record.state != "waits":
        return ()
    told = [f"{shown(gate.name)}: {gate.later}" for gate in record.gates if gate.later and gate.asked]
    return (
        *told,
        _("Who makes the release, when, and what else its commit will hold."),
        _("Values that people set by hand for %(environment)s alone.", environment=shown(record.environment)),
    )
