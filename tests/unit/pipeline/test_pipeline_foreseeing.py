"""What waits for production: told before it happens, and then it happens."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pytest
from support.manifests import deployment
from support.replay import DAY, START, gathered, write_trees
from support.values import replay

from generator.demo.repository import demo_commits
from generator.evidence.manifest import verify_manifest
from generator.evidence.next_release import NextRecord, next_path
from generator.history.importing import write_repository

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.replay import Gathered

    from generator.evidence.records import ChangeRecord

CLASSES = ("pending", "ahead", "config", "structure")
CONFIG = """
environments:
  staging: {path: staging}
  production: {path: production, upstream: staging, production: true}
"""
GATES = """
gates:
  - {name: approval, approval: {by: trailer}, except: rollback}
  - {name: soak, soak: 36h}
  - {name: tests, result: unit}
  - {name: by image, result: image}
  - {name: errors, findings: {level: warning, new: true}}
results:
  - {name: unit, format: junit, path: "reports/{commit}.xml", expected: true}
  - {name: image, format: junit, path: "images/{version}.xml"}
"""
JUNIT = '<testsuite name="u" tests="1" failures="0"><testcase name="a"/></testsuite>'


def ahead(found: Gathered, environment: str = "production") -> NextRecord:
    record = found.evidence.next_release(environment)
    assert record is not None
    return record


def told(changes: tuple[ChangeRecord, ...]) -> list[tuple[object, ...]]:
    """Return what can be told of changes before they happen."""
    return [
        (c.component, c.aspect, c.field, c.old, c.new, c.kind, c.validation, c.origin and c.origin.deployment)
        for c in changes
    ]


def trees(*versions: tuple[str, str], **more: str) -> list[Mapping[str, str]]:
    """Return trees of one deployment by its versions in staging and production."""
    return [
        {
            "staging/api.yaml": deployment("api", f"shop/api:{staging}"),
            "production/api.yaml": deployment("api", f"shop/api:{production}"),
            **more,
        }
        for staging, production in versions
    ]


def test_only_what_waits_would_move(tmp_path: Path) -> None:
    found = replay(tmp_path, ["s/a=1 s/b=1 p/a=1 p/b=1", "s/a=2 s/b=1 p/a=1 p/b=1", "s/a=2 s/b=1 s/c=1 p/a=1 p/b=9"])
    record = ahead(found)
    assert [(c.component, c.old, c.new) for c in record.changes] == [("a", "1", "2")]
    assert [(row.component, row.drift) for row in record.ends] == [("a", "pending")]
    assert {row.component: row.drift for row in record.stays} == {"b": "ahead", "c": "structure"}
    assert (record.state, record.says, record.begins) == ("waits", "go", ())
    assert record.changes[0].origin is not None
    assert record.changes[0].origin.soak_seconds == DAY


def test_nothing_waits(tmp_path: Path) -> None:
    record = ahead(replay(tmp_path, ["s/a=1 p/a=1", "s/a=1 p/a=2"]))
    assert (record.state, record.changes, [row.drift for row in record.stays]) == ("nothing", (), ["ahead"])
    assert record.next_digest == record.digest


def test_an_upstream_that_is_gone_is_not_assessed(tmp_path: Path) -> None:
    record = ahead(replay(tmp_path, ["s/a=1 p/a=1", "p/a=1"]))
    assert record.state == "not assessed"
    assert "staging was removed" in record.reason


def test_going_back_is_told_as_going_back(tmp_path: Path) -> None:
    record = ahead(replay(tmp_path, ["s/a=1 p/a=1", "s/a=2 p/a=1", "s/a=2 p/a=2", "s/a=1 p/a=2"]))
    assert (record.kind, record.changes[0].returns_to) == ("rollback", "production-1")


def test_an_environment_that_is_no_production_or_has_no_upstream_has_none(tmp_path: Path) -> None:
    found = replay(tmp_path, ["s/a=1 p/a=1"])
    assert found.evidence.next_release("staging") is None


def test_gates_are_asked_as_of_the_report_time(tmp_path: Path) -> None:
    reports = {"images/2.xml": JUNIT}
    made = trees(("1", "1"), ("2", "1"), ("2", "1"), **reports)
    made[2] = {**made[2], "README": "x"}
    found = gathered(write_trees(tmp_path / "r", made), tmp_path / "e", CONFIG + GATES, as_of=START + 2 * DAY)
    record = ahead(found)
    gates = {gate.name: gate for gate in record.gates}
    assert {name: gate.outcome for name, gate in gates.items()} == {
        "approval": "missing",
        "soak": "too early",
        "tests": "missing",
        "by image": "passed",
        "errors": "passed",
    }
    assert (gates["soak"].so_far_seconds, gates["soak"].needed_seconds) == (DAY, 36 * 3600)
    assert gates["soak"].passes_at == "2024-01-04T00:00:00Z"
    assert gates["approval"].later
    assert record.says == "no-go"
    later = gathered(tmp_path / "r", tmp_path / "l", CONFIG + GATES, as_of=START + 3 * DAY)
    assert {g.name: g.outcome for g in ahead(later).gates}["soak"] == "passed"


def test_results_of_the_upstream_deployment_come_with_it(tmp_path: Path) -> None:
    made = trees(("1", "1"), ("2", "1"))
    plain = gathered(write_trees(tmp_path / "p", made), tmp_path / "f", CONFIG + GATES)
    commit = plain.of("staging")[1].commit.id
    made.append({**made[1], f"reports/{commit}.xml": JUNIT})
    record = ahead(gathered(write_trees(tmp_path / "r", made), tmp_path / "e", CONFIG + GATES))
    assert [(one.deployment, one.result.name, one.result.outcome) for one in record.results] == [
        ("staging-2", "unit", "passed")
    ]
    assert [(one.name, one.outcome) for one in record.own_results] == [("unit", "missing")]


def test_looking_ahead_takes_no_result_from_those_without_a_deployment(tmp_path: Path) -> None:
    made = trees(("1", "1"), ("2", "1"), **{"images/2.xml": JUNIT, "images/7.xml": JUNIT})
    config = CONFIG + GATES.replace('images/{version}.xml"', 'images/{version}.xml", environments: production')
    found = gathered(write_trees(tmp_path / "r", made), tmp_path / "e", config)
    assert {g.name: g.outcome for g in ahead(found).gates}["by image"] == "passed"
    assert found.evidence.summary.unbound_results == ("images/2.xml", "images/7.xml")


def test_findings_are_those_of_the_environment_as_it_would_stand(tmp_path: Path) -> None:
    versions = [("1.0", "1.0"), ("2.0-rc.1", "1.0")]
    found = gathered(write_trees(tmp_path / "r", trees(*versions)), tmp_path / "e", CONFIG + GATES)
    record = ahead(found)
    assert [one.rule for one in record.came] == ["prerelease-in-production"]
    assert (record.came[0].since, record.came[0].release, record.came[0].path) == ("", "", "production/api.yaml")
    assert {g.name: g.outcome for g in record.gates}["errors"] == "failed"
    assert {one.subject for one in record.upstream_findings} == {"api"}
    back = gathered(
        write_trees(tmp_path / "b", trees(("1.0", "1.0"), ("2.0-rc.1", "2.0-rc.1"), ("1.0", "2.0-rc.1"))),
        tmp_path / "f",
        CONFIG,
    )
    assert [one.rule for one in ahead(back).fixed] == ["prerelease-in-production"]
    assert ahead(back).came == ()


def test_the_record_is_in_the_manifest(tmp_path: Path) -> None:
    found = replay(tmp_path, ["s/a=1 p/a=1", "s/a=2 p/a=1"])
    path = found.folder / next_path("production")
    assert verify_manifest(found.folder) == ()
    record = msgspec.json.decode(path.read_bytes(), type=NextRecord)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(record, says="no-go")))
    assert [one.path for one in verify_manifest(found.folder)] == ["objects/next/production.json"]


def test_the_same_history_gives_the_same_bytes(tmp_path: Path) -> None:
    lines = ["s/a=1 p/a=1", "s/a=2 p/a=1"]
    found, again = replay(tmp_path / "one", lines), replay(tmp_path / "two", lines)
    for path in sorted(p for p in found.folder.rglob("*") if p.is_file()):
        assert path.read_bytes() == (again.folder / path.relative_to(found.folder)).read_bytes()


@pytest.mark.parametrize("number", [10, 34, 55])
def test_what_is_told_of_the_demo_is_what_then_happens(tmp_path: Path, demo: Gathered, number: int) -> None:
    """Read the demo up to the commit before a release of all that waited, and compare with the release."""
    release = demo.of("production")[number - 1]
    write_repository(tmp_path / "repository", demo_commits())
    record = ahead(gathered(tmp_path / "repository", tmp_path / "e", ref=f"{release.commit.id}~1"))
    assert told(record.changes) == told(release.changes) != []
    assert (record.next_digest, record.digest) == (release.digest, release.previous_digest)
    assert (record.kind, record.bulk) == (release.kind, release.bulk)
    rows = (*record.stays, *record.begins)
    classes = Counter(row.drift for row in rows if not row.expected and row.exempt is None)
    drift = release.drift
    assert drift is not None
    assert dict(classes) == {name: count for name in CLASSES if (count := getattr(drift, name))}
    assert sum(bool(row.expected) for row in rows) == drift.expected
    assert sum(row.exempt is not None for row in rows) == drift.accepted
