"""What is known of the beginning of a chain changes nothing but how much git lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.plain_git import git
from support.replay import write_trees

from generator.history.chains import Known
from generator.history.repository import open_repository

if TYPE_CHECKING:
    from pathlib import Path

    from generator.history.chains import Chain

LENGTH = 8
ANYWHERE = [":(top)"]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a history of which the commit at place 3 was merged in from beside, too."""
    path = write_trees(tmp_path_factory.mktemp("chains") / "r", [{"a": f"{number}\n"} for number in range(LENGTH)])
    newest = git(path, "rev-parse", "HEAD").strip()
    git(path, "checkout", "-q", "-b", "beside", "HEAD~4")
    git(path, "commit", "-q", "--allow-empty", "-m", "Beside")
    git(path, "checkout", "-q", "-B", "main", newest)
    git(path, "merge", "-q", "--no-ff", "-m", "Merge", "beside")
    return path


def told_of(chain: Chain) -> dict[str, object]:
    return {
        "length": chain.length,
        "first": chain.first,
        "root": chain.root,
        "last": chain.last,
        "cut": chain.cut,
        "ids": chain.ids,
    }


def known_of(ids: list[str], place: int) -> Known:
    return Known(ids[place], ids[0], place + 1)


@pytest.mark.parametrize("place", range(LENGTH + 1))
def test_a_chain_with_a_known_beginning_is_the_same(repository: Path, place: int) -> None:
    opened, head = open_repository(repository), git(repository, "rev-parse", "HEAD").strip()
    whole = opened.chain(head)
    known = known_of(whole.ids, place)
    assert told_of(opened.chain(head, known=known)) == told_of(whole)
    assert list(opened.chain(head, known=known).commits(ANYWHERE)) == list(whole.commits(ANYWHERE))
    for commit in whole.ids:
        assert opened.chain(head, known=known).holds(commit)
        one, other = opened.chain(head, known=known).after(commit), whole.after(commit)
        assert one is not None
        assert other is not None
        assert one.ids == other.ids if other.length else one.length == 0
        assert list(one.commits(ANYWHERE)) == list(other.commits(ANYWHERE))
    assert not opened.chain(head, known=known).holds(git(repository, "rev-parse", "beside").strip())
    assert opened.chain(head, known=known).after(git(repository, "rev-parse", "beside").strip()) is None


def test_what_is_no_part_of_the_chain_is_never_taken_for_its_beginning(repository: Path) -> None:
    opened, head = open_repository(repository), git(repository, "rev-parse", "HEAD").strip()
    whole = told_of(opened.chain(head))
    for other in (git(repository, "rev-parse", "beside").strip(), "0123456789" * 4):
        assert told_of(opened.chain(head, known=Known(other, "f" * 40, 99))) == whole
    older = opened.chain(head).ids[2]
    assert told_of(opened.chain(older, known=Known(head, "f" * 40, 99))) == told_of(opened.chain(older))


def test_a_chain_that_is_cut_or_a_change_knows_nothing(repository: Path) -> None:
    opened, head = open_repository(repository), git(repository, "rev-parse", "HEAD").strip()
    ids = opened.chain(head).ids
    known = known_of(ids, 5)
    assert told_of(opened.chain(head, 3, known=known)) == told_of(opened.chain(head, 3))
    assert opened.chain(head, base=ids[6], known=known).ids == [*ids[:7], head]
