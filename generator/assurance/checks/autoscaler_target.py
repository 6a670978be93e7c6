"""Rule: an autoscaler that scales nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.autoscalers import autoscalers, is_autoscaler, target_in, target_of, workloads
from generator.assurance.findings import Family, GraphRule, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.topology import Topology

_READ = frozenset({"Deployment", "StatefulSet", "ReplicaSet"})
"""Kinds of which it is known whether one is there."""
_BRING_MORE = frozenset({"HelmRelease", "HelmChart", "Application", "ApplicationSet", "Kustomization"})
"""Kinds that bring objects along which are not seen here."""


def check(topology: Topology) -> Iterator[Finding]:
    """Find autoscalers whose target is not in the topology; a warning where something may bring it along."""
    those = autoscalers(topology)
    if not those:
        return
    named = workloads(topology)
    unsure = any(component.kind in _BRING_MORE for component in topology.components.values())
    for autoscaler in those:
        wanted = target_of(autoscaler)
        if wanted.name and wanted.kind in _READ and target_in(named, autoscaler) is None:
            yield RULE.about(
                autoscaler,
                f"{autoscaler.id} scales the {wanted.kind} {wanted.name}, which is not there",
                field="spec.scaleTargetRef.name",
                level=Level.WARNING if unsure else None,
            )


RULE = GraphRule(
    id="autoscaler-target",
    level=Level.ERROR,
    family=Family.RESILIENCE,
    title="Autoscaler for something that is not there",
    why=(
        "Nothing is scaled, and nothing says so until the load comes. Usually the workload was renamed, or has become "
        "of another kind."
    ),
    fix="Correct kind and name in `spec.scaleTargetRef`, or remove the autoscaler.",
    example="kind: HorizontalPodAutoscaler\nspec:\n  scaleTargetRef: {kind: Deployment, name: chekout}",
    source="Kubernetes documentation, Horizontal Pod Autoscaling",
    values=frozenset({Aspect.CONFIG}),
    concerns=is_autoscaler,
    check=check,
)
