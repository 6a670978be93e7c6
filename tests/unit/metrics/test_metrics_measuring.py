"""Measures cut by time and by subject: one small history a rule."""

from __future__ import annotations

from typing import Any

import pytest
from support.measured import DAY, HOUR, at, back, delivery, environment, kinds, lines, named, whole

from generator.metrics.facts import AppChange, Arrival, Incident
from generator.timeline.kinds import Kind

LATE = "2026-06-01 00:00"


def test_days_around_new_year_belong_to_the_iso_week_and_to_their_own_year() -> None:
    facts = environment(
        delivery(1, "initial", "2025-12-29 00:00", "A"),
        delivery(2, "forward", "2025-12-31 23:59", "B"),
        delivery(3, "forward", "2026-01-01 00:00", "C"),
    )
    found = lines(facts, "2026-01-05 00:00", "week", "year", "quarter")
    assert [(line.period, sum(kinds(line).values())) for line in found] == [
        ("2026-W01", 3), ("2026-W02", 0), ("2025", 2), ("2026", 1), ("2025-Q4", 2), ("2026-Q1", 1),
    ]  # fmt: skip


def test_a_leap_day_is_a_day() -> None:
    facts = environment(delivery(1, "initial", "2028-02-29 23:59", "A"), delivery(2, "forward", "2028-03-01", "B"))
    found = lines(facts, "2028-03-02 00:00", "day", "month")
    assert [(line.period, line.start[:10], sum(kinds(line).values())) for line in found] == [
        ("2028-02-29", "2028-02-29", 1), ("2028-03-01", "2028-03-01", 1),
        ("2028-02", "2028-02-01", 1), ("2028-03", "2028-03-01", 1),
    ]  # fmt: skip


def test_empty_periods_are_there_and_the_first_and_last_say_that_they_are_cut() -> None:
    facts = environment(delivery(1, "initial", "2026-01-15 12:00", "A"), delivery(2, "forward", "2026-03-02", "B"))
    found = lines(facts, "2026-04-10 09:00", "month")
    assert [(line.period, line.cut) for line in found] == [
        ("2026-01", "The first deployment is of 2026-01-15."),
        ("2026-02", ""),
        ("2026-03", ""),
        ("2026-04", "It ends at the report time."),
    ]
    assert (found[1].kinds.forward, found[1].change_fail_rate.reason) == (0, "No deployment brought a change.")
    assert (found[3].start, found[3].end) == ("2026-04-01T00:00:00Z", "2026-04-10T09:00:00Z")


def test_a_history_that_is_not_whole_says_so() -> None:
    reason = "Only the newest 5 commits were read."
    facts = environment(delivery(1, "initial", "2026-01-01 00:00", "A"), truncated=reason)
    found = named(lines(facts, "2026-02-01 00:00", "all", "month", "rolling"))
    told = "The history before is not known: Only the newest 5 commits were read."
    assert {name for name, line in found.items() if told in line.cut} == {"all", "2026-01", "90d", "365d"}


def test_a_report_at_the_very_start_of_a_period() -> None:
    """What is deployed at the report time counts, in a period that has no length yet."""
    facts = environment(delivery(1, "initial", "2025-12-01", "A"), delivery(2, "forward", "2026-01-01 00:00", "B"))
    found = named(lines(facts, "2026-01-01 00:00", "year", "rolling"))
    assert (found["2026"].start, found["2026"].end, found["2026"].kinds.forward) == (
        "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", 1,
    )  # fmt: skip
    assert found["7d"].kinds.forward == 1


def test_a_rolling_window_has_its_end_and_not_its_start() -> None:
    now = at("2026-06-01 00:00")
    times = [now - 30 * DAY, now - 30 * DAY + 1, now - 7 * DAY, now - 7 * DAY + 1, now]
    facts = environment(*(delivery(n, "forward", time, f"v{n}") for n, time in enumerate(times, 1)))
    found = named(lines(facts, now, "rolling"))
    assert [found[name].kinds.forward for name in ("7d", "30d", "90d", "365d")] == [2, 4, 5, 5]
    assert found["7d"].cut == found["30d"].cut == ""
    assert found["90d"].cut == "The first deployment is of 2026-05-02."


def test_undated_deployments_are_in_all_alone() -> None:
    facts = environment(delivery(1, "initial", None, "A"), delivery(2, "forward", "2026-05-30", "B"))
    found = named(lines(facts, LATE, "all", "rolling", "year", "quarter", "month", "week", "day", "hour"))
    assert sum(kinds(found.pop("all")).values()) == 2
    assert {sum(kinds(line).values()) for name, line in found.items() if line.kinds.forward} == {1}
    assert {line.kinds.initial for line in found.values()} == {0}


