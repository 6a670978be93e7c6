"""Work in a copy of this process, beside what it goes on with: on two processors, two halves of a build at once.

The copy has all that was read until then, and hands back bytes. Whatever keeps it from doing so costs time alone: the
work is then done here.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

_THREADS = Path("/proc/self/task")


class Beside:
    """One piece of work in a copy of this process, from the beginning of the block until its `result` is asked for."""

    def __init__(self, work: Callable[[], bytes], jobs: int) -> None:
        """Let `work` be done beside this process where that can be copied, and may do several `jobs` at a time."""
        self._work, self._copied = work, jobs > 1
        self._file: IO[bytes] | None = None
        self._process = 0

    def __enter__(self) -> Self:
        """Begin."""
        if self._copied and _can_copy():
            # Without a file to hand it back in, nothing is begun.
            with suppress(OSError):
                self._file = tempfile.TemporaryFile()
                self._begin(self._file)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the copy where nobody asked for its result."""
        if self._process:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            self._wait()
        if self._file is not None:
            self._file.close()

    def result(self) -> bytes | None:
        """Wait for the copy, and return what its work gave; `None` where there is none, or it could not do it."""
        if not self._process or self._file is None:
            return None
        if self._wait():
            return None
        self._file.seek(0)
        return self._file.read()

    def _begin(self, file: IO[bytes]) -> None:
        # The copy shares the memory of what stands unless a search for circles touches it.
        gc.freeze()
        try:
            self._process = os.fork()
            if not self._process:
                _do(self._work, file)
        finally:
            gc.unfreeze()

    def _wait(self) -> int:
        """Return how the copy ended: 0 where all went well."""
        ended = os.waitpid(self._process, 0)[1]
        self._process = 0
        return ended


def _can_copy() -> bool:
    """Return whether this process can be copied as it stands: a copy has one thread, whatever the others held."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        return sum(1 for _ in _THREADS.iterdir()) == 1
    except OSError:
        return False


def _do(work: Callable[[], bytes], file: IO[bytes]) -> None:
    """Do `work` and end this process, without anything that the one it is a copy of does at its end."""
    code = 1
    try:
        file.write(work())
        file.flush()
        code = 0
    except BaseException:  # noqa: BLE001 - the other process does the work then, and says what is wrong
        code = 1
    finally:
        os._exit(code)
