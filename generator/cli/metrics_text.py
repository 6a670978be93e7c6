"""Measures as text for a terminal, readable at 100 columns: what the table of `assay metrics` says."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from generator.cli.metrics_cells import (
    KINDS,
    NONE,
    SMALL,
    SPREADS,
    counted_kinds,
    down_cell,
    interval_cell,
    share_cell,
    spread_cell,
    total,
    uptime_cell,
    velocity_cell,
    weekly,
)
from generator.cli.metrics_notes import at_once_notes, missing_notes, nothing_note, open_notes
from generator.cli.metrics_profile import profile_text
from generator.cli.metrics_table import WIDTH, table
from generator.errors import one_line
from generator.site.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.evidence.metrics import PeriodMetrics
    from generator.evidence.metrics_report import MetricsReport

CUT = "+"
"""Stands behind the name of a period that is not whole."""
_ALWAYS = ("forward", "rollback")
Cell = Callable[["PeriodMetrics"], str]


class Group(NamedTuple):
    """Lines that are told under one heading."""

    title: str
    first: str
    """Heading of the column that names the lines."""
    rows: tuple[tuple[str, PeriodMetrics], ...]


def metrics_text(report: MetricsReport, subject: str = "", *, by_profile: bool = False) -> str:
    """Return what `assay metrics` prints; by the profile's definitions alone where `by_profile`."""
    lines = [f"{one_line(report.title)}: delivery, {f'report of {report.as_of}' if report.as_of else 'no commits'}"]
    if report.limited:
        lines += wrap(f"The history is not whole: {one_line(report.limited)}", WIDTH)
    if by_profile:
        lines += profile_text(report)
    else:
        groups = _groups(report, subject)
        lines += [line for group in groups for line in _group(group, report)]
        lines += _legend(report) if groups else ["", *wrap(nothing_note(report), WIDTH)]
    if not subject and report.by == "environment":
        lines += open_notes(report)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _groups(report: MetricsReport, subject: str) -> list[Group]:
    """Return lines by environment, and by period too where each line is of another component or team."""
    found: dict[str, list[tuple[str, PeriodMetrics]]] = {}
    for line in report.metrics:
        period = line.period + (CUT if line.cut else "")
        if report.by == "environment":
            found.setdefault(line.environment, []).append((period, line))
        elif subject:
            found.setdefault(f"{line.environment}, {report.by} {line.subject}", []).append((period, line))
        else:
            found.setdefault(f"{line.environment}, {_said(line)}", []).append((line.subject, line))
    first = "period" if report.by == "environment" or subject else report.by
    return [Group(title, first, tuple(rows)) for title, rows in found.items()]


def _said(line: PeriodMetrics) -> str:
    if line.unit == "all":
        return "all of the history"
    period = f"{line.period}{CUT if line.cut else ''}"
    return f"the last {period}" if line.unit == "rolling" else period


def _group(group: Group, report: MetricsReport) -> Iterator[str]:
    yield ""
    yield one_line(group.title, WIDTH)
    lines = [line for _, line in group.rows]
    first = {(environment, subject): start for environment, subject, start in report.first}
    for columns in _blocks(lines, report.small, first):
        yield ""
        rows = [(name, *(cell(line) for _, cell in columns)) for name, line in group.rows]
        yield from table((group.first, *(heading for heading, _ in columns)), rows)
    named = [(name.removesuffix(CUT), line) for name, line in group.rows]
    notes = [*missing_notes(named), *at_once_notes(named)]
    if notes:
        yield ""
        yield from notes


def _blocks(
    lines: Sequence[PeriodMetrics], small: int, first: Mapping[tuple[str, str], str]
) -> Iterator[tuple[tuple[str, Cell], ...]]:
    """Yield the columns of each table: what was deployed, what failed, how long it took, how it served."""
    yield tuple(_deployed(lines, first))
    yield (
        ("velocity", velocity_cell),
        ("change fail rate", lambda line: share_cell(line.change_fail_rate, small)),
        ("95 %", lambda line: interval_cell(line.change_fail_rate)),
        ("pending", lambda line: f"{line.pending:,}"),
        ("failed apart", lambda line: f"{line.failed_apart:,}"),
        ("rework rate", lambda line: share_cell(line.rework_rate, small)),
        ("bypass", lambda line: f"{line.bypasses:,}"),
    )
    spreads = [(name, label) for name, label in SPREADS if any(getattr(line, name).of for line in lines)]
    long = [(name, label) for name, label in spreads if not name.startswith("time_to")]
    if long:
        yield tuple((_lead_name(lines) if name == "lead_time" else label, _spread(name, small)) for name, label in long)
    short = [
        (label.removeprefix("time "), _spread(name, small, p90=False))
        for name, label in spreads
        if name.startswith("time_to")
    ]
    if any(line.availability is not None and not line.availability.reason for line in lines):
        targets = {line.availability.target for line in lines if line.availability is not None} - {""}
        goal = f" (target {min(targets)})" if targets else ""
        short[:0] = [
            (f"availability{goal}", lambda line: uptime_cell(line.availability)),
            ("down", lambda line: down_cell(line.availability)),
        ]
    if short:
        yield tuple(short)


def _deployed(lines: Sequence[PeriodMetrics], first: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, Cell]]:
    """Yield the columns of kinds, those that never happened left out."""
    yield "total", lambda line: f"{total(line.kinds):,}"

    def often(line: PeriodMetrics) -> str:
        return weekly(line, first.get((line.environment, line.subject), ""))

    if any(often(line) != NONE for line in lines):
        yield "a week", often
    for kind in KINDS:
        if kind in _ALWAYS or any(counted_kinds(line.kinds)[kind] for line in lines):
            yield kind, lambda line, kind=kind: f"{counted_kinds(line.kinds)[kind]:,}"  # type: ignore[misc]  # the default binds the loop's name
    yield "bulk", lambda line: f"{total(line.bulk):,}"


def _spread(name: str, small: int, *, p90: bool = True) -> Cell:
    return lambda line: spread_cell(getattr(line, name), small, p90=p90)


def _lead_name(lines: Sequence[PeriodMetrics]) -> str:
    return next((line.lead_time_kind for line in lines if line.lead_time_kind), "lead time")


def _legend(report: MetricsReport) -> list[str]:
    text = (
        "Velocity is forward deliveries : rollbacks and roll-forwards. The 95 % interval is of the change fail rate;"
        " pending deployments are still under observation, failed apart are failures that are not in that rate, such"
        " as bulk ones. A bypass brought what the upstream never had. Durations are median / 90th percentile (times"
        " to detect, triage, repair and of a null deploy: median), then how many were measured of how many; down is"
        " how long, in how many stretches. Bulk deployments are in the column bulk alone."
    )
    lines = ["", *wrap(text, WIDTH), f"{SMALL} fewer than {counted(report.small, 'case')}"]
    if any(line.cut for line in report.metrics):
        lines += wrap(f"{CUT} not a whole period: {'; '.join(_cuts(report))}", WIDTH, subsequent_indent="  ")
    return lines


def _cuts(report: MetricsReport) -> list[str]:
    reasons = dict.fromkeys(one_line(line.cut).rstrip(".") for line in report.metrics if line.cut)
    return list(reasons)