def test_an_environment_without_any_date_has_all_and_windows() -> None:
    facts = environment(delivery(1, "initial", None, "A"))
    assert [line.period for line in lines(facts, None, "all", "rolling", "month")] == ["all"]
    assert [line.period for line in lines(facts, LATE, "all", "rolling", "month")] == [
        "all", "7d", "30d", "90d", "365d",
    ]  # fmt: skip


def test_one_date_in_a_far_century_makes_no_million_of_periods() -> None:
    facts = environment(delivery(1, "initial", "1971-01-01", "A"), delivery(2, "forward", "2400-01-01", "B"))
    assert len(lines(facts, "2400-01-02 00:00", "week")) == 2
    assert len(lines(facts, "2400-01-02 00:00", "year")) == 430


def test_rework_is_of_all_deployments_but_bulk_ones() -> None:
    names = ("initial", "forward", "rollback", "redo", "roll-forward", "hotfix", "redeploy", "gap")
    facts = environment(
        *(delivery(n, name, f"2026-01-{n:02d}") for n, name in enumerate(names, 1)),
        delivery(9, "rollback", "2026-01-09", bulk=True),
    )
    line = whole(facts, LATE)
    assert (line.rework_rate.count, line.rework_rate.of) == (3, 8)
    assert (line.velocity_to_rollback.left, line.velocity_to_rollback.right) == (1, 2)
    assert line.change_fail_rate.of == 5


def _came(field: str, version: str, kind: str, promoted_at: str = "") -> Arrival:
    time = at(promoted_at) if promoted_at else None
    return Arrival("a", field, version, Kind(kind), time, promoted=bool(promoted_at))


def test_config_lead_time_is_from_the_first_appearance_in_the_first_environment() -> None:
    staging = environment(
        delivery(1, "initial", "2026-01-01", "A"),
        delivery(2, "forward", "2026-01-02", "B"),
        back(3, "2026-01-03", "A", 2),
        delivery(4, "redo", "2026-01-04", "B"),
        name="staging",
        production=False,
    )
    facts = environment(
        delivery(1, "initial", "2026-01-02", "A"),
        delivery(2, "forward", "2026-01-06", "B"),
        delivery(3, "hotfix", "2026-01-07", "C"),
        back(4, "2026-01-08", "A", 2),
        delivery(5, "forward", "2026-01-09", "B", bulk=True),
        first=staging,
    )
    line = whole(facts, LATE)
    assert (line.lead_time.n, line.lead_time.of, line.lead_time_kind) == (2, 3, "config lead time")
    assert (line.lead_time.median_seconds, line.lead_time.mean_seconds, line.lead_time.p90_seconds) == (
        (1 + 4) * DAY // 2, (1 + 4) * DAY // 2, 4 * DAY,
    )  # fmt: skip
    assert line.lead_time.reason == "1 of 3 were not in staging before, at a known time."


@pytest.mark.parametrize(("production", "reason"), [(True, "first environment"), (False, "production environments")])
def test_where_lead_time_is_not_measured_it_says_why(production: bool, reason: str) -> None:  # noqa: FBT001 - a parameter
    line = whole(environment(delivery(1, "forward", "2026-01-02", "A"), production=production), LATE)
    assert (line.lead_time.n, line.lead_time.of) == (0, 0)
    assert reason in line.lead_time.reason
    assert "first environment" in line.promotion_lead.reason


def test_change_lead_time_is_by_commit_of_the_application() -> None:
    time = at("2026-01-10 00:00")
    changes = (AppChange(1, "a", "c1", time - DAY), AppChange(1, "a", "c2", time - HOUR), AppChange(1, "a", "c3", None))
    facts = environment(delivery(1, "forward", time, "A"), app_changes=changes)
    line = whole(facts, LATE)
    assert (line.lead_time_kind, line.lead_time.n, line.lead_time.of) == ("change lead time", 2, 3)
    assert line.lead_time.median_seconds == (DAY + HOUR) // 2
    assert line.lead_time.reason == "1 of 3 have no usable time."


def test_promotion_lead_is_of_what_came_from_the_upstream_for_the_first_time() -> None:
    arrivals = (_came("image", "B", "forward", "2026-01-05"), _came("chart", "2", "forward"))
    again = (_came("image", "A", "rollback", "2026-01-01"),)
    facts = environment(
        delivery(1, "forward", "2026-01-06", arrivals=arrivals),
        delivery(2, "rollback", "2026-01-07", arrivals=again),
        delivery(3, "forward", "2026-01-08", arrivals=arrivals, bulk=True),
        first=environment(name="staging"),
    )
    line = whole(facts, LATE)
    assert (line.promotion_lead.n, line.promotion_lead.of, line.promotion_lead.median_seconds) == (1, 1, DAY)


