"""What is costly to make and says the same for the same input, kept from one report to the next.

What was asked for in a report is kept, and nothing else: a memo never holds more than one report needs.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.cached import read_sealed, write_sealed
from generator.evidence.stamps import code_stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


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

    @property
    def asked(self) -> dict[bytes, bytes]:
        """What was asked for until now, for the memo of the same name in a copy of this process, see `learn`."""
        return self._asked

    def learn(self, asked: Mapping[bytes, bytes]) -> None:
        """Take what was `asked` of this memo in a copy of this process, as if it had been asked for here."""
        self._asked.update(asked)

    def keep(self) -> None:
        """Write what was asked for, where that is possible and not what stands there."""
        if self._path is None or self._asked == self._kept:
            return
        write_sealed(self._path, msgspec.msgpack.encode(self._asked))

    @cached_property
    def _kept(self) -> dict[bytes, bytes]:
        data = read_sealed(self._path) if self._path is not None else None
        if data is None:
            return {}
        try:
            return msgspec.msgpack.decode(data, type=dict[bytes, bytes])
        except msgspec.MsgspecError:
            return {}
