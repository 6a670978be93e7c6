"""Findings that hold in one environment, following its transitions: only what a commit can have moved is assessed.

A finding's identity (rule, subject, field) makes it the same one from commit to commit, so that its first commit and
its age are known.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import msgspec

from generator.assurance.catalogue import RULES
from generator.assurance.findings import ComponentRule, GraphRule, LinksRule, UpstreamRule, restamp
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.assurance.findings import Finding, Rule, UpstreamView
    from generator.model.component import Component
    from generator.timeline.state import EnvironmentState, Transition

Identity = tuple[str, str, str]
KEPT = 4096
"""Components whose findings are kept by digest; a promoted component is met again within far fewer."""


class Standing(msgspec.Struct, frozen=True):
    """A finding that holds, with the start of its unbroken run."""

    finding: Finding
    since: str
    """Commit."""
    since_time: int | None
    """Seconds since 1970 UTC."""


class FindingsLedger:
    """The findings of one environment."""

    def __init__(self, state: EnvironmentState, upstream: UpstreamView | None, rules: Sequence[Rule] = RULES) -> None:
        """Assess `state` by `rules`; those that look at an upstream find nothing where there is none."""
        self._state, self._upstream = state, upstream
        self._alone = tuple(r for r in rules if isinstance(r, ComponentRule))
        self._links = tuple(r for r in rules if isinstance(r, LinksRule))
        self._graph = tuple(r for r in rules if isinstance(r, GraphRule))
        self._against = tuple(r for r in rules if isinstance(r, UpstreamRule))
        self._groups: dict[tuple[str, str], dict[Identity, Standing]] = {}
        self._by_digest: OrderedDict[str, tuple[Finding, ...]] = OrderedDict()
        self._touched: dict[Identity, Standing | None] = {}
        self.counts: dict[str, int] = {"error": 0, "warning": 0, "note": 0}
        """Findings that hold now, by level."""

    @property
    def standing(self) -> Iterator[Standing]:
        """Yield every finding that holds, sorted by identity."""
        found = {identity: s for group in self._groups.values() for identity, s in group.items()}
        yield from (found[identity] for identity in sorted(found))

    def settle(self) -> dict[Identity, Standing | None]:
        """Return what changed since the last call: the finding, or `None` where it is fixed."""
        changed, self._touched = self._touched, {}
        return changed

    def update(self, transition: Transition, commit: str, time: int | None) -> None:
        """Assess what `transition` can have moved in the environment itself."""
        components = self._state.components
        for identity in transition.changed:
            component = components.get(identity)
            self._replace(("alone", identity), self._on_component(component) if component else (), commit, time)
        for identity in self._relinked(transition):
            component = components.get(identity)
            found: list[Finding] = []
            if component is not None and (component.references or component.selector):
                topology = self._state.topology()
                dangling = self._state.links.dangling.get(identity, ())
                found = [f for rule in self._links for f in rule.check(component, topology, dangling)]
            self._replace(("links", identity), found, commit, time)
        if _moves_graph(transition):
            topology = self._state.topology()
            self._replace(("graph", ""), [f for rule in self._graph for f in rule.check(topology)], commit, time)

    def compare(self, identities: Iterable[str], commit: str, time: int | None) -> None:
        """Assess against the upstream the components that changed on either side."""
        upstream = self._upstream
        if upstream is None:
            return
        for identity in identities:
            component = self._state.components.get(identity)
            found: list[Finding] = []
            if component is not None and upstream.exists:
                found = [f for rule in self._against for f in rule.check(component, upstream)]
            self._replace(("upstream", identity), found, commit, time)

    def _relinked(self, transition: Transition) -> Iterable[str]:
        """Return whose links are to be assessed: all of them where a port or a name that others use moved."""
        for identity, old in transition.changed.items():
            new = transition.after.get(identity)
            if old is None or new is None or (old.ports, old.names, old.labels) != (new.ports, new.names, new.labels):
                return sorted(set(self._state.components) | transition.changed.keys())
        return sorted(transition.changed.keys() | transition.relinked.keys())

    def _on_component(self, component: Component) -> tuple[Finding, ...]:
        found = self._by_digest.get(component.digest)
        if found is None:
            found = tuple(f for rule in self._alone for f in rule.check(component))
            self._by_digest[component.digest] = found
            if len(self._by_digest) > KEPT:
                self._by_digest.popitem(last=False)
            return found
        return tuple(restamp(f, component) for f in found)

    def _replace(self, group: tuple[str, str], findings: Iterable[Finding], commit: str, time: int | None) -> None:
        standing = self._groups.get(group, {})
        now: dict[Identity, Standing] = {}
        for finding in findings:
            identity = finding.identity
            old = standing.get(identity)
            if old is not None and old.finding == finding:
                now[identity] = old
                continue
            since, since_time = (old.since, old.since_time) if old is not None else (commit, time)
            now[identity] = self._touched[identity] = Standing(finding, since, since_time)
        if not now and not standing:
            return
        for one in standing.values():
            self.counts[one.finding.level] -= 1
        for one in now.values():
            self.counts[one.finding.level] += 1
        for identity in standing.keys() - now.keys():
            self._touched[identity] = None
        if now:
            self._groups[group] = now
        else:
            del self._groups[group]


def _moves_graph(transition: Transition) -> bool:
    """Return whether edges, duplicates or replicas are other than before."""
    if transition.relinked or transition.duplicates_changed:
        return True
    for identity, old in transition.changed.items():
        new = transition.after.get(identity)
        if old is None or new is None or old.kind != new.kind or _replicas(old) != _replicas(new):
            return True
    return False


def _replicas(component: Component) -> tuple[str, ...]:
    return tuple(f.value for f in component.fields if f.aspect is Aspect.SCALE and f.name == "replicas")
