"""Readings kept on disk by their content: checked on reading, safe to delete, and nothing in it is ever run.

Only what passed the mask is kept, so no secret comes to rest here. An entry is the SHA-256 of its payload and the
payload; one that does not fit is thrown away and made anew.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MARK = b"assay-cache-1\n"
_DIGEST = 32
LONGEST = 64_000_000
"""Bytes of the largest entry that is kept."""


class Cache:
    """A folder of entries. One that can't be written is used as it is: a cache never fails a run."""

    def __init__(self, folder: Path) -> None:
        """Keep entries below `folder`, which is made when the first one is written."""
        self._folder = folder
        self.damaged = 0
        """Entries that were thrown away since they were not what was written."""
        self.writable = True
        """False once an entry could not be written."""

    def get(self, key: str) -> bytes | None:
        """Return what was kept under `key` (hexadecimal); `None` where there is nothing, or nothing sound."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        head = len(_MARK) + _DIGEST
        payload = data[head:]
        if data[: len(_MARK)] == _MARK and data[len(_MARK) : head] == _check(key, payload):
            return payload
        self.damaged += 1
        self.drop(key)
        return None

    def drop(self, key: str) -> None:
        """Throw an entry away."""
        with suppress(OSError):
            self._path(key).unlink()

    def put(self, key: str, payload: bytes) -> None:
        """Keep `payload` under `key`, whole or not at all."""
        if not self.writable or len(payload) > LONGEST:
            return
        path = self._path(key)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(_MARK + _check(key, payload) + payload)
                os.replace(name, path)  # noqa: PTH105 - the name is a text here
            except OSError:
                with suppress(OSError):
                    os.unlink(name)  # noqa: PTH108 - as above
                raise
        except OSError:
            self.writable = False

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]


def _check(key: str, payload: bytes) -> bytes:
    """Return the checksum of an entry; with its key, so that an entry under a wrong name is not taken."""
    return hashlib.sha256(key.encode() + b"\0" + payload).digest()
