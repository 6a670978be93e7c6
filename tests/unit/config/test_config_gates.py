from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from generator.config.freezing import Freeze, zone_of
from generator.config.gates import CONDITIONS, Gate, Gates, gate_faults

ADAPTER: TypeAdapter[tuple[Gate, ...]] = TypeAdapter(Gates)


def _gates(*gates: dict[str, Any]) -> tuple[Gate, ...]:
    return ADAPTER.validate_python(list(gates))


def _reason(*gates: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        _gates(*gates)
    return str(caught.value.errors(include_url=False)[0]["msg"])


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp())


def test_every_form_of_a_gate() -> None:
    found = _gates(
        {"name": "approval", "approval": {"by": ["trailer", "merge"], "count": "2", "four_eyes": "false"}},
        {"name": "anybody", "approval": {}, "owner": "Ada", "says": "Somebody looked"},
        {"name": "tests", "result": "unit tests", "except": "rollback", "environments": "staging"},
        {"name": "soak", "soak": "24h", "except": ["rollback", "hotfix"]},
        {"name": "christmas", "freeze": [{"from": "2026-12-20", "until": "2027-01-02"}, {"weekly": "Sat - Sun"}]},
        {"name": "drift", "drift": {"most": "5", "older_than": "30d", "classes": "ahead"}},
        {"name": "errors", "findings": "error"},
        {"name": "new", "findings": {"level": "warning", "new": "true"}},
        {"name": "signed", "signed": "either"},
    )
    assert [gate.condition for gate in found] == [
        "approval", "approval", "result", "soak", "freeze", "drift", "findings", "findings", "signed",
    ]  # fmt: skip
    assert found[0].approval is not None
    assert (found[0].approval.by, found[0].approval.count, found[0].approval.four_eyes) == (
        ("trailer", "merge"),
        2,
        False,
    )
    assert (found[3].soak, found[3].excepted) == (86_400, ("rollback", "hotfix"))
    assert found[5].drift is not None
    assert found[5].drift.older_than == 30 * 86_400
    assert found[7].findings is not None
    assert found[7].findings.new


def test_a_gate_guards_production_unless_it_says_otherwise() -> None:
    everywhere, staging = _gates({"name": "a", "signed": "tag"}, {"name": "b", "signed": "tag", "environments": "stg"})
    assert everywhere.guards("prod", production=True)
    assert not everywhere.guards("stg", production=False)
    assert staging.guards("stg", production=False)
    assert not staging.guards("prod", production=True)


@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        ({}, "gate `x` has no condition"),
        ({"soak": "1h", "signed": "tag"}, "gate `x` has 2 conditions: soak, signed"),
        ({"sok": "1h"}, "Extra inputs are not permitted"),
        ({"soak": "0s"}, "a soak of no time asks for nothing"),
        ({"soak": "soon"}, "`soon` is no duration"),
        ({"approval": {"by": []}}, "names nothing"),
        ({"approval": {"count": "many"}}, "`many` is no whole number"),
        ({"freeze": {"reason": "x"}}, "a freeze needs `from` and `until`, or `weekly`"),
        ({"freeze": {"from": "2026-12-20"}}, "a freeze needs `from` and `until`, or `weekly`"),
        ({"freeze": {"from": "2026-12-20", "until": "2026-12-19"}}, "`2026-12-19` is before `2026-12-20`"),
        ({"freeze": {"from": "2026-02-30", "until": "2026-12-19"}}, "`2026-02-30` is no date and no time"),
        ({"freeze": {"weekly": "Fri 16:00"}}, "`Fri 16:00` is no range of a week"),
        ({"freeze": {"weekly": "Fri - Foo"}}, "`Foo` is no day of the week"),
        ({"freeze": {"weekly": "Fri 25:00 - Sat"}}, "`25:00` is no time of day"),
        ({"freeze": {"weekly": "Fri 16:00 - Fri 16:00"}}, "`Fri 16:00 - Fri 16:00` begins as it ends"),
        ({"freeze": {"weekly": "Sat - Sun", "until": "2026-01-01"}}, "`weekly` beside `from` and `until`"),
        ({"freeze": {"weekly": "Sat - Sun", "zone": "Europe/Nowhere"}}, "no time zone is named `Europe/Nowhere`"),
        ({"freeze": {"weekly": "Sat - Sun", "zone": "localtime"}}, "`localtime` is no name of a time zone"),
        (
            {"freeze": {"weekly": "Sat - Sun", "zone": "../../etc/passwd"}},
            "`../../etc/passwd` is no name of a time zone",
        ),
    ],
)
def test_what_can_be_written_wrong(gate: dict[str, Any], reason: str) -> None:
    assert _reason({"name": "x", **gate}) == reason


