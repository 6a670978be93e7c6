"""The drift register: what differs from the upstream, since when, and by which commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.charts import drift_chart
from generator.site.words import digest, span, value, version, versioned

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
    """`new` where it began at the time of the report."""
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
    rows: tuple[DriftLine, ...]
    expected: tuple[DriftLine, ...]
    """What the model declares as the environment's own: shown, not counted."""
    expected_total: int
    left: int
    chart: Chart | None


def drift_line(context: Context, row: DriftRow) -> DriftLine:
    """Return one item as a table shows it; artifacts by their version."""
    upstream, own = both_sides(row.aspect, row.upstream, row.value)
    return DriftLine(
        component=row.component,
        aspect=row.aspect,
        field=row.field,
        drift=row.drift,
        upstream=upstream,
        value=own,
        since=context.calendar.moment(row.since_at),
        commit=digest(row.since),
        age=span(row.age_seconds) if row.age_seconds else "new",
        age_seconds=row.age_seconds,
        expected=row.expected,
    )


def both_sides(aspect: str, upstream: str | None, own: str | None) -> tuple[Value, Value]:
    """Return the two values of a difference: artifacts by their versions, unless these are the same."""
    if aspect == "artifact" and version(upstream or "") != version(own or ""):
        return versioned(upstream, version(upstream or "")), versioned(own, version(own or ""))
    return value(upstream), value(own)


def drift_view(context: Context) -> tuple[DriftSection, ...]:
    """Return the register, one section for each environment that has an upstream or a reason to have none."""
    return tuple(_section(context, env) for env in context.from_production if env.upstream or env.production)


def _section(context: Context, env: EnvironmentSummary) -> DriftSection:
    counts = tuple(
        (name, meaning, sum(row.drift == name and not row.expected for row in env.drift)) for name, meaning in CLASSES
    )
    counted_in = [row for row in env.drift if not row.expected]
    expected = [row for row in env.drift if row.expected]
    rows = tuple(drift_line(context, row) for row in counted_in[:MOST])
    own = tuple(drift_line(context, row) for row in expected[:MOST])
    chart = drift_chart(env) if env.drift_over_time else None
    left = len(env.drift) - len(rows) - len(own)
    reason = env.drift_not_assessed
    return DriftSection(env.name, env.upstream, reason, counts, rows, own, len(expected), left, chart)
