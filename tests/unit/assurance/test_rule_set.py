from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from support.check_cases_exposure import CASES as EXPOSURE
from support.scenes import PRODUCTION, topology

from generator.assurance.findings import (
    ComponentRule,
    GraphRule,
    Level,
    LinksRule,
    Surroundings,
    UpstreamRule,
)
from generator.assurance.history_rules import HISTORY_RULES
from generator.assurance.own_rules.rules import user_rule
from generator.assurance.record_rules import RECORD_RULES
from generator.assurance.rule_set import at_level, built_in, built_in_ids, rule_set
from generator.config.expected import Expected
from generator.config.user_rules import UserRule
from generator.model.component import Aspect, Component, Field, How, Reference, Role, component
from generator.model.topology import Topology

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.assurance.findings import Rule

OWN = UserRule.model_validate({"id": "own-rule", "field": "labels.team", "must": "exist"})
ELSEWHERE = UserRule.model_validate(
    {"id": "of-staging", "field": "labels.team", "must": "exist", "where": {"environment": "staging"}}
)


@dataclass(frozen=True)
class Choices:
    """What a configuration says of rules."""

    rules: Sequence[UserRule] = ()
    checks: Mapping[str, str] = field(default_factory=dict)
    expected: Sequence[Expected] = ()


def ids(rules: Sequence[Rule]) -> list[str]:
    return [rule.id for rule in rules]


def test_nothing_said_is_what_is_built_in() -> None:
    assert ids(rule_set(Choices(), PRODUCTION)) == ids(built_in(PRODUCTION))
    known = [*ids(built_in()), *(rule.id for rule in (*RECORD_RULES, *HISTORY_RULES))]
    assert set(known) == built_in_ids()
    assert len(known) == len(built_in_ids())


def test_own_rules_and_policies_follow() -> None:
    policy = user_rule(OWN.model_copy(update={"id": "a-policy"}), "production")
    assert policy is not None
    found = ids(rule_set(Choices((OWN, ELSEWHERE)), PRODUCTION, (policy,)))
    assert found[-2:] == ["own-rule", "a-policy"]
    assert "of-staging" not in found
    assert "of-staging" in ids(rule_set(Choices((OWN, ELSEWHERE)), Surroundings("staging")))


def test_a_rule_that_is_off_is_gone_whoever_made_it() -> None:
    policy = user_rule(OWN.model_copy(update={"id": "a-policy"}), "production")
    assert policy is not None
    off = {"missing-limits": "off", "own-rule": "off", "a-policy": "off", "debug-in-production": "off"}
    found = ids(rule_set(Choices((OWN,), off), PRODUCTION, (policy,)))
    assert set(ids(built_in())) - set(found) == {"missing-limits", "debug-in-production"}
    assert not {"own-rule", "a-policy"} & set(found)


def test_a_level_takes_the_place_of_the_rule_s_own() -> None:
    rules = {rule.id: rule for rule in rule_set(Choices((OWN,), {"own-rule": "error"}), PRODUCTION)}
    own = rules["own-rule"]
    assert isinstance(own, ComponentRule)
    (finding,) = own.check(component("api", Role.COMPONENT, "Deployment"))
    assert (own.level, finding.level) == (Level.ERROR, Level.ERROR)
    assert rules["missing-limits"].level is Level.NOTE


def test_it_takes_the_place_of_every_level_that_findings_have() -> None:
    missing = [
        Reference(Role.SECRET, "db", How.REFERENCE, "env.A"),
        Reference(Role.CONFIG, "shop", How.REFERENCE, "env.B"),
    ]
    api = component("api", Role.COMPONENT, "Deployment", references=missing)
    whole = Topology({"api": api}, frozenset(), {}, ())
    by_id = {rule.id: rule for rule in built_in()}
    rule = by_id["dangling-reference"]
    noted = at_level(rule, Level.WARNING)
    assert isinstance(rule, LinksRule)
    assert isinstance(noted, LinksRule)
    assert [f.level for f in rule.check(api, whole, tuple(missing))] == [Level.ERROR, Level.NOTE]
    assert [f.level for f in noted.check(api, whole, tuple(missing))] == [Level.WARNING, Level.WARNING]


class Upstream:
    """An upstream that has a component `api` without anything in it."""

    name, exists = "staging", True

    def component(self, component_id: str, /) -> Component | None:
        return component(component_id, Role.COMPONENT, "Deployment") if component_id == "api" else None

    def had(self, *_: object) -> bool:
        return False


def against(rules: Sequence[Rule], id_: str, one: Component) -> list[tuple[str, str, str]]:
    """Return level, subject and field of what a rule finds in a component."""
    (rule,) = [rule for rule in rules if rule.id == id_]
    assert isinstance(rule, UpstreamRule)
    return [(f.level, f.subject, f.field) for f in rule.check(one, Upstream())]


WAF = component("waf", Role.COMPONENT, "Deployment")
API = component("api", Role.COMPONENT, "Deployment", fields=[Field(Aspect.ARTIFACT, "s.image", "a:1")])


def test_what_is_there_on_purpose_is_no_finding() -> None:
    plain = rule_set(Choices(), PRODUCTION)
    assert against(plain, "only-here", WAF) == [("note", "waf", "")]
    assert against(plain, "never-in-upstream", API) == [("warning", "api", "s.image")]
    entries = (
        Expected.model_validate({"component": "waf", "reason": "guards production"}),
        Expected.model_validate({"component": "api", "field": "s.*", "environment": "eu", "reason": "built for it"}),
    )
    meant = rule_set(Choices(expected=entries), PRODUCTION)
    assert against(meant, "only-here", WAF) == []
    assert against(meant, "never-in-upstream", API) == [("warning", "api", "s.image")]
    elsewhere = rule_set(Choices(expected=entries), Surroundings("eu", production=True, upstream="staging"))
    assert against(elsewhere, "never-in-upstream", API) == []


def test_what_is_meant_may_change_on_the_way() -> None:
    now: dict[str, str] = {}
    rules = rule_set(Choices(checks={"only-here": "error"}), PRODUCTION, expected=lambda: now)
    assert against(rules, "only-here", WAF) == [("error", "waf", "")]
    now["waf"] = "guards production"
    assert against(rules, "only-here", WAF) == []


def test_whole_topologies_and_upstreams_too() -> None:
    by_id = {rule.id: rule for rule in built_in(PRODUCTION)}
    id_ = next(id_ for id_ in EXPOSURE if isinstance(by_id[id_], GraphRule))
    graph = at_level(by_id[id_], Level.NOTE)
    assert isinstance(graph, GraphRule)
    assert {f.level for f in graph.check(topology(EXPOSURE[id_].fires[0]))} == {Level.NOTE}

    rules = [at_level(rule, Level.ERROR) for rule in by_id.values()]
    assert against(rules, "never-in-upstream", API) == [("error", "api", "s.image")]


@pytest.mark.parametrize("level", list(Level))
def test_a_rule_at_its_own_level_says_the_same(level: Level) -> None:
    for rule in built_in():
        changed = at_level(rule, level)
        assert (changed.id, changed.scope, changed.values, changed.level) == (rule.id, rule.scope, rule.values, level)
