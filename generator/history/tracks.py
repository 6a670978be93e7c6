"""Histories that are no single chain: tags as releases, and a file that pins what is deployed.

Each gives commits with the files that changed since its step before, as `Chain` does for the first-parent chain.
"""

from __future__ import annotations

import fnmatch
from threading import Thread
from typing import IO, TYPE_CHECKING, Protocol, cast

import msgspec

from generator.errors import Place, Unreadable
from generator.history.commands import finish
from generator.history.commits import SYMLINK, FileChange, compared, feed, whole_commit
from generator.history.naming import LONGEST_NAME, commits_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from generator.history.chains import Chain
    from generator.history.commands import Git
    from generator.history.commits import Commit

_Said = str | Unreadable | None
"""A pin, why it can't be read, or nothing where its file is gone."""


class Track(Protocol):
    """One history: commits in order, each with what changed since the one before."""

    @property
    def length(self) -> int:
        """Return how many steps it has."""
        ...

    @property
    def ids(self) -> list[str]:
        """Return the full id of the commit of each step, oldest first; distinct."""
        ...

    def commits(self, pathspecs: Sequence[str]) -> Iterator[Commit]:
        """Yield the steps that change a path of `pathspecs`, oldest first."""
        ...


class TagTrack:
    """Tags as releases: every commit that a tag of a pattern names, parents first, else by commit time."""

    def __init__(self, git: Git, pattern: str) -> None:
        """List the tags that fit `pattern`, with `*` for any text; a tag that names no commit is passed over."""
        self._git = git
        self._names = _tags(git, pattern)
        order = dated_order(git, sorted(self._names)) if self._names else []
        self._ids = [commit for commit, _, _ in order if commit in self._names]

    @property
    def refs(self) -> dict[str, str]:
        """Tag → full id of the commit it names."""
        return {name: commit for commit, names in self._names.items() for name in names}

    @property
    def length(self) -> int:
        """How many tagged commits there are."""
        return len(self._ids)

    @property
    def ids(self) -> list[str]:
        """Full ids of the tagged commits, in their order."""
        return list(self._ids)

    def commits(self, pathspecs: Sequence[str]) -> Iterator[Commit]:
        """Yield each tagged commit with the files that differ from the one before; also where none differs.

        A release that changed nothing is a fact, so it is not left out.
        """
        if not self._ids:
            return
        yield self._named(whole_commit(self._git, self._ids[0]))
        pairs = list(zip(self._ids[1:], self._ids, strict=False))
        for commit in _between(self._git, pairs, pathspecs):
            yield self._named(commit)

    def _named(self, commit: Commit) -> Commit:
        return msgspec.structs.replace(commit, tags=tuple(self._names[commit.id]))


