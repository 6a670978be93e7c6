"""Rule: an autoscaler whose least is more than its most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.autoscalers import is_autoscaler
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_LEAST = ("spec.minReplicas", "spec.minReplicaCount")
_MOST = ("spec.maxReplicas", "spec.maxReplicaCount")


def check(component: Component) -> Iterator[Finding]:
    """Find autoscalers whose lower bound is above the upper one; a number to be filled in is not known."""
    if not is_autoscaler(component):
        return
    least = next((field for field in component.fields if field.name in _LEAST), None)
    most = next((field for field in component.fields if field.name in _MOST), None)
    if least is None or most is None or not (least.value.isdecimal() and most.value.isdecimal()):
        return
    if int(least.value) > int(most.value):
        yield RULE.about(
            component,
            f"{component.id} wants at least {least.value} and at most {most.value} replicas",
            field=least.name,
        )


RULE = ComponentRule(
    id="autoscaler-range",
    level=Level.ERROR,
    family=Family.RESILIENCE,
    title="Autoscaler with an impossible range",
    why="The cluster refuses it, so the number of replicas stays what it was, whatever the load is.",
    fix="Set the upper bound to at least the lower one.",
    example="kind: HorizontalPodAutoscaler\nspec: {minReplicas: 6, maxReplicas: 4}",
    source="Kubernetes documentation, Horizontal Pod Autoscaling",
    values=frozenset({Aspect.CONFIG, Aspect.SCALE}),
    check=check,
)
