"""What an upstream has that its production has not: what the next release would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.drift_view import counts_now, drift_line

if TYPE_CHECKING:
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.context import Context
    from generator.site.drift_view import DriftLine

MOST_WAITING = 8
MANY_ROWS = 4
"""Rows of each production where there are several."""


class Coming(NamedTuple):
    """What waits for one production."""

    environment: str
    upstream: str
    page: str
    """The page that says what the next release would change; empty where there is none."""
    rows: tuple[DriftLine, ...]
    left: int
    total: int
    ahead: int
    """Values that the upstream never had."""
    reason: str
    """Why the two are not compared; empty where they are."""


def coming(context: Context, env: EnvironmentSummary, page: str, *, several: bool) -> Coming:
    """Return what waits for `env`, artifacts first."""
    pending = [row for row in env.drift if row.drift == "pending" and counts_now(row)]
    pending.sort(key=lambda row: (row.aspect != "artifact", -row.age_seconds, row.component, row.field))
    shown = pending[: MANY_ROWS if several else MOST_WAITING]
    return Coming(
        environment=env.name,
        upstream=env.upstream,
        page=page,
        rows=tuple(drift_line(context, row) for row in shown),
        left=len(pending) - len(shown),
        total=len(pending),
        ahead=sum(row.drift == "ahead" and counts_now(row) for row in env.drift),
        reason=env.drift_not_assessed,
    )
