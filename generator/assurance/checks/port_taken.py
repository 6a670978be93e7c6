"""Rule: one port of a host that two want to have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.findings import Family, GraphRule, Level
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component
    from generator.model.topology import Topology

_COMPOSE = "ComposeService"
_PUBLISHED = re.compile(r"ports\.[^/]*/(?P<protocol>[a-z]+)")
_NODE_PORT = re.compile(r"spec\.ports\[.*\]\.nodePort")
_BY_HAND = "profiles"
_NODES = "nodes"
_EVERYWHERE = frozenset({"", "0.0.0.0", "::", "[::]"})  # noqa: S104 - compared, never bound


def check(topology: Topology) -> Iterator[Finding]:
    """Find ports that two services of a compose file publish on the same address, or two of the cluster on its nodes.

    Those that are started by hand alone (they have a profile) may be meant to take turns, and those of another file
    may run on another host. A port that the engine or the cluster chooses is never taken.
    """
    taken: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for id_ in sorted(topology.components):
        component = topology.components[id_]
        for host, port, address, field in _wanted(component):
            holders = taken.setdefault((host, port), [])
            first = next(
                (who for who, where in holders if who != id_ and ("" in {where, address} or where == address)), ""
            )
            if first:
                yield RULE.about(component, f"{id_} wants port {port}, which {first} has", field=field)
            holders.append((id_, address))


def _wanted(component: Component) -> Iterator[tuple[str, str, str, str]]:
    """Yield what each port is asked of: host, port with protocol, address (empty for all of them), and the field."""
    if component.kind == _COMPOSE and not any(field.name == _BY_HAND for field in component.fields):
        for field in component.fields:
            found = _PUBLISHED.fullmatch(field.name) if field.aspect is Aspect.EXPOSURE else None
            for one in field.value.split(", ") if found else ():
                address, _, port = one.rpartition(":")
                if found and port.isdecimal():
                    where = "" if address in _EVERYWHERE else address
                    yield component.path, f"{port}/{found['protocol']}", where, field.name
    elif component.role is Role.EXPOSURE and component.kind == "Service":
        protocols = {f.name.removesuffix(".protocol"): f.value.lower() for f in component.fields}
        for field in component.fields:
            if _NODE_PORT.fullmatch(field.name) and field.value.isdecimal() and field.value != "0":
                protocol = protocols.get(field.name.removesuffix(".nodePort"), "tcp")
                yield _NODES, f"{field.value}/{protocol}", "", field.name


def _concerned(component: Component) -> bool:
    """Return whether the findings depend on values of a component."""
    return component.kind in {_COMPOSE, "Service"}


RULE = GraphRule(
    id="port-taken",
    level=Level.ERROR,
    family=Family.EXPOSURE,
    title="Port that two want",
    why="Only one can have it. The other does not start, or is refused by the cluster, and which one it is may vary.",
    fix="Publish one of them on another port.",
    example='web: {ports: ["8080:80"]}\napi: {ports: ["8080:3000"]}',
    source="Docker documentation, Port publishing and mapping; Kubernetes documentation, Service: type NodePort",
    values=frozenset({Aspect.EXPOSURE}),
    concerns=_concerned,
    check=check,
)
