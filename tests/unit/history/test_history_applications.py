"""An application's own history: which commit a version is, and what came with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.plain_git import TIME, WHO, blob, git, new_repository, raw_commit, raw_tree

import generator.history.applications as module
from generator.errors import RefusedError
from generator.history.applications import Application, Change, read_application

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., str]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return new_repository(tmp_path / "app")


@pytest.fixture
def write(repository: Path) -> Write:
    """Return what writes a commit with a time, in days, and parents, and gives its id."""
    tree = raw_tree(repository, [("100644", b"a", blob(repository, b"1"))])

    def one(day: int, *parents: str) -> str:
        who = f"{WHO} {TIME + day * 86_400} +0000"
        return raw_commit(repository, tree, parents, author=who, committer=who, message=f"{day} {parents}")

    return one


def tag(repository: Path, name: str, commit: str, *options: str) -> None:
    git(repository, "tag", *options, name, commit)


def test_a_version_is_the_tag_of_its_name_with_or_without_a_v(repository: Path, write: Write) -> None:
    one, two, three = write(1), write(2), write(3)
    tag(repository, "1.0.0", one)
    tag(repository, "v1.1.0", two, "-m", "Annotated")
    tag(repository, "nested", "v1.1.0", "-m", "Of a tag")
    tag(repository, "2.0", three)
    application = read_application(repository)
    assert [application.find(v) for v in ("1.0.0", "1.1.0", "v1.1.0", "nested", "v2.0", "2.1")] == [
        one,
        two,
        two,
        two,
        three,
        None,
    ]
    assert application.find("v1.0.0") == one


def test_the_tag_of_the_very_name_comes_first(repository: Path, write: Write) -> None:
    one, two = write(1), write(2)
    tag(repository, "1", one)
    tag(repository, "v1", two)
    application = read_application(repository)
    assert (application.find("1"), application.find("v1")) == (one, two)


@pytest.mark.parametrize("form", ["{0}", "sha-{0:.7}", "1.2.3-4-g{0:.9}", "main.{0:.12}.20240131", "1.2.3_{0:.7}"])
def test_a_version_with_the_id_of_a_commit_is_that_commit(repository: Path, write: Write, form: str) -> None:
    one = write(1)
    assert read_application(repository).find(form.format(one)) == one


def test_what_is_no_id_of_one_commit_names_none(repository: Path, write: Write) -> None:
    one = write(1)
    application = read_application(repository)
    assert application.find(one[:6]) is None
    assert application.find(f"x{one[:8]}") is None
    assert application.find(f"{one}0") is None
    assert application.find("../../etc/passwd") is None
    assert application.find("") is None


def test_an_id_that_two_commits_begin_with_names_neither() -> None:
    lines = [b"1 " + b"abcdef0" + b"1" * 33, b"2 " + b"abcdef0" + b"2" * 33]
    application = Application(lines, {})
    assert application.find("abcdef0") is None
    assert application.find("abcdef01") == "abcdef0" + "1" * 33


def test_a_tag_of_what_is_no_commit_names_none(repository: Path, write: Write) -> None:
    write(1)
    tag(repository, "1.0", blob(repository, b"x"))
    assert read_application(repository).find("1.0") is None


def test_a_version_brings_what_none_before_it_had_without_merges(repository: Path, write: Write) -> None:
    root = write(1)
    side = write(4, root)
    main = write(3, root)
    merge = write(5, main, side)
    last = write(6, merge)
    tag(repository, "all", last)
    application = read_application(repository)
    had = bytearray(application.length)
    assert application.bring(root, had) == [Change(root, TIME + 86_400)]
    brought = application.bring(last, had)
    assert [c.commit for c in brought] == [main, side, last]
    assert [c.time for c in brought] == [TIME + day * 86_400 for day in (3, 4, 6)]
    assert application.bring(side, had) == []


def test_a_commit_is_found_on_any_branch(repository: Path, write: Write) -> None:
    one = write(1)
    git(repository, "branch", "release", one)
    two = write(2)
    application = read_application(repository)
    assert (application.find(one[:7]), application.find(two[:7])) == (one, two)


def test_a_time_that_no_calendar_knows_is_none(repository: Path) -> None:
    tree = raw_tree(repository, [("100644", b"a", blob(repository, b"1"))])
    commit = raw_commit(repository, tree, committer=f"{WHO} 99999999999999 +0000")
    application = read_application(repository)
    assert application.bring(commit, bytearray(1)) == [Change(commit, None)]


def test_an_empty_repository_has_nothing(repository: Path) -> None:
    application = read_application(repository)
    assert (application.length, application.find("1.0")) == (0, None)


def test_it_is_refused_as_a_main_repository_would_be(repository: Path, write: Write, tmp_path: Path) -> None:
    write(2, write(1))
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", shallow)
    with pytest.raises(RefusedError, match="shallow"):
        read_application(shallow)
    allowed = read_application(shallow, allow_shallow=True)
    assert (allowed.shallow, allowed.length) == (True, 1)
    outside = tmp_path / "objects"
    outside.mkdir()
    (repository / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "objects" / "info" / "alternates").write_text(f"{outside}\n")
    with pytest.raises(RefusedError, match="borrowed"):
        read_application(repository)
    with pytest.raises(RefusedError, match="not a git repository"):
        read_application(outside)


def test_a_history_of_too_many_commits_is_refused(
    repository: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(3, write(2, write(1)))
    monkeypatch.setattr(module, "MOST_COMMITS", 2)
    with pytest.raises(RefusedError, match="more than 2 commits"):
        read_application(repository)
    monkeypatch.setattr(module, "MOST_COMMITS", 3)
    assert read_application(repository).length == 3


def test_a_history_with_a_hole_is_refused(repository: Path, write: Write) -> None:
    one = write(1)
    write(2, one)
    (repository / ".git" / "objects" / one[:2] / one[2:]).unlink()
    with pytest.raises(RefusedError, match="rev-list"):
        read_application(repository)
