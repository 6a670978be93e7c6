"""What is out of the ordinary about a production change: facts of its record, never an opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.texts import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.evidence.gates import GateRow
    from generator.evidence.records import ApprovalRecord, DeploymentRecord

EXCEPTIONS: Mapping[str, tuple[str, str]] = {
    "bypass": (N_("bypass"), N_("an artifact came here that the upstream never had")),
    "self-approved": (N_("self-approved"), N_("nobody but its own author approved it")),
    "not-approved": (N_("not approved"), N_("a gate asks for approval, and no approval counts")),
    "freeze-broken": (N_("freeze broken"), N_("it was deployed within a freeze")),
    "unsigned": (N_("unsigned"), N_("a gate asks for a signature, and there is none, or a bad one")),
    "missing-result": (N_("missing result"), N_("a test or scan that belongs to it is missing, or can't be read")),
    "failed-result": (N_("failed result"), N_("a test or scan that belongs to it failed")),
    "failed-gate": (N_("failed gate"), N_("another gate did not hold")),
    "override": (N_("override"), N_("people declared another kind of change than its values show")),
    "waiver-used": (N_("waiver used"), N_("a waiver began to let a finding stand")),
    "unreadable": (N_("unreadable"), N_("with it came a file that can't be read, which stands as it last was")),
}
"""By its name on pages, in data and in files: the words for it and what it means. In the order of pages."""

OWN = "by an author"
DOUBTFUL = "can't be told"
APPROVALS: Mapping[str, tuple[str, str]] = {
    "another": (N_("approved by somebody else"), N_("somebody other than its authors said yes before")),
    "unclear": (N_("can't be told"), N_("somebody said yes, and whether it is one of its authors is not known")),
    "own": (N_("by its author alone"), N_("only those who wrote it said yes")),
    "late": (N_("too late, or by a machine"), N_("nobody said yes before it was deployed")),
    "nobody": (N_("nobody is known"), N_("nothing in the repository or its records says who approved it")),
}
"""Who approved a change: each change has exactly one of these."""

_SHORT = ("failed", "missing")
_BY_CONDITION = {"approval": "not-approved", "freeze": "freeze-broken", "signed": "unsigned"}


def approval_of(approvals: Sequence[ApprovalRecord]) -> str:
    """Return which of `APPROVALS` a change has; the best of what was said counts."""
    doubts = {one.doubt for one in approvals}
    if not doubts:
        return "nobody"
    if "" in doubts:
        return "another"
    return "unclear" if DOUBTFUL in doubts else "own" if OWN in doubts else "late"


def exceptions_of(
    record: DeploymentRecord, gates: Iterable[GateRow], *, waived: bool, unread_before: int = 0
) -> tuple[str, ...]:
    """Return what is out of the ordinary about a deployment, in the order of `EXCEPTIONS`.

    `waived` says that a waiver began to let a finding stand with it; `unread_before` is how many files could not be
    read at the deployment before it.
    """
    found = {_of_gate(row) for row in gates if row.outcome in _SHORT}
    outcomes = {result.outcome for result in record.results}
    facts = {
        "bypass": record.bypass,
        "missing-result": bool(outcomes & {"missing", "unreadable"}),
        "failed-result": "failed" in outcomes,
        "override": bool(record.observed),
        "waiver-used": waived,
        "unreadable": record.unreadable > unread_before,
    }
    found |= {name for name, holds in facts.items() if holds}
    if approval_of(record.approvals) == "own":
        # The gate that asks for approval failed for this very reason: one fault is not told twice.
        found = found - {"not-approved"} | {"self-approved"}
    return tuple(name for name in EXCEPTIONS if name in found)


def _of_gate(row: GateRow) -> str:
    if row.condition == "result":
        return "missing-result" if row.outcome == "missing" else "failed-result"
    return _BY_CONDITION.get(row.condition, "failed-gate")
