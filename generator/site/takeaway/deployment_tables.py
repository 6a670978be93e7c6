"""Tables with a row a deployment, or a row for each of its changes, gates and failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.site.audit.entries import audit_entries
from generator.site.verdicts import components, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.evidence.records import ApprovalRecord, DeploymentRecord
    from generator.evidence.triage import TriageRecord
    from generator.site.context import Context

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
FAILURES = (
    "deployment", "environment", "at", "kind", "trigger", "verdict", "reason", "failed_from", "failed_to", "commit",
    "components", "upstream", "origin_deployment", "never_in", "last_good", "open_seconds",
)  # fmt: skip


def release_rows(context: Context) -> Iterator[Row]:
    """Yield a row for each deployment of a production environment, oldest first."""
    names = {environment.name for environment in context.productions}
    return (row for row in deployment_rows(context) if row[1] in names)


def deployment_rows(context: Context) -> Iterator[Row]:
    """Yield a row for each deployment of every environment, oldest first."""
    exceptions = {entry.id: entry.exceptions for entry in context.once(audit_entries)}
    return (_deployment(context, record, exceptions) for record in context.evidence.deployments())


def change_rows(context: Context) -> Iterator[Row]:
    """Yield a row for each change of every deployment."""
    for record in context.evidence.deployments():
        for change in record.changes:
            origin = change.origin
            yield (
                record.id, record.environment, record.commit.committed_at, change.component, change.aspect,
                change.field, change.old, change.new, change.kind, change.validation,
                origin.deployment if origin else None, origin.commit if origin else None,
                origin.at if origin else None, origin.soak_seconds if origin else None,
                change.culprit, change.returns_to,
            )  # fmt: skip


def gate_rows(context: Context) -> Iterator[Row]:
    """Yield a row for each gate of every deployment that has gates."""
    for record in context.evidence.deployments():
        if record.gates.object:
            for row in context.objects.gates(record.environment, record.gates.object).rows:
                yield (
                    record.id, record.environment, record.commit.committed_at,
                    row.name, row.condition, row.outcome, row.detail, row.owner, row.says,
                )  # fmt: skip


def failure_rows(context: Context) -> Iterator[Row]:
    """Yield a row for each deployment that triage has a verdict on."""
    going_on = {failure.deployment: failure.seconds for failure in context.summary.metrics.failures}
    for failure in context.index.failures:
        found = context.objects.triage(failure.environment, failure.triage)
        yield (
            failure.id, failure.environment, failure.at, failure.kind, found.trigger, found.verdict, found.reason,
            found.failed_from, found.failed_to, found.commit, _components(found), found.upstream,
            found.origin.deployment if found.origin else None, found.never_in,
            found.last_good.deployment if found.last_good else None, going_on.get(failure.id),
        )  # fmt: skip


def _components(found: TriageRecord) -> str:
    return TOGETHER.join(row.component for row in found.components)


def _deployment(context: Context, record: DeploymentRecord, exceptions: Mapping[str, tuple[str, ...]]) -> Row:
    environment, commit, findings, gates = record.environment, record.commit, record.findings, record.gates
    outcomes = [result.outcome for result in record.results]
    return (
        record.id, environment, context.environments[environment].production, record.sequence,
        TOGETHER.join(commit.tags), commit.committed_at, record.kind, record.observed, record.confidence,
        verdict(record, context.upstreams[environment]), commit.subject, commit.author, commit.committer,
        TOGETHER.join(_yes(approval) for approval in record.approvals), commit.id, commit.deployed,
        record.digest, record.previous_digest, len(record.changes), TOGETHER.join(components(record)),
        record.bypass, record.bulk, record.partial, TOGETHER.join(exceptions.get(record.id, ())),
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
