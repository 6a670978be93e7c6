"""The drift register: what differs from the upstream, since when, and by which commit."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from generator.site.chart_drift import drift_age_chart, drift_chart
from generator.site.exempt_view import exempt
from generator.site.names import anchor
from generator.site.words import counted, digest, span, value, version, versioned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.packs import EndedRecord
    from generator.evidence.summary import DriftRow, EnvironmentSummary, LiveDrift, SiteDrift
    from generator.site.chart import Chart
    from generator.site.context import Context
    from generator.site.exempt_view import Exempt
    from generator.site.words import Digest, Moment, Value

CLASSES = (
    ("pending", "waits for promotion"),
    ("ahead", "upstream never had it"),
    ("config", "both sides have it, with other values"),
    ("structure", "on one side only"),
)
NAMES = tuple(name for name, _ in CLASSES)
MOST_ENDED = 100
"""Ended items that the register shows of one environment, the newest."""
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
    acceptance: Exempt | None


class EndedLine(NamedTuple):
    """An item that stood once and stands no more."""

    component: str
    aspect: str
    field: str
    drift: str
    upstream: Value
    value: Value
    since: Moment
    commit: Digest
    until: Moment
    until_commit: Digest
    how: str
    """What ended it."""
    note: str
    """`accepted` or `expected`, where it did not count when it ended; else empty."""


class Comparison(NamedTuple):
    """What an environment has other than something that is not its upstream."""

    against: str
    rows: tuple[DriftLine, ...]
    left: int
    counts: str
    """`2 config, 1 structure`."""
    accepted: tuple[DriftLine, ...]
    expected: tuple[DriftLine, ...]
    source: str
    """File of a snapshot; empty between production sites."""
    commit: Digest | None
    """Commit that a snapshot is compared with."""
    components: str
    not_assessed: tuple[str, ...]


class DriftSection(NamedTuple):
    """The register of one environment."""

    environment: str
    anchor: str
    upstream: str
    reason: str
    """Why there is nothing to compare; empty where there is."""
    counts: tuple[tuple[str, str, int], ...]
    """(class, meaning, count)."""
    rows: tuple[DriftLine, ...]
    """What counts, the oldest first."""
    accepted: tuple[DriftLine, ...]
    """What an acceptance lets stand."""
    accepted_total: int
    expected: tuple[DriftLine, ...]
    """What the model declares as the environment's own: shown, not counted."""
    expected_total: int
    left: int
    site: Comparison | None
    live: Comparison | None
    ended: tuple[EndedLine, ...]
    """Newest first."""
    ended_total: int
    charts: tuple[Chart, ...]
    """How much of it there was over time, and how old."""


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
        acceptance=exempt(row.exempt),
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
    rows, accepted, expected = _split(context, env.drift)
    counts = tuple((name, meaning, sum(row.drift == name for row in rows)) for name, meaning in CLASSES)
    ended, ended_total = _ended(context, env)
    return DriftSection(
        environment=env.name,
        anchor=anchor(f"drift-{env.name}"),
        upstream=env.upstream,
        reason=env.drift_not_assessed,
        counts=counts,
        rows=rows[:MOST],
        accepted=accepted[:MOST],
        accepted_total=len(accepted),
        expected=expected[:MOST],
        expected_total=len(expected),
        left=sum(max(0, len(part) - MOST) for part in (rows, accepted, expected)),
        site=_site(context, env.site) if env.site is not None else None,
        live=_live(context, env.live) if env.live is not None else None,
        ended=ended,
        ended_total=ended_total,
        charts=(drift_chart(env), drift_age_chart(env)) if env.drift_over_time else (),
    )


def counts_now(row: DriftRow) -> bool:
    """Return whether a difference counts: it is neither expected nor accepted."""
    return not row.expected and row.exempt is None


def _split(
    context: Context, rows: Sequence[DriftRow]
) -> tuple[tuple[DriftLine, ...], tuple[DriftLine, ...], tuple[DriftLine, ...]]:
    """Return what counts, what is accepted and what is expected, each by age, then by class."""
    ranked = sorted(rows, key=lambda row: (-row.age_seconds, _rank(row.drift), row.component, row.field))
    lines = [(row, drift_line(context, row)) for row in ranked]
    return (
        tuple(line for row, line in lines if counts_now(row)),
        tuple(line for row, line in lines if not row.expected and row.exempt is not None),
        tuple(line for row, line in lines if row.expected),
    )


def _rank(name: str) -> int:
    return NAMES.index(name) if name in NAMES else len(NAMES)


def _site(context: Context, site: SiteDrift) -> Comparison:
    return _comparison(context, site.reference, site.rows)


def _live(context: Context, live: LiveDrift) -> Comparison:
    found = _comparison(context, "the model", live.rows)
    return found._replace(
        source=live.source,
        commit=digest(live.commit),
        components=counted(live.components, "component"),
        not_assessed=live.not_assessed,
    )


def _comparison(context: Context, against: str, every: Sequence[DriftRow]) -> Comparison:
    rows, accepted, expected = _split(context, every)
    drifts = [row.drift for row in rows]
    words = ", ".join(f"{drifts.count(name)} {name}" for name in dict.fromkeys([*NAMES, *drifts]) if name in drifts)
    left = sum(max(0, len(part) - MOST) for part in (rows, accepted, expected))
    return Comparison(against, rows[:MOST], left, words, accepted[:MOST], expected[:MOST], "", None, "", ())


def _ended(context: Context, env: EnvironmentSummary) -> tuple[tuple[EndedLine, ...], int]:
    """Return the newest ended items and how many there are, holding no more than these."""
    newest: deque[EndedRecord] = deque(maxlen=MOST_ENDED)
    total = 0
    for record in context.evidence.ended(env.name):
        newest.append(record)
        total += 1
    return tuple(_ended_line(context, record) for record in reversed(newest)), total


def _ended_line(context: Context, record: EndedRecord) -> EndedLine:
    upstream, own = both_sides(record.aspect, record.upstream, record.value)
    return EndedLine(
        component=record.component,
        aspect=record.aspect,
        field=record.field,
        drift=record.drift,
        upstream=upstream,
        value=own,
        since=context.calendar.moment(record.since_at),
        commit=digest(record.since),
        until=context.calendar.moment(record.until_at),
        until_commit=digest(record.until),
        how="it went away" if record.absent else "both sides became equal",
        note="accepted" if record.accepted else "expected" if record.expected else "",
    )
