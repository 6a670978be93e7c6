"""Rule: one process that everything passes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.autoscalers import is_autoscaler, scaled
from generator.assurance.findings import Family, GraphRule, Level, listed
from generator.model.component import Aspect
from generator.model.graph import articulation_points, component_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component
    from generator.model.topology import Topology

_ONE_BY_DEFAULT = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"})
"""Kinds that Kubernetes runs once where no number is given."""


def check(topology: Topology) -> Iterator[Finding]:
    """Find articulation points of the component graph that run exactly once.

    Where the number is unknown, or an autoscaler sets it, nothing is said.
    """
    points = articulation_points(component_graph(topology))
    changing = scaled(topology) if points else {}
    for id_, sides in points.items():
        component = topology.components[id_]
        if id_ not in changing and _runs_once(component):
            yield RULE.about(
                component, f"{id_} runs as one replica and is all that connects {listed(sides)}", field="replicas"
            )


def _runs_once(component: Component) -> bool:
    """Return whether the model says, by number or by default, that there is one replica."""
    given = [field.value for field in component.fields if field.aspect is Aspect.SCALE and field.name == "replicas"]
    return given == ["1"] if given else component.kind in _ONE_BY_DEFAULT


def _concerned(component: Component) -> bool:
    """Return whether the findings depend on values of a component; to run once or not makes it so or not."""
    return _runs_once(component) or is_autoscaler(component)


RULE = GraphRule(
    id="single-point-of-failure",
    level=Level.WARNING,
    family=Family.RESILIENCE,
    title="Single point of failure",
    why=(
        "While this one replica restarts, for a release, a fault or work on its node, the parts of the system on its "
        "sides can't reach each other."
    ),
    fix="Run two or more replicas where the software allows it, or make the callers able to wait.",
    example="frontend → checkout → payment\ncheckout: {replicas: 1}",
    source="Articulation points of a graph, by the algorithm of Hopcroft and Tarjan",
    values=frozenset({Aspect.SCALE, Aspect.CONFIG}),
    concerns=_concerned,
    check=check,
)
