from __future__ import annotations

import msgspec
import pytest

from generator.events.checking import ORDERS, contradictions
from generator.events.entries import ApprovalEvent, DeploymentEvent, DowntimeEvent, Duplicate, IncidentEvent, Records

NOW = 1_000
KNOWN = ("production", "staging")


def told(records: Records) -> list[tuple[str, bool]]:
    return [(one.message, one.counts) for one in contradictions(records, KNOWN, NOW)]


def incident(**times: int) -> Records:
    return Records(incidents=(msgspec.structs.replace(IncidentEvent("i", "production"), **times),))


def test_what_is_in_order_is_not_told() -> None:
    records = Records(
        deployments=(DeploymentEvent("d", "production", started=1, finished=1),),
        incidents=(IncidentEvent("i", "staging", impact_start=1, detected=2, cause_assigned=5, restored=4),),
        downtimes=(DowntimeEvent("o", "production", start=1, end=NOW),),
        approvals=(ApprovalEvent("a", "production", "abcdef1", "Ada", NOW),),
    )
    assert told(records) == []


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({"impact_start": 3, "detected": 2, "restored": 9}, "`detected` is before `impact_start`"),
        ({"detected": 3, "restored": 2}, "`restored` is before `detected`"),
        ({"impact_start": 3, "restored": 2}, "`restored` is before `impact_start`"),
        ({"detected": 3, "cause_assigned": 2, "restored": 9}, "`cause_assigned` is before `detected`"),
    ],
)
def test_times_of_an_incident_follow_each_other(times: dict[str, int], said: str) -> None:
    ((message, counts),) = told(incident(**times))
    assert message.startswith(said)
    assert not counts


def test_an_end_before_its_start_is_told() -> None:
    deployments = (DeploymentEvent("d", "production", started=2, finished=1, source="a", line=4),)
    (found,) = contradictions(Records(deployments=deployments), KNOWN, None)
    assert (found.kind, found.id, found.source, found.line, found.counts) == ("deployment", "d", "a", 4, False)
    assert told(Records(downtimes=(DowntimeEvent("o", "production", start=2, end=1),)))[0][0].startswith("`end`")


def test_the_future_is_told_and_not_twice() -> None:
    ((message, counts),) = told(incident(detected=NOW + 1))
    assert message.startswith("`detected` is after the report time")
    assert not counts
    assert contradictions(incident(detected=NOW + 1, restored=NOW + 2), KNOWN, None) == ()


def test_what_never_ends_is_told_and_counts() -> None:
    records = Records(downtimes=(DowntimeEvent("o", "production", start=1),))
    assert told(records) == [("it has no end (write `end` once it is over)", True)]
    assert told(incident(detected=1))[0][1]
    assert "neither `impact_start`" in told(incident())[0][0]


def test_an_unknown_environment_is_told_with_the_nearest() -> None:
    ((message, counts),) = told(Records(deployments=(DeploymentEvent("d", "prodction"),)))
    assert message == "`prodction` is no environment (did you mean `production`?)"
    assert not counts


def test_what_is_nowhere_is_not_said_to_go_on() -> None:
    told_of = told(Records(downtimes=(DowntimeEvent("o", "prodction", start=1),)))
    assert [counts for _, counts in told_of] == [False]


def test_one_record_may_be_wrong_in_several_ways() -> None:
    found = told(Records(downtimes=(DowntimeEvent("o", "moon", start=NOW + 5, end=NOW + 1),)))
    assert len(found) == 3


def test_a_second_record_of_an_id_names_both_places() -> None:
    one = Duplicate("incident", "i", ("title", "restored"), "production", "b.yaml", 7, "a.yaml", 3)
    (found,) = contradictions(Records(duplicates=(one,)), KNOWN, NOW)
    assert (found.source, found.line) == ("b.yaml", 7)
    assert "a.yaml:3" in found.reason
    assert "`title`, `restored`" in found.reason


def test_runs_that_deploy_nothing_are_one_line() -> None:
    runs = tuple(DeploymentEvent(str(number), "", source="a", line=number) for number in (3, 2, 1))
    (found,) = contradictions(Records(unplaced=runs), KNOWN, NOW)
    assert found.line == 1
    assert found.reason.startswith("3 runs")
    assert found.counts


def test_an_end_without_a_start_is_told() -> None:
    (found,) = contradictions(Records(unbegun=(DowntimeEvent("o", "production", end=3),)), KNOWN, NOW)
    assert not found.counts


def test_lines_are_in_the_order_of_their_places() -> None:
    events = tuple(DeploymentEvent(f"d{number}", "moon", source="a", line=9 - number) for number in range(9))
    lines = [one.line for one in contradictions(Records(deployments=events), KNOWN, NOW)]
    assert lines == sorted(lines)


def test_orders_are_of_fields_that_there_are() -> None:
    kinds = {
        "deployment": DeploymentEvent,
        "incident": IncidentEvent,
        "downtime": DowntimeEvent,
        "approval": ApprovalEvent,
    }
    assert set(ORDERS) == set(kinds)
    for kind, pairs in ORDERS.items():
        assert {name for pair in pairs for name in pair} <= set(kinds[kind].__struct_fields__)
