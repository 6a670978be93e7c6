"""Rule: a container that can start containers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.pods import pod_fields
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_COMPOSE = "ComposeService"
_SOCKET = re.compile(r"/(?:docker|containerd|crio|podman)\.sock(?::[a-z,]+)?\Z")


def check(component: Component) -> Iterator[Finding]:
    """Find pods and services of a compose file that are given the socket of the container engine."""
    fields = [field for field in pod_fields(component, "volumes[") if field.name.endswith("].hostPath.path")]
    if component.kind == _COMPOSE:
        fields = [field for field in component.fields if field.name.startswith("volumes.")]
    for field in fields:
        if _SOCKET.search(field.value):
            yield RULE.about(
                component,
                f"{component.id} is given the socket of the container engine, {field.value}",
                field=field.name,
            )


RULE = ComponentRule(
    id="engine-socket",
    level=Level.WARNING,
    family=Family.CONFIGURATION,
    title="Socket of the container engine",
    why=(
        "Whoever can call the engine can start a container with all of the host's files in it, and so is root on the "
        "host. Mounted for reading alone, it can still be called."
    ),
    fix=(
        "Let it read what it needs from the cluster's interface, or put a proxy in between that lets single calls "
        "through."
    ),
    example="volumes:\n  - /var/run/docker.sock:/var/run/docker.sock",
    source="OWASP Docker Security Cheat Sheet; CIS Docker Benchmark, 5 on the engine's socket",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)
