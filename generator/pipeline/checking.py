"""The findings that hold at the newest commit, without a site."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from generator.errors import UsageError
from generator.pipeline.gathering import gather

if TYPE_CHECKING:
    from generator.evidence.packs import FindingEntry
    from generator.pipeline.request import Outcome, Progress, Request

Found: TypeAlias = "tuple[str, FindingEntry]"


def check(request: Request, environment: str, progress: Progress) -> tuple[list[Found], Outcome]:
    """Return the findings of `environment`, or of every production one where it is empty, worst first.

    Raises `UsageError` for an environment that is not configured, and what `gather` raises.
    """
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        outcome = gather(request, Path(folder) / "evidence", progress)
    names = {e.name for e in outcome.summary.environments}
    if environment and environment not in names:
        known = ", ".join(sorted(names))
        raise UsageError("environment", f"there is no environment {environment!r}", fix=f"use one of: {known}")
    found: list[Found] = [
        (e.name, finding)
        for e in outcome.summary.environments
        if (e.name == environment if environment else e.production)
        for finding in e.findings
    ]
    return found, outcome
