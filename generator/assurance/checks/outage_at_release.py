"""Rule: something outward that is taken down before the next version starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.outside import outward
from generator.assurance.findings import Family, GraphRule, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.topology import Topology

_STRATEGY = "spec.strategy.type"


def check(topology: Topology) -> Iterator[Finding]:
    """Find Deployments of the strategy Recreate that calls from outside are let in to."""
    for id_, way in sorted(outward(topology).items()):
        component = topology.components[id_]
        if component.kind == "Deployment" and any(
            field.name == _STRATEGY and field.value == "Recreate" for field in component.fields
        ):
            yield RULE.about(
                component,
                f"{id_} is down during each of its releases, and {way} leads to it from outside",
                field=_STRATEGY,
            )


RULE = GraphRule(
    id="outage-at-release",
    level=Level.WARNING,
    family=Family.RESILIENCE,
    title="Outage at each release",
    why=(
        "With the strategy Recreate all old pods are stopped before a new one starts. Users meet errors for as long "
        "as the start takes, and for good where the new version does not start."
    ),
    fix=(
        "Use a rolling update, or where two versions can't run side by side (one volume, one lock), plan the outage "
        "and waive this finding with the reason."
    ),
    example="kind: Deployment   # behind an Ingress\nspec:\n  strategy: {type: Recreate}",
    source="Kubernetes documentation, Deployments: strategy",
    values=frozenset({Aspect.CONFIG, Aspect.EXPOSURE}),
    check=check,
)
