"""Values of records: the text of a file to what it means, or why it means nothing."""

from __future__ import annotations

import re
from typing import NamedTuple

from generator.documents.moments import moment_of
from generator.errors import one_line

LONGEST = 500
"""Characters of one value; a name that is longer is refused, free text is cut."""
STATUSES = ("succeeded", "failed", "cancelled")
"""What becomes of a deployment."""
STATUS_WORDS = {
    "cancel": "cancelled",
    "canceled": "cancelled",
    "cancelled": "cancelled",
    "error": "failed",
    "failed": "failed",
    "failure": "failed",
    "succeeded": "succeeded",
    "success": "succeeded",
    "successful": "succeeded",
}
"""Words for it that tools use."""
_YES = frozenset({"yes", "true", "1", "y"})
_NO = frozenset({"no", "false", "0", "n"})
_COMMIT = re.compile(r"[0-9a-f]{7,64}", re.IGNORECASE)
_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:?\d{2}))?")
_MOMENT_FIX = "a time with its zone, as in `2026-08-21T16:00:00Z`, or a day"
_STATUS_FIX = f"statuses: {', '.join(STATUSES)}"
_SHOWN = 80


class Fault(NamedTuple):
    """Why a value can't be taken, and what to write."""

    reason: str
    fix: str


Value = str | int | bool


def free_text(value: str) -> str | Fault:
    """Return what somebody wrote as one printable line, cut where it is too long."""
    return _whole(value) or one_line(value, LONGEST)


def name(value: str) -> str | Fault:
    """Return what names something; it is never cut, since half a name names something else."""
    if len(value) > LONGEST:
        return Fault(f"has {len(value)} characters", f"{LONGEST} at most")
    return _whole(value) or one_line(value, LONGEST * 10)


def commit(value: str) -> str | Fault:
    """Return what names a commit or a deployment; ids of commits in small letters, as git writes them."""
    return value.lower() if _COMMIT.fullmatch(value) else name(value)


def moment(value: str) -> int | Fault:
    """Return the seconds since 1970 UTC of a time with its zone, or of a day's first second."""
    found = moment_of(value.upper()) if len(value) < _SHOWN and _SHAPE.fullmatch(value) else None
    if found is None or found < 0:
        return Fault(f"`{one_line(value, _SHOWN)}` is no time", _MOMENT_FIX)
    return found


def status(value: str) -> str | Fault:
    """Return what became of a deployment, in one of the words of `STATUSES`."""
    found = STATUS_WORDS.get(value.lower())
    return found or Fault(f"`{one_line(value, _SHOWN)}` is no status", _STATUS_FIX)


def yes_or_no(value: str) -> bool | Fault:
    """Return what a word says."""
    word = value.lower()
    if word in _YES or word in _NO:
        return word in _YES
    return Fault(f"`{one_line(value, _SHOWN)}` says neither yes nor no", "`yes` or `no`")


def _whole(value: str) -> Fault | None:
    """Return a fault where bytes of `value` were no text; they stand in it as lone surrogates."""
    if value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value):
        return None
    return Fault("has bytes that are no text", "write the file in UTF-8")