def test_time_to_null_deploy_needs_a_record_of_start_and_good_finish() -> None:
    time = at("2026-01-06 12:00")
    known: dict[str, Any] = {"components": (), "confirmed": True, "started": time - 600}
    facts = environment(
        delivery(1, "redeploy", time, **known),
        delivery(2, "redeploy", time, **known, verified=True),
        delivery(3, "redeploy", time, **known, verified=False),
        delivery(4, "redeploy", time, components=()),
        delivery(5, "forward", time, "A", confirmed=True, started=time - 60),
    )
    line = whole(facts, LATE)
    assert (line.time_to_null_deploy.n, line.time_to_null_deploy.of) == (2, 4)
    assert line.time_to_null_deploy.median_seconds == 600
    none = whole(environment(delivery(1, "forward", time, "A")), LATE).time_to_null_deploy
    assert none.reason == "No deployment left everything as it was."


def test_incidents_are_timed_in_the_period_in_which_they_began() -> None:
    incident = Incident(
        "I-1", (1,),
        impact_start=at("2026-01-31 23:00"), detected=at("2026-02-01 01:00"),
        cause_assigned=at("2026-02-01 02:00"), restored=at("2026-02-02 02:00"),
    )  # fmt: skip
    only_seen = Incident("I-2", (), detected=at("2026-02-03 00:00"))
    nothing = Incident("I-3", (1,))
    facts = environment(
        delivery(1, "forward", "2026-01-31", "A", incidents=("I-1", "I-3")), incidents=(incident, only_seen, nothing)
    )
    found = named(lines(facts, LATE, "all", "month"))
    january = found["2026-01"]
    assert [s.median_seconds for s in (january.time_to_detect, january.time_to_triage, january.time_to_repair)] == [
        2 * HOUR, HOUR, DAY,
    ]  # fmt: skip
    assert (found["2026-02"].time_to_detect.n, found["2026-02"].time_to_detect.of) == (0, 1)
    assert (found["all"].time_to_detect.n, found["all"].time_to_detect.of) == (1, 3)
    assert found["2026-03"].time_to_repair.reason == "No incident was recorded."


def test_times_the_wrong_way_round_are_not_measured() -> None:
    incident = Incident("I-1", (), impact_start=at("2026-01-02"), detected=at("2026-01-01"))
    found = whole(environment(delivery(1, "initial", "2026-01-01", "A"), incidents=(incident,)), LATE).time_to_detect
    assert (found.n, found.of) == (0, 1)


def test_a_component_has_its_own_arrivals_and_a_resource_is_no_component() -> None:
    staging = environment(name="staging")
    arrivals = (_came("image", "B", "forward", "2026-01-05"),)
    facts = environment(
        delivery(1, "forward", "2026-01-06", components=("ConfigMap/a", "a", "b"), arrivals=arrivals),
        delivery(2, "forward", "2026-01-07", components=("b",)),
        first=staging,
        resources=frozenset({"ConfigMap/a"}),
    )
    found = {line.subject: line for line in lines(facts, LATE, "all", by="component")}
    assert {name: (line.kinds.forward, line.promotion_lead.of) for name, line in found.items()} == {
        "a": (1, 1), "b": (2, 0),
    }  # fmt: skip


def test_a_team_has_a_deployment_of_two_of_its_components_once() -> None:
    facts = environment(
        delivery(1, "forward", "2026-01-06", components=("a", "b")),
        delivery(2, "forward", "2026-01-07", components=("b", "c")),
        back(3, "2026-01-08", "", 1),
        teams={"a": "Shop", "b": "Shop", "c": "Data", "gone": "Nobody"},
    )
    found = {line.subject: line for line in lines(facts, LATE, "all", by="team")}
    assert {name: sum(kinds(line).values()) for name, line in found.items()} == {"Data": 1, "Shop": 3}
    assert (found["Shop"].change_fail_rate.count, found["Shop"].change_fail_rate.of) == (1, 2)


def test_a_mean_and_a_median_are_rounded_down() -> None:
    times = ["2026-01-01 00:00:00", "2026-01-01 00:00:01"]
    arrivals = [(_came("image", str(n), "forward", "2025-12-31 23:59:59"),) for n in range(2)]
    found = [
        delivery(n, "forward", time, arrivals=came)
        for n, (time, came) in enumerate(zip(times, arrivals, strict=True), 1)
    ]
    lead = whole(environment(*found, first=environment(name="staging")), LATE).promotion_lead
    assert (lead.median_seconds, lead.mean_seconds, lead.p90_seconds) == (1, 1, 2)
