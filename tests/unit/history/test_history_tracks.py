from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.plain_git import git
from support.replay import write_trees

from generator.errors import Place, RefusedError, Unreadable
from generator.history.repository import Repository, open_repository

if TYPE_CHECKING:
    from pathlib import Path

    from generator.history.tracks import PinTrack

TREES = [
    {"a": "1", "VERSION": "", "b": "x"},
    {"a": "2", "VERSION": "v1"},
    {"a": "3", "VERSION": "v1"},
    {"a": "3", "VERSION": "v2"},
    {"a": "4"},
]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = write_trees(tmp_path / "r", TREES)
    for name, commit in (("v1", "HEAD~4"), ("v2", "HEAD~2"), ("v2-again", "HEAD~2"), ("other", "HEAD~3")):
        git(made, "tag", name, commit)
    git(made, "tag", "--annotate", "--message", "Three", "v3", "HEAD")
    git(made, "tag", "--annotate", "--message", "A tag of a tag", "v3-nested", "v3")
    git(made, "tag", "v-blob", git(made, "rev-parse", "HEAD:a"))
    return made


def test_each_tagged_commit_is_a_step_with_what_changed_since_the_one_before(repository: Path) -> None:
    track = open_repository(repository).tagged("v*")
    found = list(track.commits([":(top)"]))
    assert [c.tags for c in found] == [("v1",), ("v2", "v2-again"), ("v3", "v3-nested")]
    assert [sorted((f.path, bool(f.blob)) for f in c.changes) for c in found] == [
        [("VERSION", True), ("a", True), ("b", True)],
        [("VERSION", True), ("a", True), ("b", False)],
        [("VERSION", False), ("a", True)],
    ]
    assert track.ids == [git(repository, "rev-parse", ref) for ref in ("HEAD~4", "HEAD~2", "HEAD")]
    assert track.refs["v2-again"] == track.ids[1]


def test_a_release_that_changed_nothing_is_a_step_too(repository: Path) -> None:
    found = list(open_repository(repository).tagged("v*").commits([":(top,literal)b"]))
    # The first one comes with everything that it has.
    assert [[f.path for f in c.changes] for c in found][1:] == [["b"], []]


def test_no_tag_fits(repository: Path) -> None:
    track = open_repository(repository).tagged("w*")
    assert (track.length, list(track.commits([":(top)"]))) == (0, [])


def test_tags_of_side_branches_come_in_the_order_of_time_and_never_before_an_ancestor(tmp_path: Path) -> None:
    made = write_trees(tmp_path / "r", [{"a": "1"}, {"a": "2"}, {"a": "3"}])
    git(made, "tag", "v1.0", "HEAD~2")
    git(made, "tag", "v3.0", "HEAD")
    tree = git(made, "rev-parse", "HEAD~1^{tree}")
    side = git(made, "-c", "user.name=A", "commit-tree", "-p", "HEAD~2", "-m", "Fix", tree)
    git(made, "tag", "v1.1", side)
    # The helper dates every plain commit like the first step, so the side branch comes before the later steps.
    assert [c.tags[0] for c in open_repository(made).tagged("v*").commits([":(top)"])] == ["v1.0", "v1.1", "v3.0"]


def _pins(repository: Path) -> PinTrack:
    opened: Repository = open_repository(repository)
    blobs = opened.blobs()

    def read(blob: str, path: str) -> str | Unreadable:
        data = blobs.get(blob, path)
        return data.decode().strip() if isinstance(data, bytes) and data else Unreadable("pin", "empty", Place(path))

    with blobs:
        return opened.pinned(opened.chain(git(repository, "rev-parse", "HEAD")), "VERSION", read)


def test_a_pin_is_read_at_the_commit_that_it_names(repository: Path) -> None:
    track = _pins(repository)
    found = list(track.commits([":(top)"]))
    assert [c.subject for c in found] == ["Step 1", "Step 2", "Step 4", "Step 5"]
    assert [c.tree for c in found] == ["", git(repository, "rev-parse", "v1"), git(repository, "rev-parse", "v2"), ""]
    assert [sorted((f.path, bool(f.blob)) for f in c.changes) for c in found] == [
        [],
        [("VERSION", True), ("a", True), ("b", True)],
        [("VERSION", True), ("a", True), ("b", False)],
        [("VERSION", False), ("a", False)],
    ]
    assert [p.reason for p in track.problems[track.ids[0]]] == ["empty"]


@pytest.mark.parametrize("pin", ["nowhere", "--output=x", "HEAD", "main", "../v1", "v1^", "0123456"])
def test_a_pin_that_names_no_tag_or_commit_is_told_and_changes_nothing(tmp_path: Path, pin: str) -> None:
    made = write_trees(tmp_path / "r", [{"a": "1", "VERSION": "v1"}, {"a": "2", "VERSION": pin}])
    git(made, "tag", "v1", "HEAD~1")
    track = _pins(made)
    first, second = track.commits([":(top)"])
    assert first.tree == git(made, "rev-parse", "v1")
    assert (second.tree, second.changes) == ("", ()), "nothing is deployed"
    assert "names no tag or commit" in track.problems[second.id][0].reason


def test_a_short_id_is_a_pin(tmp_path: Path) -> None:
    made = write_trees(tmp_path / "r", [{"a": "1"}])
    short = git(made, "rev-parse", "--short=10", "HEAD")
    (made / "VERSION").write_text(short)
    git(made, "add", "VERSION")
    git(made, "commit", "--quiet", "--message", "Pin")
    (found,) = _pins(made).commits([":(top)"])
    assert found.tree == git(made, "rev-parse", "HEAD~1")


def test_a_branch_is_found_at_the_remote_where_a_clone_has_none_of_its_own(repository: Path, tmp_path: Path) -> None:
    git(repository, "branch", "prod", "HEAD~1")
    git(tmp_path, "clone", "--quiet", repository, "clone")
    clone = open_repository(tmp_path / "clone")
    assert clone.resolve_branch("prod") == git(repository, "rev-parse", "prod")
    assert clone.branches() == ["main", "prod"]
    with pytest.raises(RefusedError, match="no commit is named 'test'"):
        clone.resolve_branch("test")
