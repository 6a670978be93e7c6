"""Rules on more than one component, and what of the topology each depends on, so that little is judged again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.assurance.findings import Finding, GraphRule, GroupRule
    from generator.model.component import Aspect, Component
    from generator.model.topology import Topology
    from generator.timeline.state import Transition


class WholeRule:
    """A rule on the whole topology of one environment, with the components that it concerns."""

    def __init__(self, rule: GraphRule) -> None:
        """Start with an environment that has nothing."""
        self.rule = rule
        self._concerned: set[str] = set()

    def moved(self, transition: Transition, *, shape: bool) -> bool:
        """Take a transition in, and return whether the findings may be others.

        `shape` says that connections, duplicates or components came or went.
        """
        concerned, rule = self._concerned, self.rule
        hit = shape and bool(concerned)
        for identity, aspects in transition.moved.items():
            component = transition.after.get(identity)
            before, now = identity in concerned, component is not None and rule.concerns(component)
            if now and not before:
                concerned.add(identity)
            elif before and not now:
                concerned.discard(identity)
            if (before or now) and not hit:
                hit = before is not now or aspects is None or not aspects.isdisjoint(rule.values)
        return hit

    def check(self, topology: Topology) -> list[Finding]:
        """Return what the rule finds now."""
        return [*self.rule.check(topology)] if self._concerned else []


class WholeRules:
    """The rules on the whole topology of one environment, of which few have to be asked at each transition."""

    def __init__(self, rules: Iterable[GraphRule]) -> None:
        """Start with an environment that has nothing."""
        self.all = tuple(WholeRule(rule) for rule in rules)
        self._caring: dict[frozenset[Aspect], tuple[WholeRule, ...]] = {}

    def moved(self, transition: Transition, *, shape: bool) -> Iterator[WholeRule]:
        """Take a transition in, and yield the rules whose findings may be others."""
        aspects = _together(transition.moved.values())
        rules = self.all
        if not shape and aspects is not None:
            known = self._caring.get(aspects)
            if known is None:
                known = self._caring[aspects] = tuple(r for r in rules if not aspects.isdisjoint(r.rule.values))
            rules = known
        return (rule for rule in rules if rule.moved(transition, shape=shape))


def _together(moved: Iterable[frozenset[Aspect] | None]) -> frozenset[Aspect] | None:
    """Return all aspects in which anything moved; `None` where something did by more than values."""
    found: frozenset[Aspect] = frozenset()
    for aspects in moved:
        if aspects is None:
            return None
        found = found | aspects if found else aspects
    return found


class Fronts:
    """The exposures in front of each component."""

    def __init__(self) -> None:
        """Start with none."""
        self._selected: Mapping[str, tuple[str, ...]] = {}
        self._by_component: dict[str, list[str]] = {}

    def of(self, identity: str, selected: Mapping[str, tuple[str, ...]]) -> Sequence[str]:
        """Return the exposures that lead to a component; `selected` is another object once it changes."""
        if self._selected is not selected:
            self._selected, self._by_component = selected, {}
            for exposure in sorted(selected):
                for behind in selected[exposure]:
                    self._by_component.setdefault(behind, []).append(exposure)
        return self._by_component.get(identity, ())


class Groups:
    """The groups of one rule in one environment, by what each component says."""

    def __init__(self, rule: GroupRule) -> None:
        """Start with an environment that has nothing."""
        self.rule = rule
        self.values, self.looks_at = rule.values, rule.looks_at
        self._said: dict[str, dict[str, tuple[str, ...]]] = {}
        """By component: the groups it belongs to, and what it says there."""
        self._members: dict[str, dict[str, tuple[str, ...]]] = {}

    def moved(self, identity: str, aspects: frozenset[Aspect] | None, component: Component | None) -> set[str]:
        """Take in one component as it is now, and return the groups whose findings may be others."""
        if aspects is not None and aspects.isdisjoint(self.rule.values):
            return set()
        before = self._said.get(identity, {})
        now: dict[str, tuple[str, ...]] = {}
        for name, said in self.rule.facts(component) if component is not None else ():
            now[name] = (*now.get(name, ()), said)
        if before == now:
            return set()
        for name in before.keys() - now.keys():
            members = self._members[name]
            del members[identity]
            if not members:
                del self._members[name]
        for name, all_said in now.items():
            self._members.setdefault(name, {})[identity] = all_said
        if now:
            self._said[identity] = now
        else:
            self._said.pop(identity, None)
        return before.keys() | now.keys()

    def names(self) -> Iterator[str]:
        """Yield every group, sorted."""
        yield from sorted(self._members)

    def check(self, name: str, components: Mapping[str, Component]) -> list[Finding]:
        """Return what the rule finds in one group."""
        members = self._members.get(name)
        return [*self.rule.check(name, dict(sorted(members.items())), components)] if members else []
