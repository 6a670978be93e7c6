"""Imported results of a deployment, turned into what evidence keeps of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.evidence.results import ResultDetail, ResultItemRecord, ResultRecord

if TYPE_CHECKING:
    from generator.assurance.results.index import Bound


def result_record(bound: Bound, digest: str) -> ResultRecord:
    """Return the short record of a result; `digest` names its details, empty where there are none."""
    counts = bound.counts
    return ResultRecord(
        name=bound.name,
        outcome=bound.outcome,
        reason=bound.reason,
        passed=counts.passed,
        failed=counts.failed,
        errors=counts.errors,
        warnings=counts.warnings,
        notes=counts.notes,
        skipped=counts.skipped,
        object=digest,
    )


def result_detail(bound: Bound) -> ResultDetail | None:
    """Return what a result says item by item; `None` where nothing of it could be read."""
    found = bound.detail
    if found is None:
        return None
    return ResultDetail(
        name=bound.name,
        format=found.format,
        tool=found.tool,
        items=tuple(ResultItemRecord(i.name, i.level, i.message, i.path, i.line) for i in found.items),
        left_out=found.left_out,
        sources=bound.sources,
        files=bound.files,
    )
