from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from support.plain_git import commit_all, git, new_repository
from support.replay import DAY, START, Revision, write_trees

from generator.errors import FaultError, RefusedError, Unreadable
from generator.history.commits import rfc3339
from generator.history.importing import write_repository
from generator.history.repository import open_repository

if TYPE_CHECKING:
    from pathlib import Path

    from generator.history.commits import Commit


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    trees = [{"a.txt": "1", "d/b.txt": "1"}, {"a.txt": "2", "d/b.txt": "1"}, {"d/b.txt": "1", "d/c.txt": "3"}]
    return write_trees(tmp_path / "repository", trees)


def _head(path: Path) -> str:
    return git(path, "rev-parse", "HEAD")


def _walk(repository: Path, pathspec: str, limit: int | None = None) -> list[Commit]:
    return list(open_repository(repository).chain(_head(repository), limit).commits([pathspec]))


def test_commits_come_oldest_first_with_their_files(repository: Path) -> None:
    found = _walk(repository, ":(top)")
    assert [c.subject for c in found] == ["Step 1", "Step 2", "Step 3"]
    assert [c.time for c in found] == [START, START + DAY, START + 2 * DAY]
    assert [sorted(f.path for f in c.changes) for c in found] == [["a.txt", "d/b.txt"], ["a.txt"], ["a.txt", "d/c.txt"]]
    gone = next(f for f in found[2].changes if f.path == "a.txt")
    assert (gone.mode, gone.blob) == ("000000", "")
    assert found[1].parents == (found[0].id,)
    assert found[0].parents == ()


def test_only_commits_that_change_a_path_are_walked(repository: Path) -> None:
    found = _walk(repository, ":(top,literal)d")
    assert [c.subject for c in found] == ["Step 1", "Step 3"]


def test_a_limit_keeps_the_newest(repository: Path) -> None:
    found = _walk(repository, ":(top)", limit=2)
    assert [c.subject for c in found] == ["Step 2", "Step 3"]


def test_a_walk_that_is_left_early_leaves_nothing_behind(repository: Path) -> None:
    commits = open_repository(repository).chain(_head(repository)).commits([":(top)"])
    assert next(commits).subject == "Step 1"
    del commits  # an open pipe or a running program would be a warning, and so a failure
    gc.collect()


def test_a_merge_is_compared_with_its_first_parent(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "side", "HEAD~1")
    (repository / "side.txt").write_text("x")
    commit_all(repository, "On the side")
    git(repository, "checkout", "--quiet", "main")
    git(repository, "merge", "--quiet", "--no-ff", "-m", "Merge side", "side")
    found = _walk(repository, ":(top)")
    assert [c.subject for c in found] == ["Step 1", "Step 2", "Step 3", "Merge side"]
    assert [f.path for f in found[-1].changes] == ["side.txt"]
    assert len(found[-1].parents) == 2


def test_contents_come_by_id(repository: Path) -> None:
    opened = open_repository(repository)
    files = opened.files(_head(repository))
    assert sorted(files) == ["d/b.txt", "d/c.txt"]
    with opened.blobs() as blobs:
        assert blobs.get(files["d/c.txt"], "d/c.txt") == b"3"
        missing = blobs.get("1" * 40, "x.yaml")
        tree = blobs.get(git(repository, "rev-parse", "HEAD^{tree}"), "x.yaml")
        assert blobs.get(files["d/b.txt"], "d/b.txt") == b"1"
    assert isinstance(missing, Unreadable)
    assert (missing.code, missing.place.path) == ("missing-object", "x.yaml")
    assert isinstance(tree, Unreadable)
    assert tree.code == "not-a-file"


def test_files_that_are_gone_are_known(repository: Path) -> None:
    assert open_repository(repository).former_files(_head(repository)) == ["a.txt"]


def test_the_chain_is_counted(repository: Path) -> None:
    chain = open_repository(repository).chain(_head(repository))
    assert (chain.length, chain.root) == (3, git(repository, "rev-list", "--max-parents=0", "HEAD"))


def test_refs_are_resolved_to_commits(repository: Path) -> None:
    git(repository, "tag", "-a", "v1", "-m", "One", "HEAD~1")
    git(repository, "tag", "nested", "v1")
    opened = open_repository(repository)
    assert (
        opened.resolve("v1")
        == opened.resolve("nested")
        == opened.resolve("HEAD~1")
        == git(repository, "rev-parse", "HEAD~1")
    )
    git(repository, "tag", "file", git(repository, "rev-parse", "HEAD:d/b.txt"))
    for ref in ("file", "nowhere", "", "HEAD^{tree}"):
        with pytest.raises(RefusedError) as caught:
            opened.resolve(ref)
        assert caught.value.code == "ref"


def test_what_is_no_repository_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path, tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(RefusedError) as caught:
            open_repository(path)
        assert caught.value.code == "no-repository"


def test_an_empty_repository_has_no_head(tmp_path: Path) -> None:
    assert open_repository(new_repository(tmp_path / "r")).resolve("HEAD") is None


def test_a_repository_needs_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_repository(repository)
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(FaultError, match="git-missing"):
        opened.resolve("HEAD")


def test_the_same_commits_give_the_same_ids(tmp_path: Path) -> None:
    revisions = [Revision(START, "One", {"a": b"1"}), Revision(START + 1, "Two\n\nMore.", {"a": None, "b é": b"2"})]
    write_repository(tmp_path / "one", revisions)
    write_repository(tmp_path / "two", revisions, bare=True)
    assert _head(tmp_path / "one") == _head(tmp_path / "two")
    assert git(tmp_path / "one", "status", "--porcelain") == ""
    git(tmp_path / "one", "fsck", "--strict")
    assert [p.name for p in (tmp_path / "one").iterdir() if p.name != ".git"] == ["b é"]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("x")
    with pytest.raises(RefusedError, match="not-empty"):
        write_repository(tmp_path, [])


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (None, ""),
        (START, "2024-01-01T12:00:00Z"),
        (0, "1970-01-01T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
    ],
)
def test_times_are_told_in_utc(time: int | None, shown: str) -> None:
    assert rfc3339(time) == shown
