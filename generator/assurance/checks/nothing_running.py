"""Rule: something that others need, with no replica at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.autoscalers import is_autoscaler, scaled
from generator.assurance.checks.outside import opens_outside
from generator.assurance.findings import Family, GraphRule, Level, listed
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component, Field
    from generator.model.topology import Topology


def check(topology: Topology) -> Iterator[Finding]:
    """Find components with zero replicas that others reach for, or that a way in from outside leads to.

    What an autoscaler starts on demand is left out, and a service that nobody calls makes no need.
    """
    stopped = {id_ for id_, component in topology.components.items() if _stopped(component.fields)}
    if not stopped:
        return
    needed: dict[str, set[str]] = {}
    for connection in topology.connections:
        if connection.target in stopped and connection.source not in stopped:
            needed.setdefault(connection.target, set()).add(connection.source)
    for exposure, behind in topology.selected.items():
        if stopped.issuperset(behind) and opens_outside(topology.components[exposure]):
            for id_ in behind:
                needed.setdefault(id_, set()).add(exposure)
    on_demand = scaled(topology)
    for id_ in sorted(needed.keys() - on_demand.keys()):
        who = listed(sorted(needed[id_]))
        needs = "needs" if len(needed[id_]) == 1 else "need"
        yield RULE.about(topology.components[id_], f"{id_} has no replica, and {who} {needs} it", field="replicas")


def _stopped(fields: tuple[Field, ...]) -> bool:
    return any(field.name == "replicas" and field.value == "0" and field.aspect is Aspect.SCALE for field in fields)


def _concerned(component: Component) -> bool:
    """Return whether the findings depend on values of a component."""
    return _stopped(component.fields) or opens_outside(component) or is_autoscaler(component)


RULE = GraphRule(
    id="nothing-running",
    level=Level.WARNING,
    family=Family.RESILIENCE,
    title="Something needed that is switched off",
    why=(
        "Zero replicas are often meant for a short while: for work on data, or to stop a fault. Forgotten, every call "
        "to it fails, although all its parts are in place."
    ),
    fix="Start it again, or remove it together with what leads to it.",
    example="checkout → payment\npayment: {replicas: 0}",
    source="",
    values=frozenset({Aspect.CONFIG, Aspect.EXPOSURE, Aspect.SCALE}),
    concerns=_concerned,
    check=check,
)
