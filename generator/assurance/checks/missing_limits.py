"""Rule: a container that may take all the memory there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.containers import WORKLOADS, container_names, has_field
from generator.assurance.findings import ComponentRule, Family, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component


_OF_POD = "spec.resources.limits.memory"


def check(component: Component) -> Iterator[Finding]:
    """Find containers of Kubernetes workloads without a memory limit, neither their own nor one of the whole pod."""
    if component.kind not in WORKLOADS or any(field.name.endswith(_OF_POD) for field in component.fields):
        return
    for name in container_names(component):
        if not has_field(component, f"{name}.resources.limits.memory"):
            yield RULE.about(component, f"Container {name} of {component.id} has no memory limit", field=name)


RULE = ComponentRule(
    id="missing-limits",
    level=Level.NOTE,
    family=Family.RESILIENCE,
    title="Container without a memory limit",
    why=(
        "A leak in one container can use up the memory of its node, and then others are stopped that did nothing "
        "wrong. With a limit, the one that leaks is restarted. A default of the namespace may supply a limit; this "
        "rule can't see that, so it is a note."
    ),
    fix="Set `resources.limits.memory` to what the container needs at its busiest, with some room above.",
    example="containers:\n  - name: server\n    resources:\n      requests: {memory: 64Mi}   # and no limits",
    source="Kubernetes documentation, Resource Management for Pods and Containers",
    values=frozenset(),
    check=check,
)
