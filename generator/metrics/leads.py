"""How long versions and commits took to production (DEFINITIONS, "lead time for changes" and "promotion lead")."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from generator.metrics.facts import Delivery, EnvironmentFacts

CHANGE, CONFIG = "change lead time", "config lead time"
NEW = frozenset({Kind.INITIAL, Kind.FORWARD, Kind.ROLL_FORWARD, Kind.HOTFIX})
"""Kinds of arrivals that a lead time is measured of: a version that comes back was new before."""
PROMOTED = frozenset({Kind.INITIAL, Kind.FORWARD})


class Leads(NamedTuple):
    """Durations of one deployment, in seconds, and how many there were to measure."""

    seconds: tuple[int, ...]
    of: int


class LeadTimes:
    """The leads of one environment."""

    def __init__(self, facts: EnvironmentFacts) -> None:
        """Look through the first environment of its chain once."""
        self._first: dict[tuple[str, str, str], int] = {}
        self._changes: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
        self.changes = facts.app_changes is not None
        """Whether the application's own history tells which commits came."""
        self._measured = facts.production and (self.changes or facts.first is not None)
        if not self._measured:
            return
        for change in facts.app_changes or ():
            self._changes[change.deployment].append((change.component, change.time))
        if facts.first is not None and not self.changes:
            for delivery in facts.first.deliveries:
                if delivery.time is not None:
                    for arrival in delivery.arrivals:
                        self._first.setdefault((arrival.component, arrival.field, arrival.version), delivery.time)

    def of(self, delivery: Delivery, scope: AbstractSet[str] | None) -> Leads:
        """Return the lead times that end with a deployment; none of a bulk one."""
        begun, time = self.begun(delivery, scope), delivery.time
        known = [time - begin for begin in begun if begin is not None] if time is not None else []
        return Leads(tuple(known), len(begun))

    def begun(self, delivery: Delivery, scope: AbstractSet[str] | None) -> list[int | None]:
        """Return when that began whose lead time ends with a deployment; `None` where it is not known.

        What was in production before it was in the first environment did not come from there, so it has no lead either.
        A bulk deployment ends none.
        """
        if not self._measured or delivery.bulk:
            return []
        if self.changes:
            changes = self._changes.get(delivery.sequence, ())
            found = [time for component, time in changes if scope is None or component in scope]
        else:
            first = self._first
            found = [
                first.get((arrival.component, arrival.field, arrival.version))
                for arrival in delivery.arrivals
                if arrival.kind in NEW and (scope is None or arrival.component in scope)
            ]
        until = delivery.time
        return found if until is None else [None if at is not None and at > until else at for at in found]


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
