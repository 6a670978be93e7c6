"""The home page: whether production is all right, and what comes next."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from generator.site.change_rows import Link
from generator.site.charts import velocity_chart
from generator.site.checks_view import LEVELS, FindingLine, finding_line
from generator.site.drift_view import DriftLine, counts_now, drift_line
from generator.site.exempt_view import LOOK_AT, ExemptionLine, exemptions_view
from generator.site.listing_views import newest_rows, release_row
from generator.site.names import release_page
from generator.site.texts import number
from generator.site.tile_groups import tile_groups
from generator.site.triage_view import slug
from generator.site.words import counted, digest, listed, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from generator.evidence.summary import EnvironmentSummary, LiveDrift
    from generator.site.chart import Chart
    from generator.site.context import Context
    from generator.site.index import Release
    from generator.site.listing_views import ReleaseRow
    from generator.site.tile_groups import TileGroup
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
    tiles: TileGroup | None
    """Its delivery in a few figures; `None` where there are none."""


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


class RollbackRow(NamedTuple):
    """The newest rollback of a production, and whose the failure was."""

    row: ReleaseRow
    verdict: str
    """Empty where no triage belongs to it."""
    slug: str
    reason: str


class GateNote(NamedTuple):
    """A gate that failed at the newest release, or all those of which nothing says that they passed."""

    tone: str
    """`fails` or `unknown`."""
    names: str
    """`Gate approval`, or `Gates tests and signed`."""
    outcome: str
    detail: str
    """Why a gate failed; empty for missing ones."""
    owner: str
    release: Link


class HomeView(NamedTuple):
    """Everything on the home page."""

    title: str
    as_of: Moment
    commit: Digest
    integrity: str
    cards: tuple[ProductionCard, ...]
    charts: tuple[Chart, ...]
    waiting: tuple[WaitingGroup, ...]
    rollbacks: tuple[RollbackRow, ...]
    last: tuple[ReleaseRow, ...]
    oldest: tuple[tuple[str, DriftLine], ...]
    """(environments, drift item)"""
    findings: tuple[tuple[str, FindingLine], ...]
    """(environments, error or warning): what stands in several of them stands here once."""
    findings_left: int
    """Findings that are not shown, notes included."""
    gates: tuple[GateNote, ...]
    """Gates that the newest release of a production did not pass."""
    exemptions: tuple[ExemptionLine, ...]
    """Waivers and acceptances that somebody has to look at."""
    exemptions_left: int
    unreadable: int
    records: int
    """Records of pipelines and incidents that contradict themselves or others; those that have no end yet apart."""
    missing: tuple[str, ...]
    several: bool
    empty: bool
    """The repository has no commits at all."""


def home_view(context: Context) -> HomeView:
    """Return the home page."""
    summary, productions = context.summary, context.productions
    held = [(env.name, finding_line(context, row)) for env in productions for row in env.findings if row.exempt is None]
    findings = _once(held, lambda row: (row.rule, row.level, row.message))
    findings.sort(key=lambda pair: pair[1].rank)
    urgent = [pair for pair in findings if pair[1].level != "note"][:MOST_ATTENTION]
    drifting = [(env.name, drift_line(context, row)) for env in productions for row in env.drift if counts_now(row)]
    oldest = _once(drifting, lambda row: (row.component, row.aspect, row.field, row.drift, row.age_seconds))
    oldest.sort(key=lambda pair: (-pair[1].age_seconds, pair[1].component, pair[1].field))
    figures = tile_groups(context.evidence, [env.name for env in productions])
    rollbacks = [context.index.position[env.last_rollback] for env in productions if _is_known(context, env)]
    look_at = [row for row in exemptions_view(context).rows if row.state in LOOK_AT]
    return HomeView(
        title=summary.title,
        as_of=context.calendar.moment(summary.as_of),
        commit=digest(summary.commit.id),
        integrity=summary.integrity,
        cards=tuple(_card(context, env, figures.get(env.name)) for env in productions),
        charts=_charts(context, productions),
        waiting=tuple(_waiting(context, env) for env in productions if env.upstream),
        rollbacks=tuple(_rollback(context, position) for position in sorted(rollbacks)),
        last=newest_rows(context, LAST),
        oldest=tuple(oldest[:MOST_ATTENTION]),
        findings=tuple(urgent),
        findings_left=len(findings) - len(urgent),
        gates=tuple(note for env in productions for note in _gates(context, env)),
        exemptions=tuple(look_at[:MOST_ATTENTION]),
        exemptions_left=max(0, len(look_at) - MOST_ATTENTION),
        unreadable=sum(row.level == "unreadable" for row in summary.unreadable),
        records=sum(one.finding.level != "note" for one in context.summary.record_findings),
        missing=tuple(dict.fromkeys(reason for env in productions for reason in env.not_assessed)),
        several=len(productions) > 1,
        empty=not summary.coverage.commits,
    )


def _rollback(context: Context, position: int) -> RollbackRow:
    release = context.index.releases[position]
    row = release_row(context, release)
    if not release.triage:
        return RollbackRow(row, "", "", "")
    record = context.objects.triage(release.environment, release.triage)
    return RollbackRow(row, record.verdict, slug(record.verdict), record.reason)


def _gates(context: Context, env: EnvironmentSummary) -> Iterator[GateNote]:
    """Yield the gates that the newest release did not pass, those that failed first."""
    positions = context.index.by_environment.get(env.name, [])
    if not positions or not env.present:
        return
    release = context.index.releases[positions[-1]]
    rows = context.objects.gates(env.name, release.gates).rows if release.gates else ()
    link = Link(release_page(release.id), context.release_name(release))
    for row in rows:
        if row.outcome == "failed":
            yield GateNote("fails", f"Gate {shown(row.name)}", row.outcome, row.detail, row.owner, link)
    missing = [shown(row.name) for row in rows if row.outcome == "missing"]
    if missing:
        noun = "Gate" if len(missing) == 1 else "Gates"
        yield GateNote("unknown", f"{noun} {listed(missing, MOST_ATTENTION)}", "missing", "", "", link)


def _charts(context: Context, productions: Sequence[EnvironmentSummary]) -> tuple[Chart, ...]:
    """Return the title chart of each production; where there are several, each says whose it is."""
    charts = [(env, velocity_chart(context.measured.of(env.name))) for env in productions]
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


def _card(context: Context, env: EnvironmentSummary, tiles: TileGroup | None) -> ProductionCard:
    positions = context.index.by_environment.get(env.name, [])
    newest = context.index.releases[positions[-1]] if positions else None
    last = release_row(context, newest) if newest is not None else None
    components = f"{counted(env.components, 'component')}, {counted(env.connections, 'connection')}"
    return ProductionCard(env.name, env.present, components, last, tuple(_facts(env, newest)), tiles)


def _facts(env: EnvironmentSummary, last: Release | None) -> list[tuple[str, str, str]]:
    held = Counter(row.level for row in env.findings if row.exempt is None)
    levels = [counted(held[level], level) for level in LEVELS if held[level]]
    words = f"Findings: {listed(levels) or 'none'}" + (f", {number(env.waived)} waived" if env.waived else "")
    facts = [("fails" if held["error"] else "calm", words, "checks.html#standing")]
    if last is not None and (last.gates_failed or last.gates_missing):
        bad = (last.gates_failed, "failed"), (last.gates_missing, "missing")
        words = listed([f"{number(count)} {word}" for count, word in bad if count])
        tone = "fails" if last.gates_failed else "unknown"
        facts.append((tone, f"Gates of the newest release: {words}", f"{release_page(last.id)}#gates"))
    if env.drift_not_assessed:
        facts.append(("unknown", f"Drift is not assessed: {shown(env.drift_not_assessed)}", "drift.html"))
    else:
        counted_in = [row for row in env.drift if counts_now(row)]
        old = sum(row.age_seconds > OLD_DRIFT_SECONDS for row in counted_in)
        text = counted(len(counted_in), "drift item")
        text += f", {number(old) if old else 'none'} older than 30 days" if counted_in else ""
        facts.append(("waits" if old else "calm", text[:1].upper() + text[1:], "drift.html"))
        waiting = sum(row.drift == "pending" for row in counted_in)
        verb = "waits" if waiting == 1 else "wait"
        text = f"{counted(waiting, 'value')} {verb} for promotion from {shown(env.upstream)}"
        facts.append(("waits" if waiting else "calm", text[:1].upper() + text[1:], "#next"))
    if env.live is not None:
        facts.append(_live(env.live))
    if env.unreadable:
        facts.append(
            (
                "unknown",
                f"{counted(env.unreadable, 'item')} of the history could not be read",
                "methods.html#unreadable",
            )
        )
    return facts


def _live(live: LiveDrift) -> tuple[str, str, str]:
    """Return whether what runs is what the model says, as far as the snapshot tells."""
    other = sum(counts_now(row) for row in live.rows)
    if other:
        return "fails", f"What runs differs from the model in {counted(other, 'value')}", "drift.html"
    if live.not_assessed:
        return "unknown", "What runs could be compared with the model in part only", "drift.html"
    return "calm", "What runs is what the model says", "drift.html"


def _waiting(context: Context, env: EnvironmentSummary) -> WaitingGroup:
    rows = [drift_line(context, row) for row in env.drift if row.drift == "pending" and counts_now(row)]
    left = max(0, len(rows) - MOST_WAITING)
    ahead = sum(row.drift == "ahead" and counts_now(row) for row in env.drift)
    words = f"{counted(ahead, 'value')} of {shown(env.name)}" if ahead else ""
    shortened = tuple(rows[:MOST_WAITING])
    return WaitingGroup(env.name, env.upstream, shortened, left, len(rows), words, env.drift_not_assessed)
