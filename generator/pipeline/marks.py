"""Where the memory of a run lies in the cache, and the mark beside it: which bundles the memory holds for.

The memory is long and is written seldom; the mark is short and is written by each run that publishes. A run that went
on from a memory wrote a bundle that begins as the one before it did, so that the memory holds for its bundle as well.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.cached import read_sealed, write_sealed, write_whole
from generator.history.chains import Known  # noqa: TC001 - marks are decoded by their annotations

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "runs"
MEASURES = "measures"
MOST_BUNDLES = 32
"""Bundles that a mark names, the newest: one that was gathered may never have been published."""
_MARK = ".mark"


class Mark(msgspec.Struct, frozen=True):
    """What is to be known of a memory before it is read."""

    memory: str
    """SHA-256 of the memory."""
    chain: Known
    """The chain that was taken in."""
    bundles: tuple[str, ...]
    """SHA-256 of the manifest of each bundle that the memory holds for, oldest first."""
    stated: dict[str, int] | None
    """Bytes of each environment's statements on what was written by then; `None` where they depend on the run."""

    def holding(self, manifest: str) -> Mark:
        """Return the mark of the same memory, once it holds for one more bundle."""
        others = [bundle for bundle in self.bundles if bundle != manifest]
        return msgspec.structs.replace(self, bundles=(*others, manifest)[-MOST_BUNDLES:])


class Kept:
    """The memory of runs of one key, with its mark."""

    def __init__(self, cache: Path, key: str) -> None:
        """Look for them in the folder `cache`."""
        self._mark, self._memory = cache / FOLDER / f"{key}{_MARK}", cache / FOLDER / f"{key}.state"
        self.measures = cache / MEASURES / key
        """Folder for what is kept of measures."""

    def mark(self) -> Mark | None:
        """Return the mark; `None` where there is none, or a damaged one."""
        return _read(self._mark)

    def memory(self, mark: Mark) -> bytes | None:
        """Return the memory that `mark` is of; `None` where it is gone, damaged, or another's."""
        try:
            data = self._memory.read_bytes()
        except OSError:
            return None
        return data if digest_of(data) == mark.memory else None

    def keep(self, mark: Mark, memory: bytes | None) -> None:
        """Keep `mark` and, unless it is kept already, its memory; a cache that can't be written keeps nothing."""
        if memory is None or write_whole(self._memory, memory):
            write_sealed(self._mark, msgspec.json.encode(mark))


def mark_of(cache: Path, manifest: str) -> Mark | None:
    """Return a mark in the folder `cache` that names the bundle whose manifest has this SHA-256."""
    found = (_read(path) for path in sorted((cache / FOLDER).glob(f"*{_MARK}")))
    return next((mark for mark in found if mark is not None and manifest in mark.bundles), None)


def digest_of(memory: bytes) -> str:
    """Return what a mark calls a memory."""
    return hashlib.sha256(memory).hexdigest()


def _read(path: Path) -> Mark | None:
    data = read_sealed(path)
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=Mark)
    except msgspec.MsgspecError:
        return None
