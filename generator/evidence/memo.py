"""What was computed, kept by the digest of what it was computed from: where that is the same, so is the result."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.stamps import code_stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SEAL = 32


class Memo:
    """Results by their keys. Without a `path` nothing is known, and nothing is kept."""

    def __init__(self, path: Path | None = None) -> None:
        """Read what an earlier run kept in the file `path`; one that can't be read holds nothing."""
        self._path = path
        self._kept = _read(path) if path is not None else {}
        self._used: dict[bytes, bytes] = {}

    def get(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """Return what belongs to `key`, which names everything that `make` makes it from."""
        digest = hashlib.blake2b(key, digest_size=20).digest()
        found = self._kept.get(digest)
        if found is None:
            found = make()
        self._used[digest] = found
        return found

    def keep(self) -> None:
        """Write what this run asked for, where that is possible."""
        if self._path is None or self._used == self._kept:
            return
        data = msgspec.msgpack.encode((code_stamp(), self._used))
        work = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            work.write_bytes(hashlib.sha256(data).digest() + data)
            work.replace(self._path)
        except OSError:
            # What can't be kept costs the next report time, and nothing else.
            with suppress(OSError):
                work.unlink()


def _read(path: Path) -> dict[bytes, bytes]:
    try:
        data = path.read_bytes()
        body = memoryview(data)[_SEAL:]
        if hashlib.sha256(body).digest() != data[:_SEAL]:
            return {}
        stamp, kept = msgspec.msgpack.decode(body, type=tuple[bytes, dict[bytes, bytes]])
    except (OSError, msgspec.MsgspecError):
        return {}
    return kept if stamp == code_stamp() else {}
