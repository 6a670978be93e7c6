"""Exceptions that nobody expected, as faults of one line: where they came from, never what they say."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

import generator
from generator.errors import FaultError, Place

TRACEBACK_VARIABLE = "ASSAY_TRACEBACK"
"""Where it is `1`, an unexpected exception is shown in full on standard error, its message included."""
_TOP = Path(str(generator.__file__)).parent


def fault_of(error: Exception) -> FaultError:
    """Return `error` as a fault of the machine, or of Assay itself.

    The text of an exception of Assay's own may hold a secret of the repository, so only its type and place are told.
    """
    if os.environ.get(TRACEBACK_VARIABLE) == "1":
        traceback.print_exception(error)
    if isinstance(error, OSError):
        return FaultError("machine", error.strerror or str(error), place=Place(str(error.filename or "")))
    fix = f"tell the maintainers; with {TRACEBACK_VARIABLE}=1 it shows the traceback"
    return FaultError("internal", type(error).__name__, fix=fix, place=_place(error))


def _place(error: Exception) -> Place:
    """Return the innermost line of Assay's own code that an exception came through."""
    place = Place()
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(_TOP):
            place = Place(file.relative_to(_TOP.parent).as_posix(), line)
    return place
