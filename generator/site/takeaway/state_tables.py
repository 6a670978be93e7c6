"""Tables of what stands and of what ended: components, findings, drift, what is let stand, and what was measured."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from generator.evidence.csv_rows import csv_line
from generator.evidence.metric_cells import metric_cells
from generator.evidence.metrics import PeriodMetrics
from generator.evidence.packs import EndedRecord, FixedRecord
from generator.evidence.reading import METRICS, pack_path
from generator.site.takeaway.formed import Source
from generator.site.takeaway.table import encoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from generator.evidence.packs import ExemptRecord, FindingEntry
    from generator.evidence.summary import DriftRow, EnvironmentSummary
    from generator.site.context import Context
    from generator.site.takeaway.formed import Formed

Row = tuple[Any, ...]
COMPONENTS = (
    "environment", "component", "role", "kind", "version", "artifact", "since", "deployment", "standing", "team",
    "digest",
)  # fmt: skip
_EXEMPT = ("exempt_owner", "exempt_reason", "exempt_expires", "exempt_source")
FINDINGS = (
    "environment", "state", "rule", "level", "message", "subject", "field", "path", "line", "since_commit",
    "since_at", "since_deployment", "fixed_by", "fixed_at", *_EXEMPT,
)  # fmt: skip
DRIFT = (
    "environment", "against", "state", "component", "aspect", "field", "class", "other_value", "value",
    "since_commit", "since_at", "age_seconds", "until_commit", "until_at", "expected", *_EXEMPT,
)  # fmt: skip
EXEMPTIONS = (
    "kind", "subject", "owner", "reason", "expires", "state", "matched", "standing", "source", "since_commit",
    "since_at", "until_commit",
)  # fmt: skip
RECORDS = (
    "kind", "id", "environment", "deployment", "fixed_by", "component", "version", "commit", "title", "cause",
    "severity", "incident", "by", "gate", "status", "verified", "planned", "counts", "started", "finished",
    "impact_start", "detected", "cause_assigned", "restored", "start", "end", "at", "reason", "problem", "source",
    "line",
)  # fmt: skip
UNREADABLE = ("level", "code", "reason", "environment", "path", "line", "commit", "at", "fix")


def component_rows(context: Context) -> Iterator[Row]:
    """Yield a row for each component of each environment as it is now."""
    for environment in context.summary.environments:
        for cell in environment.cells:
            yield (
                environment.name, cell.component, cell.role, cell.kind, cell.version, cell.artifact, cell.since,
                cell.deployment, cell.standing, cell.team, cell.digest,
            )  # fmt: skip


def sources(context: Context) -> Mapping[str, Source]:
    """Return the files of which each line gives a row: most lines are as they were in the report before."""

    def of(kind: str, name: str) -> Path:
        return context.evidence.folder / pack_path(kind, name)

    found = {"measures": Source(context.evidence.folder / METRICS, PeriodMetrics, _measured)}
    for environment in context.summary.environments:
        name, upstream = environment.name, environment.upstream
        found[f"fixed/{name}"] = Source(of("fixed", name), FixedRecord, partial(_fixed, name))
        found[f"ended/{name}"] = Source(of("ended", name), EndedRecord, partial(_ended, name, upstream))
    return found


def finding_lines(context: Context, formed: Formed) -> Iterator[bytes]:
    """Yield a row for each finding that holds now, then for each that is fixed, by environment."""
    for environment in context.summary.environments:
        for entry in environment.findings:
            state = "standing" if entry.exempt is None else "waived"
            row = (environment.name, state, *_finding(entry), None, None, *_exempt(entry.exempt))
            yield encoded(csv_line(row))
        yield from formed.rows(f"fixed/{environment.name}")


def drift_lines(context: Context, formed: Formed) -> Iterator[bytes]:
    """Yield a row for each difference that stands now, then for each to the upstream that ended, by environment."""
    for environment in context.summary.environments:
        for against, rows in _standing(environment):
            yield from (encoded(csv_line(_drift(environment.name, against, row))) for row in rows)
        yield from formed.rows(f"ended/{environment.name}")


def exemption_rows(context: Context) -> Iterator[Row]:
    """Yield a row for each waiver and acceptance that was ever declared."""
    for row in context.summary.exemptions:
        yield (
            row.kind, row.subject, row.owner, row.reason, row.expires, row.state, row.matched, row.standing,
            row.source, row.since, row.since_at, row.until,
        )  # fmt: skip


def record_rows(context: Context) -> Iterator[Row]:
    """Yield a row for each record of a pipeline or an incident tool."""
    for row in context.evidence.records():
        deployments = dict.fromkeys(name for name in (row.deployment, *row.deployments) if name)
        yield tuple("; ".join(deployments) if name == "deployment" else getattr(row, name) for name in RECORDS)


def unreadable_rows(context: Context) -> Iterator[Row]:
    """Yield a row for each thing that could not be read, or was passed over."""
    return (tuple(getattr(row, name) for name in UNREADABLE) for row in context.summary.unreadable)


def _standing(environment: EnvironmentSummary) -> Iterator[tuple[str, tuple[DriftRow, ...]]]:
    yield environment.upstream, environment.drift
    if environment.site is not None:
        yield environment.site.reference, environment.site.rows
    if environment.live is not None:
        yield "live", environment.live.rows


def _drift(environment: str, against: str, row: DriftRow) -> Row:
    state = "accepted" if row.exempt is not None else "expected" if row.expected else "standing"
    return (
        environment, against, state, row.component, row.aspect, row.field, row.drift, row.upstream, row.value,
        row.since, row.since_at, row.age_seconds, None, None, row.expected, *_exempt(row.exempt),
    )  # fmt: skip


def _fixed(environment: str, gone: FixedRecord) -> Row:
    return (
        environment, "fixed", *_finding(gone.finding), gone.fixed_by, gone.fixed_at, *_exempt(gone.finding.exempt),
    )  # fmt: skip


def _ended(environment: str, upstream: str, row: EndedRecord) -> Row:
    return (
        environment, upstream, "ended", row.component, row.aspect, row.field, row.drift, row.upstream, row.value,
        row.since, row.since_at, None, row.until, row.until_at, row.expected, *(None,) * 4,
    )  # fmt: skip


def _measured(line: PeriodMetrics) -> Row:
    return tuple(value for _, value in metric_cells(line))


def _finding(entry: FindingEntry) -> Row:
    return (
        entry.rule, entry.level, entry.message, entry.subject, entry.field, entry.path, entry.line or None,
        entry.since, entry.since_at, entry.release,
    )  # fmt: skip


def _exempt(exempt: ExemptRecord | None) -> Row:
    if exempt is None:
        return (None,) * 4
    return (exempt.owner, exempt.reason, exempt.expires, exempt.source)
