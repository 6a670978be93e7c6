from __future__ import annotations

import json

import pytest

from generator.events.plain import form_of_file
from generator.events.reading import parse_records

DEPLOYMENT = {
    "id": "d1",
    "environment": "production",
    "commit": "ABCDEF1",
    "finished": "2026-03-02",
    "status": "success",
}
FLOW = ", ".join(f"{key}: {value}" for key, value in DEPLOYMENT.items())
FORMS = {
    "sections.yaml": f"deployments:\n  - {{{FLOW}}}\n",
    "one.yaml": f"{{record: deployment, {FLOW}}}\n",
    "several.yaml": f"- {{record: deployments, {FLOW}}}\n",
    "deployments.yaml": f"{{{FLOW}}}\n",
    "sections.json": json.dumps({"deployments": [DEPLOYMENT]}),
    "one.json": json.dumps({"record": "deployment"} | DEPLOYMENT),
    "lines.jsonl": json.dumps({"record": "deployment"} | DEPLOYMENT),
    "deploys.json": json.dumps([DEPLOYMENT]),
    "deployments.csv": f"{','.join(DEPLOYMENT)}\n{','.join(DEPLOYMENT.values())}\n",
    "all.csv": f"\ufeffrecord;{';'.join(DEPLOYMENT)}\r\ndeployment;{';'.join(DEPLOYMENT.values())}\r\n",
    "refs/notes/records:c0ffee1": f"record: deployment\n{chr(10).join(f'{k}: {v}' for k, v in DEPLOYMENT.items())}\n",
    "refs/notes/deployments:c0ffee1": f"{chr(10).join(f'{k}: {v}' for k, v in DEPLOYMENT.items())}\n",
}


@pytest.mark.parametrize("path", FORMS)
def test_a_record_is_the_same_in_every_form(path: str) -> None:
    records, problems = parse_records(FORMS[path].encode(), path, "auto")
    assert not problems
    (event,) = records.deployments
    assert (event.id, event.environment, event.commit, event.finished, event.status) == (
        "d1",
        "production",
        "abcdef1",
        1_772_409_600,
        "succeeded",
    )
    assert event.source == path
    assert event.line >= 1


@pytest.mark.parametrize(
    ("text", "line", "code", "fix"),
    [
        ("deployments:\n- {environment: p, finishd: 2026-01-01}", 2, "record-key", "did you mean `finished`?"),
        ("deployments:\n- environment: p\n  started: soon", 3, "record-value", "zone"),
        ("deployments:\n- {commit: abcdef1}", 2, "record-missing", "write `environment` to the record"),
        ("deployments:\n- {environment: [a]}", 2, "record-value", "one text"),
        ("deployments:\n- production", 2, "record-entry", "environment: ..."),
        ("deployments: production", 1, "record-section", "behind `- `"),
        ("deploymnts: []", 1, "record-section", "did you mean `deployments`?"),
        ("- {record: deploymet, environment: p}", 1, "record-kind", "did you mean `deployment`?"),
        ("- {environment: p}", 1, "record-kind", "write `record:`"),
        ("production", 1, "record-section", "`downtime:`"),
        ("downtime:\n- {environment: p, end: 2026-01-01}", 2, "record-missing", "`start`"),
        ("incidents:\n- {environment: p}", 2, "record-missing", "`id`"),
    ],
)
def test_what_can_t_be_taken_has_its_line_and_its_fix(text: str, line: int, code: str, fix: str) -> None:
    records, problems = parse_records(text.encode(), "records.yaml", "auto")
    (problem,) = problems
    assert (problem.code, problem.place.line) == (code, line)
    assert fix in problem.fix
    assert not records.deployments


def test_one_wrong_record_costs_no_other() -> None:
    text = (
        "downtime:\n- {environment: p, start: 2026-01-01}\n- {environment: p}\n- {environment: p, start: 2026-01-03}\n"
    )
    records, problems = parse_records(text.encode(), "records.yaml", "auto")
    assert [event.line for event in records.downtimes] == [2, 4]
    assert len(problems) == 1


def test_records_without_an_id_are_named_by_their_place() -> None:
    text = '{"downtime": [{"environment": "p", "start": "2026-01-01"}, {"environment": "p", "start": "2026-01-02"}]}'
    records, _ = parse_records(text.encode(), "a.json", "auto")
    assert [event.id for event in records.downtimes] == ["a.json:1", "a.json:1.2"]


def test_an_unknown_column_costs_the_file_and_says_so() -> None:
    text = b"environment,start,ende\np,2026-01-01,2026-01-02\n"
    records, problems = parse_records(text, "downtime.csv", "auto")
    assert not records.downtimes
    (problem,) = problems
    assert problem.code == "record-column"
    assert problem.fix == "did you mean `end`?"


def test_a_column_of_another_kind_costs_the_row_that_uses_it() -> None:
    text = b"record,id,environment,start,status\ndowntime,a,p,2026-01-01,\ndowntime,b,p,2026-01-01,failed\n"
    records, problems = parse_records(text, "all.csv", "auto")
    assert [event.id for event in records.downtimes] == ["a"]
    assert [problem.place.line for problem in problems] == [3]


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("a/Deployments-2026.csv", "deployments"),
        ("outages.csv", "downtime"),
        ("incident.json", "incidents"),
        ("approvals.yaml", "approvals"),
        ("deployments/all.csv", ""),
        ("incidents-and-deployments.csv", ""),
    ],
)
def test_a_file_is_called_after_its_kind(path: str, section: str) -> None:
    form = form_of_file(path)
    assert (form.section if form else "") == section
