"""Rule: a container that is restarted as soon as it is not ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.containers import LONG_RUNNING, container_names
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_LIVENESS, _READINESS = "livenessProbe.", "readinessProbe."
_ONLY_WAITING = "initialDelaySeconds"


def check(component: Component) -> Iterator[Finding]:
    """Find containers whose liveness probe asks the same as the readiness probe, as often and as patiently.

    When the first question is asked makes no difference afterwards. A probe that only opens the port says nothing of
    others, and is left out.
    """
    if component.kind not in LONG_RUNNING:
        return
    for name in container_names(component):
        alive = _probe(component, f"{name}.{_LIVENESS}")
        if alive and alive == _probe(component, f"{name}.{_READINESS}") and not _only_port(alive):
            yield RULE.about(
                component,
                f"Container {name} of {component.id} is restarted by the same probe that says whether it is ready",
                field=f"{name}.livenessProbe",
                line=min((f.line for f in component.fields if f.name.startswith(f"{name}.{_LIVENESS}")), default=0),
            )


def _probe(component: Component, start: str) -> dict[str, str]:
    said = {f.name.removeprefix(start): f.value for f in component.fields if f.name.startswith(start)}
    said.pop(_ONLY_WAITING, None)
    return said


def _only_port(probe: dict[str, str]) -> bool:
    return any(name.startswith("tcpSocket.") for name in probe)


RULE = ComponentRule(
    id="same-probes",
    level=Level.NOTE,
    family=Family.RESILIENCE,
    title="One probe for ready and for alive",
    why=(
        "What is not ready gets no calls and has time to recover; what is not alive is restarted. With one probe for "
        "both, a busy moment or a slow neighbour restarts every replica, and the load falls on those that are left."
    ),
    fix="Give the liveness probe a cheaper question, or a higher `failureThreshold` than the readiness probe.",
    example="readinessProbe: {httpGet: {path: /health, port: 80}}\nlivenessProbe: {httpGet: {path: /health, port: 80}}",
    source="Kubernetes documentation, Liveness, Readiness, and Startup Probes",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)
