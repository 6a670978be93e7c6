"""Rule: a probe that asks at a port which nobody has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.pods import container_fields
from generator.assurance.findings import ComponentRule, Family, Level, listed
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_PROBE = re.compile(r"(?P<probe>(?:liveness|readiness|startup)Probe)\.(?:httpGet|tcpSocket)\.port")
_NAME = re.compile(r"[a-z0-9-]*[a-z][a-z0-9-]*")
"""A port by its name; what is still to be filled in does not look like this."""


def check(component: Component) -> Iterator[Finding]:
    """Find probes that name a port which their container does not declare.

    A port by its number can be open without being declared, and is not judged.
    """
    declared: dict[str, list[str]] = {}
    for container, field in container_fields(component, "ports["):
        if field.name.endswith("].name"):
            declared.setdefault(container, []).append(field.value)
    for container, field in container_fields(component, ""):
        found = _PROBE.fullmatch(field.name.removeprefix("init.").removeprefix(f"{container}."))
        names = declared.get(container, [])
        if found is not None and _NAME.fullmatch(field.value) and field.value not in names:
            has = f"has {listed(names)}" if names else "names no port"
            yield RULE.about(
                component,
                f"The {found['probe']} of container {container} of {component.id} asks at the port {field.value}, "
                f"and the container {has}",
                field=field.name,
            )


RULE = ComponentRule(
    id="probe-port",
    level=Level.ERROR,
    family=Family.RESILIENCE,
    title="Probe at a port that is not there",
    why=(
        "The probe fails every time. A container that never gets ready gets no calls, and one that is never alive is "
        "restarted without end: the rollout stops, or the service is down."
    ),
    fix="Name one of the container's ports, or give the port its name.",
    example="ports: [{name: web, containerPort: 8080}]\nreadinessProbe: {httpGet: {path: /ready, port: http}}",
    source="Kubernetes documentation, Liveness, Readiness, and Startup Probes: named ports",
    values=frozenset({Aspect.CONFIG, Aspect.EXPOSURE}),
    check=check,
)
