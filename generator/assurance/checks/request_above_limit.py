"""Rule: a container that asks for more than it may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.pods import container_fields
from generator.assurance.checks.quantities import quantity
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component


def check(component: Component) -> Iterator[Finding]:
    """Find containers whose request of a resource is greater than their limit of it."""
    limits = {field.name: field.value for _, field in container_fields(component, "resources.limits.")}
    if not limits:
        return
    for container, request in container_fields(component, "resources.requests."):
        limit = limits.get(request.name.replace(".resources.requests.", ".resources.limits.", 1), "")
        most, asked = quantity(limit), quantity(request.value)
        if most is not None and asked is not None and asked > most:
            resource = request.name.partition(".resources.requests.")[2]
            yield RULE.about(
                component,
                f"Container {container} of {component.id} asks for {request.value} of {resource}, above its limit of "
                f"{limit}",
                field=request.name,
            )


RULE = ComponentRule(
    id="request-above-limit",
    level=Level.ERROR,
    family=Family.RESILIENCE,
    title="Request above the limit",
    why="The cluster refuses such a workload, so the release stops there and the old version goes on.",
    fix="Raise the limit to at least the request, or lower the request.",
    example="resources:\n  requests: {memory: 512Mi}\n  limits: {memory: 256Mi}",
    source="Kubernetes documentation, Resource Management for Pods and Containers",
    values=frozenset({Aspect.SCALE}),
    check=check,
)
