from __future__ import annotations

import time
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from generator.config.closed import Closed
from generator.config.user_rules import Checks, Must, UserRule, UserRules, compiled, rule_id_faults

RULE = {"id": "owner-label", "field": "labels.team", "must": "exist"}


class Part(Closed):
    """The part of a configuration that is tested here."""

    rules: UserRules = ()
    checks: Checks = {}  # noqa: RUF012 - pydantic copies defaults


def rule(**told: Any) -> UserRule:  # noqa: ANN401 - as a file may have it
    return UserRule.model_validate(RULE | told)


def faults(**told: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - as a file may have it
    """Return reason and fix of everything that is wrong."""
    with pytest.raises(ValidationError) as caught:
        UserRule.model_validate(RULE | told)
    return [(e.get("ctx", {}).get("reason", e["msg"]), e.get("ctx", {}).get("fix", "")) for e in caught.value.errors()]


def test_a_rule_needs_an_id_a_field_and_what_it_must() -> None:
    made = rule()
    assert (made.must.operator, made.level, made.family, made.where.component) == (
        "exist",
        "warning",
        "configuration",
        "*",
    )
    for key in RULE:
        with pytest.raises(ValidationError):
            UserRule.model_validate({k: v for k, v in RULE.items() if k != key})


@pytest.mark.parametrize(
    ("must", "operator"),
    [
        ("absent", "absent"),
        ("same_as_upstream", "same_as_upstream"),
        ({"same_as_upstream": "true"}, "same_as_upstream"),
        ({"equal": ""}, "equal"),
        ({"not_equal": "x"}, "not_equal"),
        ({"match": "^v[0-9]+$"}, "match"),
        ({"one_of": ["a", "b"]}, "one_of"),
        ({"one_of": "a"}, "one_of"),
        ({"at_least": "500m"}, "at_least"),
        ({"at_most": "-2.5"}, "at_most"),
    ],
)
def test_each_operator_is_written_in_its_own_way(must: object, operator: str) -> None:
    assert rule(must=must).must.operator == operator


@pytest.mark.parametrize(
    ("must", "reason", "fix"),
    [
        ("exists", "`exists` is nothing that a field must do", "did you mean `exist`?"),
        ({}, "asks for nothing", "exactly one of"),
        ({"exist": "false"}, "asks for nothing", "exactly one of"),
        ({"equal": "a", "match": "b"}, "says `equal` and `match` at once", "exactly one of"),
        ({"at_least": "many"}, "`many` is no number", "`500m`"),
        ({"at_most": "1.2.3"}, "`1.2.3` is no number", "`2Gi`"),
        ({"match": "[a"}, "is no regular expression: unclosed character class", "look-around"),
        ({"match": "(?=a)b"}, "look-around", "look-around"),
        ({"match": "a" * 201}, "201 characters", "two rules"),
        ({"match": "(a{1000}){1000}"}, "size limit", ""),
        ({"one_of": ["a", "a"]}, "`a` stands twice", "once"),
    ],
)
def test_what_can_not_be_asked_is_told_with_a_fix(must: object, reason: str, fix: str) -> None:
    ((said, todo),) = faults(must=must)
    assert reason in said
    assert fix in todo


@pytest.mark.parametrize("id_", ["Owner", "owner label", "", "-a", "a--b", "a" * 61, "policy/x"])
def test_an_id_is_a_slug(id_: str) -> None:
    ((reason, fix),) = faults(id=id_)
    assert "is no id for a rule" in reason
    assert "owner-label" in fix


def test_a_message_names_only_what_is_known() -> None:
    assert rule(message="{component} {field} {value} {environment}, {} and {0}").message
    ((reason, fix),) = faults(message="{components} of {team}")
    assert reason == "`{components}` stands for nothing in a message"
    assert fix == "did you mean `component`?"


@pytest.mark.parametrize(
    "told",
    [
        {"field": ""},
        {"level": "fatal"},
        {"family": "style"},
        {"where": {"role": "pod"}},
        {"where": {"kinds": "Pod"}},
        {"title": "a\nb"},
        {"unknown": "x"},
    ],
)
def test_what_is_not_known_is_refused(told: dict[str, Any]) -> None:
    assert faults(**told)


def test_two_rules_have_two_ids() -> None:
    adapter: TypeAdapter[tuple[UserRule, ...]] = TypeAdapter(UserRules)
    assert len(adapter.validate_python([RULE, RULE | {"id": "other"}])) == 2
    with pytest.raises(ValidationError, match="stands here twice"):
        adapter.validate_python([RULE, RULE])


def test_levels_of_rules() -> None:
    part = Part.model_validate({"checks": {"missing-limits": "off", "unpinned-image": "error"}})
    assert part.checks == {"missing-limits": "off", "unpinned-image": "error"}
    for wrong in ({"missing-limits": "none"}, {"Missing": "off"}):
        with pytest.raises(ValidationError):
            Part.model_validate({"checks": wrong})


def test_ids_are_held_against_those_that_are_known() -> None:
    part = Part.model_validate(
        {
            "rules": [RULE, RULE | {"id": "missing-limits", "level": "note"}],
            "checks": {"owner-label": "note", "mising-limits": "off", "missing-limits": "off"},
        }
    )
    found = list(rule_id_faults(part.rules, part.checks, frozenset({"missing-limits", "missing-probe"})))
    assert [(f.location, f.at_key) for f in found] == [(("rules", 1, "id"), False), (("checks", "mising-limits"), True)]
    assert "built-in" in found[0].reason
    assert "checks: {missing-limits: note}" in found[0].fix
    assert found[1].reason == "no rule is called `mising-limits`"
    assert found[1].fix == "did you mean `missing-limits`?"
    assert list(rule_id_faults((), {}, frozenset())) == []


def test_a_hostile_expression_is_matched_in_linear_time() -> None:
    matches = compiled("^(a+)+$")
    start = time.perf_counter()
    assert not matches("a" * 100_000 + "b")
    assert matches("aaa")
    assert time.perf_counter() - start < 1


def test_an_expression_is_found_anywhere_unless_it_is_held_to_the_whole() -> None:
    assert compiled("b+")("abba")
    assert not compiled("^b+$")("abba")
    with pytest.raises(ValueError, match="back"):
        compiled(r"(a)\1")


def test_the_schema_tells_that_a_word_or_a_mapping_may_stand() -> None:
    schema = Part.model_json_schema()
    must = schema["$defs"]["UserRule"]["properties"]["must"]
    assert must["anyOf"][0]["enum"] == ["exist", "absent", "same_as_upstream"]
    assert must["anyOf"][1] == {"$ref": "#/$defs/Must"}
    assert "at_least" in schema["$defs"]["Must"]["properties"]
    assert Must.model_validate("exist").exist
