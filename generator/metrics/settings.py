"""What measuring needs to know beside facts: the report time, and what was agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.config.metrics import DAY_SECONDS, DAYS

if TYPE_CHECKING:
    from generator.config.metrics import Metrics


class Settings(msgspec.Struct, frozen=True):
    """How delivery is measured."""

    as_of: int | None
    """Report time, seconds since 1970 UTC; `None` where no commit has a usable time."""
    profile: str = "assay"
    """Whose definitions are shown first."""
    observation: int = 7 * DAY_SECONDS
    """Seconds after which a deployment that nothing is known against counts as good."""
    small: int = 10
    """Number of cases below which a figure comes from a small sample."""
    target: str = ""
    """Agreed availability in per cent; empty where none was agreed."""
    agreed: tuple[tuple[int, int], ...] = ()
    """Agreed operating hours: first second and first one after, counted from Monday 00:00 UTC, sorted and apart from
    each other; every hour where there are none."""


def settings_of(metrics: Metrics, as_of: int | None) -> Settings:
    """Return what the configuration says, at the report time `as_of`."""
    availability = metrics.availability
    hours = [
        (DAYS.index(day) * DAY_SECONDS + agreed.start, DAYS.index(day) * DAY_SECONDS + agreed.end)
        for agreed in availability.agreed
        for day in agreed.days
    ]
    return Settings(
        as_of=as_of,
        profile=metrics.profile,
        observation=metrics.observation,
        small=metrics.small,
        target=availability.target,
        agreed=union(hours),
    )


def union(intervals: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return intervals (start, end) as sorted ones that neither overlap nor touch; empty ones are left out."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return tuple(found)
