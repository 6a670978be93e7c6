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
    passed: int = 0
    failed: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    skipped: int = 0
    object: str = ""
    """Digest of its details, see `ResultDetail`; empty where there are none."""

    @property
    def total(self) -> int:
        """Return the sum of the counts: tests, or findings."""
        return self.passed + self.failed + self.errors + self.warnings + self.notes + self.skipped


class ResultItemRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One test or finding of an imported result."""

    name: str
    level: str
    """`error`, `failed`, `warning`, `note` or `skipped`."""
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
    sources: tuple[str, ...] = ()
    """Where it was found: paths, or `refs/notes/NAME:COMMIT`; the first ones."""
    files: int = 1
    """How many files it was found in."""
