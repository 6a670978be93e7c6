"""Who wrote what a merge brought in, for every merge of a first-parent chain, in one pass over its ancestry."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

from generator.errors import one_line
from generator.history.commands import close, finish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.history.commands import Git

Author = tuple[str, str]
"""Name and address."""

_FORMAT = "--format=%H %P%x00%an%x00%ae"
_LONGEST = 300


def merged_authors(git: Git, head: str) -> Mapping[str, tuple[Author, ...]]:
    """Return, for each merge of the first-parent chain of `head`, who wrote the commits it brought; each once, sorted.

    A commit counts for the oldest merge that holds it. Time and memory grow with the ancestry, not with its product
    with the merges. Raises `RefusedError` where git can't go through it.
    """
    parents, authors = _ancestry(git, head)
    found: dict[str, tuple[Author, ...]] = {}
    chain = _chain(head, parents)
    seen = set(chain)
    # What the chain began with is no merge's: only what a later second parent brings is.
    for commit in reversed(chain):
        others = parents[commit][1:]
        if others:
            brought = _brought(others, parents, seen)
            found[commit] = tuple(sorted({authors[one] for one in brought}))
    return found


def _ancestry(git: Git, head: str) -> tuple[dict[str, tuple[str, ...]], dict[str, Author]]:
    """Return parents and author of every commit that `head` holds."""
    options = ("--no-show-signature", "--encoding=UTF-8", "--no-patch", "-z", _FORMAT)
    process = git.start(["log", *options, head, "--"])
    parents: dict[str, tuple[str, ...]] = {}
    authors: dict[str, Author] = {}
    known: dict[tuple[bytes, bytes], Author] = {}
    try:
        tokens = cast("IO[bytes]", process.stdout).read().split(b"\0")
    except BaseException:
        process.kill()
        close(process)
        raise
    finish(process, "git log")
    for ids, name, address in zip(tokens[0::3], tokens[1::3], tokens[2::3], strict=False):
        commit, *before = ids.decode("ascii").split()
        parents[commit] = tuple(before)
        if (name, address) not in known:
            known[name, address] = (_text(name, 120), _text(address, _LONGEST))
        authors[commit] = known[name, address]
    return parents, authors


def _text(raw: bytes, limit: int) -> str:
    return one_line(raw.decode("utf-8", "replace"), limit)


def _chain(head: str, parents: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the first-parent chain, newest first; it ends where a shallow clone was cut."""
    chain = [head]
    while (before := parents[chain[-1]][:1]) and before[0] in parents:
        chain.append(before[0])
    return chain


def _brought(starts: Sequence[str], parents: Mapping[str, Sequence[str]], seen: set[str]) -> list[str]:
    """Return the commits that `starts` hold and that were not seen before, and see them."""
    brought: list[str] = []
    waiting = [one for one in starts if one in parents]
    while waiting:
        commit = waiting.pop()
        if commit not in seen:
            seen.add(commit)
            brought.append(commit)
            waiting.extend(one for one in parents[commit] if one in parents)
    return brought
