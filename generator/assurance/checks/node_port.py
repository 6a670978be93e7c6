"""Rule: a port that is opened on the nodes themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.outside import service_type
from generator.assurance.checks.pods import container_fields
from generator.assurance.findings import ComponentRule, Family, Level, listed
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_LOOPBACK = ("127.", "::1", "localhost")


def check(component: Component) -> Iterator[Finding]:
    """Find services of type NodePort, and containers that take a port of their node (`hostPort`).

    For what runs on each node (a DaemonSet), the node's port is the usual way, and told as a note. A port that only
    the node itself can reach is left out.
    """
    if service_type(component) == "NodePort":
        ports = listed([port.number for port in component.ports])
        yield RULE.about(
            component,
            f"{component.id} opens a port on every node for its {'port' if len(component.ports) == 1 else 'ports'} "
            f"{ports}",
            field="spec.type",
            level=Level.NOTE,
        )
    local = {
        field.name.removesuffix(".hostIP")
        for _, field in container_fields(component, "ports[")
        if field.name.endswith(".hostIP") and field.value.startswith(_LOOPBACK)
    }
    for container, field in container_fields(component, "ports["):
        if field.name.endswith("].hostPort") and field.name.removesuffix(".hostPort") not in local:
            yield RULE.about(
                component,
                f"Container {container} of {component.id} takes port {field.value} of its node",
                field=field.name,
                level=Level.NOTE if component.kind == "DaemonSet" else None,
            )


RULE = ComponentRule(
    id="node-port",
    level=Level.WARNING,
    family=Family.EXPOSURE,
    title="Port opened on a node",
    why=(
        "Whoever can reach a node can call it there, past the ingress and what it checks. A container that takes a "
        "port of its node also can't run twice on one node, so a release may have to wait for a free one."
    ),
    fix="Use a service of the usual type behind an ingress or a load balancer, and leave out `hostPort`.",
    example="containers:\n  - name: server\n    ports: [{containerPort: 8080, hostPort: 80}]",
    source="Kubernetes documentation, Service: type NodePort; Pod Security Standards, host ports",
    values=frozenset({Aspect.EXPOSURE}),
    check=check,
)
