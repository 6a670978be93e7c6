"""Records of several files to one set: parts of one record are put together, and a second one of an id is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from generator.events.entries import (
    ApprovalEvent,
    DeploymentEvent,
    DowntimeEvent,
    Duplicate,
    IncidentEvent,
    Records,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from generator.events.forms import Event

    E = TypeVar("E", DeploymentEvent, IncidentEvent, DowntimeEvent, ApprovalEvent)
_WORDS: dict[type[Event], str] = {
    DeploymentEvent: "deployment",
    IncidentEvent: "incident",
    DowntimeEvent: "downtime",
    ApprovalEvent: "approval",
}
_OF_PLACE = frozenset({"source", "line"})


def joined(parts: Iterable[Records]) -> Records:
    """Return the records of `parts` as one set, in their order.

    Records of one kind and id that do not contradict each other are parts of one (a pipeline run has the same id in
    each environment that it deploys to). Of two that do, the first counts, and the second stands in `duplicates`.
    """
    found = list(parts)
    joining = _Joining([duplicate for part in found for duplicate in part.duplicates])
    deployments = joining.all(
        [event for part in found for event in part.deployments],
        [event for part in found for event in part.unplaced],
    )
    downtimes = joining.all(
        [event for part in found for event in part.downtimes],
        [event for part in found for event in part.unbegun],
    )
    incidents, _ = joining.all([_untold(event) for part in found for event in part.incidents], [])
    approvals, _ = joining.all([event for part in found for event in part.approvals], [])
    return Records(
        deployments=deployments[0],
        incidents=tuple(_told(event) for event in incidents),
        downtimes=downtimes[0],
        approvals=approvals,
        unplaced=deployments[1],
        unbegun=downtimes[1],
        duplicates=tuple(joining.duplicates),
    )


class _Joining:
    """Finds what belongs together."""

    def __init__(self, duplicates: list[Duplicate]) -> None:
        self.duplicates = duplicates

    def all(self, whole: list[E], partial: list[E]) -> tuple[tuple[E, ...], tuple[E, ...]]:
        """Return whole records, each once and completed by the partial ones, and the partial ones that fit none."""
        known: dict[Hashable, E] = {}
        by_id: dict[str, list[Hashable]] = {}
        for event in whole:
            key = (event.id, event.environment) if isinstance(event, DeploymentEvent) else event.id
            if key in known:
                known[key] = self._one(known[key], event)
            else:
                known[key] = event
                by_id.setdefault(event.id, []).append(key)
        rest: dict[str, E] = {}
        for event in partial:
            keys = by_id.get(event.id, [])
            if len(keys) == 1:
                known[keys[0]] = self._one(known[keys[0]], event)
            elif event.id in rest:
                rest[event.id] = self._one(rest[event.id], event)
            else:
                rest[event.id] = event
        return tuple(known.values()), tuple(rest.values())

    def _one(self, first: E, second: E) -> E:
        """Return two parts as one record; the first alone where the second contradicts it."""
        empty = _nothing_said(first)
        added: dict[str, object] = {}
        differing = []
        for name in first.__struct_fields__:
            mine, other = getattr(first, name), getattr(second, name)
            if name in _OF_PLACE or mine == other or other == empty.get(name):
                continue
            if mine == empty.get(name):
                added[name] = other
            else:
                differing.append(name)
        if differing:
            self.duplicates.append(
                Duplicate(
                    kind=_WORDS[type(first)],
                    id=first.id,
                    fields=tuple(differing),
                    environment=second.environment,
                    source=second.source,
                    line=second.line,
                    first_source=first.source,
                    first_line=first.line,
                )
            )
            return first
        return msgspec.structs.replace(first, **added) if added else first


def _nothing_said(event: Event) -> dict[str, object]:
    """Return, for each field of a record, the value that says nothing."""
    fields = type(event).__struct_fields__
    defaults = type(event).__struct_defaults__
    return dict.fromkeys(fields, "") | dict(zip(fields[len(fields) - len(defaults) :], defaults, strict=True))


def _untold(event: IncidentEvent) -> IncidentEvent:
    """Return an incident without a time of detection that only its report stands for."""
    if event.reported is not None and event.detected == event.reported:
        return msgspec.structs.replace(event, detected=None)
    return event


def _told(event: IncidentEvent) -> IncidentEvent:
    """Return an incident whose report stands for its detection where nothing else tells that."""
    if event.detected is None and event.reported is not None:
        return msgspec.structs.replace(event, detected=event.reported)
    return event
