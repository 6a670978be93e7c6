"""Beginnings of files: what a bundle has in common with the one before it."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20


def copy_beginning(source: Path, target: Path, size: int) -> None:
    """Copy the first `size` bytes of a file; raises `OSError` where it has not as many."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as old, target.open("wb") as new:
        left = size
        while left:
            chunk = old.read(min(left, _CHUNK))
            if not chunk:
                raise OSError(errno.EIO, "shorter than it was", str(source))
            new.write(chunk)
            left -= len(chunk)
