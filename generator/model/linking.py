"""Who reaches whom: references of components resolved to connections.

Resolving is kept up to date instead of done again: a component whose settings changed is resolved alone, and all of
them only when a name, a label or a selector came or went.
"""

from __future__ import annotations

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
        self._names: dict[str, tuple[str, ...]] = {}
        self._resources: dict[tuple[Role, str], str] = {}
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
        names: dict[str, list[str]] = {}
        self._resources = {}
        exposures = []
        workloads = []
        for identity in sorted(components):
            component = components[identity]
            if component.role in _REACHED_BY_NAME:
                for name in component.names:
                    names.setdefault(name.lower(), []).append(identity)
            if component.role is Role.EXPOSURE:
                exposures.append(component)
            elif component.role is Role.COMPONENT:
                workloads.append((identity, component.namespace, frozenset(component.labels)))
            if component.role is not Role.COMPONENT:
                for name in {identity.rpartition("/")[2], *component.names}:
                    self._resources.setdefault((component.role, name), identity)
        self._names = {name: tuple(ids) for name, ids in names.items()}
        self._namespaces = frozenset(c.namespace for c in components.values() if c.namespace)
        self.selected = {e.id: _select(e, workloads) for e in exposures if e.selector}
        for exposure in exposures:
            if not exposure.selector:
                behind = {i for r in exposure.references for i in self._behind(r)}
                self.selected[exposure.id] = tuple(sorted(behind))

    def _behind(self, reference: Reference) -> tuple[str, ...]:
        service = self._exposure(reference)
        return self.selected.get(service, ()) if service else ()

    def _exposure(self, reference: Reference) -> str | None:
        if reference.role is not Role.EXPOSURE:
            return None
        found = self._names.get(reference.target.lower(), ())
        return found[0] if found else self._resources.get((Role.EXPOSURE, reference.target))

    def _resolve(self, component: Component) -> bool:
        """Resolve one component's references; return whether anything is other than before."""
        edges: dict[tuple[str, str], Connection] = {}
        dangling = []
        for reference in component.references:
            targets = self._targets(reference)
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

    def _targets(self, reference: Reference) -> tuple[str, ...] | None:
        """Return the ids at the other end, none where that is known to be no connection, `None` where it dangles."""
        if reference.role is Role.EXPOSURE:
            return () if self._exposure(reference) else None
        if reference.role is Role.EXTERNAL:
            return self._address(reference.target) or (EXTERNAL + reference.target.lower(),)
        if reference.role is Role.COMPONENT:
            return self._component(reference.target.lower())
        found = self._resources.get((reference.role, reference.target))
        return (found,) if found else None

    def _component(self, host: str) -> tuple[str, ...] | None:
        if host in _HERE:
            return ()
        found = self._address(host)
        if found is not None:
            return found
        parts = host.split(".")
        elsewhere = len(parts) > 1 and parts[1] not in self._namespaces
        return (EXTERNAL + host,) if elsewhere else None

    def _address(self, host: str) -> tuple[str, ...] | None:
        """Return what a host name leads to: the components behind an exposure, or the component itself."""
        ids = self._names.get(host)
        if ids is None and ".svc" in host:
            ids = self._names.get(host.split(".svc", maxsplit=1)[0])
        if ids is None and "." in host:
            first, namespace = host.split(".")[:2]
            ids = self._names.get(first) if namespace in self._namespaces else None
        if ids is None:
            return None
        found: set[str] = set()
        for identity in ids:
            found.update(self.selected.get(identity, (identity,) if identity not in self.selected else ()))
        return tuple(sorted(found))


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
