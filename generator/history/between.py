"""What lies between two commits: where they parted, the commits that one has alone, the files that differ."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

from generator.history.commands import close, finish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.history.commands import Git


def merge_base(git: Git, base: str, head: str) -> str:
    """Return the newest commit that both lead to, as a full id; empty where they share none.

    Of several that are equally new (two lines merged crosswise) it is the first in the order of their ids.
    """
    process = git.start(["merge-base", "--all", base, head])
    found = cast("IO[bytes]", process.stdout).read().decode("ascii").split()
    cast("IO[bytes]", process.stderr).read()
    # It exits with 1 where there is none, and with another status where it can't be told.
    close(process)
    return min(found, default="")


def between(git: Git, start: str, end: str) -> frozenset[str]:
    """Return the full ids of the commits that `end` leads to and `start` does not; all of `end` where that is empty."""
    return frozenset(_lines(git, ["rev-list", end, *([f"^{start}"] if start else []), "--"]))


def first_parent(git: Git, commit: str) -> str:
    """Return the full id of the first parent of `commit`; empty where it has none."""
    return next(iter(_lines(git, ["rev-list", "--first-parent", "--skip=1", "--max-count=1", commit, "--"])), "")


def on_chain(git: Git, start: str, end: str) -> bool:
    """Return whether `start` stands in the first-parent chain of `end`, or is `end`."""
    # What the chain has above `start` ends in a commit whose first parent is `start` itself.
    above = _lines(git, ["rev-list", "--first-parent", end, f"^{start}", "--"])
    return (first_parent(git, above[-1]) if above else end) == start


def changed_paths(git: Git, start: str, end: str) -> frozenset[str]:
    """Return the paths of the files that differ between two commits; every file of `end` where `start` is empty."""
    if start:
        arguments = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", start, end, "--"]
    else:
        arguments = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", end]
    process = git.start(arguments)
    out = cast("IO[bytes]", process.stdout).read()
    finish(process, f"git {arguments[0]}")
    return frozenset(path.decode("utf-8", "backslashreplace") for path in out.split(b"\0") if path)


def _lines(git: Git, arguments: Sequence[str]) -> list[str]:
    process = git.start(arguments)
    out = cast("IO[bytes]", process.stdout).read().decode("ascii")
    finish(process, f"git {arguments[0]}")
    return out.split()
