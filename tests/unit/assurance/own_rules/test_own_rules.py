from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from generator.assurance.findings import ComponentRule, Family, Level, UpstreamRule
from generator.assurance.own_rules.operators import amount
from generator.assurance.own_rules.rules import user_rule
from generator.config.user_rules import UserRule
from generator.model.component import Aspect, Component, Field, Role, component

SECRET = Field(Aspect.SECRET, "server.env.DB_PASSWORD", "secret:0123456789ab", 7)


@dataclass(frozen=True)
class Upstream:
    """An upstream with at most one component."""

    now: Component | None = None
    exists: bool = True
    name: str = "staging"

    def component(self, component_id: str, /) -> Component | None:
        return self.now if self.now and self.now.id == component_id else None

    def had(self, component_id: str, aspect: Aspect, field: str, value: str, /) -> bool:
        raise AssertionError((component_id, aspect, field, value))


def declared(field: str, must: object, **told: Any) -> UserRule:  # noqa: ANN401 - as a file may have it
    return UserRule.model_validate({"id": "own-rule", "field": field, "must": must} | told)


def made(*fields: Field, labels: dict[str, str] | None = None, kind: str = "Deployment") -> Component:
    pods = tuple((labels or {}).items())
    return component("api", Role.COMPONENT, kind, fields=fields, labels=pods, path="api.yaml", line=2)


def setting(name: str, value: str, aspect: Aspect = Aspect.CONFIG) -> Field:
    return Field(aspect, name, value, 9)


def found(rule: UserRule, one: Component, environment: str = "production") -> list[tuple[str, str]]:
    """Return field and message of each finding."""
    known = user_rule(rule, environment)
    assert isinstance(known, ComponentRule)
    return [(finding.field, finding.message) for finding in known.check(one)]


def compared(rule: UserRule, here: Component, upstream: Upstream) -> list[tuple[str, str]]:
    known = user_rule(rule, "production")
    assert isinstance(known, UpstreamRule)
    return [(finding.field, finding.message) for finding in known.check(here, upstream)]


def test_a_rule_has_the_texts_that_were_declared() -> None:
    rule = declared("labels.team", "exist", title="No team", why="Nobody is called.", fix="Add it.", level="error")
    known = user_rule(rule, "production")
    assert known is not None
    assert (known.id, known.level, known.family) == ("own-rule", Level.ERROR, Family.CONFIGURATION)
    assert (known.title, known.why, known.fix) == ("No team", "Nobody is called.", "Add it.")
    assert known.example == "labels.team: must exist"


def test_what_is_not_declared_is_filled_in() -> None:
    known = user_rule(declared("labels.team", {"one_of": ["a", "b"]}, family="supply"), "production")
    assert known is not None
    assert known.title == "Own rule"
    assert known.family is Family.SUPPLY
    assert known.why.endswith(".")
    assert known.fix.endswith(".")


def test_exist() -> None:
    rule = declared("labels.team", "exist", message="{component} names no team in {environment}")
    assert found(rule, made()) == [("labels.team", "api names no team in production")]
    assert found(rule, made(setting("labels.team", "pay"))) == []
    assert found(rule, made(setting("spec.template.metadata.labels.team", ""))) == []
    assert found(rule, made(labels={"team": "pay"})) == []
    assert found(rule, made(setting("labels.teams", "pay"))) == [("labels.team", "api names no team in production")]


def test_absent() -> None:
    rule = declared("env.DEBUG*", "absent")
    one = made(setting("server.env.DEBUG", "1"), setting("server.env.DEBUG_SQL", ""), setting("env.LOG", "x"))
    assert [field for field, _ in found(rule, one)] == ["server.env.DEBUG", "server.env.DEBUG_SQL"]
    assert "must not be" in found(rule, one)[0][1]
    assert found(rule, made(setting("server.NODEBUG", "1"))) == []


@pytest.mark.parametrize(
    ("must", "good", "bad", "told"),
    [
        ({"equal": "1.10"}, ["1.10"], ["1.1", "", "1.10 "], "is not `1.10`"),
        ({"not_equal": "true"}, ["True", "false"], ["true"], "is `true`"),
        ({"match": "^v[0-9]+$"}, ["v1"], ["v1x", "xv1"], "does not match"),
        ({"one_of": ["a", "b"]}, ["a", "b"], ["c", ""], "is none of `a`, `b`"),
        ({"at_least": "512Mi"}, ["1Gi", "512Mi", "1e9"], ["100Mi", "500M"], "is less than 512Mi"),
        ({"at_most": "0.5"}, ["500m", "0", "-1"], ["1", "501m"], "is more than 0.5"),
    ],
)
def test_values_are_compared_as_their_operator_says(must: object, good: list[str], bad: list[str], told: str) -> None:
    rule = declared("env.X", must)
    for value in good:
        assert found(rule, made(setting("env.X", value))) == [], value
    for value in bad:
        ((field, message),) = found(rule, made(setting("env.X", value)))
        assert field == "env.X"
        assert told in message
    assert found(rule, made(setting("env.Y", "?"))) == []


