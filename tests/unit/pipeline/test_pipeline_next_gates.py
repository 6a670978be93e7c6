"""When gates that fail by time alone would pass, and what gates add up to before a release is made."""

from __future__ import annotations

import pytest

from generator.assurance.gates.facts import Came, GateFacts, Soak
from generator.config.gates import Gate
from generator.evidence.next_release import NextGate
from generator.pipeline.next_gates import next_gates, passes_at, thawed, told

HOUR = 3600
MONDAY = 4 * 86_400
"""1970-01-05T00:00:00Z."""


def gate(**terms: object) -> Gate:
    return Gate.model_validate({"name": "g", **terms})


def facts(*soaks: Soak, time: int | None = MONDAY) -> GateFacts:
    return GateFacts(
        environment="production", production=True, kind="forward", time=time, upstream="staging", soaks=soaks
    )


def soaked(hours: int, name: str = "a", validation: str = "promoted") -> Soak:
    return Soak(name, f"{name}:1", validation, hours * HOUR if validation == "promoted" else None)  # type: ignore[arg-type]  # one of four


def test_a_soak_passes_once_the_shortest_is_long_enough() -> None:
    (found,) = next_gates([gate(soak="24h")], facts(soaked(30), soaked(2, "b")))
    assert (found.outcome, found.so_far_seconds, found.needed_seconds) == ("too early", 2 * HOUR, 24 * HOUR)
    assert found.passes_at == "1970-01-05T22:00:00Z"
    assert passes_at(gate(soak="24h"), facts(soaked(24))) == MONDAY


@pytest.mark.parametrize("other", ["bypass", "simultaneous"])
def test_what_upstream_never_had_does_not_soak_by_waiting(other: str) -> None:
    (found,) = next_gates([gate(soak="24h")], facts(soaked(2), soaked(0, "b", other)))
    assert (found.outcome, found.passes_at) == ("failed", "")


def test_a_soak_looks_at_no_release_without_an_artifact() -> None:
    (found,) = next_gates([gate(soak="24h")], facts())
    assert (found.outcome, found.asked) == ("not assessed", False)
    assert told([found]) == "go"


def test_a_kind_that_a_gate_leaves_out_stands_in_nobodys_way() -> None:
    (found,) = next_gates([gate(approval={"by": "trailer"}, **{"except": "forward"})], facts())
    assert (found.outcome, found.asked) == ("not assessed", False)


def test_a_frozen_day_ends() -> None:
    frozen = gate(freeze={"from": "1970-01-05", "until": "1970-01-06"})
    (found,) = next_gates([frozen], facts())
    assert (found.outcome, found.passes_at) == ("too early", "1970-01-07T00:00:00Z")


def test_windows_that_follow_on_one_another_are_followed() -> None:
    windows = gate(
        freeze=[{"weekly": "Mon 00:00 - Mon 06:00"}, {"from": "1970-01-05T05:00:00Z", "until": "1970-01-05T08:30:00Z"}]
    ).freeze
    assert thawed(windows, MONDAY) == MONDAY + 8 * HOUR + 1800
    assert thawed(windows, MONDAY - 1) == MONDAY - 1, "no window holds yet"


def test_a_week_in_a_zone_with_a_change_of_clocks_ends_on_its_minute() -> None:
    (window,) = gate(freeze={"weekly": "Sat 00:00 - Mon 06:00", "zone": "Europe/Berlin"}).freeze
    saturday = 1_711_753_200  # 2024-03-30T00:00:00+01:00, the night after which clocks go forward
    assert thawed([window], saturday) == 1_711_944_000  # 2024-04-01T06:00:00+02:00


def test_a_window_without_an_end_is_told_as_failed() -> None:
    always = gate(freeze=[{"weekly": "Mon - Wed"}, {"weekly": "Thu - Sun"}])
    (found,) = next_gates([always], facts())
    assert (found.outcome, found.passes_at) == ("failed", "")


def test_without_a_time_nothing_passes_later() -> None:
    assert passes_at(gate(soak="24h"), facts(soaked(2), time=None)) is None


@pytest.mark.parametrize(
    ("outcomes", "says"),
    [
        (["passed", "passed"], "go"),
        (["passed", "too early"], "too early"),
        (["too early", "failed"], "no-go"),
        (["missing", "passed"], "no-go"),
        (["not assessed", "passed"], "open"),
        (["not assessed", "too early"], "too early"),
        ([], "go"),
    ],
)
def test_what_gates_add_up_to(outcomes: list[str], says: str) -> None:
    assert told([NextGate(f"g{n}", "result", outcome, "") for n, outcome in enumerate(outcomes)]) == says


def test_what_may_still_come_is_told_where_it_is_missing() -> None:
    asked = [gate(result="unit"), gate(name="other", signed="commit")]
    unit, signed = next_gates(asked, facts())
    assert unit.later
    assert signed.later
    (there,) = next_gates(asked[:1], GateFacts("production", True, "forward", 0, results=(Came("unit", "passed"),)))  # noqa: FBT003 - the order of the facts
    assert (there.outcome, there.later) == ("passed", "")
