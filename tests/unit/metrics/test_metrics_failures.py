"""Which deployments failed, and when they recovered: one small history a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.measured import DAY, HOUR, at, back, delivery, environment, lines, whole

from generator.evidence.measuring import open_failures
from generator.metrics.facts import Incident
from generator.metrics.settings import Settings

if TYPE_CHECKING:
    from generator.evidence.metrics import PeriodMetrics, Spread

LATE = "2026-06-01 00:00"


def _fails(line: PeriodMetrics) -> tuple[int, int, int, int]:
    """Return how many failed, of how many, and how many are pending or apart."""
    rate = line.change_fail_rate
    return rate.count, rate.of, line.pending, line.failed_apart


def test_without_a_rollback_nothing_failed() -> None:
    line = whole(
        environment(delivery(1, "initial", "2026-01-05", "A"), delivery(2, "forward", "2026-01-06", "B")), LATE
    )
    assert _fails(line) == (0, 2, 0, 0)
    assert (line.change_fail_rate.low, line.velocity_to_rollback.left, line.velocity_to_rollback.right) == (0, 1, 0)
    assert line.recovery_time.reason == "No deployment failed."


def test_one_deployment() -> None:
    line = whole(environment(delivery(1, "initial", "2026-01-05", "A")), LATE)
    assert _fails(line) == (0, 1, 0, 0)
    assert (line.rework_rate.count, line.rework_rate.of) == (0, 1)


def test_no_deployment_at_all() -> None:
    line = whole(environment(), LATE)
    assert (line.start, line.end, line.change_fail_rate.reason) == ("", "", "No deployment brought a change.")
    assert line.rework_rate.reason == "There was no deployment."


def test_what_is_taken_back_failed_and_recovered_then() -> None:
    facts = environment(
        delivery(1, "initial", "2026-01-05", "A"),
        delivery(2, "forward", "2026-01-06 10:00", "B"),
        back(3, "2026-01-06 12:30", "A", 2),
    )
    line = whole(facts, LATE)
    assert _fails(line) == (1, 2, 0, 0)
    assert (line.recovery_time.n, line.recovery_time.of, line.recovery_time.median_seconds) == (1, 1, 9000)
    assert (line.rework_rate.count, line.rework_rate.of) == (1, 3)


def test_one_rollback_may_take_back_several() -> None:
    facts = environment(
        delivery(1, "initial", "2026-01-05", "A"),
        delivery(2, "forward", "2026-01-06", "B"),
        delivery(3, "forward", "2026-01-07", "C"),
        back(4, "2026-01-08", "A", 2, 3),
    )
    assert _fails(whole(facts, LATE)) == (2, 3, 0, 0)


def test_a_recent_deployment_is_pending_until_its_observation_ends() -> None:
    time = at("2026-01-05 08:00")
    facts = environment(delivery(1, "forward", time, "A"))
    assert _fails(whole(facts, time + 7 * DAY - 1)) == (0, 0, 1, 0)
    assert whole(facts, time).change_fail_rate.reason == "All that brought a change are still under observation."
    assert _fails(whole(facts, time + 7 * DAY)) == (0, 1, 0, 0)
    assert _fails(whole(facts, time + HOUR, observation=HOUR)) == (0, 1, 0, 0)


def test_a_recent_failure_counts_at_once() -> None:
    facts = environment(delivery(1, "forward", "2026-01-05", "A"), back(2, "2026-01-05 01:00", "Z", 1))
    assert _fails(whole(facts, "2026-01-05 02:00")) == (1, 1, 0, 0)


def test_a_deployment_without_a_time_stays_pending_and_is_in_no_period() -> None:
    facts = environment(delivery(1, "forward", "2026-01-05", "A"), delivery(2, "forward", None, "B"))
    assert _fails(whole(facts, LATE)) == (0, 1, 1, 0)
    (year,) = lines(facts, LATE, "year")
    assert (year.kinds.forward, year.pending) == (1, 0)


def test_two_incidents_on_one_deployment_are_one_failure() -> None:
    incidents = (
        Incident("I-1", (1,), restored=at("2026-01-05 11:00")),
        Incident("I-2", (1,), restored=at("2026-01-05 10:00")),
    )
    facts = environment(delivery(1, "forward", "2026-01-05 08:00", "A", incidents=("I-1", "I-2")), incidents=incidents)
    line = whole(facts, LATE)
    assert _fails(line) == (1, 1, 0, 0)
    assert line.recovery_time.median_seconds == 3 * HOUR, "while an incident goes on, no remedy holds"


def test_an_incident_without_an_end_is_a_failure_that_is_open() -> None:
    facts = environment(
        delivery(1, "forward", "2026-01-05 08:00", "A", incidents=("I-1",)), incidents=(Incident("I-1", (1,)),)
    )
    line = whole(facts, LATE)
    assert (line.recovery_time.n, line.recovery_time.of) == (0, 1)
    assert line.recovery_time.reason == "1 of 1 did not recover."
    (failure,) = open_failures([facts], Settings(at(LATE)))
    assert (failure.deployment, failure.since) == ("production-1", "2026-01-05T08:00:00Z")
    assert failure.seconds == at(LATE) - at("2026-01-05 08:00")
    assert failure.reason == "The incident I-1 began with it."


def test_an_incident_on_a_rollback_is_counted_apart() -> None:
    facts = environment(
        delivery(1, "initial", "2026-01-05", "A"),
        delivery(2, "forward", "2026-01-06", "B"),
        back(3, "2026-01-07", "A", 2, incidents=("I-1",)),
        incidents=(Incident("I-1", (3,)),),
    )
    line = whole(facts, LATE)
    assert _fails(line) == (1, 2, 0, 1)
    assert line.recovery_time.n == 0, "what took it back failed itself"


def _twice(first: str, second: str) -> Spread:
    """Return the recovery of A B A B A, with the version coming back at `first` and going again at `second`."""
    return whole(
        environment(
            delivery(1, "initial", "2026-01-01", "A"),
            delivery(2, "forward", "2026-01-02 08:00", "B"),
            back(3, "2026-01-02 10:00", "A", 2),
            delivery(4, "redo", first, "B"),
            back(5, second, "A", 4),
        ),
        LATE,
    ).recovery_time


def test_a_rollback_of_a_rollback_takes_the_recovery_to_the_remedy_that_holds() -> None:
    """The first failure ends with what takes its version back for good; the second failure is one of its own."""
    found = _twice("2026-01-03 08:00", "2026-01-03 09:00")
    assert (found.n, found.of) == (2, 2)
    assert found.median_seconds == (25 * HOUR + HOUR) // 2


def test_a_version_that_comes_back_after_the_observation_is_another_failure() -> None:
    found = _twice("2026-01-09 10:00", "2026-01-09 11:00")
    assert (found.n, found.median_seconds) == (2, (2 * HOUR + HOUR) // 2)


def test_a_version_that_comes_back_and_stays_leaves_the_remedy_standing() -> None:
    facts = environment(
        delivery(1, "initial", "2026-01-01", "A"),
        delivery(2, "forward", "2026-01-02", "B"),
        back(3, "2026-01-03", "A", 2),
        delivery(4, "redo", "2026-01-04", "B"),
    )
    line = whole(facts, LATE)
    assert (line.recovery_time.n, line.recovery_time.median_seconds) == (1, 24 * HOUR)
    assert _fails(line) == (1, 3, 0, 0), "the redo itself is good so far"
    assert open_failures([facts], Settings(at(LATE))) == ()


@pytest.mark.parametrize(("fixed_by", "hours"), [(0, 5), (2, 5), (3, 2)])
def test_a_record_knows_better_than_the_deployment_it_speaks_of(fixed_by: int, hours: int) -> None:
    """Number 2 takes it back after two hours; the record says five, of that one or of nothing in particular."""
    facts = environment(
        delivery(1, "forward", "2026-01-05 08:00", "B", incidents=("I-1",)),
        back(2, "2026-01-05 10:00", "A", 1),
        delivery(3, "forward", "2026-01-05 12:00", "C"),
        incidents=(Incident("I-1", (1,), fixed_by, restored=at("2026-01-05 13:00")),),
    )
    assert whole(facts, LATE).recovery_time.median_seconds == hours * HOUR


def test_what_ended_an_incident_is_a_remedy() -> None:
    facts = environment(
        delivery(1, "forward", "2026-01-05 08:00", "B", incidents=("I-1",)),
        delivery(2, "forward", "2026-01-05 12:00", "C"),
        incidents=(Incident("I-1", (1,), 2),),
    )
    assert whole(facts, LATE).recovery_time.median_seconds == 4 * HOUR


def test_a_bulk_rollback_alone_tells_of_a_failure_apart() -> None:
    facts = environment(
        delivery(1, "initial", "2026-01-05", "A"),
        delivery(2, "forward", "2026-01-06", "B"),
        back(3, "2026-01-07", "A", 2, bulk=True),
    )
    line = whole(facts, LATE)
    assert _fails(line) == (0, 1, 0, 1), "neither failed nor good"
    assert (line.recovery_time.of, line.bulk.rollback, line.kinds.rollback) == (0, 1, 0)
    assert (line.velocity_to_rollback.left, line.velocity_to_rollback.right) == (1, 0)
    assert open_failures([facts], Settings(at(LATE))) == ()


def test_a_bulk_deployment_that_failed_is_apart() -> None:
    facts = environment(delivery(1, "forward", "2026-01-05", "A", bulk=True), back(2, "2026-01-06", "Z", 1))
    assert _fails(whole(facts, LATE)) == (0, 0, 0, 1)


def test_a_remedy_without_a_time_ends_a_failure_at_a_time_that_is_not_known() -> None:
    facts = environment(delivery(1, "forward", "2026-01-05", "B"), back(2, None, "A", 1))
    line = whole(facts, LATE)
    assert (line.recovery_time.n, line.recovery_time.of) == (0, 1)
    assert line.recovery_time.reason == "1 of 1 recovered at a time that is not known."
    assert open_failures([facts], Settings(at(LATE))) == ()


def test_a_failure_is_of_the_components_whose_change_is_taken_back() -> None:
    facts = environment(
        delivery(1, "forward", "2026-01-05", components=("a", "b")),
        back(2, "2026-01-06", "", 1, components=("a",)),
    )
    rates = {line.subject: line.change_fail_rate for line in lines(facts, LATE, "all", by="component")}
    assert {name: (rate.count, rate.of) for name, rate in rates.items()} == {"a": (1, 1), "b": (0, 1)}


@pytest.mark.parametrize(("component", "failed"), [("a", "a"), ("", "ab"), ("elsewhere", "ab")])
def test_an_incident_is_of_the_component_it_names_or_of_all_that_changed(component: str, failed: str) -> None:
    facts = environment(
        delivery(1, "forward", "2026-01-05", components=("a", "b"), incidents=("I-1",)),
        delivery(2, "forward", "2026-01-06", components=("c",)),
        incidents=(Incident("I-1", (1,), component=component),),
    )
    found = [line.subject for line in lines(facts, LATE, "all", by="component") if line.change_fail_rate.count]
    assert found == list(failed)


def test_what_is_mended_elsewhere_failed_in_all_that_it_changed() -> None:
    facts = environment(
        delivery(1, "forward", "2026-01-05", components=("a", "b")),
        delivery(2, "roll-forward", "2026-01-06", components=("c",), undone=(1,)),
    )
    found = {line.subject: line.change_fail_rate.count for line in lines(facts, LATE, "all", by="component")}
    assert found == {"a": 1, "b": 1, "c": 0}
