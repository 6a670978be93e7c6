"""Commits of the first-parent chain with the files each changed, oldest first, from one `git log --raw`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, cast

import msgspec

from generator.errors import one_line
from generator.history.commands import Git, finish

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHUNK = 1 << 18
_FORMAT = "%H%x00%P%x00%ct%x00%an%x00%s"
_HEADER_PARTS = 5
_RAW_STARTS = (b":", b"\n")
SYMLINK = "120000"
SUBMODULE = "160000"
TREE = "040000"


class FileChange(msgspec.Struct, frozen=True, array_like=True):
    """What one commit did to one file."""

    path: str
    """Bytes that are no UTF-8 are shown as `\\xNN`."""
    mode: str
    """Mode after the commit, such as `100644`; `000000` where the file is gone."""
    blob: str
    """Object id after the commit; empty where the file is gone."""


class Commit(msgspec.Struct, frozen=True):
    """One commit of the chain."""

    id: str
    parents: tuple[str, ...]
    time: int | None
    """Committer time in seconds since 1970 UTC; `None` where the commit carries none that a calendar knows."""
    author: str
    subject: str
    changes: tuple[FileChange, ...]


def rfc3339(time: int | None) -> str:
    """Return a time as RFC 3339 in UTC; empty where it is unknown."""
    return "" if time is None else datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def walk(git: Git, head: str, pathspecs: Sequence[str], limit: int | None = None) -> Iterator[Commit]:
    """Yield the commits of the first-parent chain of `head` that change a path of `pathspecs`, oldest first.

    A merge is compared with its first parent. Order is that of ancestry, never of dates. `limit` keeps the newest
    commits only. Raises `RefusedError` where git can't go through the chain.
    """
    process = git.start(
        [
            "log",
            "--first-parent",
            "--diff-merges=first-parent",
            "--reverse",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--no-show-signature",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules=none",
            "--encoding=UTF-8",
            f"--format={_FORMAT}",
            *([f"--max-count={limit}"] if limit is not None else []),
            head,
            "--",
            *pathspecs,
        ]
    )
    try:
        yield from _commits(_tokens(cast("IO[bytes]", process.stdout)))
    except GeneratorExit:
        process.kill()
        process.communicate()
        raise
    finish(process, "git log")


def _tokens(stream: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := stream.read(CHUNK):
        parts = (rest + chunk).split(b"\0")
        rest = parts.pop()
        yield from parts
    if rest:
        yield rest


def _commits(tokens: Iterator[bytes]) -> Iterator[Commit]:
    """A header is told from a file by its start: raw lines begin with a colon, the first after a line feed."""
    header: list[bytes] = []
    changes: list[FileChange] = []
    for token in tokens:
        if len(header) == _HEADER_PARTS and token[:1] in _RAW_STARTS:
            _, mode, _, blob, status = token.decode("ascii").split(" ")
            path = next(tokens).decode("utf-8", "backslashreplace")
            changes.append(FileChange(path, mode, "" if status == "D" else blob))
            continue
        if len(header) == _HEADER_PARTS:
            yield _commit(header, changes)
            header, changes = [], []
        header.append(token)
    if len(header) == _HEADER_PARTS:
        yield _commit(header, changes)


def _commit(header: list[bytes], changes: list[FileChange]) -> Commit:
    identity, parents, time, author, subject = header
    return Commit(
        id=identity.decode("ascii"),
        parents=tuple(parents.decode("ascii").split()),
        time=_time(time),
        author=one_line(author.decode("utf-8", "replace"), 120),
        subject=one_line(subject.decode("utf-8", "replace"), 240),
        changes=tuple(changes),
    )


def _time(raw: bytes) -> int | None:
    """Return seconds since 1970, or `None` outside of the years 1970 to 9999, in which records keep time."""
    try:
        seconds = int(raw)
    except ValueError:
        return None
    return seconds if 0 < seconds < 253_402_300_800 else None
