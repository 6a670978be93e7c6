from __future__ import annotations

from generator.config.rules import last_of_chains, unplaced_faults, upstream_faults


def test_chains_without_fault() -> None:
    assert upstream_faults({"a": "", "b": "a", "c": "a", "d": "c"}) == []
    assert last_of_chains({"a": "", "b": "a", "c": "a", "d": "c"}) == {"b", "d"}


def test_a_way_into_a_circle_is_no_part_of_it() -> None:
    (fault,) = upstream_faults({"x": "a", "a": "b", "b": "c", "c": "a"})
    assert fault.reason == "upstreams form a circle: a → b → c → a"
    assert fault.environment == "a"


def test_an_unknown_upstream_is_told_for_each_environment() -> None:
    assert [fault.environment for fault in upstream_faults({"a": "x", "b": "x", "c": ""})] == ["a", "b"]


def test_a_model_places_every_environment() -> None:
    assert [f.environment for f in unplaced_faults({"a": True, "b": False}, model=False)] == ["b"]
    assert unplaced_faults({"b": False}, model=True) == []
