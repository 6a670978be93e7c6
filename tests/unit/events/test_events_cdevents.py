from __future__ import annotations

import json
from typing import Any

import pytest

from generator.events.cdevents import CUSTOM, TYPES
from generator.events.entries import Records
from generator.events.forms import FORMS
from generator.events.joining import joined
from generator.events.reading import NOTES, parse_records

AT = "2026-03-02T10:00:00Z"
LATER = "2026-03-02T10:05:00.5Z"
SECONDS = 1_772_445_600
PRODUCTION = {"environment": {"id": "production"}}


def event(kind: str, content: dict[str, Any] | None = None, custom: object = None, **said: str) -> dict[str, Any]:
    family = "cdeventsx" if kind.startswith("assay-") else "cdevents"
    made: dict[str, Any] = {
        "context": {
            "version": "0.4.1",
            "id": said.get("id", "e1"),
            "source": "/tekton",
            "type": f"dev.{family}.{kind}.0.2.0",
            "timestamp": said.get("at", AT),
        },
        "subject": {"id": said.get("subject", "s1"), "content": PRODUCTION if content is None else content},
    }
    return made if custom is None else made | {"customData": custom}


def read(*events: object) -> tuple[Records, list[str]]:
    text = "\n".join(json.dumps(one) for one in events)
    records, problems = parse_records(text.encode(), "events.jsonl", "cdevents")
    return records, [f"{problem.code} {problem.place.line} {problem.reason}" for problem in problems]


@pytest.mark.parametrize("predicate", ["deployed", "upgraded", "rolledback"])
def test_a_service_event_is_a_deployment_that_succeeded(predicate: str) -> None:
    content = PRODUCTION | {"artifactId": "pkg:oci/checkout@sha256%3A0b?tag=1.9.2"}
    custom = {"commit": "ABCDEF1", "started": AT, "verified": True}
    records, problems = read(event(f"service.{predicate}", content, custom, at=LATER, subject="shop/checkout"))
    assert not problems
    (found,) = records.deployments
    assert (found.id, found.component, found.version, found.commit) == ("e1", "checkout", "1.9.2", "abcdef1")
    assert (found.started, found.finished, found.status, found.verified) == (SECONDS, SECONDS + 300, "succeeded", True)


@pytest.mark.parametrize("run", ["pipelinerun", "taskrun"])
def test_the_ends_of_a_run_are_one_deployment(run: str) -> None:
    records, problems = read(
        event(f"{run}.finished", {"outcome": "cancel"}, at=LATER),
        event(f"{run}.started", {}, {"environment": {"id": "production"}, "commit": "abcdef1"}),
    )
    assert not problems
    (found,) = records.deployments
    assert (found.id, found.environment, found.commit) == ("s1", "production", "abcdef1")
    assert (found.started, found.finished, found.status) == (SECONDS, SECONDS + 300, "cancelled")
    assert not records.unplaced


def test_the_ends_of_a_deployment_may_stand_in_two_files() -> None:
    parts = [
        read(event("deployment.started"))[0],
        read(event("deployment.finished", {"outcome": "failure"}, at=LATER))[0],
    ]
    (found,) = joined(parts).deployments
    assert (found.started, found.finished, found.status) == (SECONDS, SECONDS + 300, "failed")


def test_a_run_without_an_environment_deploys_nothing() -> None:
    records, problems = read(event("pipelinerun.started", {}), event("pipelinerun.finished", {"outcome": "success"}))
    assert not problems
    assert not records.deployments
    assert len(records.unplaced) == 1


def test_the_events_of_an_incident_are_one() -> None:
    records, problems = read(
        event("incident.reported", PRODUCTION | {"description": "slow"}, at="2026-03-02T10:20:00Z"),
        event("incident.detected", PRODUCTION | {"service": {"id": "ns/api"}}, {"impactStart": AT}, at=LATER),
        event(
            "incident.resolved", PRODUCTION | {"description": "all is well"}, {"fixedBy": "abcdef1"}, at="2026-03-03"
        ),
    )
    assert not problems
    (found,) = records.incidents
    assert (found.title, found.component, found.fixed_by) == ("slow", "api", "abcdef1")
    assert (found.impact_start, found.detected, found.reported) == (SECONDS, SECONDS + 300, SECONDS + 1200)
    assert found.restored == SECONDS + 14 * 3600
    assert not records.duplicates


