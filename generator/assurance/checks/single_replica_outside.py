"""Rule: one process between production and its users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.autoscalers import is_autoscaler, scaled
from generator.assurance.checks.outside import opens_outside, outward
from generator.assurance.findings import Family, GraphRule, Level
from generator.model.component import Aspect
from generator.model.graph import articulation_points, component_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, Surroundings
    from generator.model.component import Component
    from generator.model.topology import Topology

_ONE_BY_DEFAULT = frozenset({"Deployment", "StatefulSet"})


def rule(surroundings: Surroundings) -> GraphRule:
    """Return the rule for an environment; outside of production it finds nothing."""

    def check(topology: Topology) -> Iterator[Finding]:
        """Find components that run once and take calls from outside, less those that all others pass through.

        The latter are single points of failure already, and told as such.
        """
        if not surroundings.production:
            return
        ways = outward(topology)
        alone = [id_ for id_ in sorted(ways) if _runs_once(topology.components[id_])]
        if not alone:
            return
        told = articulation_points(component_graph(topology)).keys() | scaled(topology).keys()
        for id_ in alone:
            if id_ not in told:
                yield found.about(
                    topology.components[id_],
                    f"{id_} runs as one replica, and {ways[id_]} leads to it",
                    field="replicas",
                )

    found = GraphRule(
        id="single-replica-outside",
        level=Level.NOTE,
        family=Family.RESILIENCE,
        title="One replica for all users",
        why=(
            "Users get errors while this one replica restarts: for a fault, for work on its node, and where its "
            "start is slow. It is told for production alone, and not where it is a single point of failure anyway."
        ),
        fix="Run two or more replicas where the software allows it.",
        example="Ingress/shop → frontend\nfrontend: {replicas: 1}",
        source="Kubernetes documentation, Disruptions",
        values=frozenset({Aspect.SCALE, Aspect.CONFIG, Aspect.EXPOSURE}),
        production_only=True,
        concerns=_concerned,
        check=check,
    )
    return found


def _runs_once(component: Component) -> bool:
    """Return whether the model says, by number or by default, that there is one replica."""
    given = [field.value for field in component.fields if field.aspect is Aspect.SCALE and field.name == "replicas"]
    return given == ["1"] if given else component.kind in _ONE_BY_DEFAULT


def _concerned(component: Component) -> bool:
    """Return whether the findings depend on values of a component; to run once or not makes it so or not."""
    return _runs_once(component) or opens_outside(component) or is_autoscaler(component)
