"""Writing a new repository from prepared commits, through `git fast-import`: for the demo and for benchmarks."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Protocol, cast

import git

from generator.errors import Place, RefusedError
from generator.history.commands import Git, finish

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

ADDRESS = "nobody@example.org"
"""Address of every author: a prepared history has no real people."""


class PreparedCommit(Protocol):
    """A commit that does not exist yet."""

    @property
    def at(self) -> int:
        """Return the time of author and committer, seconds since 1970 UTC."""
        ...

    @property
    def author(self) -> str:
        """Return the author's name."""
        ...

    @property
    def message(self) -> str:
        """Return the whole message."""
        ...

    @property
    def changes(self) -> Mapping[str, bytes | None]:
        """Return new contents by path; `None` takes the file away."""
        ...


def write_repository(target: Path, commits: Iterable[PreparedCommit], *, bare: bool = False) -> None:
    """Make a repository at `target` with `commits`, in order, on the branch `main`.

    The same commits give the same object ids. Raises `RefusedError` where `target` holds something already.
    """
    if target.exists() and any(target.iterdir()):
        reason = "the folder holds something already"
        raise RefusedError("not-empty", reason, place=Place(str(target)), fix="name a new folder, or empty this one")
    target.mkdir(parents=True, exist_ok=True)
    # A template folder of the user's could bring hooks and settings of their own, so none is taken.
    empty = git.Repo.init(target, bare=bare, initial_branch="main", template="", allow_unsafe_options=True)
    git_dir = str(empty.git_dir)
    empty.close()
    process = Git(git_dir).start(["fast-import", "--quiet", "--done"], feed=True)
    stdin = cast("IO[bytes]", process.stdin)
    try:
        for commit in commits:
            stdin.write(_commit(commit))
        stdin.write(b"done\n")
        stdin.close()
    except BrokenPipeError:
        pass  # finish() tells git's own words
    process.stdin = None
    finish(process, "git fast-import")
    if not bare:
        checkout = Git(git_dir).start([f"--work-tree={os.fspath(target)}", "read-tree", "-m", "-u", "HEAD"])
        finish(checkout, "git read-tree")


def _commit(commit: PreparedCommit) -> bytes:
    who = f"{commit.author} <{ADDRESS}> {commit.at} +0000".encode()
    parts = [b"commit refs/heads/main\nauthor ", who, b"\ncommitter ", who, b"\n", _data(commit.message.encode())]
    for path, content in commit.changes.items():
        name = _quoted(path)
        if content is None:
            parts.append(b"D " + name + b"\n")
        else:
            parts += [b"M 100644 inline ", name, b"\n", _data(content)]
    return b"".join(parts)


def _quoted(path: str) -> bytes:
    """Return a path as fast-import reads it: in quotes where it could be taken for something else."""
    if path.startswith('"') or "\n" in path:
        path = '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return path.encode()


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
