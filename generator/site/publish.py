"""Putting a finished site in the place of the old one in one step, so that a reader never sees a mixture."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from generator.errors import AssayError, FaultError, Place, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2
MARK = "evidence/summary.json"
"""File that tells a site of ours from a folder of someone else's."""


@contextmanager
def publication(output: Path) -> Iterator[Path]:
    """Give a new folder beside `output` to build in; on leaving without an error its `site` takes `output`'s place.

    Until then `output` stays as it is, also when the process is killed; what a killed build left behind is removed
    by the next one. Raises `RefusedError` where `output` holds something that is no site, `FaultError` where another
    build is at work on it or the disk fails.
    """
    output = output.absolute()
    try:
        _refuse_foreign(output)
        output.parent.mkdir(parents=True, exist_ok=True)
        with alone(output):
            _remove_remains(output)
            work = output.with_name(f".{output.name}.new-{os.getpid()}")
            work.mkdir()
            try:
                yield work
                exchange(work / "site", output)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    except OSError as fault:
        raise fault_of(fault) from fault


def fault_of(fault: OSError) -> AssayError:
    """Return a fault of the machine as an error for a person."""
    code = "no-space" if fault.errno in {errno.ENOSPC, errno.EDQUOT} else "write"
    fix = "free some space, then build again" if code == "no-space" else "mend it, then build again"
    name = fault.filename if isinstance(fault.filename, str) else ""
    return FaultError(code, fault.strerror or str(fault), place=Place(name), fix=f"{fix}; the old site is untouched")


def exchange(new: Path, live: Path) -> None:
    """Put folder `new` in the place of `live`; what was there before is gone from `live` and left in `new`, if at all.

    One step where the system can exchange two names, else two renames with the first undone if the second fails.
    """
    if not live.exists():
        new.rename(live)
        return
    if _exchange_names(new, live):
        return
    old = new.with_name(f"{new.name}.old")
    live.rename(old)
    try:
        new.rename(live)
    except OSError:
        old.rename(live)
        raise


def _exchange_names(one: Path, other: Path) -> bool:
    """Exchange two names in one step; return whether the system could."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    done = rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    return bool(done == 0)


def _refuse_foreign(output: Path) -> None:
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise RefusedError("output", "not a folder", place=Place(str(output)), fix="name a folder for the site")
    if output.is_dir() and any(output.iterdir()) and not (output / MARK).is_file():
        reason = "the folder holds something that is no site of Assay"
        raise RefusedError("output", reason, place=Place(str(output)), fix="empty it, or name another")


def _remove_remains(output: Path) -> None:
    for remains in sorted(output.parent.glob(f".{_literal(output.name)}.new-*")):
        shutil.rmtree(remains)


def _literal(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


@contextmanager
def alone(output: Path) -> Iterator[None]:
    """Hold the lock of `output`; the file goes when the lock does, so that nothing is left beside the site.

    Raises `FaultError` where a build is at work on it.
    """
    path = output.with_name(f".{output.name}.lock")
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            fix = "wait until it has finished"
            raise FaultError("busy", "another build writes this site", place=Place(str(output)), fix=fix) from None
        if path.exists() and os.fstat(handle).st_ino == path.stat().st_ino:
            break
        os.close(handle)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)
