"""Who reaches whom: references of components resolved to connections.

Resolving is kept up to date instead of done again: a component whose settings changed is resolved alone, and all of
them only when a name, a label or a selector came or went.

A name is looked up in the namespace of the component that uses it; another one counts only where the address says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.model.component import Component, How, Reference, Role
from generator.model.topology import Connection, Dangling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EXTERNAL = "external/"
"""Start of the id of a host outside of the environment; such a host has no component of its own."""

_STRENGTH = {How.DECLARED: 0, How.REFERENCE: 1, How.INFERRED: 2}
_REACHED_BY_NAME = frozenset({Role.COMPONENT, Role.EXPOSURE, Role.EXTERNAL})
"""What an address can lead to; a secret's name is no host."""
_HERE = frozenset({"localhost"})
_ONLY_LEAD_ON = frozenset({"Ingress", "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"})
"""Kinds of exposures that nothing refers to by name; often they are called like the service behind them."""
_REFERRED_TO = frozenset({"ConfigMap", "Secret", "PersistentVolumeClaim", "Service"})
"""Kinds that a name means first, where another object of the same role has it too."""
_DEFAULT = "default"
"""Namespace of what names none and is applied without one."""
_POD = re.compile(r"[^.]+-\d+\.[^.]+")
_PAIR = 2
_Place = tuple[str, str]
"""Namespace and id of a component."""


class Links:
    """Connections, selections and dangling references of one environment, following its components."""

    def __init__(self) -> None:
        """Start with an empty environment."""
        self.connections: dict[str, tuple[Connection, ...]] = {}
        """Edges by their source."""
        self.dangling: dict[str, tuple[Reference, ...]] = {}
        """References that lead nowhere, by the component that makes them; only where there are some."""
        self.selected: dict[str, tuple[str, ...]] = {}
        """For each exposure, the components behind it."""
        self._names: dict[str, tuple[_Place, ...]] = {}
        self._resources: dict[tuple[Role, str], tuple[_Place, ...]] = {}
        self._namespaces: frozenset[str] = frozenset()

    def update(
        self, components: Mapping[str, Component], changed: Mapping[str, Component | None]
    ) -> dict[str, tuple[Connection, ...]]:
        """Take in `components`, of which `changed` gives the former state of those that changed.

        Return the former connections of the components whose connections or dangling references are now others.
        """
        now = {identity: components.get(identity) for identity in changed}
        reshaped = any(_reshaped(old, now[identity]) for identity, old in changed.items())
        if reshaped:
            self._index(components)
        relinked: dict[str, tuple[Connection, ...]] = {}
        for identity, component in components.items() if reshaped else now.items():
            old = changed.get(identity)
            if component is None or (not reshaped and old is not None and old.references == component.references):
                continue
            former = self.connections.get(identity, ())
            if self._resolve(component):
                relinked[identity] = former
        for identity in changed:
            if now[identity] is None:
                had = self.connections.pop(identity, ())
                if self.dangling.pop(identity, ()) or had:
                    relinked[identity] = had
        return relinked

    def _index(self, components: Mapping[str, Component]) -> None:
        """Learn anew who offers which name, and what each exposure leads to."""
        names: dict[str, list[_Place]] = {}
        resources: dict[tuple[Role, str], list[_Place]] = {}
        exposures = []
        workloads = []
        for identity in sorted(components):
            component = components[identity]
            place = (component.namespace, identity)
            if component.role in _REACHED_BY_NAME:
                for name in component.names:
                    names.setdefault(name.lower(), []).append(place)
            if component.role is Role.EXPOSURE:
                exposures.append(component)
            elif component.role is Role.COMPONENT:
                workloads.append((identity, component.namespace, frozenset(component.labels)))
            if component.role is not Role.COMPONENT and component.kind not in _ONLY_LEAD_ON:
                for name in {identity.rpartition("/")[2], *component.names}:
                    resources.setdefault((component.role, name), []).append(place)
        self._names = {name: tuple(places) for name, places in names.items()}
        self._resources = {
            key: tuple(sorted(places, key=lambda place: components[place[1]].kind not in _REFERRED_TO))
            for key, places in resources.items()
        }
        self._namespaces = frozenset(c.namespace for c in components.values() if c.namespace)
        self.selected = {e.id: _select(e, workloads) for e in exposures if e.selector}
        for exposure in exposures:
            if not exposure.selector:
                behind = {i for r in exposure.references for i in self._behind(r, exposure.namespace)}
                self.selected[exposure.id] = tuple(sorted(behind))

    def _behind(self, reference: Reference, namespace: str) -> tuple[str, ...]:
        if reference.role is not Role.EXPOSURE:
            return ()
        return tuple(i for service in self._exposure(reference, namespace) for i in self.selected.get(service, ()))

    def _exposure(self, reference: Reference, namespace: str) -> tuple[str, ...]:
        """Return the exposure that a reference names: `NAME` in its own namespace, or `NAME.NAMESPACE`."""
        found = self._named(reference.target.lower(), namespace)
        return (found or _reachable(self._resources.get((Role.EXPOSURE, reference.target), ()), namespace))[:1]

    def _resolve(self, component: Component) -> bool:
        """Resolve one component's references; return whether anything is other than before."""
        edges: dict[tuple[str, str], Connection] = {}
        dangling = []
        for reference in component.references:
            targets = self._targets(reference, component.namespace)
            if targets is None:
                dangling.append(reference)
                continue
            for target in targets:
                if target == component.id:
                    continue
                edge = Connection(component.id, target, reference.how, reference.port)
                known = edges.get((target, reference.port))
                if known is None or _STRENGTH[edge.how] < _STRENGTH[known.how]:
                    edges[target, reference.port] = edge
        connections, missing = tuple(sorted(edges.values())), tuple(dangling)
        same = connections == self.connections.get(component.id, ()) and missing == self.dangling.get(component.id, ())
        self.connections[component.id] = connections
        if missing:
            self.dangling[component.id] = missing
        else:
            self.dangling.pop(component.id, None)
        return not same

    def _targets(self, reference: Reference, namespace: str) -> tuple[str, ...] | None:
        """Return the ids at the other end, none where that is known to be no connection, `None` where it dangles.

        `namespace` is that of the component which refers.
        """
        if reference.role is Role.EXPOSURE:
            return () if self._exposure(reference, namespace) else None
        if reference.role is Role.EXTERNAL:
            host = reference.target.lower()
            return self._address(host, namespace) or (EXTERNAL + host,)
        if reference.role is Role.COMPONENT:
            return self._component(reference.target.lower(), namespace)
        return _reachable(self._resources.get((reference.role, reference.target), ()), namespace)[:1] or None

    def _component(self, host: str, namespace: str) -> tuple[str, ...] | None:
        if host in _HERE:
            return ()
        found = self._address(host, namespace)
        if found is not None:
            return found
        elsewhere = "." in host and _parts(host)[1] not in self._namespaces
        return (EXTERNAL + host,) if elsewhere else None

    def _address(self, host: str, namespace: str) -> tuple[str, ...] | None:
        """Return what a host name leads to: the components behind an exposure, or the component itself."""
        ids = self._named(host, namespace)
        if not ids:
            return None
        found: set[str] = set()
        for identity in ids:
            found.update(self.selected.get(identity, (identity,) if identity not in self.selected else ()))
        return tuple(sorted(found))

    def _named(self, host: str, namespace: str) -> tuple[str, ...]:
        """Return who goes by a host name, seen from `namespace`; another namespace only where the name says so."""
        found = _reachable(self._names.get(host, ()), namespace)
        if found or "." not in host:
            return found
        name, there = _parts(host)
        if there in self._namespaces or there == _DEFAULT:
            found = _within(self._names.get(name, ()), there)
        if not found and _POD.fullmatch(host):
            # `POD.SERVICE`: one pod of a headless service, seen from its own namespace.
            found = _reachable(self._names.get(there, ()), namespace)
        return found


