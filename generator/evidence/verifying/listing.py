"""The files of a folder that is not trusted: listed without following a link, and each read once for its digest."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import FaultError, Place, RefusedError, escape_control

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MOST_FILES = 2_000_000
MOST_DEPTH = 40
LONGEST_NAME = 4096
_CHUNK = 1 << 20
_THREADS = 4


class Listed(NamedTuple):
    """What stands in a folder, by path in it, `/` between its parts."""

    files: Mapping[str, Path]
    """Regular files."""
    odd: Mapping[str, str]
    """What is no regular file, each with what it is; never opened."""


def listed(folder: Path) -> Listed:
    """Return what stands below `folder`; raises `RefusedError` where it is too much, `FaultError` where it can't be."""
    files: dict[str, Path] = {}
    odd: dict[str, str] = {}
    for entry, path in _below(folder):
        name = _shown(path)
        if entry.is_symlink():
            odd[name] = "is a link, which is never followed"
        elif not entry.is_file(follow_symlinks=False):
            odd[name] = "is no regular file"
        else:
            files[name] = folder / path
        if len(files) + len(odd) > MOST_FILES:
            raise RefusedError("verify", f"more than {MOST_FILES} files", place=Place(str(folder)))
    return Listed(dict(sorted(files.items())), odd)


def _below(folder: Path) -> Iterator[tuple[os.DirEntry[str], str]]:
    waiting = [("", 0)]
    while waiting:
        above, depth = waiting.pop()
        try:
            with os.scandir(folder / above) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as fault:
            raise FaultError("read", str(fault), place=Place(str(folder / above))) from fault
        for entry in inside:
            path = f"{above}/{entry.name}" if above else entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield entry, path
            elif depth >= MOST_DEPTH:
                raise RefusedError("verify", f"more than {MOST_DEPTH} folders deep", place=Place(str(folder / path)))
            else:
                waiting.append((path, depth + 1))


def _shown(path: str) -> str:
    """Return a path as text: what is no UTF-8 shown as escapes, so that it equals no name that JSON can hold."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def odd_name(name: str) -> str:
    """Return why `name` can be no file of a bundle; empty where it can."""
    parts = name.split("/")
    faults = (
        (not name, "is empty"),
        (len(name) > LONGEST_NAME, "is too long"),
        (name.startswith("/") or name[1:2] == ":", "is an absolute path"),
        (".." in parts, "leads out of the folder"),
        ("" in parts or "." in parts, "is no plain path"),
        ("\\" in name or escape_control(name) != name, "holds a character that no file here has"),
        (unicodedata.normalize("NFC", name) != name, "is not in Unicode's normal form"),
    )
    return next((reason for odd, reason in faults if odd), "")


def digests(files: Mapping[str, Path], names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of each of the `names` of `files`; empty where it can't be read or is no regular file now."""
    wanted = list(names)
    with ThreadPoolExecutor(_THREADS) as pool:
        found = pool.map(_digest, (files[name] for name in wanted), chunksize=64)
        return dict(zip(wanted, found, strict=True))


def _digest(path: Path) -> str:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return ""
        digest = hashlib.sha256()
        while chunk := os.read(handle, _CHUNK):
            digest.update(chunk)
    except OSError:
        return ""
    finally:
        os.close(handle)
    return digest.hexdigest()


def read_bounded(path: Path, most: int) -> bytes | None:
    """Return the content of a regular file; `None` where it has more than `most` bytes.

    Raises `OSError` where it can't be read, also where it is a link.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, "is no regular file", str(path))
        data = file.read(most + 1)
    return data if len(data) <= most else None
