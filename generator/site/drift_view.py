"""The drift register: what differs from the upstream, since when, and by which commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.charts import drift_chart
from generator.site.words import digest, span, value, version

if TYPE_CHECKING:
    from generator.evidence.summary import DriftRow, EnvironmentSummary
    from generator.site.charts import Chart
    from generator.site.context import Context
    from generator.site.words import Digest, Moment, Value

CLASSES = (
    ("pending", "waits for promotion"),
    ("ahead", "upstream never had it"),
    ("config", "both sides have it, with other values"),
    ("structure", "on one side only"),
)
MOST = 1000
"""Rows that the register shows of one environment; the rest is counted, and all stand in the evidence."""


class DriftLine(NamedTuple):
    """One item of the register."""

    component: str
    aspect: str
    field: str
    drift: str
    upstream: Value
    value: Value
    since: Moment
    commit: Digest
    age: str
    age_seconds: int
    expected: str


class DriftSection(NamedTuple):
    """The register of one environment."""

    environment: str
    upstream: str
    reason: str
    """Why there is nothing to compare; empty where there is."""
    counts: tuple[tuple[str, str, int], ...]
    """(class, meaning, count)."""
    expected: int
    rows: tuple[DriftLine, ...]
    left: int
    chart: Chart | None


def drift_line(context: Context, row: DriftRow) -> DriftLine:
    """Return one item as a table shows it; artifacts by their version."""
    upstream, own = row.upstream, row.value
    if row.aspect == "artifact":
        upstream = version(upstream) if upstream else upstream
        own = version(own) if own else own
        if upstream == own:
            upstream, own = row.upstream, row.value
    return DriftLine(
        component=row.component,
        aspect=row.aspect,
        field=row.field,
        drift=row.drift,
        upstream=_with_full(upstream, row.upstream),
        value=_with_full(own, row.value),
        since=context.calendar.moment(row.since_at),
        commit=digest(row.since),
        age=span(row.age_seconds),
        age_seconds=row.age_seconds,
        expected=row.expected,
    )


def _with_full(short: str | None, full: str | None) -> Value:
    shown = value(short)
    return shown if short == full else shown._replace(full=value(full).full)


def drift_view(context: Context) -> tuple[DriftSection, ...]:
    """Return the register, one section for each environment that has an upstream or a reason to have none."""
    ordered = sorted(context.summary.environments, key=lambda env: not env.production)
    return tuple(_section(context, env) for env in ordered if env.upstream or env.production)


def _section(context: Context, env: EnvironmentSummary) -> DriftSection:
    counts = tuple(
        (name, meaning, sum(row.drift == name and not row.expected for row in env.drift)) for name, meaning in CLASSES
    )
    expected = sum(bool(row.expected) for row in env.drift)
    rows = tuple(drift_line(context, row) for row in env.drift[:MOST])
    chart = drift_chart(env) if env.drift_over_time else None
    left = max(0, len(env.drift) - MOST)
    return DriftSection(env.name, env.upstream, env.drift_not_assessed, counts, expected, rows, left, chart)
