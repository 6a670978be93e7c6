"""Two folders held against each other: the first byte in which each file differs, with what stands around it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_AROUND = 30
"""Bytes of context on either side."""
_LINES = 60
"""Lines that are shown of what diffoscope says of one file."""


@dataclass(frozen=True)
class Difference:
    """A file that is not the same in both folders."""

    path: str
    offset: int = -1
    """First byte that differs; -1 where the file is in one folder only."""
    bytes_: tuple[str, str] = ("", "")
    """Those bytes, hexadecimal; `end` where a file is over before."""
    context: tuple[str, str] = ("", "")

    def __str__(self) -> str:
        """Return it as lines for a person."""
        if self.offset < 0:
            return f"{self.path}: only in the {self.context[0] or self.context[1]} build"
        head = f"{self.path}: byte {self.offset} is {self.bytes_[0]} in one, {self.bytes_[1]} in the other"
        return f"{head}\n    one:   {self.context[0]}\n    other: {self.context[1]}"


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path in it; a link is read as where it leads to."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}".encode()
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


def differences(one: Path, other: Path) -> list[Difference]:
    """Return what differs between two folders, in the order of paths."""
    return list(_differences(contents(one), contents(other)))


def _differences(one: dict[str, bytes], other: dict[str, bytes]) -> Iterator[Difference]:
    for path in sorted(one.keys() | other.keys()):
        if path not in one or path not in other:
            yield Difference(path, context=("first", "") if path in one else ("", "second"))
        elif one[path] != other[path]:
            yield _difference(path, one[path], other[path])


def _difference(path: str, one: bytes, other: bytes) -> Difference:
    short = min(len(one), len(other))
    offset = next((n for n in range(short) if one[n] != other[n]), short)
    return Difference(
        path, offset, (_byte(one, offset), _byte(other, offset)), (_around(one, offset), _around(other, offset))
    )


def _byte(data: bytes, offset: int) -> str:
    return f"{data[offset]:02x}" if offset < len(data) else "end"


def _around(data: bytes, offset: int) -> str:
    return ascii(data[max(0, offset - _AROUND) : offset + _AROUND].decode("utf-8", "replace"))


def looked_into(one: Path, other: Path, difference: Difference) -> list[str]:
    """Return what diffoscope says of a file; nothing where it is not installed, or the file is in one folder only."""
    program = shutil.which("diffoscope")
    if program is None or difference.offset < 0:
        return []
    done = subprocess.run(
        [program, "--text", "-", str(one / difference.path), str(other / difference.path)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=120,
    )
    return done.stdout.splitlines()[:_LINES]
