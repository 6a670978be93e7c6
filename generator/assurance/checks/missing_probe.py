"""Rule: a container that nobody asks whether it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.containers import LONG_RUNNING, container_names, has_field
from generator.assurance.findings import ComponentRule, Family, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component


def check(component: Component) -> Iterator[Finding]:
    """Find containers of long-running workloads that have neither a readiness nor a liveness probe."""
    if component.kind not in LONG_RUNNING:
        return
    for name in container_names(component):
        if not has_field(component, f"{name}.readinessProbe") and not has_field(component, f"{name}.livenessProbe"):
            yield RULE.about(
                component,
                f"Container {name} of {component.id} has neither a readiness nor a liveness probe",
                field=name,
            )


RULE = ComponentRule(
    id="missing-probe",
    level=Level.NOTE,
    family=Family.RESILIENCE,
    title="Container without a health probe",
    why=(
        "Without a readiness probe a new version gets traffic as soon as its process has started, and a rollout "
        "counts as successful even where the software can't answer. Without a liveness probe a process that hangs "
        "stays hanging."
    ),
    fix="Add a readiness probe that asks what a user would need; add a liveness probe where a restart helps.",
    example="containers:\n  - name: server\n    image: checkout:1.4.2\n    # no readinessProbe, no livenessProbe",
    source="Kubernetes documentation, Liveness, Readiness, and Startup Probes",
    values=frozenset(),
    check=check,
)
