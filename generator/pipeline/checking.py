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

    Those on records come last; where no environment is asked for, also those on records of none that is known.

    Raises `UsageError` for an environment that is not configured, and what `gather` raises.
    """
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        outcome = gather(request, Path(folder) / "evidence", progress)
    summary = outcome.summary
    names = {e.name for e in summary.environments}
    if environment and environment not in names:
        known = ", ".join(sorted(names))
        raise UsageError("environment", f"there is no environment {environment!r}", fix=f"use one of: {known}")
    found: list[Found] = [
        (e.name, finding)
        for e in summary.environments
        if (e.name == environment if environment else e.production)
        for finding in e.findings
    ]
    passed_over = {e.name for e in summary.environments if not e.production}
    found += [
        (told.environment, told.finding)
        for told in summary.record_findings
        if (told.environment == environment if environment else told.environment not in passed_over)
    ]
    return found, outcome
