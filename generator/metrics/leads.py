"""How long versions and commits took to production (DEFINITIONS, "lead time for changes" and "promotion lead")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from generator.metrics.facts import Delivery

CHANGE, CONFIG = "change lead time", "config lead time"
NEW = frozenset({Kind.INITIAL, Kind.FORWARD, Kind.ROLL_FORWARD, Kind.HOTFIX})
"""Kinds of arrivals that a lead time is measured of: a version that comes back was new before."""
PROMOTED = frozenset({Kind.INITIAL, Kind.FORWARD})


def promoted(delivery: Delivery, scope: AbstractSet[str] | None) -> list[int | None]:
    """Return when each version that was promoted with a deployment came to the upstream; `None` where it is not known.

    A bulk deployment promotes nothing that is measured.
    """
    if delivery.bulk:
        return []
    return [
        arrival.promoted_at
        for arrival in delivery.arrivals
        if arrival.promoted and arrival.kind in PROMOTED and (scope is None or arrival.component in scope)
    ]
