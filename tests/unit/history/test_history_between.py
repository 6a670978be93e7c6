"""What lies between two commits, in a history with merges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.plain_git import commit_all, git, new_repository

from generator.history.repository import Repository, open_repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def forked(tmp_path: Path) -> tuple[Repository, dict[str, str]]:
    """Make `a - b - d` on main, and `c - m - e` on a branch off `a`, where `m` merges `b`."""
    path = new_repository(tmp_path / "r")
    ids = {}

    def commit(name: str) -> None:
        (path / f"{name}.txt").write_text(name)
        ids[name] = commit_all(path, name)

    commit("a")
    git(path, "checkout", "--quiet", "-b", "work")
    commit("c")
    git(path, "checkout", "--quiet", "main")
    commit("b")
    git(path, "checkout", "--quiet", "work")
    git(path, "merge", "--quiet", "--no-ff", "-m", "m", "main")
    ids["m"] = git(path, "rev-parse", "HEAD")
    commit("e")
    git(path, "checkout", "--quiet", "main")
    commit("d")
    return open_repository(path), ids


def test_where_two_parted(forked: tuple[Repository, dict[str, str]]) -> None:
    repository, ids = forked
    assert repository.merge_base(ids["d"], ids["e"]) == ids["b"], "what was merged in between counts"
    assert repository.merge_base(ids["b"], ids["c"]) == ids["a"]
    assert repository.merge_base(ids["b"], ids["b"]) == ids["b"]


def test_commits_of_one_alone(forked: tuple[Repository, dict[str, str]]) -> None:
    repository, ids = forked
    assert repository.between(ids["b"], ids["e"]) == {ids["c"], ids["m"], ids["e"]}
    assert repository.between("", ids["b"]) == {ids["a"], ids["b"]}
    assert repository.between(ids["d"], ids["a"]) == frozenset()


def test_what_stands_in_the_first_parent_chain(forked: tuple[Repository, dict[str, str]]) -> None:
    repository, ids = forked
    assert [repository.on_chain(ids[name], ids["e"]) for name in "acmebd"] == [True, True, True, True, False, False]
    assert repository.first_parent(ids["m"]) == ids["c"]
    assert repository.first_parent(ids["a"]) == ""


def test_files_that_differ(forked: tuple[Repository, dict[str, str]]) -> None:
    repository, ids = forked
    assert repository.changed_paths(ids["b"], ids["e"]) == {"c.txt", "e.txt"}
    assert repository.changed_paths("", ids["a"]) == {"a.txt"}


def test_a_change_is_one_step_behind_where_it_parted(forked: tuple[Repository, dict[str, str]]) -> None:
    repository, ids = forked
    chain = repository.chain(ids["e"], base=ids["b"])
    assert chain.ids == [ids["a"], ids["b"], ids["e"]]
    assert [[c.path for c in step.changes] for step in chain.commits(["."])] == [
        ["a.txt"],
        ["b.txt"],
        ["c.txt", "e.txt"],
    ]
    assert chain.root == ids["a"]


def test_no_common_commit(tmp_path: Path) -> None:
    path = new_repository(tmp_path / "r")
    (path / "a").write_text("a")
    first = commit_all(path)
    git(path, "checkout", "--quiet", "--orphan", "other")
    (path / "b").write_text("b")
    second = commit_all(path, "other")
    assert open_repository(path).merge_base(first, second) == ""
