"""Availability: unions, edges, agreed hours, and what is planned."""

from __future__ import annotations

import time as clock
from typing import Any

from support.measured import DAY, HOUR, at, delivery, environment, lines, named, whole

from generator.config.metrics import Metrics
from generator.metrics.availability import AgreedHours, Availability, without
from generator.metrics.facts import Downtime
from generator.metrics.settings import settings_of, union

LATE = "2026-02-01 00:00"
START = "2026-01-01 00:00"
OFFICE = tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(5))


def _down(start: str, end: str | None, component: str = "", *, planned: bool = False) -> Downtime:
    return Downtime(at(start), at(end) if end is not None else None, component, planned)


def _uptime(*downtimes: Downtime, as_of: str = LATE, **more: Any) -> tuple[int, int, int]:  # noqa: ANN401 - settings
    facts = environment(delivery(1, "initial", START, "A"), downtimes=downtimes)
    found = whole(facts, as_of, **more).availability
    assert found is not None
    assert not found.reason
    return found.agreed_seconds, found.down_seconds, found.intervals


def test_without_records_and_target_it_is_not_measurable() -> None:
    facts = environment(delivery(1, "initial", START, "A"))
    found = whole(facts, LATE).availability
    assert found is not None
    assert (found.agreed_seconds, found.reason) == (0, "No record of downtime was given.")
    agreed = whole(facts, LATE, target="99.9").availability
    assert agreed is not None
    assert (agreed.agreed_seconds, agreed.down_seconds, agreed.target, agreed.reason) == (31 * DAY, 0, "99.9", "")


def test_nothing_is_agreed_for_what_is_no_production() -> None:
    found = whole(environment(delivery(1, "initial", START, "A"), production=False), LATE, target="99.9").availability
    assert found is not None
    assert (found.target, found.reason) == ("", "No record of downtime was given.")


def test_overlapping_and_touching_downtime_counts_once() -> None:
    found = _uptime(
        _down("2026-01-05 10:00", "2026-01-05 12:00"),
        _down("2026-01-05 11:00", "2026-01-05 11:30", "a"),
        _down("2026-01-05 12:00", "2026-01-05 13:00", "b"),
        _down("2026-01-06 10:00", "2026-01-06 10:00"),
    )
    assert found == (31 * DAY, 3 * HOUR, 1)


def test_downtime_over_the_edge_of_a_period_is_in_both() -> None:
    facts = environment(
        delivery(1, "initial", "2025-12-01 00:00", "A"), downtimes=(_down("2025-12-31 23:00", "2026-01-01 02:00"),)
    )
    found = named(lines(facts, LATE, "year", "month", "rolling"))
    told = {
        name: (line.availability.down_seconds, line.availability.intervals)
        for name, line in found.items()
        if line.availability is not None
    }
    assert (told["2025-12"], told["2026-01"], told["2025"]) == ((HOUR, 1), (2 * HOUR, 1), (HOUR, 1))
    assert (told["7d"], told["90d"]) == ((0, 0), (3 * HOUR, 1))


def test_downtime_before_the_first_deployment_and_after_the_report_does_not_count() -> None:
    found = _uptime(_down("2025-12-31 20:00", "2026-01-01 01:00"), _down("2026-01-31 23:00", "2026-02-01 05:00"))
    assert found == (31 * DAY, 2 * HOUR, 2)


def test_downtime_that_never_ends_runs_to_the_report() -> None:
    assert _uptime(_down("2026-01-31 00:00", None)) == (31 * DAY, DAY, 1)


def test_planned_downtime_is_no_agreed_time_and_hides_what_is_within_it() -> None:
    found = _uptime(
        _down("2026-01-10 00:00", "2026-01-10 04:00", planned=True),
        _down("2026-01-10 01:00", "2026-01-10 05:00"),
    )
    assert found == (31 * DAY - 4 * HOUR, HOUR, 1)
    assert _uptime(_down("2026-01-10 00:00", "2026-01-10 04:00", planned=True)) == (31 * DAY - 4 * HOUR, 0, 0)


