"""Measures as CSV (RFC 4180): a row a line of `metrics.jsonl`, a column each number in it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from generator.cli.metrics_cells import KINDS, SHARES, SPREADS, counted_kinds, total
from generator.errors import escape_control
from generator.evidence.metrics import PeriodMetrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.evidence.metrics_report import MetricsReport

FORMULA = ("=", "+", "-", "@")
"""How a text begins that a spreadsheet would calculate."""
_FIGURE = ("profile", "environment", "window", "measure", "value", "unit", "count", "of", "reason")
_SPREAD = ("n", "of", "median_seconds", "mean_seconds", "p90_seconds", "reason")
_SHARE = ("count", "of", "low", "high", "reason")


def metrics_csv(report: MetricsReport, *, by_profile: bool = False) -> str:
    """Return the rows of Assay's own measures, or those of the profile's figures.

    A name that a spreadsheet would take for a formula gets an apostrophe before it, and control characters are shown as
    escapes: the JSON has names as they are. Numbers are plain; what is missing is an empty cell.
    """
    if by_profile:
        return _written(_FIGURE, ([getattr(row, name) for name in _FIGURE] for row in report.figures))
    head = [name for name, _ in _cells(PeriodMetrics("", "", "", "", "", "", ""))]
    return _written(head, ([cell for _, cell in _cells(row)] for row in report.metrics))


def safe(text: str) -> str:
    """Return `text` such that no program calculates it and no line breaks in it."""
    return f"'{escape_control(text)}" if text.startswith(FORMULA) else escape_control(text)


def _written(head: Sequence[str], rows: Iterator[list[Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()


def _cells(line: PeriodMetrics) -> Iterator[tuple[str, Any]]:
    for name in ("environment", "by", "subject", "unit", "period", "start", "end", "cut"):
        yield name, getattr(line, name)
    yield "deployments", total(line.kinds)
    for group, counts in (("", line.kinds), ("bulk_", line.bulk)):
        held = counted_kinds(counts)
        yield from ((f"{group}{kind.replace('-', '_')}", held[kind]) for kind in KINDS)
    yield "bypasses", line.bypasses
    yield "velocity_forward", line.velocity_to_rollback.left
    yield "velocity_back", line.velocity_to_rollback.right
    for field, _ in SHARES:
        share = getattr(line, field)
        yield from ((f"{field}_{name}", getattr(share, name)) for name in _SHARE)
    yield "pending", line.pending
    yield "failed_apart", line.failed_apart
    yield "lead_time_kind", line.lead_time_kind
    for field, _ in SPREADS:
        spread = getattr(line, field)
        yield from ((f"{field}_{name}", getattr(spread, name)) for name in _SPREAD)
    for name in ("agreed_seconds", "down_seconds", "intervals", "target", "reason"):
        yield f"availability_{name}", getattr(line.availability, name) if line.availability is not None else None
