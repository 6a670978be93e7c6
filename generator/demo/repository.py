"""The demo's repository: nine months of an invented shop, as commits that the history room can write."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.demo.configuration import DEMO_CONFIG, DEMO_TITLE
from generator.demo.manifests import manifests
from generator.demo.object_ids import ObjectIds
from generator.demo.platform import environment_file
from generator.demo.state import Made, State
from generator.demo.story_autumn import autumn
from generator.demo.story_declared import declared
from generator.demo.story_spring import spring
from generator.demo.story_summer import summer
from generator.demo.story_winter import winter

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEMO_CONFIG", "DEMO_TITLE", "DemoCommit", "demo_commits"]

_NAMED = re.compile(r"<commit: ([^>\n]+)>")
_DIGITS = 10
"""Digits by which files and messages of the repository name a commit."""


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
    state, ids = State(), ObjectIds()
    before: dict[str, str] = {}
    for step in sorted([*winter(), *spring(), *summer(), *autumn(), *declared()], key=lambda step: step.at):
        for edit in step.edits:
            state = edit(state)
        state = replace(state, texts={path: _filled(text, state) for path, text in state.texts.items()})
        after, message = _files(state), _filled(step.message, state)
        changes = _changes(before, after)
        commits.append(DemoCommit(step.at, step.author, message, changes))
        id_ = ids.commit(after, step.author, step.at, message)
        made = Made(message.partition("\n")[0], id_, tuple(changes), step.at)
        state, before = replace(state, made=(*state.made, made)), after
    return tuple(commits)


def _filled(text: str, state: State) -> str:
    """Return a text with the ids of the commits that it names by their subjects."""
    if "<commit: " not in text:
        return text
    ids = {made.subject: made.id[:_DIGITS] for made in state.made}
    return _NAMED.sub(lambda found: ids[found[1]], text)


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