def test_a_report_stands_for_the_detection_that_nobody_tells() -> None:
    reported = read(event("incident.reported", at=LATER))[0]
    assert reported.incidents[0].detected == SECONDS + 300
    both = joined([reported, read(event("incident.detected", at=AT))[0]])
    assert both.incidents[0].detected == SECONDS
    assert not both.duplicates


def test_downtime_and_approvals_are_events_of_our_own() -> None:
    records, problems = read(
        event("assay-downtime.started", PRODUCTION | {"planned": True, "reason": "move"}),
        event("assay-downtime.ended", {}, at=LATER),
        event("assay-approval.given", PRODUCTION | {"commit": "abcdef1", "by": "Ada", "gate": "approval"}),
    )
    assert not problems
    (down,) = records.downtimes
    assert (down.start, down.end, down.planned, down.reason) == (SECONDS, SECONDS + 300, True, "move")
    (approval,) = records.approvals
    assert (approval.id, approval.by, approval.at) == ("e1", "Ada", SECONDS)


def test_an_end_without_its_start_waits_for_it() -> None:
    ended = read(event("assay-downtime.ended", at=LATER))[0]
    assert not ended.downtimes
    assert len(ended.unbegun) == 1
    (found,) = joined([ended, read(event("assay-downtime.started"))[0]]).downtimes
    assert (found.start, found.end) == (SECONDS, SECONDS + 300)


def test_other_types_are_counted_and_are_no_loss() -> None:
    records, problems = read(event("build.started"), event("service.deployed"), event("build.started"))
    assert len(records.deployments) == 1
    assert problems == ["record-type 1 2 events `dev.cdevents.build.started.0.2.0`, of a type that is not read"]
    assert problems[0].split()[0] in NOTES


def test_envelopes_of_cloudevents_are_opened() -> None:
    wrapped = {"specversion": "1.0", "id": "x", "type": "dev.cdevents.service.deployed.0.2.0", "source": "/"}
    records, problems = read(wrapped | {"data": event("service.deployed")}, wrapped)
    assert len(records.deployments) == 1
    (problem,) = problems
    assert problem.startswith("record-event 2 no CDEvent")


def test_custom_data_in_an_object_of_ours_hides_what_others_wrote() -> None:
    records, problems = read(event("service.deployed", custom={"status": 200, "assay": {"commit": "abcdef1"}}))
    assert not problems
    assert records.deployments[0].commit == "abcdef1"


def test_custom_data_that_is_encoded_is_left_alone() -> None:
    records, problems = read(event("service.deployed", custom="eyJhIjogMX0="))
    assert not problems
    assert len(records.deployments) == 1


def broken(change: str) -> dict[str, Any]:
    found = event("service.deployed")
    where, _, key = change.partition(".")
    del found[where][key]
    return found


@pytest.mark.parametrize("field", ["id", "source", "type", "timestamp", "version"])
def test_a_field_that_is_needed_is_named(field: str) -> None:
    _, (problem,) = read(broken(f"context.{field}"))
    assert f"`{field}`" in problem
    assert "`context`" in problem


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (broken("subject.id"), "`subject`: Object missing required field `id`"),
        (event("service.deployed", {}), "`subject.content`: Object missing required field `environment`"),
        (event("service.deployed", {"environment": {"id": ""}}), "`subject.content.environment.id`"),
        (event("service.deployed", at="yesterday"), "`context.timestamp`: `yesterday` is no time"),
        (event("service.deployed", custom={"started": "soon"}), "`customData.started`: `soon` is no time"),
        (event("service.deployed", custom={"commit": ["a"]}), "`customData.commit` is no single value"),
        (event("incident.detected", {}), "a record of `incidents` without `environment`"),
        (event("pipelinerun.finished", {"outcome": "dunno"}, PRODUCTION), "`subject.content.outcome`: `dunno`"),
        (event("assay-approval.given"), "a record of `approvals` without `commit`"),
        ([1], "no CDEvent"),
    ],
)
def test_what_is_wrong_names_the_field_of_the_event(found: object, said: str) -> None:
    records, problems = read(found)
    assert said in problems[0]
    assert records == Records()


def test_later_versions_call_the_version_otherwise() -> None:
    found = event("service.deployed")
    found["context"]["specversion"] = found["context"].pop("version")
    assert not read(found)[1]


def test_every_type_and_custom_key_is_of_a_form() -> None:
    keys = {key for form in FORMS.values() for key in form.keys}
    assert {reading.time for reading in TYPES.values()} <= keys
    assert set(CUSTOM.values()) <= keys
    assert keys - set(CUSTOM.values()) == {"id", "reported", "source_commit"}
