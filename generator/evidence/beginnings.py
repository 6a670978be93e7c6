"""Beginnings of files: what a bundle has in common with the one before it."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 18
"""Bytes at a time, into the same memory: a new piece for each would cost more than what is copied."""


def copy_beginning(source: Path, target: Path, size: int) -> None:
    """Copy the first `size` bytes of a file; raises `OSError` where it has not as many."""
    target.parent.mkdir(parents=True, exist_ok=True)
    chunk = memoryview(bytearray(_CHUNK))
    with source.open("rb", buffering=0) as old, target.open("wb") as new:
        left = size
        while left:
            count = old.readinto(chunk[:left])
            if not count:
                raise OSError(errno.EIO, "shorter than it was", str(source))
            new.write(chunk[:count])
            left -= count
