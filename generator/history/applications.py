"""The history of an application in a repository of its own: which commit a version is, and what came with it."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from typing import IO, TYPE_CHECKING, NamedTuple, cast

from generator.errors import Place, RefusedError
from generator.history.commands import Git, close, finish
from generator.history.repository import open_repository
from generator.history.tracks import TagTrack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MOST_COMMITS = 1_000_000
"""Commits of one application."""
_YEAR_9999 = 253_370_764_800
_COMMIT = re.compile(r"(?<![0-9A-Za-z])g?([0-9a-f]{7,64})(?![0-9A-Za-z])")
"""The id of a commit in a version, as `git describe` and image pipelines write it."""


class Change(NamedTuple):
    """A commit that is no merge."""

    commit: str
    """Full id."""
    time: int | None
    """Committer time in seconds since 1970 UTC; `None` where the commit carries none that a calendar knows."""


class Application:
    """An application's own history. Build it with `read_application`."""

    def __init__(self, lines: Iterable[bytes], tags: Mapping[str, str], *, shallow: bool = False) -> None:
        """Take in `lines`, a commit each with its time and parents, parents first; `tags` are commits by tag."""
        self.shallow = shallow
        """True where older commits are cut off."""
        self._places: dict[str, int] = {}
        self._ids: list[str] = []
        self._times: list[int | None] = []
        self._parents: list[tuple[int, ...]] = []
        self._tags = tags
        for line in lines:
            time, commit, *parents = line.decode("ascii").split()
            self._places[commit] = len(self._ids)
            self._ids.append(commit)
            self._times.append(int(time) if 0 < int(time) < _YEAR_9999 else None)
            # Beyond the end of a shallow clone nothing is known.
            self._parents.append(tuple([self._places[parent] for parent in parents if parent in self._places]))
        self._sorted = sorted(self._ids)

    @property
    def digest(self) -> str:
        """SHA-256 of all that it leads to: every commit that no other follows, and every tag."""
        followed = {parent for parents in self._parents for parent in parents}
        newest = sorted(commit for place, commit in enumerate(self._ids) if place not in followed)
        tags = [f"{commit} {name}" for name, commit in sorted(self._tags.items())]
        return hashlib.sha256("\n".join([*newest, *tags]).encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def length(self) -> int:
        """How many commits it has."""
        return len(self._ids)

    def find(self, version: str) -> str | None:
        """Return the full id of the commit that `version` is; `None` where it is none that is known.

        That is the tag of this name, with a `v` put before it or taken from it, else the one commit whose id, from 7
        digits on, stands in it.
        """
        for tag in dict.fromkeys((version, f"v{version}", version.removeprefix("v"))):
            if self._tags.get(tag) in self._places:
                return self._tags[tag]
        return next(filter(None, (self._started(found[1]) for found in _COMMIT.finditer(version))), None)

    def bring(self, commit: str, had: bytearray) -> list[Change]:
        """Return what `commit` leads to and `had` (a byte a commit) does not hold yet, and note in `had` that it does.

        Merges are left out. Oldest first, those without a time before all.
        """
        waiting = [self._places[commit]]
        found: list[Change] = []
        while waiting:
            place = waiting.pop()
            if had[place]:
                continue
            had[place] = 1
            parents = self._parents[place]
            waiting += parents
            if len(parents) <= 1:
                found.append(Change(self._ids[place], self._times[place]))
        return sorted(found, key=lambda change: (change.time or 0, change.commit))

    def _started(self, start: str) -> str | None:
        """Return the one commit whose id begins with `start`."""
        place = bisect_left(self._sorted, start)
        fitting = [commit for commit in self._sorted[place : place + 2] if commit.startswith(start)]
        return fitting[0] if len(fitting) == 1 else None


def read_application(path: Path, *, allow_shallow: bool = False) -> Application:
    """Return the history of the application in the repository at `path`, with every branch and tag of it.

    It is opened and read as the main repository is, and refused for the same reasons by `RefusedError`; so is one of
    more than `MOST_COMMITS` commits.
    """
    repository = open_repository(path, allow_shallow=allow_shallow)
    git = Git(str(repository.git_dir))
    order = ["--date-order", "--reverse", "--parents", "--timestamp", f"--max-count={MOST_COMMITS + 1}"]
    process = git.start(["rev-list", *order, "--all", "--"])
    lines = cast("IO[bytes]", process.stdout).read().splitlines()
    if len(lines) > MOST_COMMITS:
        close(process)
        reason = f"an application's history of more than {MOST_COMMITS} commits"
        raise RefusedError("application", reason, place=Place(str(path)), fix="leave it out")
    finish(process, "git rev-list")
    return Application(lines, TagTrack(git, "*").refs, shallow=repository.shallow)
