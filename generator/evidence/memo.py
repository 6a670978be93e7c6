"""What is costly to make and says the same for the same input, kept from one report to the next.

What was asked for in a report is kept, and nothing else: a memo never holds more than one report needs.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.stamps import code_stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SEAL = 32


class Memo:
    """Values by the key that says all of what they are made from."""

    def __init__(self, path: Path | None = None, base: bytes = b"") -> None:
        """Keep values in the file `path`; `None` for no longer than this report.

        `base` stands for everything that values depend on beside our code and what their keys say.
        """
        self._path, self._base = path, base
        self._asked: dict[bytes, bytes] = {}

    def get(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """Return the value of `key`, which may be long: the one that was kept, else what `make` gives."""
        key = hashlib.sha256(code_stamp() + self._base + key).digest()
        found = self._asked.get(key)
        if found is None:
            found = self._kept.get(key)
            self._asked[key] = found = make() if found is None else found
        return found

    def keep(self) -> None:
        """Write what was asked for, where that is possible and not what stands there."""
        if self._path is None or self._asked == self._kept:
            return
        data = msgspec.msgpack.encode(self._asked)
        work = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            work.parent.mkdir(parents=True, exist_ok=True)
            work.write_bytes(hashlib.sha256(data).digest() + data)
            work.replace(self._path)
        except OSError:
            # What can't be kept costs the next report time, and nothing else.
            with suppress(OSError):
                work.unlink()

    @cached_property
    def _kept(self) -> dict[bytes, bytes]:
        if self._path is None:
            return {}
        try:
            data = memoryview(self._path.read_bytes())
            if hashlib.sha256(data[_SEAL:]).digest() != data[:_SEAL]:
                return {}
            return msgspec.msgpack.decode(data[_SEAL:], type=dict[bytes, bytes])
        except (OSError, msgspec.MsgspecError):
            return {}