class PinTrack:
    """A file that names the tag or commit deployed: each change of it is a step, read at the commit it names."""

    def __init__(self, git: Git, chain: Chain, file: str, read: Callable[[str, str], str | Unreadable]) -> None:
        """Follow `file` along `chain`; `read` gives the pin in a file's content, by object id and path."""
        self._git = git
        self.problems: dict[str, list[Unreadable]] = {}
        """By the id of a step's commit: why its pin could not be followed; the environment stands as it was."""
        self._steps: list[tuple[Commit, str | None]] = []
        said = [
            (commit, _said(change, read))
            for commit in chain.commits([f":(top,literal){file}"])
            for change in commit.changes
            if change.path == file
        ]
        named = commits_named(git, [pin for _, pin in said if isinstance(pin, str)])
        for commit, pin in said:
            self._steps.append((commit, self._target(commit.id, pin, file, named)))

    def _target(self, commit: str, pin: _Said, file: str, named: Mapping[str, str]) -> str | None:
        """Return the commit that is deployed from `commit` on; `None` where nothing is, since the pin is gone."""
        if pin is None:
            return None
        if isinstance(pin, str):
            if pin in named:
                return named[pin]
            reason = f"pins `{pin[:LONGEST_NAME]}`, which names no tag or commit of this repository"
            pin = Unreadable("pin", reason, Place(file), "fetch the tag, or pin what is there")
        self.problems.setdefault(commit, []).append(pin)
        return self._steps[-1][1] if self._steps else None

    @property
    def length(self) -> int:
        """How many commits changed the pin."""
        return len(self._steps)

    @property
    def ids(self) -> list[str]:
        """Full ids of the commits that changed the pin, oldest first."""
        return [commit.id for commit, _ in self._steps]

    @property
    def targets(self) -> dict[str, str]:
        """By the id of each step's commit: full id of the commit that is deployed from it on, where one is."""
        return {commit.id: target for commit, target in self._steps if target}

    def commits(self, pathspecs: Sequence[str]) -> Iterator[Commit]:
        """Yield each commit that moved the pin, with the files that differ between what it named before and after.

        A pin that could not be followed deploys nothing: its step comes bare.
        """
        moves = list(zip(self._steps, [None, *[target for _, target in self._steps]], strict=False))
        pairs = [(target, before) for (_, target), before in moves if target and before and target != before]
        differing = _between(self._git, pairs, pathspecs)
        for (commit, target), before in moves:
            changes: tuple[FileChange, ...] = ()
            if target and not before:
                changes = whole_commit(self._git, target).changes
            elif before and not target:
                gone = whole_commit(self._git, before).changes
                changes = tuple(FileChange(change.path, "000000", "") for change in gone)
            elif target != before:
                changes = next(differing).changes
            tree = "" if commit.id in self.problems else target or ""
            yield msgspec.structs.replace(commit, changes=changes, tree=tree)


def _said(change: FileChange, read: Callable[[str, str], str | Unreadable]) -> _Said:
    """Return what the file of a pin says after a change of it."""
    if not change.blob:
        return None
    if change.mode == SYMLINK:
        reason = "a symbolic link; links are never followed"
        return Unreadable("symlink", reason, Place(change.path), "commit the file itself")
    return read(change.blob, change.path)


def _tags(git: Git, pattern: str) -> dict[str, list[str]]:
    """Return commit → names of the tags that fit, sorted."""
    shape = "%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname:strip=2)"
    process = git.start(["for-each-ref", f"--format={shape}", "refs/tags/"])
    # A name may hold what Unicode takes for the end of a line.
    lines = cast("IO[bytes]", process.stdout).read().decode("utf-8", "backslashreplace").split("\n")[:-1]
    finish(process, "git for-each-ref")
    found: dict[str, list[str]] = {}
    nested: list[str] = []
    for line in lines:
        kind, name, inner_kind, inner, tag = line.split(" ", 4)
        if not fnmatch.fnmatchcase(tag, pattern):
            continue
        if kind == "commit":
            found.setdefault(name, []).append(tag)
        elif inner_kind == "commit":
            found.setdefault(inner, []).append(tag)
        elif inner_kind == "tag":
            nested.append(tag)
    for tag, commit in commits_named(git, nested).items():
        found.setdefault(commit, []).append(tag)
    return {commit: sorted(names) for commit, names in found.items()}


def dated_order(git: Git, heads: Sequence[str]) -> list[tuple[str, int, tuple[str, ...]]]:
    """Return every commit that `heads` lead to as (id, commit time, parents): parents first, else by time."""
    process = git.start(["rev-list", "--date-order", "--reverse", "--parents", "--timestamp", "--stdin"], feed=True)
    feeder = Thread(
        target=feed, args=(cast("IO[bytes]", process.stdin), "".join(f"{h}\n" for h in heads).encode()), daemon=True
    )
    feeder.start()
    found = []
    for line in cast("IO[bytes]", process.stdout).read().decode("ascii").splitlines():
        time, commit, *parents = line.split()
        found.append((commit, int(time), tuple(parents)))
    feeder.join()
    finish(process, "git rev-list")
    return found


def _between(git: Git, pairs: Sequence[tuple[str, str]], pathspecs: Sequence[str]) -> Iterator[Commit]:
    """Yield, for each pair of commits (new, old), the new one with the files that differ; one for each pair."""
    if pairs:
        lines = "".join(f"{new} {old}\n" for new, old in pairs).encode()
        yield from compared(git, lines, pathspecs, always=True)
