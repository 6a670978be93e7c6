"""Ids that the demo works out are those that git gives to the same commits."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from generator.demo.object_ids import ObjectIds
from generator.demo.repository import DemoCommit, demo_commits
from generator.history.importing import write_repository

if TYPE_CHECKING:
    from pathlib import Path


def _ids(commits: tuple[DemoCommit, ...]) -> list[str]:
    ids, files, found = ObjectIds(), dict[str, str](), []
    for commit in commits:
        files = {path: text for path, text in files.items() if commit.changes.get(path, b"") is not None}
        files |= {path: data.decode() for path, data in commit.changes.items() if data is not None}
        found.append(ids.commit(files, commit.author, commit.at, commit.message))
    return found


def _ids_of_git(commits: tuple[DemoCommit, ...], folder: Path) -> list[str]:
    write_repository(folder, commits, bare=True)
    told = subprocess.run(
        ["git", "-C", folder, "log", "--reverse", "--format=%H"], check=True, capture_output=True, text=True
    )
    return told.stdout.split()


def test_the_ids_of_the_demo(tmp_path: Path) -> None:
    assert _ids(demo_commits()) == _ids_of_git(demo_commits(), tmp_path / "shop")


def test_the_order_of_names_in_a_tree_and_files_that_go(tmp_path: Path) -> None:
    commits = (
        DemoCommit(1_000_000_000, "Zoë", "One", {"a/b": b"1\n", "a.txt": b"2\n", "a-b": b"", "ä": b"3"}),
        DemoCommit(1_000_000_060, "Zoë", "Two\n\nWith a body.\n", {"a/b": None, "c/d/e": "ü".encode()}),
    )
    assert _ids(commits) == _ids_of_git(commits, tmp_path / "small")
