"""Secrets as keyed fingerprints: that a value changed can be told, what it is cannot.

The key is the user's own (see SECURITY.md) or derived from the repository's first commit. A derived key is no secret,
so a short password could be guessed from its fingerprint; scrypt makes each guess cost some milliseconds and
megabytes, which an own key turns from costly into hopeless.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_COST = 1 << 12
_BLOCK = 8
_SIZE = 6


class Fingerprints:
    """A `Mask`: the same value gives the same fingerprint within one key."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        """Ask for the `key` only when the first secret is met: deriving it may wait for git."""
        self._key = key
        self._known: dict[bytes, str] = {}

    def __call__(self, value: str) -> str:
        """Return the fingerprint of `value`, such as `secret:5f1c0a9be2d4`."""
        data = value.encode("utf-8", "surrogatepass")
        # Kept by a hash, so that no secret stays in memory longer than its file.
        known = hashlib.sha256(data).digest()
        if known not in self._known:
            fingerprint = hashlib.scrypt(data, salt=self._key(), n=_COST, r=_BLOCK, p=1, dklen=_SIZE)
            self._known[known] = f"secret:{fingerprint.hex()}"
        return self._known[known]
