"""Stamps of files: a name for a folder as it is, which changes whenever a file in it does."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PACKAGE = Path(__file__).parent.parent


def code_stamp() -> bytes:
    """Return a stamp of this package's own code, so that nothing outlives the code that it was made with."""
    return _stamp(_PACKAGE, sorted(_PACKAGE.rglob("*.py")))


def folder_stamp(folder: Path) -> bytes:
    """Return a stamp of the contents of a folder; that of one that is not there is empty."""
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(path.relative_to(folder).as_posix().encode() + b"\0")
            found.update(hashlib.blake2b(path.read_bytes()).digest())
    return found.digest()


def _stamp(folder: Path, paths: Iterable[Path]) -> bytes:
    """Return a stamp by size and time of change: a package is not written while it runs."""
    found = hashlib.blake2b(digest_size=16)
    for path in paths:
        about = path.stat()
        found.update(f"{path.relative_to(folder)}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    return found.digest()
