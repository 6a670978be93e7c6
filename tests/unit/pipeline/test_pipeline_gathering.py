"""What a run reads, by its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.manifests import CONFIG, deployment
from support.plain_git import commit_all, git
from support.replay import DAY, START, gathered, write_trees

from generator.errors import AssayError, ConfigErrors

if TYPE_CHECKING:
    from pathlib import Path

SECRET = {"API_KEY": "hunter2"}
TREES = [{"deploy/api.yaml": deployment("api", f"shop/api:{n}", SECRET), "README": str(n)} for n in range(1, 6)]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write_trees(tmp_path / "repository", TREES)


def test_the_configuration_of_the_checkout_comes_first(repository: Path, tmp_path: Path) -> None:
    (repository / "assay.yaml").write_text("title: Committed\n" + CONFIG)
    commit_all(repository)
    (repository / "assay.yaml").write_text("title: Checkout\n" + CONFIG)
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "--quiet", "--bare", repository, bare)
    titles = [
        gathered(repository, tmp_path / "1").evidence.summary.title,
        gathered(bare, tmp_path / "2").evidence.summary.title,
        gathered(repository, tmp_path / "3", "title: Named\n" + CONFIG).evidence.summary.title,
    ]
    assert titles == ["Checkout", "Committed", "Named"]


def test_a_ref_given_wins_over_the_configured_one(repository: Path, tmp_path: Path) -> None:
    git(repository, "tag", "old", "HEAD~3")
    git(repository, "tag", "older", "HEAD~4")
    config = f"ref: old\n{CONFIG}"
    assert len(gathered(repository, tmp_path / "1", config).deployments) == 2
    found = gathered(repository, tmp_path / "2", config, ref="older")
    assert (len(found.deployments), found.evidence.summary.ref) == (1, "older")


def test_a_configured_ref_that_is_not_there_is_refused(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(AssayError, match="no commit is named 'nowhere'"):
        gathered(repository, tmp_path / "evidence", f"ref: nowhere\n{CONFIG}")
    assert not (tmp_path / "evidence").exists()


def test_a_limit_reads_the_newest_and_says_so(repository: Path, tmp_path: Path) -> None:
    found = gathered(repository, tmp_path / "evidence", CONFIG, limit=2)
    whole = gathered(repository, tmp_path / "whole", CONFIG)
    assert found.deployments[-1].digest == whole.deployments[-1].digest, (
        "where it ends does not depend on where it began"
    )
    assert [d.commit.id for d in found.deployments] == [d.commit.id for d in whole.deployments[-2:]]
    assert "--limit" in found.evidence.summary.coverage.limited
    assert whole.evidence.summary.coverage.limited == ""


def test_a_limit_keeps_what_older_commits_left(tmp_path: Path) -> None:
    trees = [{"deploy/web.yaml": deployment("web"), **tree} for tree in TREES]
    found = gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", CONFIG, limit=2)
    assert [c.component for c in found.evidence.summary.environments[0].cells] == ["api", "web"]


def test_the_report_time_moves_ages_and_nothing_else(tmp_path: Path) -> None:
    config = "environments:\n  staging: {path: s}\n  production: {path: p, upstream: staging, production: true}\n"
    repository = write_trees(
        tmp_path / "r", [{"s/a.yaml": deployment(image="a:2"), "p/a.yaml": deployment(image="a:1")}]
    )
    now = gathered(repository, tmp_path / "now", config)
    later = gathered(repository, tmp_path / "later", config, as_of=START + 40 * DAY)
    assert [d.age_seconds for d in now.evidence.summary.environments[1].drift] == [0]
    assert [d.age_seconds for d in later.evidence.summary.environments[1].drift] == [40 * DAY]
    assert [m.month for m in later.evidence.summary.environments[1].drift_over_time] == ["2024-01", "2024-02"]
    assert now.deployments == later.deployments


def test_authors_are_left_out_where_that_is_asked(repository: Path, tmp_path: Path) -> None:
    shown = gathered(repository, tmp_path / "1", CONFIG)
    hidden = gathered(repository, tmp_path / "2", f"authors: none\n{CONFIG}")
    assert {d.commit.author for d in shown.deployments} == {"Ada Example"}
    assert {d.commit.author for d in hidden.deployments} == {""}
    contents = b"".join(p.read_bytes() for p in (tmp_path / "2").rglob("*") if p.is_file())
    assert b"Ada" not in contents
    assert b"nobody@example.org" not in b"".join(p.read_bytes() for p in (tmp_path / "1").rglob("*") if p.is_file())


def test_commits_elsewhere_are_counted(tmp_path: Path) -> None:
    trees = [{**TREES[0], "README": str(n)} for n in range(4)]
    coverage = gathered(write_trees(tmp_path / "r", trees), tmp_path / "e", CONFIG).evidence.summary.coverage
    assert (coverage.commits, coverage.touching, coverage.elsewhere, coverage.blobs) == (4, 1, 3, 1)


def test_a_move_of_the_folder_goes_on_under_the_former_path(tmp_path: Path) -> None:
    trees = [
        {"old/api.yaml": deployment(image="a:1")},
        {"deploy/api.yaml": deployment(image="a:1")},
        {"deploy/api.yaml": deployment(image="a:2")},
    ]
    config = "environments:\n  production: {path: [deploy, old]}\n"
    found = gathered(write_trees(tmp_path / "r", trees), tmp_path / "e", config)
    assert found.kinds("production") == ["initial", "redeploy", "forward"]


def test_a_refused_configuration_writes_nothing(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors):
        gathered(repository, tmp_path / "evidence", "environments: {}\n")
    assert not (tmp_path / "evidence").exists()
