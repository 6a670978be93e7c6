"""Commits with the files each changed, as git tells of them when it compares (`diff-tree --stdin`)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from threading import Thread
from typing import IO, TYPE_CHECKING, cast

import msgspec

from generator.errors import one_line
from generator.history.commands import Git, close, finish

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHUNK = 1 << 18
_TRAILERS = "%(trailers:only,unfold,separator=%x01,key_value_separator=%x02)"
_SHOW = (
    "--no-show-signature",
    "--no-ext-diff",
    "--no-textconv",
    "--encoding=UTF-8",
    f"--format=%H%x00%P%x00%ct%x00%an%x00%ae%x00%cn%x00%ce%x00%s%x00{_TRAILERS}%x00%b",
)
_COMPARE = (
    "-r",
    "--raw",
    "-z",
    "--root",
    "--no-abbrev",
    "--no-renames",
    "--ignore-submodules=none",
    *_SHOW,
)
_HEADER_PARTS = 10
_REVERTS = re.compile(r"\breverts commit ([0-9a-f]{7,64})\b", re.IGNORECASE)
"""How git itself words the message of a revert."""
MOST_TRAILERS = 50
MOST_REVERTS = 20
LONGEST_TRAILER = 300
_RAW_STARTS = (b":", b"\n")
_YEAR_9999 = 253_370_764_800
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
    tags: tuple[str, ...] = ()
    """Tags that make it a release, where tags are the history; sorted."""
    tree: str = ""
    """Full id of the commit whose files are deployed by it; empty where they are its own."""
    trailers: tuple[tuple[str, str], ...] = ()
    """Trailers of the message as git reads them, key and value, in their order."""
    reverts: tuple[str, ...] = ()
    """Ids of the commits that the message says it reverts, as written."""
    address: str = ""
    """The author's address, to tell people apart; it is never part of any record."""
    committer: tuple[str, str] = ("", "")
    """Name and address of who committed it; the address is never part of any record either."""


@lru_cache(maxsize=1024)
def rfc3339(time: int | None) -> str:
    """Return a time as RFC 3339 in UTC; empty where it is unknown."""
    if time is None:
        return ""
    minute, second = divmod(time, 60)
    hour, minute = divmod(minute, 60)
    day, hour = divmod(hour, 24)
    return f"{_date(day)}T{hour:02d}:{minute:02d}:{second:02d}Z"


@lru_cache(maxsize=4096)
def _date(day: int) -> str:
    """Return the date of a day, counted from 1970: deployments come many a day, and calendars are slow."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def newest_commit(git: Git, head: str) -> Commit:
    """Return the commit `head`, without its files."""
    process = git.start(["log", "--max-count=1", "--no-patch", "-z", *_SHOW, head, "--"])
    tokens = cast("IO[bytes]", process.stdout).read().split(b"\0")
    finish(process, "git log")
    return _commit(tokens[:_HEADER_PARTS], [])


def compared(git: Git, pairs: bytes, pathspecs: Sequence[str], *, always: bool = False) -> Iterator[Commit]:
    """Yield the commits of `pairs` (a line a commit: its id, and that of the one before it) with what differs.

    One in which nothing of `pathspecs` differs is left out unless `always`. Raises `RefusedError` where git can't.
    """
    options = ["--always"] if always else []
    process = git.start(["diff-tree", "--stdin", *options, *_COMPARE, "--", *pathspecs], feed=True)
    feeder = Thread(target=feed, args=(cast("IO[bytes]", process.stdin), pairs), daemon=True)
    feeder.start()
    try:
        yield from _read_commits(_tokens(cast("IO[bytes]", process.stdout)))
    except GeneratorExit:
        process.kill()
        feeder.join()
        close(process)
        raise
    feeder.join()
    finish(process, "git diff-tree")


def feed(stdin: IO[bytes], lines: bytes) -> None:
    """Write `lines` to a command that reads while it speaks."""
    try:
        stdin.write(lines)
        stdin.close()
    except (BrokenPipeError, ValueError):
        return  # git ended early, and tells why on its own


def whole_commit(git: Git, commit: str) -> Commit:
    """Return a commit with every file that it has, as changes; what is too much is bound to no environment."""
    process = git.start(["ls-tree", "-r", "-z", "--full-tree", commit])
    entries = cast("IO[bytes]", process.stdout).read().split(b"\0")
    finish(process, "git ls-tree")
    changes = []
    for entry in filter(None, entries):
        head, _, path = entry.partition(b"\t")
        mode, _, blob = head.decode("ascii").split(" ")
        changes.append(FileChange(path.decode("utf-8", "backslashreplace"), mode, blob))
    return msgspec.structs.replace(newest_commit(git, commit), changes=tuple(changes))


def _tokens(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what stands between the NUL bytes of a stream."""
    rest = b""
    while chunk := stream.read(CHUNK):
        parts = (rest + chunk).split(b"\0")
        rest = parts.pop()
        yield from parts
    if rest:
        yield rest


def _read_commits(tokens: Iterator[bytes]) -> Iterator[Commit]:
    """Yield the commits that `git diff-tree` told of.

    Headers are told from files by their start: raw lines begin with a colon, the first after a line feed.
    """
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
    identity, parents, time, author, address, committer, committed_from, subject, trailers, body = header
    return Commit(
        id=identity.decode("ascii"),
        parents=tuple(parents.decode("ascii").split()),
        time=_time(time),
        author=one_line(author.decode("utf-8", "replace"), 120),
        subject=one_line(subject.decode("utf-8", "replace"), 240),
        changes=tuple(changes),
        trailers=_trailers(trailers) if trailers else (),
        reverts=_reverts(body) if b"everts commit" in body else (),
        address=_address(address),
        committer=(one_line(committer.decode("utf-8", "replace"), 120), _address(committed_from)),
    )


def _address(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip()[:LONGEST_TRAILER]


def _trailers(raw: bytes) -> tuple[tuple[str, str], ...]:
    found = []
    for trailer in raw.split(b"\x01")[:MOST_TRAILERS]:
        key, _, value = trailer.decode("utf-8", "replace").partition("\x02")
        found.append((one_line(key, LONGEST_TRAILER), one_line(value, LONGEST_TRAILER)))
    return tuple(found)


def _reverts(body: bytes) -> tuple[str, ...]:
    found = dict.fromkeys(found.lower() for found in _REVERTS.findall(body.decode("utf-8", "replace")))
    return tuple(found)[:MOST_REVERTS]


def _time(raw: bytes) -> int | None:
    """Return seconds since 1970, or `None` outside of the years 1970 to 9998, in which records keep time."""
    try:
        seconds = int(raw)
    except ValueError:
        return None
    return seconds if 0 < seconds < _YEAR_9999 else None
