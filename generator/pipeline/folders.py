"""Folders named on the command line, listed and read without ever following a link."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from generator.assurance.results.files import Listing
from generator.errors import FaultError, Place, RefusedError, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_FILES = 500_000
"""Files below a folder that are listed."""
MOST_DEPTH = 40


class Holding(NamedTuple):
    """What a folder is named for."""

    name: str
    """Name of the option without its dashes, with which codes of faults begin: `results` or `records`."""
    largest: int
    """Bytes of the largest file that is read."""
    told_links: bool = False
    """Whether links are listed too, so that whoever wants one is told that it is not followed; else they are passed
    over."""


def folder_listing(folder: Path, holding: Holding) -> Listing:
    """Return the files below `folder`; links, below it, are never followed, and what is no file is passed over.

    Raises `RefusedError` where it is no folder, holds more than `MOST_FILES` files or is too deep, and `FaultError`
    where it can't be listed.
    """
    name = holding.name
    if not folder.is_dir():
        raise RefusedError(name, "no such folder", place=Place(str(folder)), fix=f"check --{name}")
    root = folder.resolve()
    found: dict[str, str] = {}
    for handle in _below(root, holding):
        found[os.fsencode(handle).decode("utf-8", "backslashreplace")] = handle
        if len(found) > MOST_FILES:
            raise RefusedError(name, f"more than {MOST_FILES} files", place=Place(str(folder)))
    return Listing(found, lambda handle, path: _read(root, handle, path, holding))


def _below(root: Path, holding: Holding) -> Iterator[str]:
    """Yield the path of every regular file from `root`, which is told apart from links before it is opened."""
    name, waiting = holding.name, [("", 0)]
    while waiting:
        above, depth = waiting.pop()
        try:
            with os.scandir(root / above) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as fault:
            raise FaultError(name, str(fault), place=Place(str(root / above))) from fault
        for entry in inside:
            path = f"{above}/{entry.name}" if above else entry.name
            if entry.is_dir(follow_symlinks=False):
                if depth >= MOST_DEPTH:
                    raise RefusedError(name, f"more than {MOST_DEPTH} folders deep", place=Place(str(root / path)))
                waiting.append((path, depth + 1))
            elif entry.is_file(follow_symlinks=False) or (holding.told_links and entry.is_symlink()):
                yield path


def _read(root: Path, handle: str, path: str, holding: Holding) -> bytes | Unreadable:
    name, largest = holding.name, holding.largest
    file = root / handle
    if holding.told_links and file.is_symlink():
        return Unreadable(
            f"{name}-link", "is a symbolic link, which is never followed", Place(path), "put a file there"
        )
    # A folder on the way may have become a link since it was listed.
    if not file.resolve().is_relative_to(root):
        return Unreadable(f"{name}-outside", f"leads out of the folder of {name}", Place(path))
    try:
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as content:
            told = os.fstat(content.fileno())
            if not stat.S_ISREG(told.st_mode):
                return Unreadable(f"{name}-no-file", "is no regular file", Place(path))
            data = content.read(largest + 1)
    except OSError as fault:
        return Unreadable(f"{name}-unreadable", fault.strerror or "can't be read", Place(path))
    if len(data) > largest:
        return Unreadable("too-large", f"{told.st_size} bytes, more than the {largest} that are read", Place(path))
    return data
