"""The demo's repository: nine months of an invented shop, as commits that the history room can write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.demo.manifests import manifests
from generator.demo.platform import environment_file
from generator.demo.state import State
from generator.demo.story_spring import spring
from generator.demo.story_summer import summer
from generator.demo.story_winter import winter
from generator.demo.texts import DEMO_CONFIG, DEMO_TITLE

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEMO_CONFIG", "DEMO_TITLE", "DemoCommit", "demo_commits"]


@dataclass(frozen=True)
class DemoCommit:
    """One commit."""

    at: int
    """Time of author and committer in seconds since 1970 UTC."""
    author: str
    """Name, without an address."""
    message: str
    """Subject, and for some an empty line and a body."""
    changes: Mapping[str, bytes | None]
    """New content by path, sorted; `None` where the file is deleted."""


def demo_commits() -> tuple[DemoCommit, ...]:
    """Return the demo's commits, oldest first; always the same."""
    commits: list[DemoCommit] = []
    state = State()
    before: dict[str, str] = {}
    for step in sorted([*winter(), *spring(), *summer()], key=lambda step: step.at):
        for edit in step.edits:
            state = edit(state)
        after = _files(state)
        commits.append(DemoCommit(step.at, step.author, step.message, _changes(before, after)))
        before = after
    return tuple(commits)


def _files(state: State) -> dict[str, str]:
    """Return every file of the repository by path."""
    files = dict(state.texts)
    for where, apps in state.apps.items():
        files |= manifests(where, apps, state.secrets[where])
        files[f"platform/environments/{where}.yaml"] = environment_file(where, state.managed[where])
    return files


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, bytes | None]:
    changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    return {path: after[path].encode() if path in after else None for path in changed}