def test_only_agreed_hours_count() -> None:
    """2026-01-05 is a Monday: 08:00 to 10:00 has one agreed hour, the whole Saturday none, Friday to Monday two."""
    found = _uptime(
        _down("2026-01-05 08:00", "2026-01-05 10:00"),
        _down("2026-01-10 00:00", "2026-01-11 00:00"),
        _down("2026-01-16 16:00", "2026-01-19 10:00"),
        agreed=OFFICE,
    )
    days = 22
    assert found == (days * 8 * HOUR, 3 * HOUR, 2)


def test_a_stretch_without_agreed_hours_is_not_measurable() -> None:
    facts = environment(delivery(1, "initial", "2026-01-10 00:00", "A"))
    found = named(lines(facts, "2026-01-13 00:00", "day", target="99", agreed=OFFICE))["2026-01-10"].availability
    assert found is not None
    assert (found.agreed_seconds, found.reason) == (0, "There is no agreed operating time in it.")


def test_a_report_at_the_start_of_a_period_has_nothing_agreed_in_it() -> None:
    facts = environment(delivery(1, "initial", START, "A"))
    found = named(lines(facts, LATE, "month", target="99"))["2026-02"].availability
    assert found is not None
    assert (found.agreed_seconds, bool(found.reason)) == (0, True)


def test_hours_of_two_entries_are_one_union() -> None:
    hours = [{"days": "mon-fri", "from": "08:00", "to": "12:00"}, {"days": ["mon"], "from": "11:00", "to": "24:00"}]
    settings = settings_of(Metrics.model_validate({"availability": {"agreed": hours}}), 0)
    assert settings.agreed[:2] == ((8 * HOUR, 24 * HOUR), (DAY + 8 * HOUR, DAY + 12 * HOUR))
    assert len(settings.agreed) == 5


def test_a_component_has_its_own_downtime_and_that_of_everything() -> None:
    facts = environment(
        delivery(1, "initial", START, components=("a", "b")),
        downtimes=(_down("2026-01-05 10:00", "2026-01-05 11:00", "a"), _down("2026-01-05 10:30", "2026-01-05 12:00")),
    )
    found = {line.subject: line.availability for line in lines(facts, LATE, "all", by="component")}
    assert {name: up.down_seconds for name, up in found.items() if up} == {"a": 2 * HOUR, "b": HOUR * 3 // 2}


def test_agreed_seconds_go_through_weeks() -> None:
    hours = AgreedHours(OFFICE)
    assert hours.between(at("2026-01-05 00:00"), at("2026-01-12 00:00")) == 40 * HOUR
    assert hours.between(at("2026-01-04 12:00"), at("2026-01-05 09:30")) == HOUR // 2
    assert hours.between(at("2025-12-29 00:00"), at("2027-01-04 00:00")) == 53 * 40 * HOUR


def test_what_is_taken_away_leaves_pieces() -> None:
    assert without([(0, 10), (20, 30)], [(2, 4), (8, 22), (29, 40)]) == ((0, 2), (4, 8), (22, 29))
    assert union([(5, 5), (3, 4), (1, 2), (2, 3)]) == ((1, 4),)


def test_ten_thousand_overlapping_downtimes_take_less_than_a_second() -> None:
    downtimes = tuple(Downtime(at(START) + 60 * n, at(START) + 60 * n + DAY, planned=n % 7 == 0) for n in range(10_000))
    facts = environment(delivery(1, "initial", START, "A"), downtimes=downtimes)
    began = clock.process_time()
    found = lines(facts, "2026-06-01 00:00", "all", "rolling", "year", "quarter", "month", "week", "day", "hour")
    assert clock.process_time() - began < 1
    assert len(found) > 20
    assert Availability(downtimes, (), at(LATE)).within(at(START), at(LATE)).down == 180, "after the last planned one"
