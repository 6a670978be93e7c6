from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.plain_git import git
from support.replay import write_trees

from generator.errors import RefusedError
from generator.history.pinned import not_there, pin
from generator.history.repository import open_repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = write_trees(tmp_path / "repository", [{"a": "1"}, {"a": "2"}, {"a": "3"}])
    git(path, "tag", "-m", "One", "one", "HEAD~1")
    git(path, "tag", "two")
    git(path, "branch", "side", "HEAD~2")
    return path


def test_refs_stand_where_they_are_pinned_and_tags_are_those_alone(repository: Path, tmp_path: Path) -> None:
    opened = open_repository(repository)
    first, head = opened.resolve("HEAD~2"), opened.resolve("HEAD")
    tag = opened.tag_objects()["refs/tags/one"][0]
    assert first is not None
    pinned = pin(opened.git_dir, {"refs/heads/main": first, "refs/tags/one": tag, "HEAD": first}, first, tmp_path / "p")
    again = open_repository(pinned)
    assert again.resolve("HEAD") == again.resolve("main") == first != head
    assert again.tags() == ["one"]
    assert again.tag_objects()["refs/tags/one"] == opened.tag_objects()["refs/tags/one"]
    assert again.branches() == ["main", "side"]
    assert open_repository(repository).resolve("HEAD") == head, "the repository itself is only read"


def test_what_is_not_there_is_told(repository: Path) -> None:
    git_dir = open_repository(repository).git_dir
    head = open_repository(repository).resolve("HEAD") or ""
    assert not_there(git_dir, [head, "0" * 40, "--output=x"]) == ["0" * 40, "--output=x"]


@pytest.mark.parametrize("name", ["refs/../x", "main", "refs/heads/a b", "refs/heads/a\nb", "refs/heads/@{1}", "--x"])
def test_a_ref_that_can_be_none_is_refused(name: str, repository: Path, tmp_path: Path) -> None:
    opened = open_repository(repository)
    head = opened.resolve("HEAD") or ""
    with pytest.raises(RefusedError):
        pin(opened.git_dir, {name: head}, head, tmp_path / "pinned")
    assert not (tmp_path / "pinned").exists()
