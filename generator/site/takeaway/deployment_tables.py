"""Tables with a row a deployment, or a row for each of its changes, gates and failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.evidence.csv_rows import csv_line
from generator.site.audit.judging import Judging, JudgingAt
from generator.site.takeaway.formed import Formed
from generator.site.takeaway.growing import Growing, GrowingAt
from generator.site.takeaway.table import encoded
from generator.site.verdicts import components, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from generator.evidence.gates import GateRow
    from generator.evidence.records import ApprovalRecord, ChangeRecord, DeploymentRecord
    from generator.evidence.triage import TriageRecord
    from generator.site.context import Context
    from generator.site.takeaway.formed import Source
    from generator.site.takeaway.table import TableFile

Row = tuple[Any, ...]
TOGETHER = "; "
"""Between several names in one cell."""
DEPLOYMENTS = (
    "id", "environment", "production", "sequence", "tags", "at", "kind", "observed", "confidence", "verdict",
    "subject", "author", "committer", "approved_by", "commit", "deployed_commit", "digest", "previous_digest",
    "changes", "components", "bypass", "bulk", "partial", "exceptions", "findings_error", "findings_warning",
    "findings_note", "findings_waived", "drift_assessed", "drift_pending", "drift_ahead", "drift_config",
    "drift_structure", "drift_expected", "drift_accepted", "gates_passed", "gates_failed", "gates_missing",
    "gates_not_assessed", "results_passed", "results_failed", "results_missing", "results_unreadable",
    "incidents", "mends", "triage", "unreadable",
)  # fmt: skip
CHANGES = (
    "deployment", "environment", "at", "component", "aspect", "field", "old", "new", "kind", "validation",
    "origin_deployment", "origin_commit", "origin_at", "soak_seconds", "culprit", "returns_to",
)  # fmt: skip
GATES = ("deployment", "environment", "at", "gate", "condition", "outcome", "detail", "owner", "says")
GROWING: Mapping[str, Sequence[str]] = {
    "releases": DEPLOYMENTS, "deployments": DEPLOYMENTS, "changes": CHANGES, "gates": GATES,
}  # fmt: skip
"""Columns of each table to which every deployment adds its rows for good."""
FAILURES = (
    "deployment", "environment", "at", "kind", "trigger", "verdict", "reason", "failed_from", "failed_to", "commit",
    "components", "upstream", "origin_deployment", "never_in", "last_good", "open_seconds",
)  # fmt: skip


class TablesAt(msgspec.Struct, array_like=True):
    """How far the tables are settled."""

    judging: JudgingAt
    grown: dict[str, GrowingAt]
    """By the name of the table."""
    failures: list[tuple[str, str]]
    """(id, row without its end) of each deployment that triage has a verdict on: how long it lasts comes after it."""
    formed: dict[str, dict[bytes, bytes]]
    """Rows of the other tables, see `Formed`."""


class DeploymentTables:
    """Writes what is told of deployments, one after the other."""

    def __init__(
        self, context: Context, folder: Path, opened: ExitStack, sources: Mapping[str, Source], at: TablesAt | None
    ) -> None:
        """Write into `folder`; `opened` closes the files. Go on from `at`; raises `NotKept` where that can't be."""
        # Those of an attempt to go on that could not be.
        opened.close()
        self._context = context
        self._production = {environment.name: environment.production for environment in context.summary.environments}
        self._judging = Judging(context, at.judging if at is not None else None)
        self._grown = {name: Growing(name, folder, opened) for name in GROWING}
        for name, table in self._grown.items():
            if at is None:
                table.begin(GROWING[name])
            else:
                table.go_on(context.folds, at.grown.get(name))
        self._failures = list(at.failures) if at is not None else []
        self.formed = Formed(sources, at.formed if at is not None else {})
        """Rows of the other tables."""

    def take(self, line: int, record: DeploymentRecord) -> None:
        """Write the rows of the next deployment."""
        del line
        judged = self._judging.of(record)
        row = csv_line(_deployment(self._context, record, judged.exceptions))
        self._grown["deployments"].add(row)
        if self._production[record.environment]:
            self._grown["releases"].add(row)
        for change in record.changes:
            self._grown["changes"].add(csv_line(_change(record, change)))
        for gate in judged.rows:
            self._grown["gates"].add(csv_line(_gate(record, gate)))
        if record.triage is not None:
            found = self._context.objects.triage(record.environment, record.triage)
            self._failures.append((record.id, csv_line(_failure(record, found)).removesuffix("\r\n")))

    def state(self) -> TablesAt:
        """Return how far the tables are settled."""
        grown = {name: table.at() for name, table in self._grown.items()}
        return TablesAt(self._judging.at(), grown, self._failures, self.formed.at())

    def written(self) -> Iterator[TableFile]:
        """Yield every table that has grown, as it was written."""
        return (table.told() for table in self._grown.values())

    def failure_rows(self) -> list[bytes]:
        """Return the rows of failures, each with its end: how long one goes on depends on when the report is of."""
        seconds = {failure.deployment: failure.seconds for failure in self._context.summary.metrics.failures}
        return [encoded(f"{row},{seconds.get(identity, '')}\r\n") for identity, row in self._failures]


