"""Measures as CSV (RFC 4180): a row a line of `metrics.jsonl`, a column each number in it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from generator.evidence.csv_rows import write_rows
from generator.evidence.metric_cells import metric_cells, metric_head

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.evidence.metrics_report import MetricsReport

_FIGURE = ("profile", "environment", "window", "measure", "value", "unit", "count", "of", "reason")


def metrics_csv(report: MetricsReport, *, by_profile: bool = False) -> str:
    """Return the rows of Assay's own measures, or those of the profile's figures.

    A name that a spreadsheet would take for a formula gets an apostrophe before it, and control characters are shown as
    escapes: the JSON has names as they are. Numbers are plain; what is missing is an empty cell.
    """
    if by_profile:
        return _written(_FIGURE, ([getattr(row, name) for name in _FIGURE] for row in report.figures))
    return _written(metric_head(), ([cell for _, cell in metric_cells(row)] for row in report.metrics))


def _written(head: Sequence[str], rows: Iterable[list[Any]]) -> str:
    out = io.StringIO(newline="")
    write_rows(out, head, rows)
    return out.getvalue()
