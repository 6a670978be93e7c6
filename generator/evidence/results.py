"""Imported results as evidence keeps them: a short record a deployment, and the details once by their digest."""

from __future__ import annotations

import msgspec


class ResultRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One imported result that is bound to a deployment, or that is expected and missing."""

    name: str
    outcome: str
    """`passed`, `failed`, `missing` or `unreadable`."""
    reason: str = ""
    """Why it is missing or unreadable; empty where it was read."""
    total: int = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    errors: int = 0
    source: str = ""
    """Where it was found."""
    object: str = ""
    """Digest of its details, see `ResultDetail`; empty where there are none."""


class ResultItemRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One test or finding of an imported result."""

    name: str
    level: str
    message: str = ""
    path: str = ""
    line: int = 0


class ResultDetail(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of `objects/results/ENVIRONMENT.jsonl`: what an imported result says, worst first."""

    name: str
    format: str
    tool: str = ""
    items: tuple[ResultItemRecord, ...] = ()
    left_out: int = 0
    """Items beyond those that are kept."""
