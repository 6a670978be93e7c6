"""Row 55: the same bytes on another machine; and where they are not, the byte is named. `make reproducible` tries all.

Here stand a few on a small repository; what differs between two machines is in `variations.py`.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from reproducible.comparing import Difference, differences
from reproducible.machines import build, standing
from reproducible.planted import CLOCK, ORDER
from reproducible.run import compared, main
from reproducible.variations import VARIATIONS, Variation, all_together
from support.manifests import CONFIG, deployment
from support.plain_git import git
from support.replay import write_trees

if TYPE_CHECKING:
    from collections.abc import Callable

TREES = [
    {"assay.yaml": CONFIG, **{f"deploy/{name}.yaml": deployment(name, f"shop/{name}:{n}") for name in ("web", "bée")}}
    for n in (1, 2, 1)
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = write_trees(tmp_path_factory.mktemp("sample") / "repository", TREES)
    git(found, "tag", "first", "HEAD~1")
    git(found, "branch", "another", "HEAD~2")
    return found


@pytest.fixture(scope="module")
def first(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(standing(repository, tmp_path_factory.mktemp("first")))


def _named(name: str) -> Variation:
    (found,) = (variation for variation in VARIATIONS if variation.name == name)
    return found


def test_everything_otherwise_at_once_gives_the_same_bytes(repository: Path, first: Path, tmp_path: Path) -> None:
    # Folders of tests may be entered by their owner alone.
    chosen = [variation for variation in VARIATIONS if variation.name != "another user"]
    assert len(chosen) >= 25
    assert compared(first, standing(repository, tmp_path), all_together(chosen)) == []


def test_a_linked_work_tree_gives_the_same_bytes(repository: Path, first: Path, tmp_path: Path) -> None:
    assert compared(first, standing(repository, tmp_path), _named("linked work tree")) == []


def test_planted_faults_are_found_and_their_bytes_named(repository: Path, tmp_path: Path) -> None:
    command = (sys.executable, str(Path(__file__).with_name("planted.py")))
    machines = [replace(standing(repository, tmp_path / name), command=command) for name in ("one", "other")]
    # Each of the two faults shows by the one of these that it depends on.
    changed = _named("hash seed 1").change(_named("clock at 1970").change(machines[1]))
    one, other = build(machines[0]), build(changed)
    found = differences(one, other)
    assert [difference.path for difference in found] == [CLOCK, ORDER, "site.json"]
    for named in found[:2]:
        data = [(folder / named.path).read_bytes() for folder in (one, other)]
        assert data[0][: named.offset] == data[1][: named.offset]
        assert tuple(f"{each[named.offset]:02x}" for each in data) == named.bytes_
        assert named.bytes_[0] != named.bytes_[1]
        assert str(named).startswith(f"{named.path}: byte {named.offset} is ")
        assert all("<!-- " in each for each in named.context)


def _changed(folder: Path) -> Difference:
    (folder / "a.txt").write_bytes(b"same, then other")
    return Difference("a.txt", 11, ("73", "6f"), ("'same, then same'", "'same, then other'"))


def _shorter(folder: Path) -> Difference:
    (folder / "a.txt").write_bytes(b"same")
    return Difference("a.txt", 4, ("2c", "end"), ("'same, then same'", "'same'"))


def _missing(folder: Path) -> Difference:
    (folder / "a.txt").unlink()
    return Difference("a.txt", context=("first", ""))


def _added(folder: Path) -> Difference:
    (folder / "b.txt").write_bytes(b"")
    return Difference("b.txt", context=("", "second"))


@pytest.mark.parametrize("change", [_changed, _shorter, _missing, _added])
def test_what_differs_between_two_folders(change: Callable[[Path], Difference], tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_bytes(b"same, then same")
    assert differences(tmp_path / "one", tmp_path / "other") == []
    expected = change(tmp_path / "other")
    assert differences(tmp_path / "one", tmp_path / "other") == [expected]


def test_words_that_choose_nothing_are_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no such variation"]) == 1
    assert "there are: path of checkout" in capsys.readouterr().out
