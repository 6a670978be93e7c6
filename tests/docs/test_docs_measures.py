"""The measures worked out on paper: the tables of the history go in, the numbers of the other tables must come out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.evidence.measuring import open_failures, period_metrics
from generator.evidence.profiles import profile_figures, trends
from generator.metrics.facts import AppChange, Arrival, Delivery, Downtime, EnvironmentFacts, Incident
from generator.metrics.profiles.history import EnvironmentHistory
from generator.metrics.profiles.registry import PROFILES
from generator.metrics.settings import Settings
from generator.metrics.slices import SPANS
from generator.metrics.statistics import kendall
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.evidence.metrics import PeriodMetrics, ProfileFigure, Spread

Rows = list[list[str]]
PAPER = "docs/measures.md"
AS_OF = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())
SETTINGS = Settings(as_of=AS_OF)
_UNITS = {"h": 3600, "min": 60, "s": 1}
_STRETCHES = {
    "rolling": r"\d+d", "year": r"\d{4}", "quarter": r"\d{4}-Q\d", "month": r"\d{4}-\d\d", "week": r"\d{4}-W\d\d",
    "day": r"\d{4}-\d\d-\d\d", "hour": r"\d{4}-\d\d-\d\dT\d\d", "all": "all",
}  # fmt: skip


@pytest.fixture
def table(rows: Callable[[str, str], Rows]) -> Callable[[str], Rows]:
    """Return a function that gives the rows of the table below a heading, code marks taken off."""

    def found(heading: str) -> Rows:
        _, *cells = rows(PAPER, heading)
        assert cells, heading
        return [[cell.replace("`", "") for cell in row] for row in cells]

    return found


def moment(text: str) -> int | None:
    found = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", text)
    return int(datetime.fromisoformat(found[0]).replace(tzinfo=UTC).timestamp()) if found else None


def duration(text: str) -> int | None:
    """Return the seconds that a text such as `9 h 30 min` means; `None` for a dash."""
    parts = re.findall(r"(\d+) (h|min|s)\b", text)
    return sum(int(number) * _UNITS[unit] for number, unit in parts) if parts else None


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def weekday_is_right(text: str) -> bool:
    time = moment(text)
    return time is not None and text.startswith(datetime.fromtimestamp(time, UTC).strftime("%a "))


def arrivals(text: str, kind: Kind, promoted_at: int | None = None) -> tuple[Arrival, ...]:
    came = re.findall(r"([a-z]+) ([\d.]+)", text)
    return tuple(
        Arrival(component, "image", version, kind, promoted_at, promoted_at is not None) for component, version in came
    )


def staging(table: Callable[[str], Rows]) -> EnvironmentFacts:
    found = []
    for number, when, kind, came in table("### Staging"):
        assert weekday_is_right(when)
        parts = tuple(sorted(re.findall(r"[a-z]+", came)))
        found.append(Delivery(int(number), "", moment(when), Kind(kind), parts, arrivals(came, Kind(kind))))
    return EnvironmentFacts("staging", production=False, deliveries=tuple(found))


def production(table: Callable[[str], Rows]) -> EnvironmentFacts:
    first = staging(table)
    found = []
    for number, when, kind, came, origin, against, incidents, mark in table("### Production"):
        assert weekday_is_right(when)
        promoted_at = first.deliveries[int(origin) - 1].time if origin != "-" else None
        started = moment(f"{when[4:14]} {mark[-5:]}")
        found.append(
            Delivery(
                sequence=int(number),
                commit="",
                time=moment(when),
                kind=Kind(kind),
                components=tuple(sorted(re.findall(r"[a-z]+", came))),
                arrivals=arrivals(came, Kind(kind), promoted_at),
                undone=numbers(against),
                incidents=tuple(re.findall(r"INC-\d", incidents)),
                bulk=mark == "bulk",
                bypass=mark == "bypass",
                confirmed=started is not None,
                started=started,
                verified=True if started is not None else None,
            )
        )
    return EnvironmentFacts(
        "production",
        production=True,
        deliveries=tuple(found),
        first=first,
        incidents=tuple(incident(row, found) for row in table("### Incidents")),
        downtimes=tuple(
            Downtime(moment(start) or 0, moment(end), component.strip("-"), planned == "yes")
            for component, start, end, planned in table("### Downtime")
        ),
    )


def incident(row: list[str], deliveries: list[Delivery]) -> Incident:
    name, component, start, detected, cause, restored, ended_by = row
    return Incident(
        name,
        tuple(delivery.sequence for delivery in deliveries if name in delivery.incidents),
        int(ended_by.replace("-", "0")),
        component,
        moment(start),
        moment(detected),
        moment(cause),
        moment(restored),
    )


@pytest.fixture
def facts(table: Callable[[str], Rows]) -> EnvironmentFacts:
    return production(table)


@pytest.fixture
def line(facts: EnvironmentFacts) -> Callable[[str], PeriodMetrics]:
    """Return a function that gives the line of a stretch; a day or hour without a line has nothing in it."""
    lines = {(one.unit, one.period): one for one in period_metrics([facts], SETTINGS, by="environment", units=SPANS)}

    def found(stretch: str) -> PeriodMetrics:
        (unit,) = [unit for unit, pattern in _STRETCHES.items() if re.fullmatch(pattern, stretch)]
        return lines[unit, stretch]

    return found


def test_deployments_and_velocity(table: Callable[[str], Rows], line: Callable[[str], PeriodMetrics]) -> None:
    for stretch, *kinds, bulk, velocity in table("### Deployments, and velocity to rollback"):
        one = line(stretch)
        counted = one.kinds
        got = [
            counted.initial, counted.forward, counted.rollback, counted.redo, counted.hotfix, counted.redeploy,
        ]  # fmt: skip
        assert got == [int(kind) for kind in kinds], stretch
        assert (counted.roll_forward, counted.gap) == (0, 0)
        assert one.bulk.forward == int(bulk), stretch
        ratio = one.velocity_to_rollback
        assert f"{ratio.left} : {ratio.right}" == velocity, stretch


@pytest.mark.parametrize(
    ("heading", "field"), [("### Change fail rate", "change_fail_rate"), ("### Rework rate", "rework_rate")]
)
def test_shares(heading: str, field: str, table: Callable[[str], Rows], line: Callable[[str], PeriodMetrics]) -> None:
    for stretch, count, of, low, high, *pending in table(heading):
        one = line(stretch)
        share = getattr(one, field)
        assert (share.count, share.of) == (int(count), int(of)), stretch
        ends = (None, None) if low == "-" else (float(low), float(high))
        assert (share.low, share.high) == ends, stretch
        assert bool(share.reason) == (low == "-"), stretch
        assert [one.pending] == [int(number) for number in pending] or not pending, stretch


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("### Lead time", "lead_time"),
        ("### Promotion lead", "promotion_lead"),
        ("### Recovery time", "recovery_time"),
        ("### Time to null deploy", "time_to_null_deploy"),
        ("### Time to detect", "time_to_detect"),
        ("### Time to triage", "time_to_triage"),
        ("### Time to repair", "time_to_repair"),
    ],
)
def test_durations(
    heading: str, field: str, table: Callable[[str], Rows], line: Callable[[str], PeriodMetrics]
) -> None:
    for stretch, n, of, *spans in table(heading):
        spread: Spread = getattr(line(stretch), field)
        assert (spread.n, spread.of) == (int(n), int(of)), stretch
        got = [spread.median_seconds, spread.mean_seconds, spread.p90_seconds]
        assert got == [duration(span) for span in spans], stretch
        assert bool(spread.reason) == (n != of or of == "0"), stretch


def test_availability(table: Callable[[str], Rows], line: Callable[[str], PeriodMetrics]) -> None:
    for stretch, agreed, down, times in table("### Availability"):
        uptime = line(stretch).availability
        assert uptime is not None
        got = (uptime.agreed_seconds, uptime.down_seconds, uptime.intervals)
        assert got == (duration(agreed), duration(down), int(times)), stretch


def test_what_has_not_recovered(table: Callable[[str], Rows], facts: EnvironmentFacts) -> None:
    told = [
        (f"production-{number}", moment(since), duration(span)) for number, since, span in table("### Not recovered")
    ]
    found = open_failures([facts], SETTINGS)
    assert [(one.deployment, int(datetime.fromisoformat(one.since).timestamp()), one.seconds) for one in found] == told


def test_components(table: Callable[[str], Rows], facts: EnvironmentFacts) -> None:
    lines = {one.subject: one for one in period_metrics([facts], SETTINGS, by="component", units=("all",))}
    told = table("### By component")
    assert sorted(lines) == [row[0] for row in told]
    for name, forward, bulk, velocity, *shares, agreed, down in told:
        one = lines[name]
        ratio, failed, rework, recovery = (
            one.velocity_to_rollback, one.change_fail_rate, one.rework_rate, one.recovery_time,
        )  # fmt: skip
        assert (one.kinds.forward, one.bulk.forward) == (int(forward), int(bulk)), name
        assert f"{ratio.left} : {ratio.right}" == velocity, name
        got = [failed.count, failed.of, one.pending, rework.count, rework.of, recovery.n, recovery.of]
        assert got == [int(share) for share in shares], name
        assert one.availability is not None
        assert (one.availability.agreed_seconds, one.availability.down_seconds) == (duration(agreed), duration(down))


def test_trends(table: Callable[[str], Rows], facts: EnvironmentFacts) -> None:
    pytest.importorskip("scipy")
    for months, verdict, tau, p_value in table("### Trends"):
        result = kendall([float(number) for number in numbers(months)])
        told = (verdict, *(None if text == "-" else float(text) for text in (tau, p_value)))
        assert (result.verdict, result.tau, result.p_value) == told, months
    lines = period_metrics([facts], SETTINGS, by="environment", units=("month",))
    found = trends(lines, ["production"])
    assert [(one.months, one.verdict) for one in found] == [(3, "not assessed")] * 4


def test_windows(table: Callable[[str], Rows], facts: EnvironmentFacts) -> None:
    windows = list(EnvironmentHistory(facts, AS_OF, SETTINGS.observation).windows())
    told = table("## What others count")
    assert [(window.name, window.days) for window in windows] == [(row[0], int(row[2])) for row in told]
    assert [window.start for window in windows[1:]] == [moment(row[1]) for row in told[1:]]


def same(figure: ProfileFigure, value: str, count: str, of: str) -> bool:
    """Return whether a figure is what the paper says; one without a value has its reason."""
    seconds = duration(value)
    wanted = None if value == "-" else float(value) if seconds is None else seconds
    reasoned = bool(figure.reason) == (wanted is None)
    return (figure.value, figure.count, figure.of) == (wanted, int(count), int(of)) and reasoned


@pytest.mark.parametrize("profile", [profile.name for profile in PROFILES])
def test_profiles(profile: str, table: Callable[[str], Rows], facts: EnvironmentFacts) -> None:
    figures = {
        (one.measure, one.window): one
        for one in profile_figures([facts], AS_OF, SETTINGS.observation)
        if one.profile == profile
    }
    told = table(f"### {profile}")
    (found,) = [one for one in PROFILES if one.name == profile]
    assert {row[0] for row in told} == {measure.definition.measure for measure in found.measures}
    for measure, window, *numbers_told in told:
        assert same(figures[measure, window], *numbers_told), (measure, window, figures[measure, window])
        whole, year = figures[measure, "all"], figures[measure, "365d"]
        assert year == msgspec.structs.replace(whole, window="365d")


def test_assay_s_own_profile_says_what_the_measures_say(
    facts: EnvironmentFacts, line: Callable[[str], PeriodMetrics]
) -> None:
    for figure in profile_figures([facts], AS_OF, SETTINGS.observation):
        if figure.profile != "assay":
            continue
        one = line(figure.window)
        if figure.measure in {"lead time", "recovery time"}:
            spread = one.lead_time if figure.measure == "lead time" else one.recovery_time
            assert (figure.value, figure.count, figure.of) == (spread.median_seconds, spread.n, spread.of)
        elif figure.measure != "deployment frequency":
            share = one.change_fail_rate if figure.measure == "change fail rate" else one.rework_rate
            assert (figure.count, figure.of) == (share.count, share.of)


def test_the_application_s_own_history(table: Callable[[str], Rows], facts: EnvironmentFacts) -> None:
    changes = tuple(
        AppChange(int(number), component, f"c{place}", moment(committed))
        for place, (number, component, committed) in enumerate(table("### Commits"))
    )
    known = msgspec.structs.replace(facts, app_changes=changes)
    figures = {
        (one.profile, one.window): one
        for one in profile_figures([known], AS_OF, SETTINGS.observation)
        if one.measure == "lead time"
    }
    for profile, window, *told in table("### Lead time by commits"):
        assert same(figures[profile, window], *told), (profile, window, figures[profile, window])


def test_one_deployment(table: Callable[[str], Rows]) -> None:
    only = Delivery(1, "", moment("2026-02-28 00:00"), Kind.INITIAL, ("cart",), arrivals("cart 1.0", Kind.INITIAL))
    alone = EnvironmentFacts("production", production=True, deliveries=(only,))
    figures = {
        (one.profile, one.measure): one
        for one in profile_figures([alone], AS_OF, SETTINGS.observation)
        if one.window == "all"
    }
    for profile, measure, *told in table("### One deployment, counted"):
        assert same(figures[profile, measure], *told), (profile, measure, figures[profile, measure])
