"""Findings that hold in one environment, following its transitions: only what a commit can have moved is assessed.

A finding's identity (rule, subject, field) makes it the same one from commit to commit, so that its first commit and
its age are known. A waived finding stands and keeps its age; it is counted apart until its waiver ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import msgspec

from generator.assurance.catalogue import RULES
from generator.assurance.findings import ComponentRule, GraphRule, GroupRule, LinksRule, UpstreamRule
from generator.assurance.gathered import Fronts, Groups, WholeRules

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from generator.assurance.exemptions import Exempt, Exempting
    from generator.assurance.findings import Finding, Rule, UpstreamView
    from generator.model.component import Aspect, Component
    from generator.timeline.state import EnvironmentState, Transition

Identity = tuple[str, str, str]
AnyAsked = TypeVar("AnyAsked", bound="Asked")
_NOTHING: frozenset[Aspect] = frozenset()


class Standing(msgspec.Struct, frozen=True):
    """A finding that holds, with the start of its unbroken run."""

    finding: Finding
    since: str
    """Commit."""
    since_time: int | None
    """Seconds since 1970 UTC."""
    exempt: Exempt | None = None
    """Why it may stand; `None` where it counts."""


class Asked(Protocol):
    """What is asked where something moved: a rule, or the groups of one."""

    @property
    def values(self) -> frozenset[Aspect]:
        """Return the aspects whose values count."""
        ...

    @property
    def looks_at(self) -> Callable[[Component], bool]:
        """Return what tells a component in which nothing can be found."""
        ...


class _Rules(Generic[AnyAsked]):
    """Rules of one scope, chosen by the aspects whose values moved, and by what the component is."""

    def __init__(self, rules: Iterable[AnyAsked]) -> None:
        self.all = tuple(rules)
        self._by_moved: dict[frozenset[Aspect], tuple[AnyAsked, ...]] = {}
        self._by_component: dict[str, dict[frozenset[Aspect], tuple[AnyAsked, ...]]] = {}

    def moved(self, moved: frozenset[Aspect]) -> tuple[AnyAsked, ...]:
        """Return those whose findings can be others once such values moved."""
        known = self._by_moved.get(moved)
        if known is None:
            known = self._by_moved[moved] = tuple(r for r in self.all if not moved.isdisjoint(r.values))
        return known

    def of(self, identity: str, moved: frozenset[Aspect] | None, component: Component | None) -> tuple[AnyAsked, ...]:
        """Return those whose findings on a component can be others now; all where `None`: more than values moved."""
        if moved is None:
            self._by_component.pop(identity, None)
            return self.all
        if component is None:
            return self.moved(moved)
        known = self._by_component.get(identity)
        if known is None:
            known = self._by_component[identity] = {}
        rules = known.get(moved)
        if rules is None:
            rules = known[moved] = tuple(r for r in self.moved(moved) if r.looks_at(component))
        return rules


class FindingsLedger:
    """The findings of one environment."""

    def __init__(
        self,
        state: EnvironmentState,
        upstream: UpstreamView | None,
        rules: Sequence[Rule] = RULES,
        exempting: Exempting | None = None,
    ) -> None:
        """Assess `state` by `rules`; those that look at an upstream find nothing where there is none.

        `exempting` tells what is waived; without it nothing is.
        """
        self._state, self._upstream, self._exempting = state, upstream, exempting
        self._exempted = exempting.version if exempting else 0
        self._alone = tuple(r for r in rules if isinstance(r, ComponentRule))
        self._links = tuple(r for r in rules if isinstance(r, LinksRule))
        self._valued = _Rules(r for r in self._links if r.values)
        self._fronts = Fronts()
        self._whole = WholeRules(r for r in rules if isinstance(r, GraphRule))
        self._grouped = tuple(Groups(r) for r in rules if isinstance(r, GroupRule))
        self._own: _Rules[ComponentRule | LinksRule | Groups] = _Rules((*self._alone, *self._links, *self._grouped))
        self._selected: object = None
        self._against = _Rules(r for r in rules if isinstance(r, UpstreamRule))
        self._groups: dict[tuple[str, str], dict[Identity, Standing]] = {}
        self._touched: dict[Identity, Standing | None] = {}
        self.counts: dict[str, int] = {"error": 0, "warning": 0, "note": 0}
        """Findings that hold now, by level, without those that are waived."""
        self.waived = 0
        """Findings that hold now and are waived."""

    @property
    def standing(self) -> Iterator[Standing]:
        """Yield every finding that holds, sorted by identity."""
        found = {identity: s for group in self._groups.values() for identity, s in group.items()}
        yield from (found[identity] for identity in sorted(found))

    def settle(self) -> dict[Identity, Standing | None]:
        """Return what changed since the last call, waivers included: the finding, or `None` where it is fixed."""
        changed, self._touched = self._touched, {}
        return changed

    def exempt(self, time: int | None) -> None:
        """See anew what is waived, where that is another matter at `time`; every other method does so by itself."""
        if self._exempting is None or self._exempting.idle:
            return
        self._exempting.advance(time)
        if self._exempted == self._exempting.version:
            return
        self._exempted = self._exempting.version
        for standing in self._groups.values():
            for identity, old in standing.items():
                exempt = self._exempting.waived(old.finding)
                if exempt != old.exempt:
                    new = msgspec.structs.replace(old, exempt=exempt)
                    self._count(old, -1)
                    self._count(new, 1)
                    standing[identity] = self._touched[identity] = new

    def update(self, transition: Transition, commit: str, time: int | None) -> None:
        """Assess what `transition` can have moved in the environment itself."""
        self.exempt(time)
        components, moves = self._state.components, transition.moved
        relinked = self._update_links(transition, commit, time) if None in moves.values() else ()
        touched: dict[Groups, set[str]] = {}
        for identity, moved in moves.items():
            component = components.get(identity)
            for asked in self._own.of(identity, moved, component):
                if isinstance(asked, ComponentRule):
                    found = [*asked.check(component)] if component is not None else []
                    # Nearly always nothing is found where nothing was.
                    if found or (asked.id, identity) in self._groups:
                        self._replace((asked.id, identity), found, commit, time)
                elif isinstance(asked, Groups):
                    touched.setdefault(asked, set()).update(asked.moved(identity, moved, component))
                elif identity not in relinked:
                    self._link(asked, identity, commit, time)
        for groups, names in touched.items():
            self._update_groups(groups, sorted(names), commit, time)
        if self._state.links.selected:
            self._update_fronts(moves, relinked, commit, time)
        for whole in self._whole.moved(transition, shape=self._reshaped(transition)):
            self._replace((whole.rule.id, ""), whole.check(self._state.topology()), commit, time)

    def _update_groups(self, groups: Groups, names: Iterable[str], commit: str, time: int | None) -> None:
        for name in names:
            self._replace((groups.rule.id, name), groups.check(name, self._state.components), commit, time)

    def _update_links(self, transition: Transition, commit: str, time: int | None) -> Collection[str]:
        """Assess what links of more than values moved, and return it."""
        relinked = self._relinked(transition)
        for identity in sorted(relinked):
            for rule in self._links:
                self._link(rule, identity, commit, time)
        return relinked

    def _update_fronts(
        self, moves: Mapping[str, frozenset[Aspect] | None], known: Collection[str], commit: str, time: int | None
    ) -> None:
        """Assess what leads to a component whose values count in front of it, but for what is `known` already."""
        selected = self._state.links.selected
        for identity, moved in moves.items():
            rules = self._valued.moved(moved) if moved is not None else self._valued.all
            for front in self._fronts.of(identity, selected) if rules else ():
                for rule in rules if front not in known else ():
                    self._link(rule, front, commit, time)

    def _link(self, rule: LinksRule, identity: str, commit: str, time: int | None) -> None:
        component = self._state.components.get(identity)
        linked: list[Finding] = []
        if component is not None and rule.looks_at(component):
            dangling = self._state.links.dangling.get(identity, ())
            linked = [*rule.check(component, self._state.topology(), dangling)]
        if linked or (rule.id, identity) in self._groups:
            self._replace((rule.id, identity), linked, commit, time)

    def _reshaped(self, transition: Transition) -> bool:
        """Return whether components, connections, duplicates, or what exposures lead to, came or went."""
        selected, self._selected = self._selected, self._state.links.selected
        if transition.relinked or transition.duplicates_changed or selected is not self._selected:
            return True
        # What comes or goes moves by more than values.
        return None in transition.moved.values() and any(
            old is None or identity not in transition.after for identity, old in transition.changed.items()
        )

    def refresh(self, commit: str, time: int | None) -> None:
        """Assess everything once more: a component can move in its file without changing, and findings tell lines."""
        self.exempt(time)
        state = self._state
        state.relink()
        topology = state.topology()
        for identity in sorted(state.components):
            component = state.components[identity]
            for rule in self._alone:
                self._replace((rule.id, identity), [*rule.check(component)], commit, time)
            for link in self._links:
                self._link(link, identity, commit, time)
            for against in self._against.all:
                self._compare(against, identity, commit, time)
        for whole in self._whole.all:
            self._replace((whole.rule.id, ""), whole.check(topology), commit, time)
        for groups in self._grouped:
            self._update_groups(groups, groups.names(), commit, time)

    def compare(
        self,
        transitions: Sequence[Transition],
        identities: Iterable[str],
        commit: str,
        time: int | None,
        *,
        own: Transition | None,
    ) -> None:
        """Assess `identities` against the upstream, by what `transitions` moved on either side.

        `own` is the one of the environment itself, `None` where only the upstream moved.
        """
        self.exempt(time)
        moved, components = own.moved if own is not None else (), self._state.components
        for identity in identities:
            for rule in self._against.of(identity, _moved(identity, transitions), components.get(identity)):
                if not (rule.heals and identity not in moved and (rule.id, identity) not in self._groups):
                    self._compare(rule, identity, commit, time)

    def compare_all(self, identities: Iterable[str], commit: str, time: int | None) -> None:
        """Assess `identities` against an upstream that has just come or gone, or an environment that has."""
        self.exempt(time)
        for identity in identities:
            for rule in self._against.of(identity, None, None):
                self._compare(rule, identity, commit, time)

    def _compare(self, rule: UpstreamRule, identity: str, commit: str, time: int | None) -> None:
        component, upstream = self._state.components.get(identity), self._upstream
        found: list[Finding] = []
        if component is not None and upstream is not None and upstream.exists:
            found = [*rule.check(component, upstream)]
        if found or (rule.id, identity) in self._groups:
            self._replace((rule.id, identity), found, commit, time)

    def _relinked(self, transition: Transition) -> Collection[str]:
        """Return whose links are to be assessed: all of them where a port or a name that others use moved."""
        reshaped = [identity for identity, aspects in transition.moved.items() if aspects is None]
        for identity in reshaped:
            old, new = transition.before.get(identity), transition.after.get(identity)
            if old is not new and (old is None or new is None or _offer(old) != _offer(new)):
                return frozenset(self._state.components) | transition.changed.keys()
        return frozenset(reshaped)

    def _replace(self, group: tuple[str, str], findings: Sequence[Finding], commit: str, time: int | None) -> None:
        standing = self._groups.get(group)
        if standing is None:
            if not findings:
                return
            standing = {}
        now: dict[Identity, Standing] = {}
        for finding in findings:
            identity = finding.identity
            old = standing.get(identity)
            if old is not None and old.finding == finding:
                now[identity] = old
                continue
            if old is not None:
                # Its message, level or line is another; what may stand is told by its identity alone.
                new = msgspec.structs.replace(old, finding=finding)
            else:
                new = Standing(finding, commit, time, self._exempting.waived(finding) if self._exempting else None)
            now[identity] = self._touched[identity] = new
        for one in standing.values():
            self._count(one, -1)
        for one in now.values():
            self._count(one, 1)
        for identity in sorted(standing.keys() - now.keys()):
            self._touched[identity] = None
        if now:
            self._groups[group] = now
        else:
            self._groups.pop(group, None)

    def _count(self, one: Standing, number: int) -> None:
        if one.exempt is None:
            self.counts[one.finding.level] += number
        else:
            self.waived += number


def _moved(identity: str, transitions: Sequence[Transition]) -> frozenset[Aspect] | None:
    """Return the aspects in which values of a component moved on either side; `None` where more than values did."""
    found: frozenset[Aspect] = frozenset()
    for transition in transitions:
        moved = transition.moved.get(identity, _NOTHING)
        if moved is None:
            return None
        found = found | moved if found else moved
    return found


def _offer(component: Component) -> tuple[object, ...]:
    """Return what of a component the findings on other components' links depend on."""
    where = (component.namespace, component.kind)
    return (where, component.ports, component.names, component.labels, component.fields if component.selector else ())
