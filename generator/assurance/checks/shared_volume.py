"""Rule: a volume for one machine that several pods take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.autoscalers import is_autoscaler, scaled
from generator.assurance.checks.quantities import quantity
from generator.assurance.findings import Family, GraphRule, Level, listed
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.assurance.findings import Finding
    from generator.model.component import Component
    from generator.model.topology import Topology

_CLAIM = "PersistentVolumeClaim"
_MODE = re.compile(r"spec\.accessModes\[.*\]")
_ONE_MACHINE = "ReadWriteOnce"
_ONE_POD = "ReadWriteOncePod"
_ONCE = frozenset({"Job", "CronJob", "Pod"})
"""Kinds that run and end: they may well take turns."""
_REPLICATED = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"})
_EVERYWHERE = "DaemonSet"


def check(topology: Topology) -> Iterator[Finding]:
    """Find claims that are written from one machine, or by one pod, and are taken by more pods than that.

    What can be seen is that several pods take it; whether they come to stand on one machine, which works, depends on
    the scheduler. What another thing keeps together (an affinity to the other pod, a fixed machine) is left out.
    """
    users: dict[str, set[str]] = {}
    for connection in topology.connections:
        target, source = topology.components.get(connection.target), topology.components.get(connection.source)
        if target is not None and target.kind == _CLAIM and source is not None and source.role is Role.COMPONENT:
            users.setdefault(connection.target, set()).add(connection.source)
    autoscaled: Mapping[str, str] | None = None
    for id_, ids in sorted(users.items()):
        claim = topology.components[id_]
        modes = {field.value for field in claim.fields if _MODE.fullmatch(field.name)}
        if not modes or not modes <= {_ONE_MACHINE, _ONE_POD}:
            continue
        autoscaled = scaled(topology) if autoscaled is None else autoscaled
        steady = [topology.components[one] for one in sorted(ids) if topology.components[one].kind not in _ONCE]
        if any(_stays_together(component) for component in steady):
            continue
        several = [component.id for component in steady if _runs_several(component, autoscaled)]
        one_pod = modes == {_ONE_POD}
        if len(steady) > 1:
            told = f"{listed([component.id for component in steady])} all take it"
        elif several:
            told = f"{several[0]} takes it with several replicas"
        else:
            continue
        whom = "one pod alone" if one_pod else "the pods of one machine alone"
        yield RULE.about(
            claim, f"{id_} is for {whom}, and {told}", field="spec.accessModes", level=Level.ERROR if one_pod else None
        )


def _concerned(component: Component) -> bool:
    takes = any(reference.role is Role.VOLUME for reference in component.references)
    return takes or component.kind == _CLAIM or is_autoscaler(component)


def _stays_together(component: Component) -> bool:
    """Return whether something says on which machine, or beside which pods, the pods of a component stand."""
    return any(
        ".nodeSelector." in field.name or ".podAffinity." in field.name or field.name.endswith(".nodeName")
        for field in component.fields
    )


def _runs_several(component: Component, autoscaled: Mapping[str, str]) -> bool:
    if component.kind == _EVERYWHERE or component.id in autoscaled:
        return True
    given = [quantity(f.value) for f in component.fields if f.aspect is Aspect.SCALE and f.name == "replicas"]
    return component.kind in _REPLICATED and any(number is not None and number > 1 for number in given)


RULE = GraphRule(
    id="shared-volume",
    level=Level.WARNING,
    family=Family.REFERENCES,
    title="Volume for one machine, taken by several pods",
    why=(
        "Such a volume can be attached to one machine at a time. A second pod that is placed on another machine waits "
        "for it for ever, often first after the release or the loss of a machine that moved one of them. Where they "
        "do share a machine, both write to the same files."
    ),
    fix="Give each its own volume, use one that several machines can write (`ReadWriteMany`), or keep them together.",
    example="kind: PersistentVolumeClaim\nspec: {accessModes: [ReadWriteOnce]}   # mounted by web and by worker",
    source="Kubernetes documentation, Persistent Volumes: access modes",
    values=frozenset({Aspect.SCALE, Aspect.CONFIG}),
    concerns=_concerned,
    check=check,
)
