"""Rule: a load balancer that everybody may call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.outside import is_internal, service_type
from generator.assurance.findings import ComponentRule, Family, Level, listed
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_RANGES = "spec.loadBalancerSourceRanges"
_RESTRICTED = re.compile(r"source-?ranges|inbound-cidrs|security-?groups|allow-?list|white-?list", re.IGNORECASE)


def check(component: Component) -> Iterator[Finding]:
    """Find services of type LoadBalancer that name no source ranges and are not kept inside a private network."""
    if service_type(component) != "LoadBalancer" or is_internal(component):
        return
    if any(f.name.startswith(_RANGES) or _restricts(f.name) for f in component.fields):
        return
    ports = listed([port.number for port in component.ports])
    at = f" on port {ports}" if len(component.ports) == 1 else f" on ports {ports}" if ports else ""
    yield RULE.about(component, f"{component.id} can be called from anywhere{at}", field="spec.type")


def _restricts(name: str) -> bool:
    return name.startswith("annotations.") and _RESTRICTED.search(name) is not None


RULE = ComponentRule(
    id="open-load-balancer",
    level=Level.NOTE,
    family=Family.EXPOSURE,
    title="Load balancer open to everybody",
    why=(
        "A service of this type gets an address of its own, past the ingress and what it checks. For a public "
        "entrance that is the purpose; for anything else it is a door that nobody watches."
    ),
    fix=(
        "Name who may call in `spec.loadBalancerSourceRanges`, make it internal by the annotation of your cloud, or "
        "put it behind the ingress."
    ),
    example="kind: Service\nspec:\n  type: LoadBalancer   # and no loadBalancerSourceRanges",
    source="Kubernetes documentation, Service: type LoadBalancer, restricting sources",
    values=frozenset({Aspect.CONFIG, Aspect.EXPOSURE}),
    check=check,
)
