"""Facts from an evidence folder: what deployments, records and the summary say, together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from support.replay import DAY, START, gathered, write_trees
from support.values import CONFIG, replay, tree

from generator.errors import RefusedError
from generator.evidence.delivery_records import RecordLine
from generator.evidence.facts import environment_facts, facts_of
from generator.evidence.reading import Evidence
from generator.history.commits import rfc3339

if TYPE_CHECKING:
    from pathlib import Path

    from support.replay import Gathered

    from generator.metrics.facts import Delivery, EnvironmentFacts

LINES = ["s/a=A p/a=A", "s/a=B p/a=A", "s/a=B p/a=B", "s/a=B p/a=A", "s/a=C p/a=A", "s/a=C p/a=C p/b=X"]
"""Production: A comes, B is promoted, is taken back, C is promoted with a component that staging lacks."""


def _production(found: Gathered) -> EnvironmentFacts:
    return facts_of(Evidence(found.folder))[-1]


def _recorded(found: Gathered, *records: RecordLine) -> EnvironmentFacts:
    """Return production's facts with records added to the folder."""
    encoder = msgspec.json.Encoder(order="sorted")
    (found.folder / "records.jsonl").write_bytes(b"".join(encoder.encode(record) + b"\n" for record in records))
    return _production(found)


def _finish(number: int, seconds: int, **more: Any) -> RecordLine:  # noqa: ANN401 - fields of the record
    finished = rfc3339(START + number * DAY + seconds)
    known = {"status": "succeeded", "finished": finished, "deployment": f"production-{number}"} | more
    return RecordLine("deployment", f"d{number}", "production", **known)


def test_deliveries_are_those_of_the_lines(tmp_path: Path) -> None:
    found = replay(tmp_path, LINES)
    staging, production = facts_of(Evidence(found.folder))
    assert (staging.first, production.first) == (None, staging)
    assert [d.kind.value for d in production.deliveries] == ["initial", "forward", "rollback", "forward"]
    assert [d.time for d in production.deliveries] == [START + n * DAY for n in (0, 2, 3, 5)]
    assert [d.components for d in production.deliveries] == [("a",), ("a",), ("a",), ("a", "b")]
    assert production.deliveries[2].undone == (2,)
    assert production.deliveries[2].undone_parts == ((2, "a"),)
    assert [d.sequence for d in staging.deliveries] == [1, 2, 3]


def test_arrivals_know_when_they_were_promoted(tmp_path: Path) -> None:
    production = _production(replay(tmp_path, LINES))
    told = [
        [(a.component, a.version, a.kind.value, a.promoted, a.promoted_at) for a in one.arrivals]
        for one in production.deliveries
    ]
    assert told == [
        [("a", "A", "initial", False, None)],
        [("a", "B", "forward", True, START + DAY)],
        [("a", "A", "rollback", False, None)],
        [("a", "C", "forward", True, START + 4 * DAY), ("b", "X", "initial", False, None)],
    ]
    assert [d.simultaneous for d in production.deliveries] == [True, False, False, False]
    assert [d.bypass for d in production.deliveries] == [False, False, False, True]


def test_a_finish_that_a_record_tells_is_the_time_here_and_downstream(tmp_path: Path) -> None:
    found = replay(tmp_path, LINES)
    staged = RecordLine(
        "deployment", "s", "staging", status="succeeded", finished=rfc3339(START + DAY + 50), deployment="staging-2"
    )
    begun = rfc3339(START + 2 * DAY)
    production = _recorded(found, staged, _finish(2, 60, started=begun, verified=True))
    second: Delivery = production.deliveries[1]
    assert (second.time, second.confirmed, second.started, second.verified) == (
        START + 2 * DAY + 60, True, START + 2 * DAY, True,
    )  # fmt: skip
    assert second.arrivals[0].promoted_at == START + DAY + 50
    assert not production.deliveries[0].confirmed


@pytest.mark.parametrize(
    "more",
    [{"status": "failed"}, {"status": "cancelled"}, {"counts": False}, {"finished": ""}, {"deployment": "staging-2"}],
)
def test_what_does_not_confirm_leaves_the_commit_time(tmp_path: Path, more: dict[str, Any]) -> None:
    production = _recorded(replay(tmp_path, LINES), _finish(2, 60, **more))
    assert (production.deliveries[1].time, production.deliveries[1].confirmed) == (START + 2 * DAY, False)


