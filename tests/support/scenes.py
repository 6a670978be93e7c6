"""Environments as checks see them, read from a few lines of a model, and what a check finds in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from support.compose_tree import mask, reading

from generator.assurance.catalogue import RULES, SITUATED
from generator.assurance.findings import ComponentRule, GraphRule, GroupRule, LinksRule, Surroundings
from generator.assurance.gathered import Groups
from generator.model.linking import Links, all_dangling
from generator.model.topology import Topology
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.reader import SourceFile, Unit
from generator.rendering.compose import ComposeEngine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.assurance.findings import Finding, Rule
    from generator.model.component import Aspect, Component

PRODUCTION = Surroundings(
    environment="production", production=True, upstream="staging", others=("development", "staging"), kubernetes="1.31"
)
STAGING = Surroundings(
    environment="staging", upstream="development", others=("development", "production"), kubernetes="1.31"
)
_NO_ENGINE = ComposeEngine("/nowhere/docker-compose")


@dataclass(frozen=True)
class Scene:
    """One environment, and where it stands."""

    components: tuple[Component, ...]
    around: Surroundings = PRODUCTION
    above: tuple[Component, ...] | None = None
    """What the upstream has now; `None` where there is none."""
    once: tuple[tuple[str, Aspect, str, str], ...] = ()
    """What the upstream had before beside that: component, aspect, field, value."""
    duplicates: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Case:
    """What a rule must find something in, and what only looks like it."""

    fires: tuple[Scene, ...]
    silent: tuple[Scene, ...]


class _Above:
    """The upstream of a scene."""

    name = "staging"

    def __init__(self, scene: Scene) -> None:
        self.exists = scene.above is not None
        self._now = {one.id: one for one in scene.above or ()}
        self._ever = {(one.id, f.aspect, f.name, f.value) for one in self._now.values() for f in one.fields}
        self._ever.update(scene.once)

    def component(self, component_id: str, /) -> Component | None:
        return self._now.get(component_id)

    def had(self, component_id: str, aspect: Aspect, field: str, value: str, /) -> bool:
        return (component_id, aspect, field, value) in self._ever


def kubernetes(text: str, path: str = "deploy/all.yaml", target: str = "") -> tuple[Component, ...]:
    """Return the components of manifests; `target` is the version of Kubernetes that they are held against."""
    found = KubernetesReader().read(Unit("production", target=target), [SourceFile(path, text.encode())], mask)
    assert not found.problems, found.problems
    return found.components


def compose(text: str) -> tuple[Component, ...]:
    """Return the services and resources of a compose file."""
    found = reading(_NO_ENGINE, {"compose.yaml": text})
    assert not found.problems, found.problems
    return found.components


def topology(scene: Scene) -> Topology:
    """Return a scene's components with what connects them."""
    components = {one.id: one for one in scene.components}
    links = Links()
    links.update(components, dict.fromkeys(components))
    connections = frozenset(c for edges in links.connections.values() for c in edges)
    return Topology(components, connections, links.selected, all_dangling(links), scene.duplicates)


def every_rule(around: Surroundings = PRODUCTION) -> dict[str, Rule]:
    """Return every rule by its id, in the order of the catalogue."""
    return {rule.id: rule for rule in (*RULES, *(make(around) for make in SITUATED))}


def found_in(scene: Scene, rule_id: str) -> list[Finding]:
    """Return what a rule finds in a scene."""
    rule, whole = every_rule(scene.around)[rule_id], topology(scene)
    if isinstance(rule, GraphRule):
        return list(rule.check(whole)) if any(rule.concerns(one) for one in scene.components) else []
    if isinstance(rule, GroupRule):
        groups = Groups(rule)
        for one in scene.components:
            groups.moved(one.id, None, one)
        return [finding for name in groups.names() for finding in groups.check(name, whole.components)]
    found: list[Finding] = []
    for one in scene.components:
        if isinstance(rule, ComponentRule):
            found += rule.check(one)
        elif isinstance(rule, LinksRule):
            found += rule.check(one, whole, tuple(d.reference for d in whole.dangling if d.source == one.id))
        else:
            found += rule.check(one, _Above(scene))
    return found


def cases(*tables: Mapping[str, Case]) -> dict[str, Case]:
    """Return the cases of several tables as one; raises `ValueError` where two have a rule."""
    found: dict[str, Case] = {}
    for table in tables:
        twice = sorted(found.keys() & table.keys())
        if twice:
            raise ValueError(twice)
        found.update(table)
    return found
