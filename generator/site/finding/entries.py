"""Entries of Find, a fixed number to a shard, so that the number of an entry says where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.finding.shards import lines_of, script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SHARD = 64
"""Entries of a shard: what a page loads to show one of them."""


class Entries:
    """Entries that stay as they are once they are told: full shards are handed on, and not held."""

    def __init__(self, name: str, settle: Callable[[str, bytes], object], count: int, held: Iterable[str]) -> None:
        """Go on after `count` entries, of which the last, that fill no shard, are `held`.

        `settle` is called with the name and the script of each shard that is full.
        """
        self._name, self._settle = name, settle
        self.count, self.held = count, list(held)

    def add(self, line: str) -> int:
        """Take one entry; return its number."""
        self.held.append(line)
        self.count += 1
        if len(self.held) == SHARD:
            self._settle(*self._shard())
            self.held = []
        return self.count - 1

    def rest(self) -> Iterator[tuple[str, bytes]]:
        """Yield the shard that is not full yet, if there is one, with its name."""
        if self.held:
            yield self._shard()

    def _shard(self) -> tuple[str, bytes]:
        name = f"{self._name}{(self.count - 1) // SHARD}"
        return name, script(name, self.held)


class Versions:
    """Versions of components, each with the first deployment that it had in each environment."""

    def __init__(self, name: str, keys: Iterable[str], shards: Iterable[bytes]) -> None:
        """Go on after the versions `keys`, whose entries stand in `shards`."""
        self._name = name
        self._numbers = {key: number for number, key in enumerate(keys)}
        self._shards = list(shards)
        self._open: dict[int, list[str]] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._numbers)

    def add(self, component: int, version: str, shown: str, environment: int, sequence: int) -> int | None:
        """Note that a deployment brought a version of the component with this number; return its number if it is new.

        `shown` is the version as it is shown.
        """
        key = f"{component}\t{version}"
        number = self._numbers.get(key)
        place = f"{environment}:{sequence}"
        if number is None:
            number = self._numbers[key] = len(self._numbers)
            self._lines(number).append(f"{component}\t{shown}\t{place}")
            return number
        lines, at = self._lines(number), number % SHARD
        _head, _tab, places = lines[at].rpartition("\t")
        start = f"{environment}:"
        if not any(known.startswith(start) for known in places.split(" ")):
            lines[at] = f"{lines[at]} {place}"
        return None

    def keys(self) -> list[str]:
        """Return what tells each version from others, in the order of their numbers."""
        return list(self._numbers)

    def shards(self) -> list[bytes]:
        """Return every shard."""
        for at, lines in sorted(self._open.items()):
            self._shards[at : at + 1] = [script(self.shard_name(at), lines)]
        self._open = {}
        return self._shards

    def shard_name(self, at: int) -> str:
        """Return the name of the shard at `at`."""
        return f"{self._name}{at}"

    def _lines(self, number: int) -> list[str]:
        at = number // SHARD
        if at not in self._open:
            self._open[at] = lines_of(self._shards[at]) if at < len(self._shards) else []
        return self._open[at]
