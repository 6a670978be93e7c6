"""Linking many files while other work goes on.

A third of a second for twenty thousand files is the system's, so a process of its own does it: threads would wait for
each other at each call.
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cached_property
from typing import IO, TYPE_CHECKING, cast

from generator.errors import FaultError
from generator.site import linker

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Self

MANY = 2048
"""Files from which on a process of its own is worth its start."""


STOCKED = ("releases", "topologies", "environments")
"""Folders of a site in which nothing stands but pages of which there are many."""


class Linking:
    """Files that are to stand at a second place, too: linked there, or copied where that is not possible."""

    def __init__(self) -> None:
        """Begin without any."""
        self._pairs: list[tuple[str, str]] = []
        self._process: subprocess.Popen[bytes] | None = None

    def link(self, source: Path | str, target: Path | str) -> None:
        """Put the file `source` at `target`, now or by `finish`."""
        self._pairs.append((os.fspath(source), os.fspath(target)))
        if len(self._pairs) >= MANY:
            self._hand_over()

    def finish(self) -> None:
        """Wait until every file stands; raises `FaultError` where one could not be put at its place."""
        if self._process is None:
            self._link_here()
            return
        self._hand_over()
        _, told = self._process.communicate()
        failed, self._process = self._process.returncode, None
        if failed:
            reason = told.decode("utf-8", "replace").strip() or f"linking ended with {failed}"
            raise _fault(reason)

    def _link_here(self) -> None:
        try:
            for source, target in self._pairs:
                linker.link(source, target)
        except OSError as fault:
            raise _fault(str(fault)) from fault
        self._pairs.clear()

    def _hand_over(self) -> None:
        if self._process is None:
            command = [sys.executable, "-I", "-S", linker.__file__]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - ours
        names = b"".join(os.fsencode(name) + b"\0" for pair in self._pairs for name in pair)
        self._pairs.clear()
        # Where the process has ended already, `finish` says why.
        with suppress(BrokenPipeError):
            cast("IO[bytes]", self._process.stdin).write(names)


class Stock:
    """Links to the mass pages of a former site, made while the new report is gathered: most come over as they are.

    Without a `folder` it holds nothing. As a context it ends with its block.
    """

    def __init__(self, former: Path | None = None, folder: Path | None = None) -> None:
        """Begin to link the pages of the site `former` into `folder`, which is made, and is on the same disk."""
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._told: IO[bytes] | None = None
        if former is None or folder is None:
            return
        command = [sys.executable, "-I", "-S", linker.__file__, os.fspath(former), os.fspath(folder), *STOCKED]
        # Without a file to be told in there is no stock, and all comes out the same.
        with suppress(OSError):
            self._told = tempfile.TemporaryFile()  # noqa: SIM115 - open until `marks` has read it
            self._process = subprocess.Popen(command, stdout=self._told, stderr=subprocess.DEVNULL)  # noqa: S603 - ours

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *fault: object) -> None:
        """End the linking where nobody asked for it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._told is not None:
            self._told.close()

    @cached_property
    def marks(self) -> Mapping[str, tuple[int, int, int]]:
        """Size, time and number on the disk of each file, by its path in the site; none where linking failed."""
        if self._process is None or self._told is None:
            return {}
        failed, self._process = self._process.wait(), None
        if failed:
            return {}
        self._told.seek(0)
        # Written by our own process, into a file without a name.
        found: dict[str, tuple[int, int, int]] = marshal.loads(self._told.read())  # noqa: S302
        return found

    def lay(self, site: Path) -> dict[str, tuple[int, int, int]]:
        """Put its folders into `site`, in which nobody writes meanwhile; return the marks of what stands there by that.

        What stands in folders of the same names there stays.
        """
        laid = dict(self.marks)
        for name in STOCKED if laid else ():
            there, here = f"{self._folder}/{name}", site / name
            if os.path.isdir(there):  # noqa: PTH112 - a folder of our own
                for path in here.iterdir() if here.is_dir() else ():
                    path.replace(f"{there}/{path.name}")
                    laid.pop(f"{name}/{path.name}", None)
                with suppress(FileNotFoundError):
                    here.rmdir()
                os.replace(there, here)  # noqa: PTH105 - as above
        return laid


def _fault(reason: str) -> FaultError:
    return FaultError("write", reason, fix="mend it, then build again; the old site is untouched")
