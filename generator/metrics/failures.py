"""Which deployments failed, what tells so, and when they recovered (DEFINITIONS, "Measures").

A deployment failed when another one takes it back or mends it, or when an incident is linked to it; once, however many
do. Everything is asked for an environment as a whole, or for some of its components.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from generator.metrics.facts import Delivery, Incident
    from generator.metrics.gathered import Gathered

BEARING = frozenset({Kind.INITIAL, Kind.FORWARD, Kind.REDO, Kind.ROLL_FORWARD, Kind.HOTFIX})
"""Kinds that bring a change: the divisor of the change fail rate."""
REMEDIES = frozenset({Kind.ROLLBACK, Kind.ROLL_FORWARD, Kind.HOTFIX})
"""Kinds that take back or mend."""


class Undo(NamedTuple):
    """A deployment that takes back or mends an earlier one."""

    remedy: Delivery
    components: frozenset[str]
    """Components of the earlier one that it is about; empty where that one changed none."""


class Remedy(NamedTuple):
    """Something that may have ended a failure."""

    time: int | None
    delivery: Delivery | None
    """`None` where a record tells that it ended, and not by what."""


class Failure(msgspec.Struct, frozen=True):
    """A failed deployment."""

    delivery: Delivery
    undone_by: tuple[int, ...] = ()
    """Numbers of the deployments that take it back or mend it, sorted."""
    incidents: tuple[str, ...] = ()
    """Ids of the incidents that it is linked to, sorted."""
    counted: bool = True
    """Whether the change fail rate and recovery count it: not where it is bulk, brought no change, or where nothing but
    a bulk rollback tells of it."""
    recovered: bool = False
    """Whether a remedy held. Always `False` where it is not counted."""
    seconds: int | None = None
    """Time to recover; `None` where it has not, or a time is missing."""


class Failures:
    """The failures of one environment."""

    def __init__(self, gathered: Gathered, incidents: Iterable[Incident], observation: int) -> None:
        """Look through the deployments that tell of others; `observation` is in seconds."""
        self._gathered, self._observation = gathered, observation
        self._undos: dict[int, list[Undo]] = defaultdict(list)
        self._incidents: dict[int, list[Incident]] = defaultdict(list)
        self._redone: dict[tuple[str, str, str], list[Delivery]] = defaultdict(list)
        self._known: dict[int, Failure | None] = {}
        self._deliveries: dict[int, Delivery] = {}
        by_id = {incident.id: incident for incident in incidents}
        for delivery in gathered.told:
            self._deliveries[delivery.sequence] = delivery
            if delivery.kind in REMEDIES:
                for undo, failed in self._undone(delivery):
                    self._undos[failed].append(undo)
            for arrival in delivery.arrivals:
                if arrival.kind is Kind.REDO:
                    self._redone[arrival.component, arrival.field, arrival.version].append(delivery)
            self._incidents[delivery.sequence] += [by_id[i] for i in delivery.incidents if i in by_id]
        self._incidents = {number: found for number, found in self._incidents.items() if found}
        self.suspects = sorted({*self._undos, *self._incidents})
        """Numbers of all deployments that failed in the environment or a part of it."""

    def delivery(self, number: int) -> Delivery:
        """Return a deployment by its number."""
        found = self._deliveries.get(number)
        if found is None:
            found = self._deliveries[number] = self._gathered.delivery(number)
        return found

    def _undone(self, delivery: Delivery) -> Iterator[tuple[Undo, int]]:
        for number in delivery.undone:
            if not 0 < number < delivery.sequence:
                continue
            failed = frozenset(self.delivery(number).components)
            parts = frozenset(component for part, component in delivery.undone_parts if part == number)
            # What is mended otherwise is held against what both changed; where that is nothing, against all of it.
            yield Undo(delivery, parts or failed.intersection(delivery.components) or failed), number

    def of(self, number: int, scope: AbstractSet[str] | None = None) -> Failure | None:
        """Return how a deployment failed, in the components of `scope` alone if there is one; `None` if it did not."""
        if scope is not None:
            return self._of(number, scope)
        if number not in self._known:
            self._known[number] = self._of(number, None)
        return self._known[number]

    def _of(self, number: int, scope: AbstractSet[str] | None) -> Failure | None:
        undos, incidents = self._against(number, scope)
        if not undos and not incidents:
            return None
        delivery = self.delivery(number)
        real = bool(incidents) or not all(undo.remedy.bulk for undo in undos)
        counted = real and delivery.kind in BEARING and not delivery.bulk
        ended = self._ended(delivery, scope) if counted else None
        seconds = None
        if ended is not None and ended.time is not None and delivery.time is not None:
            seconds = ended.time - delivery.time
        return Failure(
            delivery,
            tuple(sorted(undo.remedy.sequence for undo in undos)),
            tuple(sorted(incident.id for incident in incidents)),
            counted,
            ended is not None,
            seconds,
        )

    def _against(self, number: int, scope: AbstractSet[str] | None) -> tuple[list[Undo], list[Incident]]:
        """Return what tells that a deployment failed, in `scope` alone where there is one."""
        undos, incidents = self._undos.get(number, []), self._incidents.get(number, [])
        if scope is None or not (undos or incidents):
            return undos, incidents
        changed = frozenset(self.delivery(number).components)
        if changed.isdisjoint(scope):
            return [], []
        # An incident that names what the deployment left alone is of all that it changed.
        told = [i for i in incidents if i.component in scope or i.component not in changed]
        return [undo for undo in undos if not undo.components.isdisjoint(scope)], told

    def _ended(self, failed: Delivery, scope: AbstractSet[str] | None) -> Remedy | None:
        """Return the first remedy that holds; what brings the failed version back has its own remedies looked at."""
        waiting, seen = [failed], {failed.sequence}
        while waiting:
            found = waiting.pop(0)
            holding = []
            for remedy in self._remedies(found, scope):
                back = self._back(found, remedy, scope)
                if not back and not self._is_failed(remedy, scope):
                    holding.append(remedy)
                waiting += [d for d in back if d.sequence not in seen]
                seen.update(d.sequence for d in back)
            if holding:
                return min(holding, key=_first)
        return None

    def _remedies(self, failed: Delivery, scope: AbstractSet[str] | None) -> Iterator[Remedy]:
        """Yield what may have ended a failure; a record's time stands for that of the deployment it speaks of."""
        undos, incidents = self._against(failed.sequence, scope)
        restored = [incident for incident in incidents if incident.restored is not None]
        told = {incident.fixed_by for incident in restored}
        for undo in undos:
            if 0 not in told and undo.remedy.sequence not in told:
                yield Remedy(undo.remedy.time, undo.remedy)
        ends = [self._end(incident) for incident in incidents]
        known = [end for end in ends if end is not None]
        # Of several incidents the last one ends the failure; while one of them goes on, none does.
        if known and len(known) == len(ends):
            yield max(known, key=_first)

    def _end(self, incident: Incident) -> Remedy | None:
        """Return what ended an incident; `None` where nothing tells that it ended."""
        fixed = self.delivery(incident.fixed_by) if incident.fixed_by else None
        if incident.restored is not None:
            return Remedy(incident.restored, fixed)
        return Remedy(fixed.time, fixed) if fixed is not None else None

    def _back(self, failed: Delivery, remedy: Remedy, scope: AbstractSet[str] | None) -> list[Delivery]:
        """Return the deployments that brought a failed version again before the remedy's observation ended, and failed.

        One that came back and stands was mended otherwise: the remedy held.
        """
        after = remedy.delivery.sequence if remedy.delivery is not None else failed.sequence
        until = remedy.time + self._observation if remedy.time is not None else None
        found = []
        for arrival in failed.arrivals:
            if scope is not None and arrival.component not in scope:
                continue
            for redo in self._redone.get((arrival.component, arrival.field, arrival.version), ()):
                late = until is not None and redo.time is not None and redo.time >= until
                # A time that a record tells is all there is to go by where no deployment is known.
                before = remedy.delivery is None and _is_before(redo.time, remedy.time)
                if redo.sequence > after and not late and not before and any(self._against(redo.sequence, scope)):
                    found.append(redo)
        return found

    def _is_failed(self, remedy: Remedy, scope: AbstractSet[str] | None) -> bool:
        if remedy.delivery is None:
            return False
        part = scope is not None and not frozenset(remedy.delivery.components).isdisjoint(scope)
        return any(self._against(remedy.delivery.sequence, scope if part else None))


def _first(remedy: Remedy) -> tuple[bool, int, int]:
    """Return what remedies are ordered by: their time, those without one last."""
    return remedy.time is None, remedy.time or 0, remedy.delivery.sequence if remedy.delivery is not None else 0


def _is_before(time: int | None, other: int | None) -> bool:
    return time is not None and other is not None and time < other