def test_a_finish_after_the_report_time_does_not_confirm(tmp_path: Path) -> None:
    production = _recorded(replay(tmp_path, LINES), _finish(4, 2 * DAY))
    assert (production.deliveries[3].time, production.deliveries[3].confirmed) == (START + 5 * DAY, False)


def test_incidents_of_records_and_of_files_are_linked(tmp_path: Path) -> None:
    found = replay(tmp_path, LINES)
    incident = RecordLine(
        "incident",
        "I-1",
        "production",
        deployments=("production-2", "staging-1"),
        fixed_by="production-3",
        component="a",
        detected=rfc3339(START + 2 * DAY + 5),
        restored=rfc3339(START + 900 * DAY),
    )
    production = _recorded(found, incident, RecordLine("incident", "I-2", "*", counts=True))
    assert production.deliveries[1].incidents == ("I-1",)
    first, second = production.incidents
    assert (first.deployments, first.fixed_by, first.component) == ((2,), 3, "a")
    assert (first.detected, first.restored) == (START + 2 * DAY + 5, None), "what is after the report is not known yet"
    assert (second.id, second.deployments) == ("I-2", ())


def test_an_incident_that_files_declare_links_without_times(tmp_path: Path) -> None:
    trees = [{"README": f"{n}\n", **tree(line)} for n, line in enumerate(LINES[:3])]
    incidents = "incidents:\n  - {id: INC-7, commit: production-2, title: down}\n"
    trees[-1][".assay/incidents.yaml"] = incidents
    found = gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", CONFIG)
    production = _production(found)
    assert production.deliveries[1].incidents == ("INC-7",)
    assert [(i.id, i.deployments, i.restored) for i in production.incidents] == [("INC-7", (2,), None)]


def test_downtime_is_of_its_environment_and_of_none_after_the_report(tmp_path: Path) -> None:
    start = rfc3339(START + DAY)
    lines = (
        RecordLine("downtime", "1", "production", start=start, end=rfc3339(START + 2 * DAY), component="a"),
        RecordLine("downtime", "2", "*", start=start, planned=True),
        RecordLine("downtime", "3", "production", start=rfc3339(START + 900 * DAY)),
        RecordLine("downtime", "4", "production", start=start, counts=False),
        RecordLine("downtime", "5", "nowhere", start=start),
    )
    production = _recorded(replay(tmp_path, LINES), *lines)
    assert [(d.id, d.end, d.component, d.planned) for d in production.downtimes] == [
        ("1", START + 2 * DAY, "a", False), ("2", None, "", True),
    ]  # fmt: skip


def test_a_date_after_the_report_counts_for_nothing(tmp_path: Path) -> None:
    found = replay(tmp_path, LINES)
    summary = msgspec.structs.replace(found.evidence.summary, as_of=rfc3339(START + 2 * DAY))
    production = environment_facts(found.folder, summary)[-1]
    assert [d.time for d in production.deliveries] == [START, START + 2 * DAY, None, None]


def test_resources_are_told_apart_from_components(demo: Gathered) -> None:
    production = facts_of(demo.evidence)[-1]
    changed = {name for d in production.deliveries for name in d.components}
    assert any(name.startswith("ConfigMap/") for name in changed & production.resources)
    assert {cell.component for cell in demo.evidence.summary.environments[-1].cells}.isdisjoint(production.resources)
    assert not any(" -> " in name for name in changed), "a connection is no component"


def test_teams_are_those_of_the_components(demo: Gathered) -> None:
    production = facts_of(demo.evidence)[-1]
    assert production.teams == {c.component: c.team for c in demo.evidence.summary.environments[-1].cells if c.team}


def test_a_line_that_is_no_deployment_is_refused_with_its_place(tmp_path: Path) -> None:
    found = replay(tmp_path, LINES)
    with (found.folder / "deployments.jsonl").open("a") as file:
        file.write('{"environment": 5}\n')
    with pytest.raises(RefusedError) as refusal:
        facts_of(Evidence(found.folder))
    assert refusal.value.place is not None
    assert refusal.value.place.line == len(found.deployments) + 1
