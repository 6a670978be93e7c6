"""Everybody whom the history of a commit names: authors, committers, and who stands in its trailers."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

from generator.errors import one_line
from generator.history.commands import close, finish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.history.commands import Git

_TRAILERS = "%(trailers:only,unfold,valueonly,separator=%x01)"
_FORMAT = f"--format=%an%x00%ae%x00%cn%x00%ce%x00{_TRAILERS}"
_PARTS = 5
_LONGEST = 300
_NAME = 120


def people_of(git: Git, head: str) -> tuple[tuple[str, str], ...]:
    """Return name and address of everybody in the history of `head`, each once, in the order in which they came.

    Of trailers those count that are written as `Name <address>`. Raises `RefusedError` where git can't go through it.
    """
    options = ("--no-show-signature", "--encoding=UTF-8", "--no-patch", "-z", "--reverse", _FORMAT)
    process = git.start(["log", *options, head, "--"])
    try:
        tokens = cast("IO[bytes]", process.stdout).read().split(b"\0")
    except BaseException:
        process.kill()
        close(process)
        raise
    finish(process, "git log")
    parts = [tokens[number::_PARTS] for number in range(_PARTS)]
    raw = dict.fromkeys(one for commit in zip(*parts, strict=False) for one in _named(commit))
    return tuple(dict.fromkeys((_text(name, _NAME), _text(address, _LONGEST)) for name, address in raw))


def _named(commit: tuple[bytes, ...]) -> Iterator[tuple[bytes, bytes]]:
    author, address, committer, committed_from, trailers = commit
    yield author, address
    yield committer, committed_from
    for value in trailers.split(b"\x01") if trailers else ():
        name, bracket, rest = value.partition(b"<")
        if bracket and b"@" in rest:
            yield name.strip(b' "'), rest.partition(b">")[0]


def _text(raw: bytes, limit: int) -> str:
    return one_line(raw.decode("utf-8", "replace"), limit)
