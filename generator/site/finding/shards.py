"""A long sorted list, cut into scripts of a few ten thousand characters: the one that holds a term is found by firsts.

Each script sets one text of lines, so that a browser takes it in as fast as it can read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.finding.packing import literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST = 48_000
"""Characters of a shard beyond which the next one begins."""


def write_sorted(folder: Path, name: str, lines: Iterable[str]) -> list[str]:
    """Write sorted lines (term, tab, what it leads to) as `NAME0.js` and so on; return the first term of each."""
    firsts: list[str] = []
    held: list[str] = []
    size = 0
    for line in lines:
        if held and size + len(line) > LARGEST:
            _write(folder, f"{name}{len(firsts)}", held)
            firsts.append(held[0].partition("\t")[0])
            held, size = [], 0
        held.append(line)
        size += len(line) + 1
    if held:
        _write(folder, f"{name}{len(firsts)}", held)
        firsts.append(held[0].partition("\t")[0])
    return firsts


class Entries:
    """The lines of one kind of entry, written a fixed number to a shard, so that a number says where it stands."""

    def __init__(self, folder: Path, name: str, size: int) -> None:
        """Write into `folder` as `NAME0.js` and so on, `size` entries each."""
        self._folder, self._name, self._size = folder, name, size
        self._held: list[str] = []
        self.count = 0

    def add(self, line: str) -> int:
        """Take one entry; return its number."""
        self._held.append(line)
        self.count += 1
        if len(self._held) == self._size:
            self.close()
        return self.count - 1

    def close(self) -> None:
        """Write what is held."""
        if self._held:
            _write(self._folder, f"{self._name}{(self.count - 1) // self._size}", self._held)
            self._held = []


def _write(folder: Path, name: str, lines: list[str]) -> None:
    text = literal("\n".join(lines))
    (folder / f"{name}.js").write_text(f"(globalThis.assayFound??={{}}).{name}={text};\n", "ascii")
