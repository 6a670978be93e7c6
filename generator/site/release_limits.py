"""How much of a release its page holds: in full where that fits, in a few rows where it would be too heavy to open.

What a page leaves out is counted there, and stands in the evidence.
"""

from __future__ import annotations

from typing import NamedTuple

MOST_BODY = 39_000
"""Bytes of a page without its frame, which takes some seventeen thousand more; the whole should stay under 60,000."""


class Limits(NamedTuple):
    """How many rows of each part a page holds."""

    changes: int = 60
    """Rows of changes."""
    members: int = 120
    """Components that a row which they share names."""
    listed: int = 12
    """Findings of a state, drift items, rows of triage tables."""
    few: int = 5
    """The same on a page that has many changes to show."""
    parts: int = 60
    """Rows of the changed part."""
    results: int = 20
    artifacts: int = 20
    """Artifacts of those that the version runs."""
    declared: int = 20
    whole: bool = True
    """Whether a value that is cut stands in full in its title."""


FULL = Limits()
LEVELS = (
    FULL,
    Limits(changes=40, members=60, listed=6, few=4, parts=25, results=10, artifacts=10, declared=10),
    Limits(changes=24, members=24, listed=4, few=3, parts=12, results=6, artifacts=0, declared=5, whole=False),
    Limits(changes=12, members=12, listed=2, few=2, parts=0, results=3, artifacts=0, declared=2, whole=False),
    Limits(changes=4, members=4, listed=1, few=1, parts=0, results=1, artifacts=0, declared=1, whole=False),
)
"""From a page in full to the least that one holds."""


def fits(body: str) -> bool:
    """Return whether a drawn page is light enough."""
    return len(body) <= MOST_BODY and len(body.encode("utf-8")) <= MOST_BODY
