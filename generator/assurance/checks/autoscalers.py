"""Autoscalers: what each of them scales."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from generator.model.component import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.model.component import Component
    from generator.model.topology import Topology

KINDS = frozenset({"HorizontalPodAutoscaler", "ScaledObject"})
_TARGET = "spec.scaleTargetRef."


class Target(NamedTuple):
    """What an autoscaler names."""

    kind: str
    """A deployment where none is written."""
    name: str


def is_autoscaler(component: Component) -> bool:
    """Return whether the component sets the number of replicas of another one."""
    return component.role is Role.CONFIG and component.kind in KINDS


def target_of(autoscaler: Component) -> Target:
    """Return what an autoscaler scales; with an empty name where it names nothing."""
    values = {field.name: field.value for field in autoscaler.fields if field.name.startswith(_TARGET)}
    return Target(values.get(f"{_TARGET}kind", "Deployment"), values.get(f"{_TARGET}name", ""))


Workloads: TypeAlias = "Mapping[str, Sequence[Component]]"
"""Components proper by the last part of their ids, which is their name in their namespace."""


def workloads(topology: Topology) -> Workloads:
    """Return the components proper of a topology by name, each list sorted by id."""
    found: dict[str, list[Component]] = {}
    for id_, component in sorted(topology.components.items()):
        if component.role is Role.COMPONENT:
            found.setdefault(id_.rpartition("/")[2], []).append(component)
    return found


def autoscalers(topology: Topology) -> tuple[Component, ...]:
    """Return the autoscalers of a topology, sorted by id."""
    return tuple(c for _, c in sorted(topology.components.items()) if is_autoscaler(c))


def target_in(named: Workloads, autoscaler: Component) -> Component | None:
    """Return what an autoscaler scales, in its own namespace; `None` where nothing of that name and kind is there."""
    wanted, space = target_of(autoscaler), autoscaler.namespace
    for found in named.get(wanted.name, ()):
        if found.kind == wanted.kind and (found.namespace == space or not found.namespace or not space):
            return found
    return None


def scaled(topology: Topology) -> dict[str, str]:
    """Return the components that are scaled → id of the first autoscaler that does."""
    found: dict[str, str] = {}
    those = autoscalers(topology)
    named = workloads(topology) if those else {}
    for autoscaler in those:
        component = target_in(named, autoscaler)
        if component is not None:
            found.setdefault(component.id, autoscaler.id)
    return found
