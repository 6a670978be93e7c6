"""The command line as a user meets it: its output, its errors, its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from click.testing import CliRunner

from generator.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from click.testing import Result


def assay(*arguments: str | Path) -> Result:
    """Run a command inside this process, which is fast; `exit_code`, `stdout` and `stderr` tell what came of it."""
    return CliRunner().invoke(main, [str(a) for a in arguments])


def assay_process(
    *arguments: str | Path,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    before: Callable[[], object] | None = None,
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, with nothing of this one's environment but `PATH`."""
    return subprocess.run(
        [sys.executable, "-m", "generator", *map(str, arguments)],
        # A limit on the size of files would leave half a compiled module behind, for every process after it.
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
        cwd=cwd,
        preexec_fn=before,
        capture_output=True,
        text=True,
        errors="backslashreplace",
        timeout=timeout,
        check=False,
    )
