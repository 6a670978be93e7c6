from __future__ import annotations

import msgspec

from generator.events.entries import DeploymentEvent, DowntimeEvent, IncidentEvent, Records
from generator.events.joining import joined


def test_parts_that_agree_are_one_record() -> None:
    first = IncidentEvent("i", "p", detected=1, source="a", line=1)
    second = IncidentEvent("i", "p", detected=1, restored=2, title="t", source="b", line=7)
    found = joined([Records(incidents=(first,)), Records(incidents=(second,))])
    assert found.incidents == (IncidentEvent("i", "p", title="t", detected=1, restored=2, source="a", line=1),)
    assert not found.duplicates


def test_of_two_that_contradict_each_other_the_first_counts_as_it_is() -> None:
    first = DowntimeEvent("d", "p", start=1, source="a", line=1)
    second = DowntimeEvent("d", "p", start=2, end=9, source="b", line=7)
    found = joined([Records(downtimes=(first, second))])
    assert found.downtimes == (first,)
    (one,) = found.duplicates
    assert (one.kind, one.id, one.fields) == ("downtime", "d", ("start",))
    assert (one.source, one.line, one.first_source, one.first_line) == ("b", 7, "a", 1)


def test_one_run_may_deploy_to_several_environments() -> None:
    events = (DeploymentEvent("r", "staging", finished=1), DeploymentEvent("r", "production", finished=2))
    found = joined([Records(deployments=events)])
    assert found.deployments == events
    assert not found.duplicates


def test_a_part_without_an_environment_finds_the_only_run_of_its_id() -> None:
    part = DeploymentEvent("r", "", finished=2, status="failed")
    whole = DeploymentEvent("r", "p", started=1)
    assert joined([Records(deployments=(whole,), unplaced=(part,))]).deployments == (
        DeploymentEvent("r", "p", started=1, finished=2, status="failed"),
    )
    two = joined([Records(deployments=(whole, msgspec.structs.replace(whole, environment="q")), unplaced=(part,))])
    assert two.unplaced == (part,)


def test_joining_again_changes_nothing() -> None:
    parts = [
        Records(
            deployments=(DeploymentEvent("r", "p", started=1), DeploymentEvent("r", "p", started=2)),
            incidents=(IncidentEvent("i", "p", reported=3),),
            unplaced=(DeploymentEvent("x", ""),),
            unbegun=(DowntimeEvent("d", "", end=3), DowntimeEvent("d", "p", end=3)),
        )
    ]
    once = joined(parts)
    assert joined([once]) == once
    assert len(once.duplicates) == 1
    assert once.incidents[0].detected == 3
    assert once.unbegun == (DowntimeEvent("d", "p", end=3),)


def test_nothing_is_nothing() -> None:
    assert joined([]) == Records()
