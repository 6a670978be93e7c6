"""Lists that are kept as differences (topologies, findings, drift), gone through line by line, each digest anew.

One list is held at a time; a line costs what it changes.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, insort
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.verifying.texts import TWICE, TextError, canonical_lines, decoded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

_MODULUS = 1 << 256
_COMPONENT = "c "


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    digest: str
    base: str = ""
    set: dict[str, msgspec.Raw] = {}
    unset: tuple[str, ...] = ()


class _Entry(msgspec.Struct):
    """What of any entry is looked at."""

    component: str = ""
    level: str = ""
    drift: str = ""
    expected: str = ""
    exempt: dict[str, str] | None = None

    @property
    def counted_as(self) -> str:
        """How deployments count a finding or a difference."""
        if self.level:
            return "waived" if self.exempt is not None else self.level
        if self.expected:
            return "expected"
        return "accepted" if self.exempt is not None else self.drift


class _Digest:
    """The digest of a list of findings or drift, followed entry by entry, and how many there are of each sort."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._sum = 0
        self._entries = msgspec.json.Decoder(_Entry)
        self._known: dict[str, tuple[int, str]] = {}

    def put(self, key: str, text: bytes) -> str:
        value = int.from_bytes(hashlib.sha256(key.encode() + b"\0" + text).digest(), "big")
        self.drop(key)
        sort = decoded(self._entries, text).counted_as
        self._known[key] = (value, sort)
        self._sum += value
        self.counts[sort] += 1
        return ""

    def drop(self, key: str) -> None:
        value, sort = self._known.pop(key, (0, ""))
        self._sum -= value
        if sort:
            self.counts[sort] -= 1

    @property
    def digest(self) -> str:
        return (self._sum % _MODULUS).to_bytes(32, "big").hex()[:32]


class _Topology:
    """The digest of a topology: over the sorted lines of its components."""

    def __init__(self, components: Collection[bytes]) -> None:
        self.counts: Counter[str] = Counter()
        self._components = components
        self._entries = msgspec.json.Decoder(_Entry)
        self._lines: list[bytes] = []
        self._known: dict[str, bytes] = {}

    def put(self, key: str, text: bytes) -> str:
        self.drop(key)
        if not key.startswith(_COMPONENT):
            return ""
        name = decoded(self._entries, text).component
        line = self._known[key] = f"{key[len(_COMPONENT) :]}\0{name}\n".encode()
        insort(self._lines, line)
        return "" if name.encode() in self._components else f"names the component state {name!r}, which is not there"

    def drop(self, key: str) -> None:
        line = self._known.pop(key, None)
        if line is not None:
            del self._lines[bisect_left(self._lines, line)]

    @property
    def digest(self) -> str:
        return hashlib.sha256(b"".join(self._lines)).hexdigest()


class ListWalk:
    """The lists of one kind of one environment, walked beside its deployments.

    What is wrong is told as `TextError` with the line, from the first fault on: the lines after it build on it.
    """

    def __init__(self, path: Path, components: Collection[bytes] | None) -> None:
        """Stand before the first line of `path`; for topologies `components` are the states that there are."""
        self._lines: Iterator[tuple[int, bytes]] = canonical_lines(path) if path.is_file() else iter(())
        self._of: _Digest | _Topology = _Digest() if components is None else _Topology(components)
        self._held: dict[str, bytes] = {}
        self._decoder = msgspec.json.Decoder(_Line)
        self.digest = ""
        self.number = 0

    @property
    def counts(self) -> Mapping[str, int]:
        """How many entries of each sort the list has."""
        return self._of.counts

    def advance(self, digest: str) -> None:
        """Go to the list named `digest`: the one held, or the one of the next line; raises `TextError` otherwise."""
        if digest == self.digest:
            return
        number, text = next(self._lines, (0, b""))
        if not number:
            raise TextError(0, f"ends before the list {digest[:12]}… that a deployment names")
        self._take(number, text)
        if self.digest != digest:
            raise TextError(number, f"is the list {self.digest[:12]}…, and the next deployment has {digest[:12]}…")

    def _take(self, number: int, text: bytes) -> None:
        line: _Line = decoded(self._decoder, text, number)
        if line.base and line.base != self.digest:
            raise TextError(number, f"builds on the list {line.base[:12]}…, and the one before it is another")
        if line.set.keys() & set(line.unset):
            raise TextError(number, TWICE)
        gone = set(line.unset) if line.base else self._held.keys() - line.set.keys()
        for key in gone:
            if self._held.pop(key, None) is None:
                raise TextError(number, f"takes {key!r} away, which was not there")
            self._of.drop(key)
        for key, raw in line.set.items():
            self._put(number, key, bytes(raw))
        self.digest, self.number = line.digest, number
        if self._of.digest != line.digest:
            raise TextError(number, f"has entries whose digest is {self._of.digest[:12]}…, not {line.digest[:12]}…")

    def _put(self, number: int, key: str, text: bytes) -> None:
        if self._held.get(key) == text:
            return
        self._held[key] = text
        try:
            fault = self._of.put(key, text)
        except TextError as error:
            raise TextError(number, f"{key!r} {error.reason}") from error
        if fault:
            raise TextError(number, f"{key!r} {fault}")

    def end(self) -> None:
        """See that no line is left; raises `TextError` for one that no deployment has."""
        number, _ = next(self._lines, (0, b""))
        if number:
            raise TextError(number, "is a list that no deployment has")
