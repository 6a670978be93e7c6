"""A long sorted list, cut into scripts of a few ten thousand characters: the one that holds a term is found by firsts.

Each script sets one text of lines, so that a browser takes it in as fast as it can read. Where it is cut is decided by
the terms themselves, so that a list which grows is cut where it was cut before, but for the places where it grew: the
scripts in between stay as they are, byte for byte, and are called by their first terms.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from typing import TYPE_CHECKING
from zlib import crc32

from generator.site.finding.gathering import units
from generator.site.finding.packing import literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.site.finding.gathering import Terms

LEAST = 30_000
"""Characters of a shard from which on the next one begins with the next term that is fit to.

A line as long as that begins one, too: of common words, which stand for thousands of entries.
"""
LARGEST = 48_000
"""Characters of a shard from which on the next one begins with any term."""
FIT = 128
"""One of so many terms is fit to begin a shard."""
NAME_DIGITS = 16
_END = b'";\n'


def script(name: str, lines: Sequence[str]) -> bytes:
    """Return the script that sets `lines` as `name`."""
    return f"(globalThis.assayFound??={{}}).{name}={literal(chr(10).join(lines))};\n".encode("ascii")


def lines_of(made: bytes) -> list[str]:
    """Return the lines that a script sets."""
    text: str = json.loads(made[made.index(b'="') + 1 : 1 - len(_END)])
    return text.split("\n")


def first_of(made: bytes) -> str:
    """Return the first term of a script of sorted lines."""
    first: str = json.loads(made[made.index(b'="') + 1 : made.index(b"\\t")] + b'"')
    return first


def sorted_name(letter: str, first: str) -> str:
    """Return the name of the shard of the list `letter` that begins with the term `first`."""
    return letter + hashlib.sha256(units(first)).hexdigest()[:NAME_DIGITS]


def spread(letter: str, held: Sequence[bytes], gathered: Terms) -> list[bytes]:
    """Return the scripts of the list `letter` once what was `gathered` is among the lines of those that it `held`."""
    every = gathered.sorted()
    firsts = [units(first_of(made)) for made in held]
    cutter = _Cutter(letter)
    if not held:
        for key, term in every:
            cutter.add(key, gathered.line(term))
    start = 0
    for at, made in enumerate(held):
        end = len(every) if at + 1 == len(held) else start
        while end < len(every) and every[end][0] < firsts[at + 1]:
            end += 1
        if start < end or not cutter.cuts(firsts[at]):
            for key, line in _merged(lines_of(made), every[start:end], gathered):
                cutter.add(key, line)
        else:
            cutter.close()
            cutter.made.append(made)
        start = end
    cutter.close()
    return cutter.made


def _merged(lines: list[str], new: list[tuple[bytes, str]], gathered: Terms) -> Iterator[tuple[bytes, str]]:
    """Yield the sorted `lines` with those of the sorted terms `new` among them, each with its key."""
    keys = [units(line[: line.index("\t")]) for line in lines]
    done = 0
    for key, term in new:
        at = bisect_right(keys, key, done)
        is_known = at > done and keys[at - 1] == key
        yield from zip(keys[done : at - is_known], lines[done : at - is_known], strict=True)
        yield key, gathered.line(term, lines[at - 1] if is_known else "")
        done = at
    yield from zip(keys[done:], lines[done:], strict=True)


class _Cutter:
    """Cuts lines into scripts. What it does with a line depends on those that it holds since it cut last."""

    def __init__(self, letter: str) -> None:
        self._letter = letter
        self._lines: list[str] = []
        self._size = 0
        self.made: list[bytes] = []

    def cuts(self, key: bytes, length: int = 0) -> bool:
        """Return whether the term with this key begins a shard, if it is the next; its line has this `length`.

        Without a length one that begins a shard for its length alone is not seen to: it is then asked again by `add`.
        """
        if not self._size or self._size >= LARGEST or length >= LEAST:
            return True
        return self._size >= LEAST and crc32(key) % FIT == 0

    def add(self, key: bytes, line: str) -> None:
        """Take the next line."""
        if self.cuts(key, len(line)):
            self.close()
        self._lines.append(line)
        self._size += len(line) + 1

    def close(self) -> None:
        """End the shard that is begun, if any is."""
        if self._lines:
            name = sorted_name(self._letter, self._lines[0].partition("\t")[0])
            self.made.append(script(name, self._lines))
            self._lines, self._size = [], 0
