"""The rules of one environment: those built in, the user's own, those of policies, at the levels the user wants.

A level in `checks:` takes the place of every level that the rule's findings have, also where the rule tells worse
ones from lesser ones by itself: what is set to `note` is nothing but notes.

What an environment has on purpose (`expected`) is no finding of a built-in rule that compares it with its upstream; a
rule of the user's own that does so says what it means.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import msgspec

from generator.assurance.catalogue import RULES, SITUATED
from generator.assurance.findings import (
    ComponentRule,
    GraphRule,
    GroupRule,
    Level,
    LinksRule,
    Surroundings,
    UpstreamRule,
)
from generator.assurance.history_rules import HISTORY_RULES
from generator.assurance.own_rules.rules import user_rule
from generator.assurance.record_rules import RECORD_RULES
from generator.config.expected import expected_of
from generator.model.expectation import expected_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from generator.assurance.findings import Finding, GroupCheck, Rule, UpstreamView
    from generator.config.expected import Expected
    from generator.config.user_rules import UserRule
    from generator.model.component import Component, Reference
    from generator.model.topology import Topology

OFF = "off"


class Choices(Protocol):
    """What the configuration says of rules."""

    @property
    def rules(self) -> Sequence[UserRule]:
        """Return the user's own rules."""
        ...

    @property
    def checks(self) -> Mapping[str, str]:
        """Return the level of each rule whose level is not its own: id → `error`, `warning`, `note` or `off`."""
        ...

    @property
    def expected(self) -> Sequence[Expected]:
        """Return the differences that environments have on purpose."""
        ...


def rule_set(
    config: Choices,
    surroundings: Surroundings,
    policies: Sequence[Rule] = (),
    expected: Callable[[], Mapping[str, str]] | None = None,
) -> tuple[Rule, ...]:
    """Return the rules that judge the environment of `surroundings`, without those that are off.

    First come those built in, in the order of the help page, then the user's own, then `policies`. `expected` gives
    what the environment has on purpose at the time of asking: pattern → reason; without it, it is what `config` says.
    """
    said = expected_of(surroundings.environment, config.expected)
    meant = expected or (lambda: said)
    here = (rule for rule in built_in(surroundings) if surroundings.production or not rule.production_only)
    given = (unless_expected(rule, meant) for rule in here)
    own = (user_rule(rule, surroundings.environment) for rule in config.rules)
    every = [*given, *(rule for rule in own if rule is not None), *policies]
    wanted = ((rule, config.checks.get(rule.id, "")) for rule in every)
    return tuple(at_level(rule, Level(level)) if level else rule for rule, level in wanted if level != OFF)


def built_in(surroundings: Surroundings | None = None) -> tuple[Rule, ...]:
    """Return the rules that come with Assay, for an environment without surroundings where none are given."""
    where = surroundings or Surroundings()
    return (*RULES, *(situated(where) for situated in SITUATED))


def built_in_ids() -> frozenset[str]:
    """Return the ids of the rules that come with Assay."""
    return frozenset(rule.id for rule in (*built_in(), *RECORD_RULES, *HISTORY_RULES))


def unless_expected(rule: Rule, expected: Callable[[], Mapping[str, str]]) -> Rule:
    """Return a rule like `rule` which, where it looks at an upstream, passes over what is `expected` to differ."""
    if not isinstance(rule, UpstreamRule):
        return rule
    check = rule.check

    def unexpected(component: Component, upstream: UpstreamView) -> Iterator[Finding]:
        found, meant = check(component, upstream), expected()
        if not meant:
            return found
        return (one for one in found if not expected_reason((one.subject, "", one.field), meant))

    return replace(rule, check=unexpected)


def at_level(rule: Rule, level: Level) -> Rule:
    """Return a rule like `rule` whose findings all have `level`."""
    if isinstance(rule, ComponentRule):
        return replace(rule, level=level, check=_alone(rule.check, level))
    if isinstance(rule, LinksRule):
        return replace(rule, level=level, check=_links(rule.check, level))
    if isinstance(rule, GroupRule):
        return replace(rule, level=level, check=_grouped(rule.check, level))
    if isinstance(rule, GraphRule):
        return replace(rule, level=level, check=_graph(rule.check, level))
    return replace(rule, level=level, check=_against(rule.check, level))


def _alone(check: Callable[[Component], Iterator[Finding]], level: Level) -> Callable[[Component], Iterator[Finding]]:
    return lambda component: _set(check(component), level)


def _links(
    check: Callable[[Component, Topology, tuple[Reference, ...]], Iterator[Finding]], level: Level
) -> Callable[[Component, Topology, tuple[Reference, ...]], Iterator[Finding]]:
    return lambda component, topology, dangling: _set(check(component, topology, dangling), level)


def _graph(check: Callable[[Topology], Iterator[Finding]], level: Level) -> Callable[[Topology], Iterator[Finding]]:
    return lambda topology: _set(check(topology), level)


def _grouped(check: GroupCheck, level: Level) -> GroupCheck:
    return lambda name, members, components: _set(check(name, members, components), level)


def _against(
    check: Callable[[Component, UpstreamView], Iterator[Finding]], level: Level
) -> Callable[[Component, UpstreamView], Iterator[Finding]]:
    return lambda component, upstream: _set(check(component, upstream), level)


def _set(findings: Iterator[Finding], level: Level) -> Iterator[Finding]:
    return (msgspec.structs.replace(finding, level=level) for finding in findings)
