from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.plain_git import git
from support.replay import DAY, START, Gathered, gathered, write_trees

from generator.errors import ExitCode, RefusedError

if TYPE_CHECKING:
    from pathlib import Path

BRANCHES = """
environments:
  staging: {ref: staging}
  production: {ref: prod, upstream: staging, production: true}
model:
  - values: "{component}.yaml"
    artifact: tag
"""


def _refs(found: Gathered) -> dict[str, str]:
    refs = json.loads((found.folder / "manifest.json").read_text("utf-8"))["refs"]
    assert isinstance(refs, dict)
    return refs


class Branches:
    """A repository written commit by commit, each a day after the one before."""

    def __init__(self, path: Path) -> None:
        self.path = write_trees(path, [{"README": "x"}])
        self._day = 0
        git(path, "branch", "staging")
        git(path, "branch", "prod")

    def on(self, branch: str, tag: str, *, merge: str = "", day: int | None = None) -> str:
        """Commit `tag` on a branch, as a merge of another one where that is named; return the commit."""
        self._day = self._day + 1 if day is None else day
        date = f"{START + self._day * DAY} +0000"
        parents = [git(self.path, "rev-parse", name) for name in (branch, merge) if name]
        blob = git(self.path, "hash-object", "-w", "--stdin", data=f"tag: '{tag}'\n".encode())
        tree = git(self.path, "mktree", data=f"100644 blob {blob}\tshop.yaml\n".encode())
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author A <a@example.org> {date}", f"committer A <a@example.org> {date}", "", f"Deploy {tag}"]
        data = ("\n".join(lines) + "\n").encode()
        commit = git(self.path, "hash-object", "-w", "-t", "commit", "--stdin", data=data)
        git(self.path, "update-ref", f"refs/heads/{branch}", commit)
        return commit


@pytest.fixture
def branches(tmp_path: Path) -> Branches:
    return Branches(tmp_path / "r")


def _changes(found: Gathered) -> list[tuple[str | None, str, str]]:
    """Return new value, validation and origin commit of each artifact that came to production."""
    return [
        (c.new, c.validation, c.origin.commit if c.origin else "")
        for d in found.of("production")
        for c in d.changes
        if c.aspect == "artifact"
    ]


def test_a_merge_promotes_what_it_holds(branches: Branches, tmp_path: Path) -> None:
    one = branches.on("staging", "1")
    branches.on("prod", "1", merge="staging")
    two = branches.on("staging", "2")
    three = branches.on("staging", "3")
    # Merged from the commit before the newest one.
    git(branches.path, "branch", "two", two)
    branches.on("prod", "2", merge="two")
    found = gathered(branches.path, tmp_path / "e", BRANCHES)
    assert _changes(found) == [("1", "promoted", one), ("2", "promoted", two)]
    soaks = [c.origin.soak_seconds for d in found.of("production") for c in d.changes if c.origin]
    assert set(soaks) == {DAY, 2 * DAY}
    (production,) = [e for e in found.evidence.summary.environments if e.production]
    assert [(d.drift, d.upstream, d.value, d.since) for d in production.drift] == [("pending", "3", "2", three)]


def test_what_production_does_not_hold_of_staging_came_later_whatever_its_date(
    branches: Branches, tmp_path: Path
) -> None:
    branches.on("staging", "1", day=1)
    git(branches.path, "branch", "one", "staging")
    branches.on("staging", "2", day=2)
    branches.on("prod", "2", merge="one", day=3)
    found = gathered(branches.path, tmp_path / "e", BRANCHES)
    assert _changes(found) == [("2", "bypass", "")]


def test_a_fast_forward_promotes_without_a_soak_time(branches: Branches, tmp_path: Path) -> None:
    one = branches.on("staging", "1")
    two = branches.on("staging", "2")
    git(branches.path, "branch", "--force", "prod", two)
    found = gathered(branches.path, tmp_path / "e", BRANCHES)
    assert _changes(found) == [("1", "promoted", one), ("2", "promoted", two)]
    origins = [c.origin for d in found.of("production") for c in d.changes if c.origin]
    assert [origin.soak_seconds for origin in origins] == [None] * len(origins)
    (production,) = [e for e in found.evidence.summary.environments if e.production]
    assert (production.drift, found.outcome.exit_code) == ((), ExitCode.OK)
    assert [d.bypass for d in found.of("production")] == [False, False]


