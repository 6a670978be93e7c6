"""`assay` as a program of its own: what is done to a whole process, and to none that only uses the package."""

from __future__ import annotations

import gc
import os
import sys

from generator.cli.commands import main

COLLECTED_AFTER = (100_000, 50, 1000)
"""New objects after which those without use are looked for, and how often older ones are gone through with them.

A build makes millions that it needs to its end and next to none in circles: to look for these as often as Python does
by itself takes a tenth of its time.
"""


def run() -> None:
    """Run the command that the arguments name, and end the process with its exit code."""
    gc.set_threshold(*COLLECTED_AFTER)
    try:
        main()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            _leave(end.code or 0)
        raise


def _leave(code: int) -> None:
    """End the process at once: to take everything apart that goes with it anyway takes a third of a second.

    Returns where what was said can't be brought out, so that the interpreter ends as it always does then.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    os._exit(code)
