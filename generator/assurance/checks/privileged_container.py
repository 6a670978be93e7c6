"""Rule: a container with all rights on its node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.pods import container_fields, is_true
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_COMPOSE = "ComposeService"


def check(component: Component) -> Iterator[Finding]:
    """Find privileged containers, also those that only run first, and privileged services of a compose file."""
    for container, field in container_fields(component, "securityContext.privileged"):
        if is_true(field.value):
            yield RULE.about(component, f"Container {container} of {component.id} is privileged", field=field.name)
    if component.kind == _COMPOSE:
        for field in component.fields:
            if field.name == "privileged" and is_true(field.value):
                yield RULE.about(component, f"{component.id} is privileged", field=field.name)


RULE = ComponentRule(
    id="privileged-container",
    level=Level.WARNING,
    family=Family.CONFIGURATION,
    title="Privileged container",
    why=(
        "A privileged container can do on its node whatever root can: read the secrets of all other pods, load a "
        "kernel module, take the node over. A fault in its software is a fault of the whole node."
    ),
    fix="Leave `privileged` out, and add the one capability or device that is needed.",
    example="securityContext: {privileged: true}",
    source="Kubernetes documentation, Pod Security Standards, baseline: privileged containers",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)
