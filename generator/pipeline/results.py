"""Where imported results come from: the repository's files, a folder that was named, and git notes."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Protocol

from generator.assurance.results.files import Listing
from generator.assurance.results.index import ResultsIndex
from generator.assurance.results.result import MAX_BYTES, hidden
from generator.errors import FaultError, Place, RefusedError, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from generator.config.results import ResultSource
    from generator.history.notes import Annotations
    from generator.readers.reader import Mask

MOST_FILES = 500_000
"""Files below the folder that are listed."""
MOST_DEPTH = 40
_NO_FOLDER = "no folder of results was named by --results"


class Annotated(Protocol):
    """Gives the notes of a ref; a repository does."""

    def annotations(self, ref: str, /) -> Annotations:
        """Return the notes of `ref`."""
        ...


def results_index(
    results: Sequence[ResultSource],
    tree: Listing,
    repository: Annotated,
    *,
    folder: Path | None = None,
    environments: Sequence[str] = (),
    commits: Iterable[str] = (),
    mask: Mask = hidden,
) -> ResultsIndex:
    """Return the index of all results that the configuration names; nothing is read before it is asked for.

    `tree` holds the files of the newest commit, path → object id, and reads objects, those of notes too; `folder` is
    the one of `--results`; `commits` are the ids of all known commits. Raises `RefusedError` where the folder can't be
    listed.
    """
    listings = {"path": tree}
    if any(source.folder is not None for source in results):
        listings["folder"] = folder_listing(folder) if folder is not None else Listing({}, _nothing, _NO_FOLDER)
    for ref in sorted({source.notes for source in results if source.notes}):
        found = repository.annotations(ref)
        listings[ref] = Listing(found.blobs, tree.read, found.note)
    return ResultsIndex(results, listings, environments=environments, commits=commits, mask=mask)


def folder_listing(folder: Path) -> Listing:
    """Return the files below `folder`; links, below it, are never followed, and what is no file is passed over.

    Raises `RefusedError` where it is no folder or holds more than `MOST_FILES` files.
    """
    if not folder.is_dir():
        raise RefusedError("results", "no such folder", place=Place(str(folder)), fix="check --results")
    root = folder.resolve()
    found: dict[str, str] = {}
    for handle in _below(root):
        found[os.fsencode(handle).decode("utf-8", "backslashreplace")] = handle
        if len(found) > MOST_FILES:
            raise RefusedError("results", f"more than {MOST_FILES} files", place=Place(str(folder)))
    return Listing(found, lambda handle, path: _read(root, handle, path))


def _below(root: Path) -> Iterator[str]:
    """Yield the path of every regular file from `root`, which is told apart from links before it is opened."""
    waiting = [("", 0)]
    while waiting:
        above, depth = waiting.pop()
        try:
            with os.scandir(root / above) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as fault:
            raise FaultError("results", str(fault), place=Place(str(root / above))) from fault
        for entry in inside:
            path = f"{above}/{entry.name}" if above else entry.name
            if entry.is_dir(follow_symlinks=False):
                if depth < MOST_DEPTH:
                    waiting.append((path, depth + 1))
            elif entry.is_file(follow_symlinks=False):
                yield path


def _read(root: Path, handle: str, path: str) -> bytes | Unreadable:
    file = root / handle
    # A folder on the way may have become a link since it was listed.
    if not file.resolve().is_relative_to(root):
        return Unreadable("results-outside", "leads out of the folder of results", Place(path))
    try:
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as content:
            told = os.fstat(content.fileno())
            if not stat.S_ISREG(told.st_mode):
                return Unreadable("results-no-file", "is no regular file", Place(path))
            data = content.read(MAX_BYTES + 1)
    except OSError as fault:
        return Unreadable("results-unreadable", fault.strerror or "can't be read", Place(path))
    if len(data) > MAX_BYTES:
        return Unreadable("too-large", f"{told.st_size} bytes, more than the {MAX_BYTES} that are read", Place(path))
    return data


def _nothing(_: str, path: str) -> bytes | Unreadable:
    return Unreadable("results-unreadable", _NO_FOLDER, Place(path))
