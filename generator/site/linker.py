"""Links files as it is told on its standard input, in a process of its own: pages are drawn meanwhile.

Run by path, with nothing but the standard library. Input is pairs of paths, source and target, each ended by a zero
byte. A file that can't be linked is copied; the first that can't be copied either ends the work, with its reason on the
standard error.
"""

from __future__ import annotations

import os
import shutil
import sys

CHUNK = 1 << 16


def link(source: str | bytes, target: str | bytes) -> None:
    """Put the file `source` at `target`, too; raises `OSError` where that can't be done."""
    try:
        os.link(source, target)
    except OSError:
        # Another disk, or a system without links of this kind.
        shutil.copyfile(source, target)


def _work() -> None:
    left: list[bytes] = []
    rest = b""
    while data := os.read(0, CHUNK):
        *names, rest = (rest + data).split(b"\0")
        left += names
        for place in range(0, len(left) - 1, 2):
            link(left[place], left[place + 1])
        left = left[len(left) // 2 * 2 :]


if __name__ == "__main__":
    try:
        _work()
    except OSError as fault:
        sys.exit(f"{fault}")
