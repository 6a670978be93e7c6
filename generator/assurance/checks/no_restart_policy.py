"""Rule: a service that stays down once it is down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import Family, GraphRule, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component
    from generator.model.topology import Topology

_COMPOSE = "ComposeService"
_NEEDS = "depends_on."
_ENDS = "service_completed_successfully"
_OTHERWISE = ("deploy.restart_policy", "profiles")
"""What tells how it is started: by the settings of a swarm, or by hand."""


def check(topology: Topology) -> Iterator[Finding]:
    """Find services of a compose file without a restart policy that others need or that publish a port.

    One that others wait for to end, or that is started by hand alone (it has a profile), is meant to run once.
    """
    services = {id_: c for id_, c in sorted(topology.components.items()) if c.kind == _COMPOSE}
    ending = {
        field.name.removeprefix(_NEEDS)
        for component in services.values()
        for field in component.fields
        if field.name.startswith(_NEEDS) and field.value.startswith(_ENDS)
    }
    needed = {connection.target for connection in topology.connections}
    for id_, component in services.items():
        if id_ not in ending and (id_ in needed or _publishes(component)) and not _restarts(component):
            yield RULE.about(
                component, f"{id_} is not started again when it ends or its host restarts", field="restart"
            )


def _publishes(component: Component) -> bool:
    return any(field.aspect is Aspect.EXPOSURE and field.name.startswith("ports.") for field in component.fields)


def _restarts(component: Component) -> bool:
    """Return whether something says when it is started again, or that it is not to be."""
    return any(
        (field.name == "restart" and field.value != "no") or field.name.startswith(_OTHERWISE)
        for field in component.fields
    )


def _concerned(component: Component) -> bool:
    """Return whether the findings depend on values of a component."""
    return component.kind == _COMPOSE


RULE = GraphRule(
    id="no-restart-policy",
    level=Level.NOTE,
    family=Family.RESILIENCE,
    title="Service without a restart policy",
    why=(
        "After a fault, or after its host was restarted, the container stays stopped until somebody starts it by "
        "hand. The default is never to start again."
    ),
    fix="Set `restart: unless-stopped`, or `on-failure` for what may end.",
    example="services:\n  api:\n    image: shop/api:1.4\n    ports: [8080:8080]   # and no restart",
    source="Docker documentation, Start containers automatically; Compose file reference, restart",
    values=frozenset({Aspect.CONFIG}),
    concerns=_concerned,
    check=check,
)
