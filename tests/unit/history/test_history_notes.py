from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.plain_git import blob, commit_all, git, new_repository, raw_tree

from generator.history.commands import Git
from generator.history.notes import annotations_of

if TYPE_CHECKING:
    from pathlib import Path

REF = "refs/notes/ci"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = new_repository(tmp_path / "r")
    for text in ("1", "2", "3"):
        (made / "a").write_text(text)
        commit_all(made, text)
    return made


def opened(repository: Path) -> Git:
    return Git(str(repository / ".git"))


def test_notes_by_the_commit_they_are_on(repository: Path) -> None:
    head, before = git(repository, "rev-parse", "HEAD"), git(repository, "rev-parse", "HEAD~1")
    git(repository, "notes", "--ref", REF, "add", "--message", "ok", head)
    git(repository, "notes", "--ref", REF, "add", "--message", "not ok", before)
    found = annotations_of(opened(repository), REF)
    assert {commit: git(repository, "cat-file", "blob", note) for commit, note in found.blobs.items()} == {
        head: "ok",
        before: "not ok",
    }
    assert found.note == ""


def test_a_ref_that_is_not_there_has_none_and_says_how_to_get_it(repository: Path) -> None:
    found = annotations_of(opened(repository), REF)
    assert (found.blobs, "git fetch origin refs/notes/ci:refs/notes/ci" in found.note) == ({}, True)


def test_a_ref_that_looks_like_an_option_or_names_a_file_has_none(repository: Path) -> None:
    git(repository, "update-ref", REF, git(repository, "rev-parse", "HEAD:a"))
    assert annotations_of(opened(repository), REF).blobs == {}
    assert annotations_of(opened(repository), "--output=stolen").blobs == {}
    assert not (repository / "stolen").exists()


def tree_of(repository: Path, entries: list[tuple[str, bytes, str]]) -> None:
    git(repository, "update-ref", REF, raw_tree(repository, entries))


def test_notes_that_are_spread_over_folders(repository: Path) -> None:
    commits = sorted(git(repository, "rev-list", "HEAD").splitlines())
    note = blob(repository, b"ok")
    deep = raw_tree(repository, [("100644", commits[0][4:].encode(), note)])
    middle = raw_tree(repository, [("40000", commits[0][2:4].encode(), deep)])
    flat = raw_tree(repository, [("100644", commits[1][2:].encode(), note)])
    folders = sorted([("40000", commits[0][:2].encode(), middle), ("40000", commits[1][:2].encode(), flat)])
    tree_of(repository, folders)
    assert dict(annotations_of(opened(repository), REF).blobs) == {commits[0]: note, commits[1]: note}


def test_what_is_no_note_or_noted_twice_is_left_out_and_counted(repository: Path) -> None:
    commits = sorted(git(repository, "rev-list", "HEAD").splitlines())
    one, other = blob(repository, b"ok"), blob(repository, b"not ok")
    inner = raw_tree(repository, [("100644", commits[0][2:].encode(), other)])
    tree_of(
        repository,
        sorted(
            [
                ("40000", commits[0][:2].encode(), inner),
                ("100644", commits[0].encode(), one),
                ("100644", commits[1].encode(), one),
                ("120000", commits[2].encode(), one),
                ("100644", b"README", one),
            ],
            key=lambda entry: entry[1],
        ),
    )
    found = annotations_of(opened(repository), REF)
    assert dict(found.blobs) == {commits[1]: one}
    assert found.note == "refs/notes/ci: 3 entries are no notes, or two on one commit"
