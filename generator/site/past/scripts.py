"""A script of the past: one property that is set, so that a page opened from a folder can load it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_script(path: Path, part: str, data: bytes) -> bytes:
    """Write the script that sets `part` to `data`, which is JSON; return its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # What stands there may be a file of the former site, too.
    path.unlink(missing_ok=True)
    # No text of a repository should look like markup to whoever meets the file elsewhere.
    text = b'(globalThis.assayHistoryParts ??= {})["%s"] = %s;\n' % (part.encode(), data.replace(b"<", rb"\u003c"))
    path.write_bytes(text)
    return hashlib.sha256(text).digest()
