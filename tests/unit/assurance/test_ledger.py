"""Findings along a history: since when they stand, when they end, and at what line they stand now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.manifests import CONFIG, deployment
from support.replay import Gathered, gathered, write_trees

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.packs import FindingEntry

RULE = "dangling-reference"


def _read(tmp_path: Path, *trees: dict[str, str]) -> Gathered:
    return gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", CONFIG)


def _tree(*manifests: str, comment: str = "") -> dict[str, str]:
    return {f"deploy/{n}.yaml": f"{comment}{text}" for n, text in enumerate(manifests)}


def _standing(found: Gathered, rule: str = RULE) -> list[list[FindingEntry]]:
    """Return the findings of one rule at each deployment."""
    lists = found.evidence.findings("production")
    steps = []
    for one in found.of("production"):
        lists.advance(one.findings.object)
        steps.append([entry for entry in lists.entries.values() if entry.rule == rule])
    return steps


def _service(name: str) -> str:
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\n"
        f"spec:\n  selector: {{app: {name}}}\n  ports: [{{port: 80}}]\n"
    )


API = deployment("api", env={"DB_HOST": "db:80"})
DB = deployment("db")


def test_a_finding_comes_stays_and_is_fixed(tmp_path: Path) -> None:
    whole = _tree(API, DB, _service("db"))
    found = _read(tmp_path, whole, _tree(API, DB), _tree(API.replace("api:1", "api:2"), DB), whole, _tree(API, DB))
    commits = [d.commit.id for d in found.of("production")]
    since = [[entry.since for entry in step] for step in _standing(found)]
    assert since == [[], [commits[1]], [commits[1]], [], [commits[4]]]
    (row,) = [f for f in found.evidence.summary.environments[0].findings if f.rule == RULE]
    assert (row.subject, row.since) == ("api", commits[4])


def test_the_line_follows_the_file(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        _tree(API),
        _tree(API, comment="# one\n# two\n"),
        _tree(API.replace("api:1", "api:2"), comment="# one\n"),
    )
    lines = [step[0].line for step in _standing(found)]
    (row,) = [f for f in found.evidence.summary.environments[0].findings if f.rule == RULE]
    assert row.line == lines[-1] == lines[0] + 1
    assert row.since == found.of("production")[0].commit.id, "moving down the page is no new finding"


def test_a_missing_name_of_another_component_is_found_and_fixed(tmp_path: Path) -> None:
    found = _read(tmp_path, _tree(API), _tree(API, DB, _service("db")), _tree(API, DB, _service("other")))
    assert [len(step) for step in _standing(found)] == [1, 0, 1]


def test_findings_of_the_commit_s_own_upstream(tmp_path: Path) -> None:
    config = "environments:\n  staging: {path: s}\n  production: {path: p, upstream: staging, production: true}\n"
    trees = [
        {"s/a.yaml": deployment(image=f"shop/api:{up}"), "p/a.yaml": deployment(image=f"shop/api:{here}")}
        for up, here in [(1, 1), (1, 2), (2, 2)]
    ]
    found = gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", config)
    standing = found.evidence.summary.environments[1].findings
    assert "never-in-upstream" not in {f.rule for f in standing}, "upstream has it by now"
    assert [len(step) for step in _standing(found, "never-in-upstream")] == [0, 1]
