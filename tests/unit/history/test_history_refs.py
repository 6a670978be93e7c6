"""Every tag with what it leads to, and branches by their full names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.plain_git import blob, git, new_repository, raw_commit, tree_of

from generator.history.repository import Repository, open_repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = new_repository(tmp_path / "repository")
    raw_commit(made, tree_of(made, {"a": b"1"}), message="First")
    return made


def _opened(path: Path) -> Repository:
    return open_repository(path)


def test_a_tag_leads_to_a_commit_through_any_number_of_tags(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    git(repository, "tag", "light")
    git(repository, "tag", "--annotate", "--message", "One", "one", "HEAD")
    git(repository, "tag", "--annotate", "--message", "Two", "two", "one")
    git(repository, "tag", "--annotate", "--message", "Three", "three", "two")
    found = _opened(repository).tag_objects()
    assert {name: commit for name, (_, commit) in found.items()} == {
        f"refs/tags/{name}": head for name in ("light", "one", "two", "three")
    }
    assert found["refs/tags/light"][0] == head
    assert found["refs/tags/three"][0] == git(repository, "rev-parse", "refs/tags/three")


def test_a_tag_of_a_file_a_tree_or_nothing_leads_to_no_commit(repository: Path) -> None:
    content = blob(repository, b"some")
    git(repository, "tag", "file", content)
    git(repository, "tag", "tree", "HEAD^{tree}")
    (repository / ".git" / "refs" / "tags" / "gone").write_text("1" * 40 + "\n")
    found = _opened(repository).tag_objects()
    assert found["refs/tags/file"] == (content, "")
    assert found["refs/tags/tree"] == (git(repository, "rev-parse", "HEAD^{tree}"), "")
    assert found["refs/tags/gone"] == ("1" * 40, "")


def test_odd_names_are_names(repository: Path) -> None:
    git(repository, "update-ref", "refs/tags/a'$(x)", "HEAD")
    git(repository, "update-ref", "refs/tags/-d", "HEAD")
    git(repository, "update-ref", "refs/tags/\u2028x", "HEAD")
    assert list(_opened(repository).tag_objects()) == ["refs/tags/-d", "refs/tags/a'$(x)", "refs/tags/\u2028x"]


def test_a_repository_without_tags_has_none(repository: Path) -> None:
    assert _opened(repository).tag_objects() == {}


def test_full_names_are_those_of_the_source(repository: Path, tmp_path: Path) -> None:
    git(repository, "branch", "live")
    git(repository, "tag", "v1")
    git(tmp_path, "clone", "--quiet", f"file://{repository}", "clone")
    here, there = _opened(repository), _opened(tmp_path / "clone")
    for one in (here, there):
        assert one.full_name("main") == "refs/heads/main"
        assert one.full_name("live") == "refs/heads/live"
        assert one.full_name("v1") == "refs/tags/v1"
        assert one.full_name("HEAD") == "HEAD"
        assert one.full_name("nothing") == one.full_name("--all") == one.full_name("*") == ""
    assert there.full_name("origin/live") == "refs/heads/live"
    assert here.full_name(git(repository, "rev-parse", "HEAD")) == ""


def test_what_a_commit_leads_to(repository: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    second = raw_commit(repository, tree_of(repository, {"a": b"2"}), [first], message="Second")
    beside = raw_commit(repository, tree_of(repository, {"a": b"3"}), [first], message="Beside")
    merge = raw_commit(repository, tree_of(repository, {"a": b"4"}), [beside, second], message="Merge")
    opened = _opened(repository)
    assert opened.leads_to(second, first)
    assert opened.leads_to(merge, second)
    assert opened.leads_to(first, first)
    assert not opened.leads_to(first, second)
    assert not opened.leads_to(second, beside)
    assert not opened.leads_to(second, "1" * 40)
    assert opened.chain_length(merge) == 3
