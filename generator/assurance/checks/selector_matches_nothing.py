"""Rule: a service whose selector finds nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import Family, Level, LinksRule, listed
from generator.model.component import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component, Reference
    from generator.model.topology import Topology


def check(component: Component, topology: Topology, dangling: tuple[Reference, ...]) -> Iterator[Finding]:
    """Find exposures with a selector that selects no component; without one, endpoints come from elsewhere."""
    del dangling
    if component.role is Role.EXPOSURE and component.selector and not topology.selected.get(component.id):
        labels = listed([f"{key}={value}" for key, value in component.selector])
        yield RULE.about(component, f"{component.id} selects {labels}, and no component has that", field="selector")


RULE = LinksRule(
    id="selector-matches-nothing",
    level=Level.WARNING,
    family=Family.EXPOSURE,
    title="Service that leads to nothing",
    why=(
        "The name resolves, and every connection to it is refused. Usually a label was renamed on one side only, or "
        "a workload was removed and its service was left behind."
    ),
    fix="Make the selector and the labels of the workload agree, or remove the service.",
    example="kind: Service\nspec:\n  selector: {app: chekout}   # the workload is labelled app: checkout",
    source="Kubernetes documentation, Services with and without selectors",
    check=check,
)