def _parts(host: str) -> tuple[str, str]:
    """Return service and namespace of `SERVICE.NAMESPACE`, or of `SERVICE.NAMESPACE.svc...` with or without a pod.

    Both are empty for any other name.
    """
    inside, service_form, _ = host.partition(".svc")
    labels = inside.split(".")
    if len(labels) == _PAIR or (service_form and len(labels) > _PAIR):
        return labels[-2], labels[-1]
    return "", ""


def _reachable(places: Iterable[_Place], namespace: str) -> tuple[str, ...]:
    """Return those that a bare name reaches from `namespace`.

    That is the same namespace, else those of which no namespace is known: they are put where the whole is applied.
    From there it may be any, as long as none is at the same place.
    """
    places = tuple(places)
    for wanted in (namespace, ""):
        found = tuple(identity for there, identity in places if there == wanted)
        if found:
            return found
    return () if namespace else tuple(identity for _, identity in places)


def _within(places: Iterable[_Place], namespace: str) -> tuple[str, ...]:
    """Return those in a namespace that an address names; in what no file puts anywhere only where none is there."""
    places = tuple(places)
    found = tuple(identity for there, identity in places if there == namespace)
    return found or tuple(identity for there, identity in places if not there)


def _reshaped(old: Component | None, new: Component | None) -> bool:
    """Return whether anything moved that other components' references depend on."""
    if old is None or new is None:
        return old is not new
    return (
        old.names != new.names
        or old.labels != new.labels
        or old.selector != new.selector
        or old.namespace != new.namespace
        or old.role is not new.role
        or (new.role is Role.EXPOSURE and old.references != new.references)
    )


def _select(exposure: Component, workloads: Iterable[tuple[str, str, frozenset[tuple[str, str]]]]) -> tuple[str, ...]:
    wanted = set(exposure.selector)
    return tuple(i for i, namespace, labels in workloads if wanted <= labels and _meet(namespace, exposure.namespace))


def _meet(one: str, other: str) -> bool:
    """Return whether two objects can stand in one namespace; one that names none is put where it is applied."""
    return one == other or not one or not other


def all_dangling(links: Links) -> tuple[Dangling, ...]:
    """Return every dangling reference with its source, sorted."""
    return tuple(Dangling(s, r) for s in sorted(links.dangling) for r in links.dangling[s])
