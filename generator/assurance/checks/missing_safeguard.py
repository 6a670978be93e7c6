"""Rule: a safeguard that upstream has and this environment lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.containers import WORKLOADS, container_names, has_field
from generator.assurance.findings import Family, Level, UpstreamRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, UpstreamView
    from generator.model.component import Component

_SAFEGUARDS = (
    ("readinessProbe", "readiness probe"),
    ("livenessProbe", "liveness probe"),
    ("startupProbe", "startup probe"),
    ("resources.limits.memory", "memory limit"),
    ("lifecycle.preStop", "step before it stops"),
)
"""Fields of a container, in the words of a message."""
_COMPOSE = "ComposeService"
_HEALTHCHECK = "healthcheck"


def check(component: Component, upstream: UpstreamView) -> Iterator[Finding]:
    """Find probes, limits and health checks of the upstream that the same container lacks here."""
    above = upstream.component(component.id) if upstream.exists else None
    if above is None or above.kind != component.kind:
        return
    for field, container, words in _lacking(component, above):
        whose = f"Container {container} of {component.id}" if container else component.id
        yield RULE.about(component, f"{whose} has no {words} here, and has one in {upstream.name}", field=field)


def _lacking(component: Component, above: Component) -> Iterator[tuple[str, str, str]]:
    """Yield field, container and words of each safeguard that `above` has and `component` lacks."""
    if component.kind == _COMPOSE:
        if has_field(above, _HEALTHCHECK) and not has_field(component, _HEALTHCHECK):
            yield _HEALTHCHECK, "", "health check"
    elif component.kind in WORKLOADS:
        both = set(container_names(component)) & set(container_names(above))
        for container in sorted(both):
            for key, words in _SAFEGUARDS:
                field = f"{container}.{key}"
                if has_field(above, field) and not has_field(component, field):
                    yield field, container, words


RULE = UpstreamRule(
    id="missing-safeguard",
    level=Level.WARNING,
    family=Family.PROMOTION,
    title="Safeguard that is missing here and present upstream",
    why=(
        "Upstream a fault of this container is seen and kept small; here nobody looks, or nothing stops it from "
        "taking all the memory of its node. What was tried there was safer than what runs here."
    ),
    fix="Bring the probe or the limit along, with this environment's numbers where they have to differ.",
    example="staging:    readinessProbe: {httpGet: {path: /ready, port: 8080}}\nproduction: # no readinessProbe",
    source="Kubernetes documentation, Configure Liveness, Readiness and Startup Probes",
    values=frozenset(),
    check=check,
)
