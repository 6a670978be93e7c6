"""Delivery measures as the cells of a flat table: a name and a value for each number of a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.evidence.metrics import PeriodMetrics
from generator.evidence.records import attribute

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("initial", "forward", "rollback", "redo", "roll-forward", "hotfix", "redeploy", "gap")
SHARES = ("change_fail_rate", "rework_rate")
SPREADS = (
    "lead_time", "promotion_lead", "recovery_time", "time_to_null_deploy",
    "time_to_detect", "time_to_triage", "time_to_repair",
)  # fmt: skip
_SPREAD = ("n", "of", "median_seconds", "mean_seconds", "p90_seconds", "reason")
_SHARE = ("count", "of", "low", "high", "reason")
_UPTIME = ("agreed_seconds", "down_seconds", "intervals", "target", "reason")


def metric_cells(line: PeriodMetrics) -> Iterator[tuple[str, Any]]:
    """Yield the cells of a line of `metrics.jsonl`, in the order of the columns."""
    for name in ("environment", "by", "subject", "unit", "period", "start", "end", "cut"):
        yield name, getattr(line, name)
    yield "deployments", sum(getattr(line.kinds, attribute(kind)) for kind in KINDS)
    for group, counts in (("", line.kinds), ("bulk_", line.bulk)):
        yield from ((f"{group}{attribute(kind)}", getattr(counts, attribute(kind))) for kind in KINDS)
    yield "bypasses", line.bypasses
    yield "velocity_forward", line.velocity_to_rollback.left
    yield "velocity_back", line.velocity_to_rollback.right
    for field in SHARES:
        share = getattr(line, field)
        yield from ((f"{field}_{name}", getattr(share, name)) for name in _SHARE)
    yield "pending", line.pending
    yield "failed_apart", line.failed_apart
    yield "lead_time_kind", line.lead_time_kind
    for field in SPREADS:
        spread = getattr(line, field)
        yield from ((f"{field}_{name}", getattr(spread, name)) for name in _SPREAD)
    for name in _UPTIME:
        yield f"availability_{name}", getattr(line.availability, name) if line.availability is not None else None


def metric_head() -> tuple[str, ...]:
    """Return the names of the columns."""
    return tuple(name for name, _ in metric_cells(PeriodMetrics("", "", "", "", "", "", "")))
