"""What a table of measures can't show: why figures are missing, and which failures are still open."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from generator.cli.metrics_cells import SHARES, SPREADS, brief
from generator.cli.metrics_table import WIDTH
from generator.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.evidence.metrics import PeriodMetrics
    from generator.evidence.metrics_report import MetricsReport

MOST_OPEN = 20
"""Open failures that are told one by one."""
_FEW = 6
"""Lines that are named one by one beside a reason."""


def missing_notes(rows: Sequence[tuple[str, PeriodMetrics]]) -> Iterator[str]:
    """Yield for each measure and reason why it is missing, wholly or in part, and where."""
    found: dict[tuple[str, bool, str], list[str]] = {}
    for name, line in rows:
        for label, partly, reason in _missing(line):
            found.setdefault((label, partly, one_line(reason)), []).append(name)
    alike: dict[tuple[tuple[str, ...], bool, str], list[str]] = {}
    for (label, partly, reason), held in found.items():
        alike.setdefault((tuple(held), partly, reason), []).append(label)
    for (names, partly, reason), labels in sorted(alike.items(), key=lambda pair: pair[0][1]):
        which = "" if len(names) == len(rows) else f" ({_named(names)})"
        said = "measurable in part" if partly else "not measurable"
        text = f"{', '.join(labels)}{which}: {said}: {reason}"
        yield from wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def at_once_notes(rows: Sequence[tuple[str, PeriodMetrics]]) -> Iterator[str]:
    """Yield where a config lead time is 0, and why: that speaks of how commits are made, not of haste."""
    config = [(name, line) for name, line in rows if line.lead_time_kind == "config lead time"]
    names = [name for name, line in config if line.lead_time.n and line.lead_time.median_seconds == 0]
    if names:
        which = "" if len(names) == len(rows) else f" ({_named(names)})"
        why = "0s where a version came at the moment it began: one commit for both environments."
        text = f"config lead time{which}: {why}"
        yield from wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _missing(line: PeriodMetrics) -> Iterator[tuple[str, bool, str]]:
    for field, label in SHARES:
        share = getattr(line, field)
        if share.reason:
            yield label, bool(share.of), share.reason
    for field, label in SPREADS:
        spread = getattr(line, field)
        if spread.reason:
            yield label, bool(spread.n), spread.reason
    if line.availability is not None and line.availability.reason:
        yield "availability", False, line.availability.reason


def _named(names: Sequence[str]) -> str:
    if len(names) <= _FEW:
        return ", ".join(one_line(name) for name in names)
    return f"{', '.join(one_line(name) for name in names[:_FEW])} and {len(names) - _FEW:,} more"


def nothing_note(report: MetricsReport) -> str:
    """Return why a table has no line."""
    if not report.as_of:
        return "Nothing to measure: the repository has no commits."
    if not report.first:
        if report.by == "team":
            return (
                "Nothing to measure: no component with a team was deployed (teams come from CODEOWNERS, or from a"
                " label that `metrics.teams` in assay.yaml names)."
            )
        return "Nothing to measure: no such environment has a deployment."
    return "Nothing to measure: no period with anything to count lies between these times."


def open_notes(report: MetricsReport) -> list[str]:
    """Return a line for each failed deployment that has not recovered, the newest first."""
    rows = sorted(report.open_failures, key=lambda row: (row.since, row.deployment), reverse=True)
    if not rows:
        return []
    lines = ["", f"Failed and not recovered ({len(rows):,})"]
    for row in rows[:MOST_OPEN]:
        since = f"since {row.since}, {brief(row.seconds)}" if row.since else "at no usable time"
        text = f"{one_line(row.deployment)} {since}: {one_line(row.reason)}"
        lines += wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
    if len(rows) > MOST_OPEN:
        lines.append(f"  and {len(rows) - MOST_OPEN:,} more: --format json has them all")
    return lines
