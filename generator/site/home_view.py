"""The home page: whether production is all right, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from generator.site.charts import velocity_chart
from generator.site.drift_view import DriftLine, drift_line
from generator.site.listing_views import newest_rows, release_row
from generator.site.reference_views import FindingLine, finding_line
from generator.site.words import counted, digest, listed, number, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from generator.evidence.summary import EnvironmentSummary
    from generator.site.charts import Chart
    from generator.site.context import Context
    from generator.site.listing_views import ReleaseRow
    from generator.site.words import Digest, Moment

Row = TypeVar("Row")
LAST = 10
MOST_WAITING = 12
MOST_ATTENTION = 5
OLD_DRIFT_SECONDS = 30 * 86400


class ProductionCard(NamedTuple):
    """How one production environment stands."""

    name: str
    present: bool
    components: str
    last: ReleaseRow | None
    facts: tuple[tuple[str, str, str], ...]
    """(tone, text, page): `fails`, `waits`, `calm` or `unknown`."""


class WaitingGroup(NamedTuple):
    """What an upstream has that its production has not."""

    environment: str
    upstream: str
    rows: tuple[DriftLine, ...]
    left: int
    total: int
    ahead: str
    """Values that the upstream never had, as `1 value of production`; empty where there are none."""
    reason: str
    """Why the two are not compared; empty where they are."""


class HomeView(NamedTuple):
    """Everything on the home page."""

    title: str
    as_of: Moment
    commit: Digest
    integrity: str
    cards: tuple[ProductionCard, ...]
    charts: tuple[Chart, ...]
    waiting: tuple[WaitingGroup, ...]
    rollbacks: tuple[ReleaseRow, ...]
    last: tuple[ReleaseRow, ...]
    oldest: tuple[tuple[str, DriftLine], ...]
    """(environments, drift item)"""
    findings: tuple[tuple[str, FindingLine], ...]
    """(environments, finding): what stands in several of them stands here once."""
    findings_left: int
    unreadable: int
    missing: tuple[str, ...]
    several: bool
    empty: bool
    """The repository has no commits at all."""


def home_view(context: Context) -> HomeView:
    """Return the home page."""
    summary, productions = context.summary, context.productions
    held = [(env.name, finding_line(context, row)) for env in productions for row in env.findings]
    findings = _once(held, lambda row: (row.rule, row.level, row.message))
    findings.sort(key=lambda pair: pair[1].rank)
    drifting = [(env.name, drift_line(context, row)) for env in productions for row in env.drift if not row.expected]
    oldest = _once(drifting, lambda row: (row.component, row.aspect, row.field, row.drift, row.age_seconds))
    oldest.sort(key=lambda pair: (-pair[1].age_seconds, pair[1].component, pair[1].field))
    rollbacks = [context.index.position[env.last_rollback] for env in productions if _is_known(context, env)]
    return HomeView(
        title=summary.title,
        as_of=context.calendar.moment(summary.as_of),
        commit=digest(summary.commit.id),
        integrity=summary.integrity,
        cards=tuple(_card(context, env) for env in productions),
        charts=_charts(productions),
        waiting=tuple(_waiting(context, env) for env in productions if env.upstream),
        rollbacks=tuple(release_row(context, context.index.releases[position]) for position in sorted(rollbacks)),
        last=newest_rows(context, LAST),
        oldest=tuple(oldest[:MOST_ATTENTION]),
        findings=tuple(findings[:MOST_ATTENTION]),
        findings_left=max(0, len(findings) - MOST_ATTENTION),
        unreadable=sum(row.level == "unreadable" for row in summary.unreadable),
        missing=tuple(dict.fromkeys(reason for env in productions for reason in env.not_assessed)),
        several=len(productions) > 1,
        empty=not summary.coverage.commits,
    )


def _charts(productions: Sequence[EnvironmentSummary]) -> tuple[Chart, ...]:
    """Return the title chart of each production; where there are several, each says whose it is."""
    charts = [(env, velocity_chart(env)) for env in productions]
    if len(charts) == 1:
        return (charts[0][1],)
    return tuple(msgspec.structs.replace(chart, title=f"{chart.title}: {shown(env.name)}") for env, chart in charts)


def _once(rows: Iterable[tuple[str, Row]], likeness: Callable[[Row], Hashable]) -> list[tuple[str, Row]]:
    """Return `rows` with those alike once, beside the names of all environments that have them."""
    alike: dict[Hashable, tuple[list[str], Row]] = {}
    for name, row in rows:
        alike.setdefault(likeness(row), ([], row))[0].append(name)
    return [(listed(names), row) for names, row in alike.values()]


def _is_known(context: Context, env: EnvironmentSummary) -> bool:
    return env.last_rollback in context.index.position


def _card(context: Context, env: EnvironmentSummary) -> ProductionCard:
    positions = context.index.by_environment.get(env.name, [])
    last = release_row(context, context.index.releases[positions[-1]]) if positions else None
    components = f"{counted(env.components, 'component')}, {counted(env.connections, 'connection')}"
    return ProductionCard(env.name, env.present, components, last, tuple(_facts(env)))


def _facts(env: EnvironmentSummary) -> list[tuple[str, str, str]]:
    levels = [
        counted(sum(row.level == level for row in env.findings), level)
        for level in ("error", "warning", "note")
        if any(row.level == level for row in env.findings)
    ]
    tone = "fails" if any(row.level == "error" for row in env.findings) else "calm"
    facts = [(tone, f"Findings: {listed(levels) or 'none'}", "checks.html#standing")]
    if env.drift_not_assessed:
        facts.append(("unknown", f"Drift is not assessed: {shown(env.drift_not_assessed)}", "drift.html"))
    else:
        counted_in = [row for row in env.drift if not row.expected]
        old = sum(row.age_seconds > OLD_DRIFT_SECONDS for row in counted_in)
        text = counted(len(counted_in), "drift item")
        text += f", {number(old) if old else 'none'} older than 30 days" if counted_in else ""
        facts.append(("waits" if old else "calm", text[:1].upper() + text[1:], "drift.html"))
        waiting = sum(row.drift == "pending" for row in counted_in)
        verb = "waits" if waiting == 1 else "wait"
        text = f"{counted(waiting, 'value')} {verb} for promotion from {shown(env.upstream)}"
        facts.append(("waits" if waiting else "calm", text[:1].upper() + text[1:], "#next"))
    if env.unreadable:
        facts.append(
            (
                "unknown",
                f"{counted(env.unreadable, 'item')} of the history could not be read",
                "methods.html#unreadable",
            )
        )
    return facts


def _waiting(context: Context, env: EnvironmentSummary) -> WaitingGroup:
    rows = [drift_line(context, row) for row in env.drift if row.drift == "pending" and not row.expected]
    left = max(0, len(rows) - MOST_WAITING)
    ahead = sum(row.drift == "ahead" and not row.expected for row in env.drift)
    words = f"{counted(ahead, 'value')} of {shown(env.name)}" if ahead else ""
    shortened = tuple(rows[:MOST_WAITING])
    return WaitingGroup(env.name, env.upstream, shortened, left, len(rows), words, env.drift_not_assessed)