def test_what_is_no_number_is_found_as_that() -> None:
    for value in ("", "many", "${REPLICAS}", "1.2.3", "+-1"):
        ((_, message),) = found(declared("replicas", {"at_least": "2"}), made(setting("replicas", value, Aspect.SCALE)))
        assert "is not a number" in message
    rule = declared("replicas", {"at_least": "2"}, message="{component} is too small")
    told = [found(rule, made(setting("replicas", value, Aspect.SCALE))) for value in ("1", "many")]
    assert told[0] == [("replicas", "api is too small")]
    assert "is not a number" in told[1][0][1]


def test_amounts() -> None:
    texts = ["3", "-0.5", "+2", " 2Gi ", "500m", "- 1", "--1", "x", ""]
    assert [amount(text) for text in texts] == [
        3,
        amount("-500m"),
        2,
        2 * 1024**3,
        amount("0.5"),
        None,
        None,
        None,
        None,
    ]


def test_the_fields_of_one_aspect() -> None:
    rule = declared("scale:*", "absent")
    assert [f for f, _ in found(rule, made(setting("replicas", "2", Aspect.SCALE), setting("env.A", "1")))] == [
        "replicas"
    ]


def test_a_secret_is_not_shown_and_not_compared() -> None:
    ((_, absent),) = found(declared("env.DB_PASSWORD", "absent", message="{field} is {value}"), made(SECRET))
    assert absent == "server.env.DB_PASSWORD is a secret"
    ((field, message),) = found(declared("env.DB_PASSWORD", {"equal": "x"}, message="{value}"), made(SECRET))
    assert field == SECRET.name
    assert "can't judge it" in message
    assert found(declared("env.*", {"equal": "x"}), made(SECRET)) == []


def test_the_same_as_upstream() -> None:
    rule = declared("env.*", "same_as_upstream")
    above = made(setting("env.A", "1"), setting("env.B", "1"), SECRET, setting("other", "x"))
    assert compared(rule, above, Upstream(above)) == []
    assert compared(rule, above, Upstream(None)) == []
    assert compared(rule, above, Upstream(above, exists=False)) == []
    other = Field(Aspect.SECRET, SECRET.name, "secret:ffffffffffff")
    here = made(setting("env.A", "2"), setting("env.C", "1"), other)
    told = dict(compared(rule, here, Upstream(above)))
    assert told == {
        "env.A": "`env.A` of api (2) is not the one of staging, 1",
        "env.B": "`env.B` of api is not there, and is in staging",
        "env.C": "`env.C` of api (1) is not there in staging",
        SECRET.name: f"`{SECRET.name}` of api is not the one of staging",
    }


@pytest.mark.parametrize(
    ("where", "takes"),
    [
        ({}, True),
        ({"component": "a*"}, True),
        ({"component": "b*"}, False),
        ({"kind": "Deploy*"}, True),
        ({"kind": "Job"}, False),
        ({"role": "component"}, True),
        ({"role": "config"}, False),
        ({"labels": {"tier": "web"}}, True),
        ({"labels": {"tier": "w*", "app": "api"}}, True),
        ({"labels": {"tier": "db"}}, False),
        ({"labels": {"team": "*"}}, False),
    ],
)
def test_where(where: dict[str, Any], takes: bool) -> None:  # noqa: FBT001 - a column of the table
    one = made(setting("labels.tier", "web"), labels={"app": "api"})
    assert bool(found(declared("labels.team", "exist", where=where), one)) is takes


def test_a_kind_that_is_named_is_meant_in_whatever_role() -> None:
    config = component("ConfigMap/shop", Role.CONFIG, "ConfigMap", fields=[setting("data.A", "1")])
    assert found(declared("labels.team", "exist"), config) == []
    assert found(declared("labels.team", "exist", where={"kind": "ConfigMap"}), config)


def test_a_rule_for_another_environment_is_none() -> None:
    rule = declared("labels.team", "exist", where={"environment": "prod*"})
    assert user_rule(rule, "staging") is None
    assert user_rule(rule, "production") is not None


def test_a_hostile_pattern_does_not_hang() -> None:
    rule = declared("a*" * 140 + "x", "exist")
    assert found(rule, made(setting("a" * 5000 + "b", "1")))


def test_what_findings_depend_on_is_no_more_than_needed() -> None:
    def values(rule: UserRule) -> frozenset[Aspect]:
        known = user_rule(rule, "production")
        assert known is not None
        return known.values

    assert values(declared("labels.team", "exist")) == frozenset()
    assert values(declared("labels.team", "absent", message="no {field}")) == frozenset()
    assert values(declared("labels.team", "absent", message="no {value}")) == frozenset(Aspect)
    assert values(declared("labels.team", "absent")) == frozenset(Aspect)
    assert values(declared("labels.team", "exist", where={"labels": {"a": "b"}})) == frozenset(Aspect)
    assert values(declared("labels.team", {"equal": "a"})) == frozenset(Aspect)
