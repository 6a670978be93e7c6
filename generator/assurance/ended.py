"""Drift that ended, item by item as it ends, and how much stands at a moment.

What ended is handed on and not kept: a history may have a hundred thousand of them.
"""

from __future__ import annotations

from statistics import median_low
from typing import TYPE_CHECKING

import msgspec

from generator.assurance.drift import DriftClass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.drift import DriftItem, DriftRegister


class Ended(msgspec.Struct, frozen=True):
    """A drift item from its beginning to its end, as it last was."""

    component: str
    aspect: str
    field: str
    drift: DriftClass
    upstream: str | None
    value: str | None
    since: str
    """Commit at which the inequality began."""
    since_time: int | None
    """Its time, seconds since 1970 UTC."""
    until: str
    """Commit that ended it."""
    until_time: int | None
    accepted: bool
    """Whether it was accepted when it ended."""
    expected: str
    """Why the model said that this environment alone should have it; empty where it did not."""
    absent: bool
    """Whether the component or a whole side went away, so that no equality ended it."""

    @property
    def age(self) -> int | None:
        """Return how long it stood, in seconds; `None` where one of its two commits carries no usable time."""
        if self.since_time is None or self.until_time is None:
            return None
        return max(0, self.until_time - self.since_time)


class EndedItems:
    """Hears a drift register tell what begins and ends, and hands on what ended since it was last asked."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.begun = 0
        """Items that ever began."""
        self.ends = 0
        """Items that ever ended."""
        self._waiting: list[Ended] = []

    def began(self, item: DriftItem, /) -> None:
        """Count an item that was not there before."""
        del item
        self.begun += 1

    def ended(self, item: DriftItem, commit: str, time: int | None, /, *, absent: bool) -> None:
        """Take an item as it last was, and the commit that ended it."""
        self.ends += 1
        self._waiting.append(
            Ended(
                component=item.component,
                aspect=item.aspect,
                field=item.field,
                drift=item.drift,
                upstream=item.upstream,
                value=item.value,
                since=item.since,
                since_time=item.since_time,
                until=commit,
                until_time=time,
                accepted=item.exempt is not None,
                expected=item.expected,
                absent=absent,
            )
        )

    def drain(self) -> Iterator[Ended]:
        """Yield what ended since the last call, in the order in which it ended; nothing of it is kept."""
        waiting, self._waiting = self._waiting, []
        yield from waiting


class DriftSnapshot(msgspec.Struct, frozen=True):
    """How much drift stands at a moment."""

    pending: int
    ahead: int
    config: int
    structure: int
    accepted: int
    """Items that may stand for a while; in no class."""
    expected: int
    """Items that are meant to be; in no class."""
    oldest: int | None
    """Age of the oldest item that counts, in seconds; `None` where none counts whose beginning has a time."""
    median: int | None
    """Age that half of them reach or exceed, in seconds; of two in the middle the lower."""


def snapshot(register: DriftRegister, time: int | None) -> DriftSnapshot:
    """Return what stands in `register` at `time`, which may lie after the newest commit: acceptances may have ended.

    It goes through all items, so it is for the ends of months and not for each commit.
    """
    register.exempt(time)
    counts = register.counts
    starts = [item.since_time for item in register.items if item.counted and item.since_time is not None]
    ages = [max(0, time - start) for start in starts] if time is not None else []
    return DriftSnapshot(
        pending=counts[DriftClass.PENDING],
        ahead=counts[DriftClass.AHEAD],
        config=counts[DriftClass.CONFIG],
        structure=counts[DriftClass.STRUCTURE],
        accepted=register.accepted,
        expected=register.expected,
        oldest=max(ages, default=None),
        median=median_low(ages) if ages else None,
    )
