"""Files of the cache: written whole or not at all, and read only where they are what was written.

Whatever is kept in the cache may be lost or damaged at any time: that costs the next run time, and nothing else.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SEAL = 32


def write_whole(path: Path, data: bytes) -> bool:
    """Write `data` into the file `path` in one step; return whether that was possible."""
    work = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        work.write_bytes(data)
        work.replace(path)
    except OSError:
        with suppress(OSError):
            work.unlink()
        return False
    return True


def write_sealed(path: Path, data: bytes) -> bool:
    """Write `data` after its SHA-256 into the file `path` in one step; return whether that was possible."""
    return write_whole(path, hashlib.sha256(data).digest() + data)


def read_sealed(path: Path) -> memoryview | None:
    """Return what `write_sealed` wrote; `None` where the file is gone or damaged."""
    try:
        found = memoryview(path.read_bytes())
    except OSError:
        return None
    data = found[_SEAL:]
    return data if hashlib.sha256(data).digest() == found[:_SEAL] else None
