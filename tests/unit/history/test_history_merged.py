from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.plain_git import TIME, blob, git, new_repository, raw_commit, raw_tree

from generator.errors import RefusedError
from generator.history.commands import Git
from generator.history.merged import merged_authors

if TYPE_CHECKING:
    from pathlib import Path


def _git(repository: Path) -> Git:
    return Git(str(repository / ".git"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return new_repository(tmp_path / "repository")


class Writer:
    """Writes commits by name."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._tree = raw_tree(repository, [("100644", b"a", blob(repository, b"1"))])

    def write(self, who: str, *parents: str) -> str:
        author = f"{who} <{who.lower()}@example.org> {TIME} +0000"
        return raw_commit(self._repository, self._tree, parents, author=author, message=f"By {who} on {parents}")


def test_each_merge_has_the_authors_of_what_it_brought(repository: Path) -> None:
    write = Writer(repository).write
    root = write("Root")
    side = write("Ada", root)
    deeper = write("Grace", side)
    first = write("Merger", root, deeper)
    longer = write("Linus", deeper)
    synced = write("Updater", longer, first)
    second = write("Merger", first, synced)
    found = merged_authors(_git(repository), second)
    assert {merge: [name for name, _ in authors] for merge, authors in found.items()} == {
        first: ["Ada", "Grace"],
        second: ["Linus", "Updater"],
    }
    assert found[first][0] == ("Ada", "ada@example.org")


def test_octopus_and_unrelated_histories(repository: Path) -> None:
    write = Writer(repository).write
    root = write("Root")
    other = write("Foreign")
    merge = write("Merger", root, write("Ada", root), other)
    assert [name for name, _ in merged_authors(_git(repository), merge)[merge]] == ["Ada", "Foreign"]


def test_a_merge_of_what_was_there_brings_nobody(repository: Path) -> None:
    write = Writer(repository).write
    root = write("Root")
    merge = write("Merger", write("Ada", root), root)
    assert merged_authors(_git(repository), merge) == {merge: ()}


def test_what_git_finds_between_two_commits_is_what_is_found(repository: Path) -> None:
    write = Writer(repository).write
    tip = old = write("Root")
    for number in range(12):
        side = write(f"W{number % 5}", write(f"V{number % 3}", old if number % 2 else tip))
        old, tip = side, write("Merger", tip, side)
    found = merged_authors(_git(repository), tip)
    assert len(found) == 12
    for merge, authors in found.items():
        listed = git(repository, "log", "--format=%an", f"{merge}^@", f"^{merge}^1").splitlines()
        assert sorted(set(listed)) == [name for name, _ in authors]


def test_a_missing_parent_is_refused(repository: Path) -> None:
    merge = Writer(repository).write("Merger", Writer(repository).write("Ada"), "1" * 40)
    with pytest.raises(RefusedError, match="git log"):
        merged_authors(_git(repository), merge)
