"""What happened to one value in its environment: first, forward, back, forward again, or only gone for a while.

The rules are those of DEFINITIONS ("What happened"), on the sequence of values that a field had, never on dates:
a value returns as a *rollback* when its first appearance is earlier than that of the value being left, else it is a
*redo*. A gap is no value.
"""

from __future__ import annotations

from copy import copy
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """Kind of a change, and of the deployment that its changes add up to."""

    INITIAL = "initial"
    FORWARD = "forward"
    ROLLBACK = "rollback"
    REDO = "redo"
    ROLL_FORWARD = "roll-forward"
    HOTFIX = "hotfix"
    REDEPLOY = "redeploy"
    GAP = "gap"
    """A value that went and is not replaced yet, or that came back as it was: no version of its own."""


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """A deployment, as far as other deployments point to it."""

    sequence: int
    """Its number in its environment."""
    commit: str
    time: int | None
    """Commit time, seconds since 1970 UTC."""


class Seen(msgspec.Struct, array_like=True):
    """When one value stood in one environment."""

    first: Stamp
    latest: Stamp
    """When it was set most recently."""
    before: Stamp
    """When it was set the time before; the same as `latest` where it was set once."""
    left: Stamp | None = None
    """The deployment that most recently replaced it."""


class Step(msgspec.Struct, frozen=True):
    """A verdict on one new value."""

    kind: Kind
    previous: str | None
    """The last value, looking through a gap; `None` where there was none."""
    culprit: Stamp | None = None
    """For a rollback: the first deployment after the version it returns to."""
    returns_to: Stamp | None = None
    """For a rollback or redo: the deployment at which the value first appeared."""


class ValueHistory:
    """The values that one field had in one environment, in the order of its deployments."""

    __slots__ = ("last", "seen")

    def __init__(self) -> None:
        """Start with a field that was never there."""
        self.last: str | None = None
        """The newest value; it stays through a gap."""
        self.seen: dict[str, Seen] = {}

    def copied(self) -> ValueHistory:
        """Return a history of its own with the same values, to see what a step would be."""
        found = ValueHistory()
        found.last, found.seen = self.last, {value: copy(seen) for value, seen in self.seen.items()}
        return found

    def step(self, value: str, at: Stamp) -> Step:
        """Take in `value`, set by the deployment `at`, and return what kind of step that is."""
        previous, self.last = self.last, value
        known = self.seen.get(value)
        if previous == value and known is not None:
            # No version of its own, but what was gone for a while did not run all the time.
            known.before, known.latest = known.latest, at
            return Step(Kind.GAP, previous)
        if previous is not None:
            self.seen[previous].left = at
        if known is None:
            self.seen[value] = Seen(at, at, at)
            return Step(Kind.INITIAL if previous is None else Kind.FORWARD, previous)
        culprit, known.before, known.latest = known.left, known.latest, at
        back = previous is not None and known.first.sequence < self.seen[previous].first.sequence
        if back:
            return Step(Kind.ROLLBACK, previous, culprit, known.first)
        return Step(Kind.REDO, previous, None, known.first)
