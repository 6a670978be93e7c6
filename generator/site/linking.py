"""Linking many files while other work goes on.

A third of a second for twenty thousand files is the system's, so a process of its own does it: threads would wait for
each other at each call.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING, cast

from generator.errors import FaultError
from generator.site import linker

if TYPE_CHECKING:
    from pathlib import Path

MANY = 2048
"""Files from which on a process of its own is worth its start."""


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


def _fault(reason: str) -> FaultError:
    return FaultError("write", reason, fix="mend it, then build again; the old site is untouched")
