"""Records on their way through a run: where they are read, what they are linked to, and what they change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.manifests import deployment
from support.plain_git import commit_all, git, new_repository
from support.replay import Gathered, Revision, Silent, revision

from generator.errors import ExitCode, RefusedError
from generator.evidence.gates import GateTable
from generator.evidence.manifest import read_manifest
from generator.evidence.reading import Evidence
from generator.evidence.triage import TriageRecord
from generator.history.importing import write_repository
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from generator.evidence.delivery_records import RecordLine

ENVIRONMENTS = """
environments:
  staging: {path: staging}
  production: {path: production, upstream: staging, production: true}
"""
BOTH = ("staging", "production")
Step = tuple[str, "Mapping[str, str]"]


def app(version: int, *environments: str) -> dict[str, str]:
    return {f"{name}/api.yaml": deployment(image=f"shop/api:{version}") for name in environments or BOTH}


STEPS: tuple[Step, ...] = (
    ("First", app(1)),
    ("Second", app(2)),
    ("Say what it is", app(2) | {"README": "x"}),
    ("Third", app(3)),
    ("Fourth", app(4)),
)
"""At noon of the first to the fifth of January; the third commit leaves both environments alone."""


def history(target: Path, steps: Sequence[Step] = STEPS) -> list[str]:
    """Write `steps` as commits a day apart; return their ids, oldest first."""
    before: dict[str, bytes] = {}
    revisions: list[Revision] = []
    for number, (message, files) in enumerate(steps):
        now = {path: text.encode() for path, text in files.items()}
        revisions.append(revision(number, now, before, message))
        before = now
    write_repository(target, revisions)
    return git(target, "rev-list", "--reverse", "HEAD").split()


def told(
    place: Path,
    text: str | Mapping[str, str],
    config: str = ENVIRONMENTS,
    steps: Sequence[Step] = STEPS,
    *,
    as_of: int | None = None,
) -> Gathered:
    """Read a history beside a folder of records; `C0` to `C9` in a text stand for the ids of its commits."""
    ids = history(place / "repository", steps)
    for name, content in ({"records.yaml": text} if isinstance(text, str) else text).items():
        for number, commit in enumerate(ids):
            content = content.replace(f"C{number}", commit)  # noqa: PLW2901 - the text grows as it is filled in
        path = place / "records" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    (place / "assay.yaml").write_text(config, "utf-8")
    request = Request(place / "repository", place / "assay.yaml", as_of=as_of, records=place / "records")
    outcome = gather(request, place / "evidence", Silent())
    evidence = Evidence(place / "evidence")
    return Gathered(evidence.folder, outcome, evidence, list(evidence.deployments()))


def lines(found: Gathered, kind: str = "deployment") -> dict[str, RecordLine]:
    return {line.id: line for line in found.evidence.records() if line.kind == kind}


def one(**said: str) -> str:
    return "{" + ", ".join(f'{key}: "{value}"' for key, value in said.items()) + "}"


def deployed(**said: str) -> str:
    entry = {"id": "run", "environment": "production", "status": "succeeded"} | said
    return f"deployments:\n- {one(**entry)}\n"


FINISH = "2024-01-04T13:00:00Z"


@pytest.mark.parametrize(
    ("said", "deployment_", "problem"),
    [
        ({"commit": "C1"}, "production-2", ""),
        ({"commit": "C2"}, "production-2", "Its commit deployed nothing there, so it gives production-2 no time."),
        ({"commit": "production-3"}, "production-3", ""),
        ({"version": "3"}, "production-3", ""),
        ({"version": "shop/api:3", "component": "api"}, "production-3", ""),
        ({"version": "3", "component": "web"}, "", "No deployment of production until then brought version 3 of web."),
        ({"version": "4"}, "", "No deployment of production until then brought version 4."),
        ({}, "", "It names neither a commit nor a version."),
        ({"commit": "deadbeef"}, "", "`deadbeef` names no commit of the history of production."),
        ({"commit": "nothing"}, "", "`nothing` names neither a commit nor a deployment."),
        ({"commit": "staging-1"}, "", "`staging-1` is a deployment of another environment."),
        ({"commit": "production-9"}, "", "There is no deployment `production-9`."),
        ({"commit": "C1", "environment": "*"}, "", "A deployment is of one environment, and it names none."),
        ({"commit": "C1", "environment": "prod"}, "", "`prod` is no environment."),
    ],
)
def test_what_a_record_of_a_pipeline_belongs_to(
    tmp_path: Path, said: dict[str, str], deployment_: str, problem: str
) -> None:
    (line,) = lines(told(tmp_path, deployed(finished=FINISH, **said))).values()
    assert (line.deployment, line.problem, line.counts) == (deployment_, problem, not problem)


def test_the_beginning_of_a_commit_is_enough(tmp_path: Path) -> None:
    ids = history(tmp_path / "look")
    (line,) = lines(told(tmp_path, deployed(commit=ids[1][:7].upper(), finished=FINISH))).values()
    assert (line.deployment, line.finished) == ("production-2", FINISH)


def test_a_commit_before_the_first_deployment_is_told(tmp_path: Path) -> None:
    steps = (("Begin", {"README": "x"}), ("Stage", app(1, "staging")), ("Ship", app(1)))
    found = lines(told(tmp_path, deployed(commit="C1", finished="2024-01-03T10:00:00Z"), steps=steps))
    assert found["run"].problem.endswith("is older than the first deployment of production.")


def test_the_first_success_of_several_gives_the_time(tmp_path: Path) -> None:
    tries = [
        one(id="a", environment="production", commit="C1", finished="2024-01-02T12:05:00Z", status="failed"),
        one(id="b", environment="production", commit="C1", finished="2024-01-02T12:30:00Z", status="succeeded"),
        one(id="c", environment="production", commit="C1", finished="2024-01-02T12:20:00Z", status="succeeded"),
        one(id="d", environment="production", commit="C1", finished="2024-01-02T12:10:00Z"),
        one(id="e", environment="production", commit="C1", status="succeeded"),
    ]
    found = lines(told(tmp_path, "deployments:\n" + "".join(f"- {entry}\n" for entry in tries)))
    assert {line.deployment for line in found.values()} == {"production-2"}
    assert [name for name, line in found.items() if line.counts] == ["c"]
    assert found["a"].problem == "Its status is `failed`, so it confirms nothing."
    assert found["b"].problem == "The record `c` succeeded before it, and gives the deployment its time."
    assert "whether it succeeded" in found["d"].problem
    assert "when it finished" in found["e"].problem


INCIDENT = one(
    id="INC-7",
    environment="production",
    title="Payments fail",
    deployment="C2",
    fixed_by="C3",
    impact_start="2024-01-03T13:00:00Z",
    detected="2024-01-03T13:10:00Z",
    restored="2024-01-04T12:30:00Z",
)


def test_an_incident_of_a_record_makes_a_failure_and_a_remedy(tmp_path: Path) -> None:
    """The commit that it names left production alone: what ran then was the deployment before."""
    found = told(tmp_path, f"incidents:\n- {INCIDENT}\n")
    assert found.kinds("production") == ["initial", "forward", "roll-forward", "forward"]
    second, third = found.of("production")[1:3]
    assert (second.incidents, third.mends) == (("INC-7",), ("production-2",))
    assert third.declared[0].source == "records.yaml:2"
    triage = found.evidence.objects("triage", "production", TriageRecord)
    assert second.triage is not None
    assert triage[second.triage].trigger == "incident INC-7"
    line = lines(found, "incident")["INC-7"]
    assert (line.deployments, line.fixed_by, line.problem) == (("production-2",), "production-3", "")
    assert (line.impact_start, line.restored) == ("2024-01-03T13:00:00Z", "2024-01-04T12:30:00Z")
    assert found.kinds("staging") == ["initial", "forward", "forward", "forward"], "it was no incident there"


def test_an_incident_may_name_the_record_of_a_deployment(tmp_path: Path) -> None:
    text = deployed(commit="C1", finished="2024-01-02T12:05:00Z")
    text += f"incidents:\n- {one(id='INC-1', environment='production', deployment='run')}\n"
    found = told(tmp_path, text)
    assert lines(found, "incident")["INC-1"].deployments == ("production-2",)
    assert found.of("production")[1].incidents == ("INC-1",)


def test_an_incident_that_files_declare_too_is_one(tmp_path: Path) -> None:
    ids = history(tmp_path / "look")
    declared = f"incidents:\n- {{id: INC-7, commit: {ids[1][:8]}, environment: production}}\n"
    steps = (*STEPS, ("Declare", app(4) | {".assay/incidents.yaml": declared}))
    found = told(tmp_path, f"incidents:\n- {INCIDENT}\n", steps=steps)
    second, third = found.of("production")[1:3]
    assert [claim.source for claim in second.declared] == [".assay/incidents.yaml:2"]
    assert third.kind == "roll-forward", "what ended it is told by the record alone"


def test_an_incident_of_everywhere_is_looked_for_everywhere(tmp_path: Path) -> None:
    found = told(tmp_path, f"incidents:\n- {INCIDENT.replace('production', '*')}\n")
    assert lines(found, "incident")["INC-7"].deployments == ("production-2", "staging-2")


def test_an_incident_that_nobody_linked_is_listed(tmp_path: Path) -> None:
    alone = one(id="INC-1", environment="production", detected="2024-01-03T13:10:00Z", restored="2024-01-03T14:00:00Z")
    astray = one(id="INC-2", environment="production", deployment="cafecafe", fixed_by="C1", restored=FINISH)
    found = told(tmp_path, f"incidents:\n- {alone}\n- {astray}\n")
    rows = lines(found, "incident")
    assert (rows["INC-1"].counts, rows["INC-1"].problem) == (True, "Nobody linked it to a deployment.")
    assert rows["INC-2"].fixed_by == "production-2"
    assert rows["INC-2"].problem == "`cafecafe` names no commit of the history of production."
    assert not [row for row in found.evidence.summary.unreadable if row.code == "declaration-unmatched"]


GATES = ENVIRONMENTS + "gates:\n- {name: yes, approval: {by: file}}\n"


def outcomes(found: Gathered) -> list[tuple[str, str]]:
    tables = found.evidence.objects("gates", "production", GateTable)
    rows = [tables[d.gates.object].rows[0] for d in found.of("production")]
    return [(row.outcome, row.detail) for row in rows]


def approved(commit: str, at: str = "") -> str:
    entry = {"id": f"a{commit}", "environment": "production", "commit": commit, "by": "Grace"}
    return f"- {one(**entry, **({'at': at} if at else {}))}\n"


def test_approvals_of_records_count_from_their_own_time(tmp_path: Path) -> None:
    text = "approvals:\n" + approved("C1", "2024-01-02T11:00:00Z")
    text += approved("C3", "2024-01-04T12:20:00Z") + approved("C4")
    missing, passed, late, doubtful = outcomes(told(tmp_path / "a", text, GATES))
    assert missing[0] == "missing"
    assert passed == ("passed", "Approved by Grace (records.yaml:2).")
    assert late == ("failed", "Approved only afterwards, at 2024-01-04T12:20:00Z: Grace (records.yaml:3).")
    assert doubtful[0] == "not assessed", "nobody knows when that was"
    run = deployed(commit="C3", started="2024-01-04T12:30:00Z", finished="2024-01-04T12:40:00Z")
    assert outcomes(told(tmp_path / "b", text + run, GATES))[2][0] == "passed", "it came before the pipeline began"


def test_names_are_left_out_where_the_report_shows_none(tmp_path: Path) -> None:
    found = told(tmp_path, "approvals:\n" + approved("C1", "2024-01-02T11:00:00Z"), GATES + "authors: none\n")
    (line,) = lines(found, "approval").values()
    assert (line.by, line.deployment) == ("", "production-2")
    assert b"Grace" not in (found.folder / "records.jsonl").read_bytes()


def test_contradictions_are_findings_and_unreadable_ones_are_lost(tmp_path: Path) -> None:
    backwards = one(
        id="INC-1", environment="production", detected="2024-01-03T13:10:00Z", restored="2024-01-01T00:00:00Z"
    )
    text = f"incidents:\n- {backwards}\n- {one(id='INC-2', environment='production', detected='soon')}\n"
    text += f"downtime:\n- {one(id='W', environment='nowhere', start='2024-01-03T13:10:00Z', end=FINISH)}\n"
    found = told(tmp_path, text)
    summary = found.evidence.summary
    assert [(f.environment, f.finding.subject, f.finding.level) for f in summary.record_findings] == [
        ("production", "INC-1", "warning"),
        ("nowhere", "W", "warning"),
    ]
    assert {f.finding.rule for f in summary.record_findings} == {"record-contradiction"}
    assert "record-contradiction" in {rule.id for rule in summary.rules}
    assert [(row.path, row.line, row.level) for row in summary.unreadable] == [("records.yaml", 3, "unreadable")]
    assert found.outcome.exit_code is ExitCode.UNREADABLE
    assert not lines(found, "incident")["INC-1"].counts
    assert not lines(found, "downtime")["W"].counts


@pytest.mark.parametrize(("level", "levels"), [("error", ["error"]), ("off", [])])
def test_the_level_of_contradictions_can_be_set(tmp_path: Path, level: str, levels: list[str]) -> None:
    text = deployed(commit="C1", environment="nowhere", finished=FINISH)
    found = told(tmp_path, text, f"{ENVIRONMENTS}checks: {{record-contradiction: {level}}}\n")
    assert [one.finding.level for one in found.evidence.summary.record_findings] == levels


def test_records_stand_in_the_repository(tmp_path: Path) -> None:
    """Below `.assay/records` where nothing is said; a word about them is no record."""
    run = deployed(commit="production-2", finished=FINISH)
    files = {".assay/records/2024/runs.yaml": run, ".assay/records/README.md": "What our pipeline told"}
    history(tmp_path / "repository", [*STEPS, ("Told", app(4) | files)])
    (tmp_path / "assay.yaml").write_text(ENVIRONMENTS, "utf-8")
    outcome = gather(Request(tmp_path / "repository", tmp_path / "assay.yaml"), tmp_path / "evidence", Silent())
    (line,) = Evidence(tmp_path / "evidence").records()
    assert (line.source, line.line, line.deployment) == (".assay/records/2024/runs.yaml", 2, "production-2")
    assert outcome.exit_code is ExitCode.OK
    assert "records.jsonl" in read_manifest(tmp_path / "evidence").files


def test_a_note_tells_of_the_commit_it_is_on(tmp_path: Path) -> None:
    ids = history(tmp_path / "repository")
    runs = [
        {"record": "deployment", "id": name, "environment": name, "finished": FINISH, "status": "succeeded"}
        for name in BOTH
    ]
    text = "\n".join(json.dumps(run) for run in runs)
    git(tmp_path / "repository", "notes", "--ref=deployments", "add", "-m", text, ids[1])
    config = ENVIRONMENTS + "records:\n- {notes: refs/notes/deployments}\n- {notes: refs/notes/others}\n"
    (tmp_path / "assay.yaml").write_text(config, "utf-8")
    gather(Request(tmp_path / "repository", tmp_path / "assay.yaml"), tmp_path / "evidence", Silent())
    evidence = Evidence(tmp_path / "evidence")
    assert [(line.deployment, line.source) for line in evidence.records()] == [
        ("production-2", f"refs/notes/deployments:{ids[1]}"),
        ("staging-2", f"refs/notes/deployments:{ids[1]}"),
    ]
    (note,) = [note for note in evidence.summary.coverage.notes if "refs/notes/others" in note]
    assert "is not in the repository" in note
    assert [row.code for row in evidence.summary.unreadable] == ["pattern-unmatched"]


def test_a_file_is_read_once_and_by_its_mapping(tmp_path: Path) -> None:
    config = ENVIRONMENTS + (
        "records:\n- {folder: 'incidents/*.json', mapping: missing.yaml}\n- {folder: '*.csv', format: csv}\n"
        "- {folder: '**'}\n- {path: 'none/*'}\n"
    )
    table = f"record,id,environment,commit,finished,status\ndeployment,run,production,C1,{FINISH},succeeded\n"
    found = told(tmp_path, {"runs.csv": table, "notes.txt": "x", "incidents/1.json": "{}"}, config)
    assert [line.id for line in found.evidence.records()] == ["run"]
    codes = {(row.code, row.level) for row in found.evidence.summary.unreadable}
    assert {("record-mapping", "unreadable"), ("pattern-unmatched", "note")} <= codes
    (count,) = found.evidence.summary.records
    assert (count.kind, count.source, count.records, count.unlinked, count.left_out) == (
        "deployment",
        "--records: *.csv",
        1,
        0,
        0,
    )


def test_links_of_the_folder_are_told_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "outside.yaml").write_text(deployed(commit="production-1", finished=FINISH), "utf-8")
    (tmp_path / "records" / "linked.yaml").symlink_to(tmp_path / "outside.yaml")
    found = told(tmp_path, deployed(commit="production-2", finished=FINISH))
    assert [line.deployment for line in found.evidence.records()] == ["production-2"]
    assert [(lost.code, lost.path) for lost in found.evidence.summary.unreadable] == [("records-link", "linked.yaml")]


def test_links_of_the_repository_are_told_and_never_followed(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "repository")
    for path, text in STEPS[0][1].items():
        (repository / path).parent.mkdir(parents=True, exist_ok=True)
        (repository / path).write_text(text, "utf-8")
    folder = repository / ".assay" / "records"
    folder.mkdir(parents=True)
    (folder / "secrets.yaml").symlink_to("/etc/passwd")
    (folder / "README").symlink_to("/etc/passwd")
    commit_all(repository)
    gather(Request(repository), tmp_path / "evidence", Silent())
    lost = Evidence(tmp_path / "evidence").summary.unreadable
    assert [(one.code, one.path) for one in lost] == [("records-link", ".assay/records/secrets.yaml")]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    history(tmp_path / "repository")
    request = Request(tmp_path / "repository", records=tmp_path / "none")
    with pytest.raises(RefusedError, match="no such folder"):
        gather(request, tmp_path / "evidence", Silent())


def test_secrets_that_slipped_into_records_are_masked(tmp_path: Path) -> None:
    canary = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
    incident = one(id="INC-1", environment="production", title=f"token {canary} leaked", cause=canary, restored=FINISH)
    broken = one(id="INC-2", environment="production", detected=canary)
    found = told(tmp_path, f"incidents:\n- {incident}\n- {broken}\n")
    texts = [path.read_text("utf-8") for path in found.folder.rglob("*") if path.is_file()]
    assert not any(canary[4:20] in text for text in texts)
    assert lines(found, "incident")["INC-1"].title == "token secret leaked"


def test_records_are_no_part_of_an_environment(tmp_path: Path) -> None:
    run = deployed(commit="production-1", finished=FINISH)
    steps = [("First", app(1, "production")), ("Told", app(1, "production") | {"production/told/runs.yaml": run})]
    history(tmp_path / "repository", steps)
    config = "environments: {production: {path: production}}\nrecords: [{path: 'production/told/*'}]\n"
    (tmp_path / "assay.yaml").write_text(config, "utf-8")
    gather(Request(tmp_path / "repository", tmp_path / "assay.yaml"), tmp_path / "evidence", Silent())
    evidence = Evidence(tmp_path / "evidence")
    assert [one.id for one in evidence.deployments()] == ["production-1"]
    assert [line.deployment for line in evidence.records()] == ["production-1"]


def test_without_records_there_is_no_file(tmp_path: Path) -> None:
    found = told(tmp_path, {"README.md": "x"})
    assert not (found.folder / "records.jsonl").exists()
    assert list(found.evidence.records()) == []
    assert found.evidence.summary.records == ()


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    text = f"incidents:\n- {INCIDENT}\n" + deployed(commit="C1", finished=FINISH)
    first = told(tmp_path / "a", {"a.yaml": text, "b.yaml": "approvals:\n" + approved("C1", FINISH)})
    second = told(tmp_path / "b", {"b.yaml": "approvals:\n" + approved("C1", FINISH), "a.yaml": text})
    assert (first.folder / "records.jsonl").read_bytes() == (second.folder / "records.jsonl").read_bytes()


def test_a_pin_is_found_by_what_it_deploys(tmp_path: Path) -> None:
    ids = history(tmp_path / "look", [("One", app(1, "deploy")), ("Two", app(2, "deploy"))])
    steps = [
        ("One", app(1, "deploy")),
        ("Two", app(2, "deploy")),
        *((f"Pin {pin}", app(2, "deploy") | {"pin": ids[pin]}) for pin in (0, 1, 0)),
    ]
    config = "environments: {site: {path: deploy, pin: pin}}\n"
    runs = "deployments:\n"
    for name, commit, day in (("a", 0, 3), ("b", 1, 4), ("c", 0, 5)):
        finish = f"2024-01-0{day}T12:30:00Z"
        runs += f"- {one(id=name, environment='site', commit=ids[commit], finished=finish, status='succeeded')}\n"
    found = lines(told(tmp_path, runs, config, steps, as_of=1_704_600_000))
    assert {name: line.deployment for name, line in found.items()} == {"a": "site-1", "b": "site-2", "c": "site-3"}
