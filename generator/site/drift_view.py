"""The drift register: what differs from the upstream, since when, and by which commit."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from generator.site.chart_drift import drift_age_chart, drift_chart
from generator.site.exempt_view import exempt
from generator.site.names import anchor
from generator.site.texts import N_
from generator.site.texts import gettext as _
from generator.site.words import counted, digest, span, value, version, versioned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.packs import EndedRecord
    from generator.evidence.summary import DriftRow, EnvironmentSummary, LiveDrift, SiteDrift
    from generator.site.chart import Chart
    from generator.site.context import Context
    from generator.site.drift.acceptances import Acceptances
    from generator.site.drift.source import Source
    from generator.site.exempt_view import Exempt
    from generator.site.words import Digest, Moment, Value

CLASSES = (
    ("pending", N_("waits for promotion")),
    ("ahead", N_("upstream never had it")),
    ("config", N_("both sides have it, with other values")),
    ("structure", N_("on one side only")),
)
NAMES = tuple(name for name, _meaning in CLASSES)
FEWEST = 15
SHARED = 100
"""Rows of each kind that the sections of the page share: those that count, those accepted or expected, those ended."""
MOST_CHARTS = 3
"""Environments whose count over time stands on the page, that of the others in the evidence: a chart weighs 50 kB."""


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
    age: str
    """How long it stood."""
    age_seconds: int


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


class DriftView(NamedTuple):
    """The drift register."""

    sections: tuple[DriftSection, ...]
    sentence: str
    """How much stands in production, in one sentence."""
    acceptances: Acceptances
    sources: tuple[Source, ...]
    """The whole register, in files that scripts load."""
    environments: tuple[str, ...]
    """Those that are compared."""
    years: tuple[str, ...]
    """In which items ended, newest first."""
    classes: tuple[tuple[str, str], ...]
    """(class, meaning)."""
    words: str
    """JSON: the words of states, for scripts."""


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
        age=span(row.age_seconds) if row.age_seconds else _("new"),
        age_seconds=row.age_seconds,
        expected=row.expected,
        acceptance=exempt(row.exempt),
    )


def both_sides(aspect: str, upstream: str | None, own: str | None) -> tuple[Value, Value]:
    """Return the two values of a difference: artifacts by their versions, unless these are the same."""
    if aspect == "artifact":
        there, here = version(upstream or ""), version(own or "")
        if there != here:
            return versioned(upstream, there), versioned(own, here)
    return value(upstream), value(own)


def section(context: Context, env: EnvironmentSummary, most: int, charts: int) -> DriftSection:
    """Return the register of one environment, with no more than `most` rows of a kind and `charts` charts."""
    rows, accepted, expected = _split(context, env.drift)
    counts = tuple((name, _(meaning), sum(row.drift == name for row in rows)) for name, meaning in CLASSES)
    ended, ended_total = _ended(context, env, most // 3)
    return DriftSection(
        environment=env.name,
        anchor=anchor(f"drift-{env.name}"),
        upstream=env.upstream,
        reason=env.drift_not_assessed,
        counts=counts,
        rows=rows[:most],
        accepted=accepted[:most],
        accepted_total=len(accepted),
        expected=expected[: most // 3],
        expected_total=len(expected),
        left=max(0, len(rows) - most),
        site=_site(context, env.site, most) if env.site is not None else None,
        live=_live(context, env.live, most) if env.live is not None else None,
        ended=ended,
        ended_total=ended_total,
        charts=_charts(env, charts),
    )


def _charts(env: EnvironmentSummary, most: int) -> tuple[Chart, ...]:
    drawn = (drift_chart, drift_age_chart)[:most] if env.drift_over_time else ()
    return tuple(draw(env) for draw in drawn)


def seconds_between(start: str, end: str) -> int:
    """Return the seconds from `start` to `end`, never less than none; 0 where one of them is no time."""
    try:
        return max(0, int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()))
    except (ValueError, TypeError):
        return 0


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


def _site(context: Context, site: SiteDrift, most: int) -> Comparison:
    return _comparison(context, site.reference, site.rows, most)


def _live(context: Context, live: LiveDrift, most: int) -> Comparison:
    found = _comparison(context, _("the model"), live.rows, most)
    return found._replace(
        source=live.source,
        commit=digest(live.commit),
        components=counted(live.components, "component"),
        not_assessed=live.not_assessed,
    )


def _comparison(context: Context, against: str, every: Sequence[DriftRow], most: int) -> Comparison:
    rows, accepted, expected = _split(context, every)
    drifts = [row.drift for row in rows]
    words = ", ".join(f"{drifts.count(name)} {name}" for name in dict.fromkeys([*NAMES, *drifts]) if name in drifts)
    left = sum(max(0, len(part) - most) for part in (rows, accepted, expected))
    return Comparison(against, rows[:most], left, words, accepted[:most], expected[:most], "", None, "", ())


def _ended(context: Context, env: EnvironmentSummary, most: int) -> tuple[tuple[EndedLine, ...], int]:
    """Return the newest ended items and how many there are, holding no more than these."""
    newest: deque[EndedRecord] = deque(maxlen=most)
    total = 0
    for record in context.evidence.ended(env.name):
        newest.append(record)
        total += 1
    return tuple(ended_line(context, record) for record in reversed(newest)), total


def ended_line(context: Context, record: EndedRecord, *, aged: bool = True) -> EndedLine:
    """Return an item that stood once, as a table shows it, `aged` where it says how long ago that was."""
    calendar = context.calendar if aged else context.dates
    seconds = seconds_between(record.since_at, record.until_at)
    upstream, own = both_sides(record.aspect, record.upstream, record.value)
    return EndedLine(
        component=record.component,
        aspect=record.aspect,
        field=record.field,
        drift=record.drift,
        upstream=upstream,
        value=own,
        since=calendar.moment(record.since_at),
        commit=digest(record.since),
        until=calendar.moment(record.until_at),
        until_commit=digest(record.until),
        how=_("it went away") if record.absent else _("both sides became equal"),
        note=_("accepted") if record.accepted else _("expected") if record.expected else "",
        age=span(seconds) if seconds else _("at once"),
        age_seconds=seconds,
    )