def test_names_are_distinct_whatever_their_case() -> None:
    assert _reason({"name": "Soak", "soak": "1h"}, {"name": "soak", "soak": "2h"}) == "two gates are named `Soak`"
    assert _reason({"name": " ", "soak": "1h"}) == "is empty"


def test_what_a_gate_names_must_be_there() -> None:
    gates = _gates({"name": "a", "result": "test", "environments": ["prd"]}, {"name": "b", "result": "tests"})
    faults = gate_faults(gates, ["prod"], ["tests"])
    assert [(fault.location, fault.fix) for fault in faults] == [
        (("gates", 0, "environments"), "did you mean `prod`?"),
        (("gates", 0, "result"), "did you mean `tests`?"),
    ]
    assert gate_faults(gates[1:], [], ["tests"]) == []


def test_days_of_a_freeze_are_whole() -> None:
    freeze = Freeze.model_validate({"from": "2026-12-20", "until": "2026-12-21"})
    assert [freeze.holds(_at(at)) for at in ("2026-12-19T23:59:59Z", "2026-12-20T00:00:00Z")] == [False, True]
    assert [freeze.holds(_at(at)) for at in ("2026-12-21T23:59:59Z", "2026-12-22T00:00:00Z")] == [True, False]
    berlin = Freeze.model_validate({"from": "2026-12-20", "until": "2026-12-21", "zone": "Europe/Berlin"})
    assert berlin.holds(_at("2026-12-19T23:00:00Z"))
    assert not berlin.holds(_at("2026-12-21T23:00:00Z"))


def test_times_of_a_freeze_end_as_they_say() -> None:
    freeze = Freeze.model_validate({"from": "2026-12-20T16:00:00+01:00", "until": "2026-12-21T06:00Z"})
    assert freeze.holds(_at("2026-12-20T15:00:00Z"))
    assert not freeze.holds(_at("2026-12-20T14:59:59Z"))
    assert not freeze.holds(_at("2026-12-21T06:00:00Z"))


def test_a_weekly_freeze_goes_over_the_end_of_the_week() -> None:
    freeze = Freeze.model_validate({"weekly": "Fri 16:00 - Mon 06:00"})
    held = {day: freeze.holds(_at(day)) for day in ("2026-11-20T15:59:59Z", "2026-11-20T16:00:00Z")}
    assert list(held.values()) == [False, True]  # a Friday
    assert freeze.holds(_at("2026-11-22T12:00:00Z"))
    assert freeze.holds(_at("2026-11-23T05:59:59Z"))
    assert not freeze.holds(_at("2026-11-23T06:00:00Z"))
    assert not freeze.holds(_at("2026-11-25T12:00:00Z"))


def test_a_weekly_freeze_follows_the_clock_of_its_zone() -> None:
    freeze = Freeze.model_validate({"weekly": "Friday 16:00 - Friday 18:00", "zone": "Europe/Berlin"})
    assert freeze.holds(_at("2026-11-20T15:00:00Z"))  # winter: one hour ahead of UTC
    assert not freeze.holds(_at("2026-11-20T14:00:00Z"))
    assert freeze.holds(_at("2026-07-10T14:00:00Z"))  # summer: two
    assert not freeze.holds(_at("2026-07-10T16:00:00Z"))


def test_whole_days_of_every_week() -> None:
    freeze = Freeze.model_validate({"weekly": "sat - sun"})
    assert [freeze.holds(_at(f"2026-11-{day}T00:00:00Z")) for day in (20, 21, 22, 23)] == [False, True, True, False]


def test_a_machine_without_zones_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(key: str) -> zoneinfo.ZoneInfo:
        raise zoneinfo.ZoneInfoNotFoundError(key)

    zone_of.cache_clear()
    monkeypatch.setattr(zoneinfo, "ZoneInfo", missing)
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    reason = _reason({"name": "x", "freeze": {"weekly": "Sat - Sun", "zone": "Europe/Berlin"}})
    assert reason == "this machine has no time zone data, so `Europe/Berlin` means nothing"
    monkeypatch.undo()
    zone_of.cache_clear()


def test_the_published_schema_knows_the_short_form() -> None:
    gate = ADAPTER.json_schema(by_alias=True)["$defs"]["Gate"]
    assert {"enum": ["error", "warning", "note"]} in gate["properties"]["findings"]["anyOf"]
    assert gate["properties"].keys() == {*CONDITIONS, "name", "environments", "except", "owner", "says"}
