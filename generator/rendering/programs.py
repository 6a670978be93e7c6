"""The one place where engines are started: a bare environment, a time limit, a limit of output, no network.

An engine is a program of the machine's owner, never one that a repository names. It reads an export of files of a
repository that is not trusted, so it finds no settings of the user, no other program on its path, and a proxy that
leads nowhere.
"""

from __future__ import annotations

import os
import re
import resource
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SECONDS = 60.0
"""Time that one call may take."""
MOST_OUTPUT = 32_000_000
"""Bytes that one call may print."""
MOST_WORDS = 64_000
"""Bytes of an engine's complaints that are kept."""
_NOWHERE = "http://127.0.0.1:9"
MOST_MEMORY = 4_000_000_000
"""Bytes of address space that one engine may take; those met so far start with less than a quarter of it."""
_CHUNK = 1 << 16
_TICK = 0.02
"""Seconds between two looks whether a program has ended."""
_NO_MEMORY = ("out of memory", "cannot allocate memory", "MemoryError")
_TRACE = re.compile(r"\n\s*goroutine \d.*", re.DOTALL)
"""What a program written in Go says of itself when it fails: addresses that are others each time."""
_GRACE = 1.0
"""Seconds in which pipes close once everything that is known to hold them has ended."""


STOP: ContextVar[Callable[[], bool]] = ContextVar("STOP", default=bool)
"""Asked while a program runs: whether nobody waits for it any more, so that it is to end."""


class Ended(msgspec.Struct, frozen=True):
    """How a call of an engine ended."""

    output: bytes
    words: str
    """What it printed on standard error, cut to a limit."""
    status: int
    """Exit status; negative for the signal that ended it."""
    code: str = ""
    """Slug of the limit it ran into: `engine-timeout`, `engine-output`, `engine-missing`; empty where none."""


def find_program(name: str) -> str:
    """Return the program of that name on the machine's path, as an absolute path; empty where there is none.

    Entries of the path that are relative are passed over: they could lead into the repository that is read.
    """
    folders = [f for f in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(f).is_absolute()]
    return shutil.which(name, path=os.pathsep.join(folders)) or "" if folders else ""


def run(
    command: Sequence[str],
    *,
    folder: Path,
    settings: Mapping[str, str] | None = None,
    trusted: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    most: int = MOST_OUTPUT,
) -> Ended:
    """Run `command`, whose first part is an absolute path, in `folder`, and return how it ended; never raises.

    `settings` are the only environment variables beside those that keep it from the network and the user's files.
    `trusted` is the whole environment instead, for a program that the machine's owner names for this very run.
    """
    # What an engine leaves there may be closed to others, or still come from something that got away.
    with tempfile.TemporaryDirectory(prefix="assay-home-", ignore_cleanup_errors=True) as home:
        environment = dict(trusted) if trusted is not None else _environment(home) | dict(settings or {})
        try:
            process = subprocess.Popen(  # noqa: S603 - the machine owner's program, with a list of our own
                list(command),
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as fault:
            return Ended(b"", fault.strerror or "could not be started", -1, "engine-missing")
        except ValueError:
            return Ended(b"", "called with a name that no program takes", -1)
        _bound(process)
        return _watched(process, seconds, most)


def _environment(home: str) -> dict[str, str]:
    proxies = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return {
        "HOME": home,
        "TMPDIR": home,
        "PATH": home,
        "LC_ALL": "C",
        "TZ": "UTC",
        "GIT_ALLOW_PROTOCOL": "none",
        **dict.fromkeys(proxies, _NOWHERE),
    }


def _bound(process: subprocess.Popen[bytes]) -> None:
    """Bound the memory that the program can take, where the system lets another process do so."""
    bound = getattr(resource, "prlimit", None)
    if bound is not None:
        with suppress(OSError, ValueError):
            bound(process.pid, resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _watched(process: subprocess.Popen[bytes], seconds: float, most: int) -> Ended:
    """Read both ends until the program ends, or end it with all that it started where it passes a limit."""
    streams = _Streams(process, most)
    limit = time.monotonic() + seconds
    stopped = STOP.get()
    with streams.selector:
        streams.read(limit, lambda: stopped() or _has_ended(process))
        late = not streams.flooded and not _waited(process, limit, stopped)
        # What it started may hold the pipes open: all of it ends, and what got away is not waited for.
        _end(process)
        streams.read(time.monotonic() + _GRACE)
    status = process.wait()
    streams.close()
    if streams.flooded:
        return Ended(b"", f"printed more than {most} bytes", status, "engine-output")
    if late:
        return Ended(b"", f"gave no answer within {seconds:g} s", status, "engine-timeout")
    words = streams.words.decode("utf-8", "replace")
    if status and any(sign in words for sign in _NO_MEMORY):
        return Ended(b"", f"needed more than the {MOST_MEMORY} bytes of memory that an engine may take", status)
    return Ended(bytes(streams.output), _TRACE.sub("", words), status)


class _Streams:
    """What a program prints, as far as it is kept."""

    def __init__(self, process: subprocess.Popen[bytes], most: int) -> None:
        """Keep up to `most` bytes of the output."""
        self.output, self.words = bytearray(), bytearray()
        self.flooded = False
        """True once it printed more than that."""
        self.selector = selectors.DefaultSelector()
        self._most = most
        self._pipes = [cast("IO[bytes]", process.stdout), cast("IO[bytes]", process.stderr)]
        for pipe in self._pipes:
            self.selector.register(pipe, selectors.EVENT_READ)

    def read(self, limit: float, ended: Callable[[], bool] = bool) -> None:
        """Read until both pipes are closed, too much has come, the clock passes `limit`, or all is read and `ended`."""
        while self.selector.get_map() and not self.flooded:
            left = limit - time.monotonic()
            # Asked first: what it printed before its end is there by then.
            over = ended()
            ready = self.selector.select(0 if over else max(min(left, _TICK), 0))
            for key, _ in ready:
                self._take(cast("IO[bytes]", key.fileobj))
            if left <= 0 or (over and not ready):
                return

    def _take(self, pipe: IO[bytes]) -> None:
        chunk = os.read(pipe.fileno(), _CHUNK)
        if not chunk:
            self.selector.unregister(pipe)
            return
        is_output = pipe is self._pipes[0]
        into = self.output if is_output else self.words
        room = (self._most if is_output else MOST_WORDS) - len(into)
        into += chunk[:room]
        self.flooded = self.flooded or (is_output and len(chunk) > room)

    def close(self) -> None:
        """Close both pipes."""
        for pipe in self._pipes:
            pipe.close()


def _waited(process: subprocess.Popen[bytes], limit: float, stopped: Callable[[], bool]) -> bool:
    """Wait for the end of a program that may have closed its pipes before; false where it is ended before that."""
    pause = 0.001
    while not _has_ended(process):
        if stopped() or time.monotonic() >= limit:
            return False
        time.sleep(pause)
        pause = min(2 * pause, _TICK)
    return True


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Return whether the program has ended; its number stays taken where that can be had, until all of it is ended."""
    if hasattr(os, "waitid"):
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    return process.poll() is not None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and everything in its session."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
