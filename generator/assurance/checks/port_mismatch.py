"""Rule: a port that nobody listens on, on either side of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import Family, Level, LinksRule, listed
from generator.model.component import How, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component, Port, Reference
    from generator.model.topology import Topology

_SERVICE = "Service/"
"""How the ids of Kubernetes services start."""


def check(component: Component, topology: Topology, dangling: tuple[Reference, ...]) -> Iterator[Finding]:
    """Find ports of an exposure that no component behind it declares, and references to ports that are not offered."""
    if component.role is Role.EXPOSURE and component.selector:
        yield from _towards_components(component, topology)
    yield from _towards_services(component, topology, frozenset(dangling))


def _towards_components(exposure: Component, topology: Topology) -> Iterator[Finding]:
    """Judge an exposure's target ports, unless a component behind it declares none and may listen on any.

    A name leads nowhere without its declaration; a number may be open all the same, and is a warning.
    """
    behind = [topology.components[id_] for id_ in topology.selected.get(exposure.id, ()) if id_ in topology.components]
    if not behind or not all(found.ports for found in behind):
        return
    declared = {word for found in behind for port in found.ports for word in _container_words(port)}
    for port in exposure.ports:
        wanted = port.target or port.number
        if wanted not in declared:
            offered = f"port {port.number}" + (f" ({port.name})" if port.name else "")
            yield RULE.about(
                exposure,
                f"{exposure.id} sends {offered} to port {wanted} of {listed([c.id for c in behind])}, "
                f"where only {listed(sorted(declared))} {'is' if len(declared) == 1 else 'are'} declared",
                field=f"ports.{port.name or port.number}",
                level=Level.WARNING if wanted.isdecimal() else None,
            )


def _towards_services(component: Component, topology: Topology, dangling: frozenset[Reference]) -> Iterator[Finding]:
    """Judge the ports that a component's references name, one finding a target."""
    wrong: dict[str, list[Reference]] = {}
    for reference in component.references:
        if reference.port and reference not in dangling:
            target = _target(reference, topology, component.namespace)
            if target is not None and reference.port not in _offered(target):
                wrong.setdefault(target.id, []).append(reference)
    for id_, references in sorted(wrong.items()):
        target = topology.components[id_]
        ports = sorted({reference.port for reference in references})
        fields = sorted({f"`{reference.field}`" for reference in references})
        yield RULE.about(
            component,
            f"{component.id} reaches for {id_} on port {listed(ports)} ({listed(fields, 4)}), "
            f"which offers {listed(sorted(_offered(target)))}",
            field=f"{target.role}/{id_}",
            line=min((reference.line for reference in references if reference.line), default=0),
        )


def _target(reference: Reference, topology: Topology, namespace: str) -> Component | None:
    """Return what a reference leads to where only its declared ports can be reached there, else `None`.

    That is a service that names its ports, or a component that the model declares with its ports. A container can be
    reached on ports that it does not declare, and so can the ones behind a headless service.
    """
    if reference.role not in {Role.COMPONENT, Role.EXPOSURE}:
        return None
    host = reference.target.lower()
    first, _, rest = host.partition(".")
    for id_ in (f"{_SERVICE}{host}", f"{_SERVICE}{first}", host, first, reference.target):
        found = topology.components.get(id_)
        if found is None or not found.ports:
            continue
        if not rest and namespace and found.namespace not in {"", namespace}:
            continue  # a bare name means one's own namespace
        known_here = not rest or host in found.names or rest.partition(".")[0] == (found.namespace or namespace)
        if known_here and (_only_its_ports(found) or (found.role is Role.COMPONENT and reference.how is How.DECLARED)):
            return found
    return None


def _only_its_ports(found: Component) -> bool:
    return found.role is Role.EXPOSURE and not any(
        field.name.rpartition(".")[2] == "clusterIP" and field.value == "None" for field in found.fields
    )


def _offered(target: Component) -> frozenset[str]:
    """Return the words by which a caller may name a port of `target`."""
    return frozenset(word for port in target.ports for word in (port.name, port.number) if word)


def _container_words(port: Port) -> tuple[str, ...]:
    """Return the words by which a service may name a component's port: its name, its number, what it listens on."""
    return tuple(word for word in (port.name, port.number, port.target) if word)


RULE = LinksRule(
    id="port-mismatch",
    level=Level.ERROR,
    family=Family.REFERENCES,
    title="Port that is not there",
    why=(
        "A service that passes calls on to a port where nothing listens, or a caller that uses a port the service "
        "does not have, fails at every call. Each file looks right alone; only the two together show it. A container "
        "can listen on a number that it does not declare, so that is a warning."
    ),
    fix="Make the port of the workload, the target port of the service and the port of its callers agree.",
    example="Service:    port 80 → targetPort 8080\nDeployment: containerPort 8000",
    source="Kubernetes documentation, Service: port definitions",
    check=check,
)
