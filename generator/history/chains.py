"""The first-parent chain of a commit, oldest first.

Git lists the chain once (`rev-list`) and then compares along it (`diff-tree --stdin`). One `git log --raw --reverse`
says the same, but compares each commit twice and begins to speak when it is half through: see docs/decisions. Of a
chain whose beginning was listed by an earlier run, what follows is listed alone.
"""

from __future__ import annotations

from copy import copy
from typing import IO, TYPE_CHECKING, NamedTuple, cast

import msgspec

from generator.history.commands import finish
from generator.history.commits import compared, whole_commit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.history.commands import Git
    from generator.history.commits import Commit


class Known(NamedTuple):
    """What was once found out of the first-parent chain of a commit, which never changes."""

    head: str
    """Full id of the commit."""
    root: str
    """Full id of the commit that its chain begins with."""
    length: int
    """How many commits its chain has."""


class Chain:
    """The first-parent chain of a commit, oldest first: ancestry alone, before any file is looked at."""

    def __init__(
        self, git: Git, head: str, limit: int | None = None, base: str = "", known: Known | None = None
    ) -> None:
        """List the chain of `head`; `limit` keeps the newest commits only.

        With `base` it is that of `base`, and `head` is one step more: what a merge of `head` would bring. What is
        `known` of a commit of it is not listed until somebody asks for that part.
        """
        self._git, self._head = git, base or head
        self._follows = False
        self._known: Known | None = None
        self._ids: frozenset[str] | None = None
        if known is not None and limit is None and not base:
            found = _listed(git, ["--ignore-missing", self._head, f"^{known.head}"])
            before = found[0].split()[1:2] if found else [self._head.encode("ascii")]
            if before == [known.head.encode("ascii")]:
                self._known, self._newer = known, found
                return
        newest = [f"--max-count={limit}"] if limit is not None else []
        self._newer = _listed(git, [*newest, self._head])
        if base and base != head:
            self._newer.append(f"{head} {base}".encode("ascii"))

    @property
    def _lines(self) -> list[bytes]:
        """A line a commit, its id and those of its parents, oldest first; all of them are listed by now."""
        if self._known is not None:
            self._newer, self._known = _listed(self._git, [self._head]), None
        return self._newer

    @property
    def length(self) -> int:
        """How many commits the chain has."""
        return len(self._newer) + (self._known.length if self._known is not None else 0)

    @property
    def ids(self) -> list[str]:
        """Full ids of its commits, oldest first."""
        return [line.split(b" ", 1)[0].decode("ascii") for line in self._lines]

    @property
    def first(self) -> str:
        """Full id of its oldest commit."""
        return self._known.root if self._known is not None else self._newer[0].split()[0].decode("ascii")

    @property
    def last(self) -> str:
        """Full id of its newest commit."""
        if self._known is not None and not self._newer:
            return self._known.head
        return self._newer[-1].split(b" ", 1)[0].decode("ascii")

    @property
    def root(self) -> str:
        """Full id of the commit that the whole chain begins with, also where it was cut."""
        if not self.cut:
            return self.first
        process = self._git.start(["rev-list", "--first-parent", "--max-parents=0", self._head, "--"])
        found = cast("IO[bytes]", process.stdout).read().split()
        finish(process, "git rev-list")
        return found[-1].decode("ascii")

    @property
    def cut(self) -> bool:
        """Whether older commits were left out."""
        return self._known is None and not self._follows and len(self._newer[0].split()) > 1

    def holds(self, commit: str) -> bool:
        """Return whether the commit of that full id is one of the chain."""
        if self._known is not None and (commit == self._known.head or _place(self._newer, commit) is not None):
            return True
        if self._ids is None:
            self._ids = frozenset(self.ids)
        return commit in self._ids

    def after(self, commit: str) -> Chain | None:
        """Return what of the chain follows `commit`, to be read alone; `None` where the chain does not hold it."""
        lines = self._newer
        if self._known is None or commit != self._known.head:
            place = _place(self._lines, commit)
            if place is None:
                return None
            lines = self._lines[place + 1 :]
        found = copy(self)
        vars(found).update(_newer=lines, _known=None, _ids=None, _follows=True)
        return found

    def commits(self, pathspecs: Sequence[str]) -> Iterator[Commit]:
        """Yield the commits that change a path of `pathspecs`, oldest first; a merge by its first parent.

        Order is that of ancestry, never of dates. Of a chain that was cut, the oldest commit comes with every file it
        has, as if it were the first. Raises `RefusedError` where git can't go through the chain.
        """
        if not self._lines:
            return
        if self.cut:
            yield whole_commit(self._git, self.first)
        merges = self._merges()
        first = self.first if self.cut else ""
        for commit in compared(self._git, self._pairs(), pathspecs):
            if commit.id == first:
                continue
            whole = merges.get(commit.id)
            yield commit if whole is None else msgspec.structs.replace(commit, parents=whole)

    def _pairs(self) -> bytes:
        """Return a line a commit: its id and that of its first parent, with which it is to be compared."""
        return b"\n".join(b" ".join(line.split(b" ", 2)[:2]) for line in self._lines) + b"\n"

    def _merges(self) -> dict[str, tuple[str, ...]]:
        """Return all parents of each merge: a comparison tells only of the parent that was asked for."""
        merges = (line.decode("ascii").split() for line in self._lines if line.count(b" ") > 1)
        return {merge[0]: tuple(merge[1:]) for merge in merges}


def _listed(git: Git, asked: Sequence[str]) -> list[bytes]:
    """Return a line for each commit that git lists by first parents, oldest first: its id and those of its parents."""
    process = git.start(["rev-list", "--first-parent", "--reverse", "--parents", *asked, "--"])
    lines = cast("IO[bytes]", process.stdout).read().splitlines()
    finish(process, "git rev-list")
    return lines


def _place(lines: Sequence[bytes], commit: str) -> int | None:
    """Return the place of a commit among such lines; the newest are looked at first."""
    start = commit.encode("ascii")
    return next((n for n in range(len(lines) - 1, -1, -1) if lines[n].startswith(start)), None)