def test_branches_without_a_common_commit_are_told_apart_by_time(branches: Branches, tmp_path: Path) -> None:
    git(branches.path, "checkout", "--quiet", "--orphan", "alone")
    git(branches.path, "commit", "--quiet", "--allow-empty", "--message", "Alone")
    git(branches.path, "branch", "--force", "prod", "alone")
    one = branches.on("staging", "1", day=1)
    branches.on("prod", "1", day=2)
    branches.on("staging", "2", day=4)
    branches.on("prod", "2", day=3)
    assert _changes(gathered(branches.path, tmp_path / "e", BRANCHES)) == [("1", "promoted", one), ("2", "bypass", "")]


def test_the_report_is_of_the_newest_commit_of_all_branches(branches: Branches, tmp_path: Path) -> None:
    branches.on("staging", "1", day=9)
    newest = branches.on("prod", "1", merge="staging", day=12)
    found = gathered(branches.path, tmp_path / "e", BRANCHES)
    assert found.evidence.summary.commit.id == newest
    assert _refs(found)["prod"] == newest
    with pytest.raises(RefusedError, match="no commit is named 'gone'"):
        gathered(branches.path, tmp_path / "f", BRANCHES.replace("ref: prod", "ref: gone"))


TAGS = """
environments:
  production: {tags: "v*"}
model:
  - values: "{component}.yaml"
    artifact: tag
"""


def test_every_tag_is_a_release_also_one_that_changed_nothing(branches: Branches, tmp_path: Path) -> None:
    for number, tag in enumerate("112", 1):
        git(branches.path, "tag", f"v{number}", branches.on("prod", tag))
    git(branches.path, "tag", "v3-final", "v3")
    git(branches.path, "tag", "nightly", "v1")
    found = gathered(branches.path, tmp_path / "e", TAGS)
    assert [(d.commit.tags, d.kind) for d in found.of("production")] == [
        (("v1",), "initial"),
        (("v2",), "redeploy"),
        (("v3", "v3-final"), "forward"),
    ]
    assert set(_refs(found)) == {"HEAD", *(f"refs/tags/{t}" for t in ("v1", "v2", "v3", "v3-final"))}
    none = gathered(branches.path, tmp_path / "f", TAGS.replace("v*", "w*"))
    assert (none.deployments, none.outcome.exit_code) == ([], ExitCode.OK)
    assert none.evidence.summary.coverage.notes == ("No tag fits `w*`, so production had no release yet.",)


def test_a_branch_that_is_checked_out_is_the_history_of_those_without_one(branches: Branches, tmp_path: Path) -> None:
    config = BRANCHES.replace("{ref: prod, ", "{").replace("ref: staging", "ref: main")
    for number in "12":
        branches.on("main", number)
    found = gathered(branches.path, tmp_path / "e", config)
    assert {validation for _, validation, _ in _changes(found)} == {"simultaneous"}
    assert found.evidence.summary.coverage.commits == 3


def test_a_pin_that_goes_back_is_a_rollback(tmp_path: Path) -> None:
    config = """
environments:
  staging: {path: deploy}
  production: {path: deploy, pin: live.yaml, pin_key: app.version, upstream: staging, production: true}
"""
    pod = "{spec: {containers: [{name: web, image: 'shop:N'}]}}"
    manifest = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: shop}}\nspec: {{template: {pod}}}\n"
    trees: list[dict[str, str | bytes]] = [{"deploy/a.yaml": manifest.replace("N", "1")}]
    trees.append({"deploy/a.yaml": manifest.replace("N", "2")})
    pins = ["v1", "v2", "v1", "nowhere", "v2"]
    trees += [{"deploy/a.yaml": manifest.replace("N", "2"), "live.yaml": f"app: {{version: {pin}}}\n"} for pin in pins]
    repository = write_trees(tmp_path / "r", trees)
    git(repository, "tag", "v1", "HEAD~6")
    git(repository, "tag", "v2", "HEAD~5")
    found = gathered(repository, tmp_path / "e", config)
    assert [d.kind for d in found.of("production")] == ["initial", "forward", "rollback", "redo"]
    assert [d.commit.deployed for d in found.of("production")][:2] == [
        git(repository, "rev-parse", "v1"),
        git(repository, "rev-parse", "v2"),
    ]
    assert [(u.code, u.path, u.environment) for u in found.evidence.summary.unreadable] == [
        ("pin", "live.yaml", "production")
    ]
    validations = {c.validation for d in found.of("production") for c in d.changes if c.aspect == "artifact"}
    assert validations == {"promoted"}
