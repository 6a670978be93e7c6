"""Measures as the cells of a table in a terminal: short, with both counts, and marked where they are few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.evidence.metrics_report import covered_days
from generator.evidence.records import attribute

if TYPE_CHECKING:
    from generator.evidence.counts import KindCounts
    from generator.evidence.metrics import PeriodMetrics, Share, Spread, Uptime

KINDS = ("initial", "forward", "rollback", "redo", "roll-forward", "hotfix", "redeploy", "gap")
NONE = "\N{EN DASH}"
"""Stands where nothing was measured."""
SMALL = "*"
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_SHORT = ("day", "hour")
_PRECISE_HOURS, _MOST_HOURS = 10, 48
SPREADS = (
    ("lead_time", "lead time"),
    ("promotion_lead", "promotion lead"),
    ("recovery_time", "recovery time"),
    ("time_to_null_deploy", "time to null deploy"),
    ("time_to_detect", "time to detect"),
    ("time_to_triage", "time to triage"),
    ("time_to_repair", "time to repair"),
)
"""Fields of a line that are spreads, and what they are called."""
SHARES = (("change_fail_rate", "change fail rate"), ("rework_rate", "rework rate"))


def counted_kinds(counts: KindCounts) -> dict[str, int]:
    """Return the counts by the name of the kind, in the usual order."""
    return {kind: getattr(counts, attribute(kind)) for kind in KINDS}


def total(counts: KindCounts) -> int:
    """Return how many deployments there are of all kinds."""
    return sum(counted_kinds(counts).values())


def weekly(line: PeriodMetrics, first: str) -> str:
    """Return how many deployments a week there were since the `first` one, bulk ones apart.

    Of days and hours that says nothing.
    """
    days = 0.0 if line.unit in _SHORT else covered_days(line, first)
    return f"{7 * total(line.kinds) / days:.2f}" if days > 0 else NONE


def brief(seconds: int) -> str:
    """Return a duration in few characters: `45s`, `26m`, `3h20m`, `26h`, `9d`."""
    if seconds < _MINUTE:
        return f"{seconds}s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}m"
    hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
    if hours < _PRECISE_HOURS and minutes:
        return f"{hours}h{minutes:02d}m"
    return f"{hours}h" if hours < _MOST_HOURS else f"{seconds // _DAY:,}d"


def per_cent(count: int, of: int) -> str:
    """Return a share in per cent; `of` is not 0."""
    return f"{100 * count / of:.1f} %"


def share_cell(share: Share, small: int) -> str:
    """Return `8.3 % 2/24`, marked where the divisor is small."""
    if not share.of:
        return NONE
    return f"{per_cent(share.count, share.of)} {share.count:,}/{share.of:,}{_mark(share.of, small)}"


def interval_cell(share: Share) -> str:
    """Return the ends of the interval in per cent, as `2-26 %`."""
    if share.low is None or share.high is None:
        return NONE
    return f"{100 * share.low:.0f}-{100 * share.high:.0f} %"


def spread_cell(spread: Spread, small: int, *, p90: bool = True) -> str:
    """Return `15h / 9d 4/5`: median, 90th percentile, how many were measured of how many."""
    if not spread.n or spread.median_seconds is None:
        return f"{NONE} 0/{spread.of:,}" if spread.of else NONE
    ends = f" / {brief(spread.p90_seconds)}" if p90 and spread.p90_seconds is not None else ""
    return f"{brief(spread.median_seconds)}{ends} {spread.n:,}/{spread.of:,}{_mark(spread.n, small)}"


def uptime_cell(uptime: Uptime | None) -> str:
    """Return the availability in per cent, rounded down: what was down a second is not 100 %."""
    if uptime is None or uptime.reason or not uptime.agreed_seconds:
        return NONE
    return f"{(uptime.agreed_seconds - uptime.down_seconds) * 100_000 // uptime.agreed_seconds / 1000:.3f} %"


def down_cell(uptime: Uptime | None) -> str:
    """Return how long it was down, and in how many stretches."""
    if uptime is None or uptime.reason:
        return NONE
    return f"{brief(uptime.down_seconds)} in {uptime.intervals:,}"


def velocity_cell(line: PeriodMetrics) -> str:
    """Return `24 : 2`."""
    return f"{line.velocity_to_rollback.left:,} : {line.velocity_to_rollback.right:,}"


def _mark(n: int, small: int) -> str:
    return SMALL if n < small else " "
