"""The name of an environment version: the digest of its topology.

SHA-256 over one line a component, sorted: `ID NUL DIGEST LF`. Connections follow from the components, so they add
nothing. The lines are kept sorted, so that one changed component costs one line and one hash.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.model.component import Component


class TopologyDigest:
    """The digest of an environment, following its components."""

    def __init__(self) -> None:
        """Start with an environment that has nothing."""
        self._lines: list[bytes] = []

    def replace(self, old: Component | None, new: Component | None) -> None:
        """Take `new` for `old`; `None` where there was or will be nothing."""
        if old is not None:
            del self._lines[bisect_left(self._lines, _line(old))]
        if new is not None:
            insort(self._lines, _line(new))

    def hexdigest(self) -> str:
        """Return the digest, 64 hexadecimal digits."""
        return hashlib.sha256(b"".join(self._lines)).hexdigest()


def _line(component: Component) -> bytes:
    return f"{component.id}\0{component.digest}\n".encode()
