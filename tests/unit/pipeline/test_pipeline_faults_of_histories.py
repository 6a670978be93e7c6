"""Histories that once gave a wrong record, each as short as it can be."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from support.manifests import deployment
from support.replay import gathered, write_trees
from support.values import replay

from generator.history.importing import write_repository

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONFIG = "environments:\n  production: {path: deploy}\n"
START = 1_704_110_400


@dataclass(frozen=True)
class Prepared:
    """A commit with a date of its own."""

    at: int
    author: str
    message: str
    changes: Mapping[str, bytes | None]


def test_what_a_file_no_longer_holds_is_gone_though_another_document_of_it_is_broken(tmp_path: Path) -> None:
    nameless = "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: once-}\nspec: {}\n"
    both = "---\n".join([deployment("a"), deployment("b"), nameless])
    trees = [{"deploy/all.yaml": both}, {"deploy/all.yaml": "---\n".join([deployment("a"), nameless])}]
    found = gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", CONFIG)
    assert [cell.component for cell in found.evidence.summary.environments[0].cells] == ["a"]
    assert found.deployments[-1].reasons == ("b was removed.",)


@pytest.mark.parametrize("value", ["*S3cretPass", "!S3cretPass x"])
def test_an_unquoted_password_that_is_no_yaml_is_never_quoted(value: str, tmp_path: Path) -> None:
    trees = [{"deploy/a.yaml": deployment("a")}, {"deploy/a.yaml": f"{deployment('a')}password: {value}\n"}]
    found = gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", CONFIG)
    assert found.outcome.exit_code == 3
    texts = [path.read_text("utf-8") for path in (tmp_path / "evidence").rglob("*.json*")]
    assert not any("S3cret" in text for text in texts)


def test_a_login_in_the_address_of_an_artifact_is_masked(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/api=git::https://ci:t0kenValue123@host.example/x"])
    assert "t0kenValue123" not in (tmp_path / "evidence" / "deployments.jsonl").read_text("utf-8")
    assert found.kinds("production") == ["initial"]


def test_a_slip_in_a_secret_shows_nothing(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringdata: {token: hunter2hunter2}\n"
    gathered(write_trees(tmp_path / "repository", [{"deploy/x.yaml": text}]), tmp_path / "evidence", CONFIG)
    assert "hunter2" not in (tmp_path / "evidence" / "objects" / "components.jsonl").read_text("utf-8")


def test_taking_an_added_setting_away_again_is_an_undo(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/api=A,a:1", "p/api=A,a:1,b:2", "p/api=A,a:1", "p/api=A,a:1,b:2"])
    assert found.kinds("production") == ["initial", "forward", "rollback", "redo"]
    assert found.deployments[2].confidence == "inferred"


def test_a_value_that_comes_back_after_a_gap_is_no_new_bypass(tmp_path: Path) -> None:
    found = replay(tmp_path, ["s/api=A p/api=X", "s/api=A p/api=", "s/api=A p/api=X"])
    assert [one.bypass for one in found.of("production")] == [True, False, False]


def test_a_setting_that_is_called_component_is_a_setting(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/api=A,component:web", "p/api=B"])
    assert found.deployments[-1].reasons == ("The artifact of api moved to a version never had here.",)


def test_another_kind_of_the_same_workload_is_drift(tmp_path: Path) -> None:
    config = "environments:\n  staging: {path: s}\n  production: {path: p, upstream: staging}\n"
    stateful = deployment("a").replace("kind: Deployment", "kind: StatefulSet")
    trees = [{"s/a.yaml": stateful, "p/a.yaml": deployment("a")}]
    found = gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", config)
    (row,) = found.evidence.summary.environments[1].drift
    assert (row.field, row.drift, row.upstream, row.value) == ("kind", "structure", "StatefulSet", "Deployment")


@pytest.mark.parametrize("far", [253_370_000_000, 40_000_000_000])
def test_one_date_in_a_far_century_floods_nothing(far: int, tmp_path: Path) -> None:
    trees = [{"deploy/a.yaml": deployment("a", f"shop/a:{number}")} for number in range(3)]
    repository = write_trees(tmp_path / "first", trees)
    plain = gathered(repository, tmp_path / "plain", CONFIG)
    commits = [
        Prepared(far if number == 1 else START + number * 86_400, "A", "x", {p: t.encode() for p, t in tree.items()})
        for number, tree in enumerate(trees)
    ]
    write_repository(tmp_path / "second", commits)
    found = gathered(tmp_path / "second", tmp_path / "evidence", CONFIG)
    assert found.kinds("production") == plain.kinds("production")
    size = (tmp_path / "evidence" / "summary.json").stat().st_size
    assert size < 2 * (tmp_path / "plain" / "summary.json").stat().st_size


def test_a_cut_that_begins_with_a_merge_reads_it_once(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    git = ["git", "-C", str(repository), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "init", "-q", "-b", "main", str(repository)], check=True)
    (repository / "deploy").mkdir()
    for name, branch in (("a", "main"), ("b", "side")):
        if branch == "side":
            subprocess.run([*git, "checkout", "-q", "-b", "side"], check=True)
        (repository / "deploy" / f"{name}.yaml").write_text(deployment(name), "utf-8")
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "-q", "-m", name], check=True)
    subprocess.run([*git, "checkout", "-q", "main"], check=True)
    subprocess.run([*git, "merge", "-q", "--no-ff", "-m", "both", "side"], check=True)
    found = gathered(repository, tmp_path / "evidence", CONFIG, limit=1)
    assert found.kinds("production") == ["initial"]
    coverage = found.evidence.summary.coverage
    assert (coverage.commits, coverage.touching, coverage.elsewhere) == (1, 1, 0)