def _change(record: DeploymentRecord, change: ChangeRecord) -> Row:
    origin = change.origin
    return (
        record.id, record.environment, record.commit.committed_at, change.component, change.aspect,
        change.field, change.old, change.new, change.kind, change.validation,
        origin.deployment if origin else None, origin.commit if origin else None,
        origin.at if origin else None, origin.soak_seconds if origin else None,
        change.culprit, change.returns_to,
    )  # fmt: skip


def _gate(record: DeploymentRecord, row: GateRow) -> Row:
    return (
        record.id, record.environment, record.commit.committed_at,
        row.name, row.condition, row.outcome, row.detail, row.owner, row.says,
    )  # fmt: skip


def _failure(record: DeploymentRecord, found: TriageRecord) -> Row:
    return (
        record.id, record.environment, record.commit.committed_at, record.kind, found.trigger, found.verdict,
        found.reason, found.failed_from, found.failed_to, found.commit,
        TOGETHER.join(row.component for row in found.components), found.upstream,
        found.origin.deployment if found.origin else None, found.never_in,
        found.last_good.deployment if found.last_good else None,
    )  # fmt: skip


def _deployment(context: Context, record: DeploymentRecord, exceptions: tuple[str, ...]) -> Row:
    environment, commit, findings, gates = record.environment, record.commit, record.findings, record.gates
    outcomes = [result.outcome for result in record.results]
    return (
        record.id, environment, context.environments[environment].production, record.sequence,
        TOGETHER.join(commit.tags), commit.committed_at, record.kind, record.observed, record.confidence,
        verdict(record, context.upstreams[environment]), commit.subject, commit.author, commit.committer,
        TOGETHER.join(_yes(approval) for approval in record.approvals), commit.id, commit.deployed,
        record.digest, record.previous_digest, len(record.changes), TOGETHER.join(components(record)),
        record.bypass, record.bulk, record.partial, TOGETHER.join(exceptions),
        findings.error, findings.warning, findings.note, findings.waived,
        *_drift(record), gates.passed, gates.failed, gates.missing, gates.not_assessed,
        *(outcomes.count(name) for name in ("passed", "failed", "missing", "unreadable")),
        TOGETHER.join(record.incidents), TOGETHER.join(record.mends), _triage(context, record), record.unreadable,
    )  # fmt: skip


def _yes(approval: ApprovalRecord) -> str:
    name = approval.by or approval.source
    return f"{name} ({approval.doubt})" if approval.doubt else name


def _drift(record: DeploymentRecord) -> Row:
    drift = record.drift
    if drift is None:
        return (False, *(None,) * 6)
    return (True, drift.pending, drift.ahead, drift.config, drift.structure, drift.expected, drift.accepted)


def _triage(context: Context, record: DeploymentRecord) -> str:
    return "" if record.triage is None else context.objects.triage(record.environment, record.triage).verdict
