"""Stamps of files: a name for a folder as it is, which changes whenever a file in it does."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

COMPILED = "__pycache__"
"""Folder that holds what is compiled from the files beside it."""
_PACKAGE = Path(__file__).parent.parent


@cache
def code_stamp() -> bytes:
    """Return a stamp of this package's own code, so that nothing outlives the code that it was made with.

    By content: a pipeline installs the same code anew for each run. The package is not written while it runs.
    """
    return folder_stamp(_PACKAGE, "*.py")


def folder_stamp(folder: Path, pattern: str = "*") -> bytes:
    """Return a stamp of the files in a folder whose names fit; that of a folder that is not there is empty of files.

    What is compiled from them and kept beside them is passed by.
    """
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and path.parent.name != COMPILED:
            found.update(path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape") + b"\0")
            found.update(hashlib.blake2b(path.read_bytes()).digest())
    return found.digest()
