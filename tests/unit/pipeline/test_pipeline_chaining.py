"""What is said where a bundle follows one whose history stands, was rewritten, or is of something else."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec
import pytest
from support.history_cases import BY_TAG, CONFIG, release, shop
from support.plain_git import commit_all, git, new_repository
from support.replay import Silent, gathered

from generator.errors import RefusedError
from generator.evidence.breaks import read_breaks, read_vanished
from generator.evidence.former import Former
from generator.evidence.manifest import read_manifest
from generator.evidence.refs import read_refs
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BRANCHES = """
environments:
  staging: {path: staging}
  production: {path: production, upstream: staging, production: true, ref: live}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return shop(tmp_path / "repository")


def _rules(folder: Path) -> list[str]:
    return [one.rule for one in read_breaks(folder)]


def test_a_history_that_only_grew_asks_for_no_deployment(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered(repository, tmp_path / "1", CONFIG)
    release(repository, "next")

    def never(_: Former) -> Iterator[object]:
        raise AssertionError

    monkeypatch.setattr(Former, "deployments", never)
    found = gathered(repository, tmp_path / "2", CONFIG, previous=tmp_path / "1")
    assert read_manifest(found.folder).sequence == 2
    assert _rules(found.folder) == []


def test_what_vanished_is_kept_as_it_was_for_ever(repository: Path, tmp_path: Path) -> None:
    first = gathered(repository, tmp_path / "1", CONFIG)
    old = git(repository, "rev-parse", "HEAD")
    git(repository, "reset", "--quiet", "--hard", "HEAD~2")
    release(repository, "other")
    second = gathered(repository, tmp_path / "2", CONFIG, previous=tmp_path / "1")
    release(repository, "more")
    third = gathered(repository, tmp_path / "3", CONFIG, previous=tmp_path / "2")
    lost = [one for one in first.deployments if one.sequence == 3]
    for found in (second, third):
        assert [(one.bundle, one.record) for one in read_vanished(found.folder)] == [(1, one) for one in lost]
    branch, *gone = read_breaks(third.folder)
    assert (branch.rule, branch.subject, branch.old, branch.bundle) == ("branch-rewritten", "HEAD", old, 1)
    assert branch.new == branch.found_by == read_manifest(second.folder).inputs.commit
    assert [(one.subject, one.environment, one.old) for one in gone] == [
        (one.id, one.environment, one.commit.id) for one in lost if one.environment == "production"
    ]
    assert read_breaks(second.folder) == read_breaks(third.folder)
    messages = [one.finding.message for one in third.evidence.summary.history_findings]
    assert messages[0].startswith(f"`HEAD` was at {old[:12]} in bundle 1, and {branch.new[:12]}, where it was found")
    assert messages[1].startswith("production-3 (")


def test_a_tag_that_is_the_release_takes_its_record_along(repository: Path, tmp_path: Path) -> None:
    first = gathered(repository, tmp_path / "1", BY_TAG)
    git(repository, "tag", "--delete", "v2")
    second = gathered(repository, tmp_path / "2", BY_TAG, previous=tmp_path / "1")
    assert _rules(second.folder) == ["tag-deleted", "release-vanished"]
    (kept,) = read_vanished(second.folder)
    assert kept.record == next(one for one in first.deployments if "v2" in one.commit.tags)


def test_releases_that_vanish_at_once_are_one_finding(repository: Path, tmp_path: Path) -> None:
    gathered(repository, tmp_path / "1", CONFIG)
    git(repository, "reset", "--quiet", "--hard", "HEAD~4")
    found = gathered(repository, tmp_path / "2", CONFIG, previous=tmp_path / "1")
    (gone,) = [one for one in found.evidence.summary.history_findings if one.finding.rule == "release-vanished"]
    assert (gone.environment, gone.finding.subject) == ("production", "production-2 … production-3")
    assert len([rule for rule in _rules(found.folder) if rule == "release-vanished"]) == 2


def test_a_rule_that_is_off_finds_nothing_and_the_break_is_kept(repository: Path, tmp_path: Path) -> None:
    config = CONFIG + "checks: {tag-deleted: off, tag-moved: note}\n"
    gathered(repository, tmp_path / "1", config)
    git(repository, "tag", "--delete", "v1")
    git(repository, "tag", "--force", "v2", "HEAD")
    found = gathered(repository, tmp_path / "2", config, previous=tmp_path / "1")
    told = [(one.finding.rule, one.finding.level) for one in found.evidence.summary.history_findings]
    assert told == [("tag-moved", "note")]
    assert _rules(found.folder) == ["tag-deleted", "tag-moved"]
    settings = {rule.id: rule.setting for rule in found.evidence.summary.rules}
    assert (settings["tag-deleted"], settings["tag-moved"]) == ("off", "note")


def test_an_environment_on_a_branch_of_its_own_is_followed_there(repository: Path, tmp_path: Path) -> None:
    git(repository, "branch", "live", "HEAD~1")
    gathered(repository, tmp_path / "1", BRANCHES)
    git(repository, "branch", "--force", "live", "HEAD~3")
    found = gathered(repository, tmp_path / "2", BRANCHES, previous=tmp_path / "1")
    (branch, *_) = read_breaks(found.folder)
    assert (branch.rule, branch.subject) == ("branch-rewritten", "refs/heads/live")
    assert sorted(read_refs(found.folder)) == [
        "HEAD", "refs/heads/live", *(f"refs/tags/light-{n}" for n in (1, 2, 3)), *(f"refs/tags/v{n}" for n in (1, 2, 3))
    ]  # fmt: skip


def test_a_release_that_left_its_own_branch_vanished_though_another_has_its_commit(
    repository: Path, tmp_path: Path
) -> None:
    git(repository, "branch", "live", "HEAD")
    gathered(repository, tmp_path / "1", BRANCHES)
    git(repository, "branch", "--force", "live", "HEAD~2")
    found = gathered(repository, tmp_path / "2", BRANCHES, previous=tmp_path / "1")
    assert _rules(found.folder) == ["branch-rewritten", "release-vanished"]
    assert [one.record.id for one in read_vanished(found.folder)] == ["production-3"]


def test_a_branch_that_is_not_read_any_more_takes_nothing_with_it(repository: Path, tmp_path: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "live", "HEAD~2")
    release(repository, "aside")
    git(repository, "checkout", "--quiet", "main")
    gathered(repository, tmp_path / "1", BRANCHES)
    found = gathered(repository, tmp_path / "2", CONFIG, previous=tmp_path / "1")
    assert _rules(found.folder) == []


def test_what_a_limit_leaves_out_has_not_vanished(repository: Path, tmp_path: Path) -> None:
    gathered(repository, tmp_path / "1", CONFIG)
    for number in range(3):
        release(repository, f"more-{number}")
    found = gathered(repository, tmp_path / "2", CONFIG, limit=2, previous=tmp_path / "1")
    assert (read_manifest(found.folder).sequence, _rules(found.folder)) == (2, [])
    assert read_manifest(found.folder).counts["commits"].skipped == {"older than --limit": 10}


def test_another_repository_is_refused(repository: Path, tmp_path: Path) -> None:
    gathered(repository, tmp_path / "1", CONFIG)
    other = new_repository(tmp_path / "other")
    (other / "README").write_text("Another one")
    commit_all(other, "Begin")
    release(other, "elsewhere")
    with pytest.raises(RefusedError, match="another repository") as refused:
        gathered(other, tmp_path / "2", CONFIG, previous=tmp_path / "1")
    assert (refused.value.code, refused.value.exit_code) == ("previous", 4)


def test_a_repository_without_commits_follows_only_its_like(tmp_path: Path) -> None:
    empty = new_repository(tmp_path / "empty")
    first = gathered(empty, tmp_path / "1")
    again = gathered(empty, tmp_path / "again", previous=first.folder)
    assert read_manifest(again.folder) == read_manifest(first.folder)
    (empty / "README").write_text("Begin")
    commit_all(empty)
    release(empty, "1")
    begun = gathered(empty, tmp_path / "2", CONFIG, previous=first.folder)
    assert (read_manifest(begun.folder).sequence, _rules(begun.folder)) == (2, [])
    shutil.rmtree(empty)
    with pytest.raises(RefusedError, match="another repository"):
        gathered(new_repository(tmp_path / "empty"), tmp_path / "3", previous=begun.folder)


def test_a_shallow_clone_says_what_it_cannot_tell(repository: Path, tmp_path: Path) -> None:
    (repository / "assay.yaml").write_text(CONFIG)
    commit_all(repository, "Configure")
    gathered(repository, tmp_path / "1")
    git(repository, "commit", "--quiet", "--amend", "--message", "Another")
    git(repository, "tag", "keep", "HEAD~1")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=3", "--no-tags", f"file://{repository}", shallow)
    request = Request(shallow, allow_shallow=True, previous=tmp_path / "1")
    outcome = gather(request, tmp_path / "2", Silent())
    assert _rules(tmp_path / "2") == []
    assert read_vanished(tmp_path / "2") == ()
    assert any("shallow" in note and "bundle 1" in note for note in outcome.summary.coverage.notes)


def test_a_clone_tells_the_same_refs_as_its_source(repository: Path, tmp_path: Path) -> None:
    git(repository, "branch", "live", "HEAD~1")
    git(tmp_path, "clone", "--quiet", f"file://{repository}", "clone")
    here = gathered(repository, tmp_path / "1", BRANCHES)
    there = gathered(tmp_path / "clone", tmp_path / "2", BRANCHES)
    assert (here.folder / "refs.json").read_bytes() == (there.folder / "refs.json").read_bytes()
    assert msgspec.to_builtins(read_manifest(here.folder)) == msgspec.to_builtins(read_manifest(there.folder))
