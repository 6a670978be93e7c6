"""Rule: a container with a right that leads out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.pods import container_fields
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_COMPOSE = "ComposeService"
_DANGEROUS = frozenset(
    {
        "ALL",
        "BPF",
        "DAC_READ_SEARCH",
        "MAC_ADMIN",
        "MAC_OVERRIDE",
        "NET_ADMIN",
        "SYS_ADMIN",
        "SYS_BOOT",
        "SYS_MODULE",
        "SYS_PTRACE",
        "SYS_RAWIO",
        "SYS_TIME",
    }
)
"""Capabilities by which a process can reach beyond its container, or change what others on the node rely on."""


def check(component: Component) -> Iterator[Finding]:
    """Find containers, and services of a compose file, that are given such a capability."""
    for container, field in container_fields(component, "securityContext.capabilities.add["):
        capability = _plain(field.value)
        if capability in _DANGEROUS:
            yield RULE.about(
                component, f"Container {container} of {component.id} is given {capability}", field=field.name
            )
    if component.kind == _COMPOSE:
        for field in component.fields:
            given = (
                sorted({_plain(one) for one in field.value.split(",")} & _DANGEROUS) if field.name == "cap_add" else ()
            )
            for capability in given:
                yield RULE.about(component, f"{component.id} is given {capability}", field=f"cap_add/{capability}")


def _plain(capability: str) -> str:
    return capability.strip().upper().removeprefix("CAP_")


RULE = ComponentRule(
    id="dangerous-capability",
    level=Level.WARNING,
    family=Family.CONFIGURATION,
    title="Capability that leads out of the container",
    why=(
        "With one of these rights a process can change the network or the kernel of its node, look into other "
        "processes, or mount their files. Whoever takes the container over takes more than the container."
    ),
    fix="Drop all capabilities, and add those that the software can't do without; `NET_BIND_SERVICE` is harmless.",
    example="securityContext:\n  capabilities: {add: [SYS_ADMIN]}",
    source="Kubernetes documentation, Pod Security Standards, baseline: capabilities; Linux manual, capabilities(7)",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)
