"""The one place that runs the graph layout engine: with limits on time and output, and its exit status checked."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import FaultError

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = "graphviz-pure"
LARGEST_OUTPUT = 16 * 1024 * 1024
"""Bytes of output after which a run is ended."""

_CODE = "diagram-engine"
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_KEPT_VARIABLES = ("LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TMPDIR")


class LayoutError(Exception):
    """The engine did not lay out what it was given; its text is a sentence without names of this machine."""


def find_engine() -> tuple[str, ...]:
    """Return the command of the engine that was installed with this package.

    Raises `FaultError` where it can't be found.
    """
    folders = [Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))]
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        files = importlib.metadata.files(PROGRAM) or []
        folders += [Path(str(file.locate())).resolve().parent for file in files if file.stem == PROGRAM]
    for folder in folders:
        found = shutil.which(PROGRAM, path=str(folder))
        if found:
            return (found,)
    reason = f"the program {PROGRAM} is not installed"
    raise FaultError(_CODE, reason, fix="install the package anew, or name a `dot`")


def engine_version() -> str:
    """Return the version of the engine that was installed with this package; empty where it is not known."""
    try:
        return importlib.metadata.version(PROGRAM)
    except importlib.metadata.PackageNotFoundError:
        return ""


def lay_out(command: Sequence[str], sources: Sequence[str], *, timeout: float) -> tuple[str, ...]:
    """Return one SVG document a DOT source, in their order, from one run of the engine.

    `timeout` is in seconds. Raises `LayoutError` where the run failed, took too long, wrote too much, or drew another
    number of graphs than it was given; `FaultError` where the program can't be started.
    """
    output = _run([*command, "-Tsvg"], "".join(sources).encode(), timeout)
    drawings = tuple(_SVG.findall(output.decode("utf-8", "replace")))
    if len(drawings) != len(sources):
        message = f"the layout engine drew {len(drawings)} of {len(sources)} graphs"
        raise LayoutError(message)
    return drawings


def _run(command: list[str], given: bytes, timeout: float) -> bytes:
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ} | {"LC_ALL": "C.UTF-8"}
    late = threading.Event()
    with tempfile.TemporaryFile() as source:
        source.write(given)
        source.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - a list, of the engine found or named on the command line
                command,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            reason = f"the layout engine {command[0]} can't be started: {error.strerror}"
            raise FaultError(_CODE, reason, fix="name a `dot` program that runs here") from error

        def give_up() -> None:
            late.set()
            _end(process)

        timer = threading.Timer(timeout, give_up)
        timer.start()
        try:
            with process:
                output = process.stdout.read(LARGEST_OUTPUT + 1) if process.stdout else b""
                if len(output) > LARGEST_OUTPUT:
                    _end(process)
        finally:
            timer.cancel()
    _check(process.returncode, len(output), timeout=timeout, late=late.is_set())
    return output


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _check(status: int, size: int, *, timeout: float, late: bool) -> None:
    if late:
        message = f"the layout engine took more than {timeout:g} s"
    elif size > LARGEST_OUTPUT:
        message = f"the layout engine wrote more than {LARGEST_OUTPUT:,} bytes"
    elif status:
        message = f"the layout engine ended with status {status}"
    else:
        return
    raise LayoutError(message)
