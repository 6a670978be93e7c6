"""Rule: a data store that the outside can call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.data_stores import data_store
from generator.assurance.checks.outside import opens_outside
from generator.assurance.findings import Family, Level, LinksRule
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component, Reference
    from generator.model.topology import Topology


def check(component: Component, topology: Topology, dangling: tuple[Reference, ...]) -> Iterator[Finding]:
    """Find services of type LoadBalancer or NodePort, and ways in, that lead to a well-known data store or queue."""
    del dangling
    if not opens_outside(component):
        return
    for id_ in topology.selected.get(component.id, ()):
        behind = topology.components.get(id_)
        image = data_store(behind) if behind is not None else ""
        if image:
            yield RULE.about(
                component, f"{component.id} lets calls from outside of the cluster in to {id_} ({image})", field=id_
            )


def _is_exposure(component: Component) -> bool:
    return component.role is Role.EXPOSURE


RULE = LinksRule(
    id="data-store-outside",
    level=Level.WARNING,
    family=Family.EXPOSURE,
    title="Data store that the outside can call",
    why=(
        "A database or a queue is protected by a password at most, and one that is open to the outside is found and "
        "tried within hours. Those who need it run in the cluster and reach it there."
    ),
    fix="Use a service of the usual type, and a tunnel for the rare visit from outside.",
    example="kind: Service\nmetadata: {name: orders-db}\nspec: {type: LoadBalancer, selector: {app: postgres}}",
    source="OWASP Database Security Cheat Sheet; Kubernetes documentation, Service: publishing services",
    values=frozenset({Aspect.ARTIFACT, Aspect.EXPOSURE}),
    looks_at=_is_exposure,
    check=check,
)
