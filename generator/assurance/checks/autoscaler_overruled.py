"""Rule: a number of replicas that two want to decide on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.autoscalers import is_autoscaler, scaled
from generator.assurance.findings import Family, GraphRule, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component
    from generator.model.topology import Topology


def check(topology: Topology) -> Iterator[Finding]:
    """Find components with a number of replicas of their own that an autoscaler sets too."""
    for id_, autoscaler in scaled(topology).items():
        component = topology.components[id_]
        given = next((f for f in component.fields if f.aspect is Aspect.SCALE and f.name == "replicas"), None)
        if given is not None:
            yield RULE.about(
                component,
                f"{id_} has its replicas written down ({given.value}), and {autoscaler} sets them too",
                field="replicas",
            )


def _concerned(component: Component) -> bool:
    """Return whether the findings depend on values of a component."""
    return is_autoscaler(component) or any(field.name == "replicas" for field in component.fields)


RULE = GraphRule(
    id="autoscaler-overruled",
    level=Level.WARNING,
    family=Family.RESILIENCE,
    title="Replicas that are set twice",
    why=(
        "Each time the manifest is applied, the number goes back to what is written, and from there the autoscaler "
        "starts again. A release in the busiest hour then takes most of the replicas away."
    ),
    fix="Leave `replicas` out of the manifest of whatever an autoscaler scales.",
    example="kind: Deployment\nspec: {replicas: 2}\n---\nkind: HorizontalPodAutoscaler   # of this Deployment",
    source="Kubernetes documentation, Horizontal Pod Autoscaling: migrating to it",
    values=frozenset({Aspect.CONFIG, Aspect.SCALE}),
    concerns=_concerned,
    check=check,
)
