"""Counts that are read together, wherever evidence has them."""

from __future__ import annotations

import msgspec


class Ratio(msgspec.Struct, frozen=True, gc=False):
    """Two counts that are read together, such as forward deliveries to rollbacks; printed `12 : 0`, never infinity."""

    left: int
    right: int


class KindCounts(msgspec.Struct, frozen=True, gc=False):
    """Deployments by kind; their sum is the number of deployments."""

    initial: int = 0
    forward: int = 0
    rollback: int = 0
    redo: int = 0
    roll_forward: int = msgspec.field(default=0, name="roll-forward")
    hotfix: int = 0
    redeploy: int = 0
    gap: int = 0


NO_KINDS = KindCounts()
"""No deployment at all. Lines leave it out where it is this very value."""
NO_RATIO = Ratio(0, 0)
