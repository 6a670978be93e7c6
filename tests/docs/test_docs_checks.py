from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from generator.assurance.api_versions import NEWEST
from generator.assurance.findings import Family, Surroundings
from generator.assurance.history_rules import HISTORY_RULES
from generator.assurance.own_rules.rules import user_rule
from generator.assurance.policies import rules as policies
from generator.assurance.policies.engine import MOST_MEMORY, SECONDS
from generator.assurance.policies.rules import Policies, policy_input
from generator.assurance.record_rules import RECORD_RULES
from generator.assurance.rule_set import built_in, built_in_ids, rule_set
from generator.config.loading import load_config
from generator.config.schema import BUILT_IN_READERS
from generator.config.user_rules import LONGEST_REGEX, OPERATORS
from generator.model.component import Aspect, Component, Field, Role, component

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.config.schema import Config

PAPER = "docs/checks.md"
RULES = (*built_in(), *RECORD_RULES, *HISTORY_RULES)


def loaded(text: str) -> Config:
    return load_config(text.encode(), "assay.yaml", BUILT_IN_READERS, built_in_ids())


def shop(api: str = "", **fields: str) -> Component:
    """Return the component of the paper's input, with other fields where some are given."""
    aspects = {"replicas": Aspect.SCALE, "web.image": Aspect.ARTIFACT}
    given = fields or {"replicas": "1", "web.image": "images.example.org/checkout:latest"}
    return component(
        "checkout",
        Role.COMPONENT,
        "Deployment",
        fields=[Field(aspects.get(name, Aspect.CONFIG), name, value) for name, value in given.items()],
        labels=(("tier", "front"),),
        namespace="shop",
        api=api,
    )


def test_the_tables_are_the_catalogue(rows: Callable[[str, str], list[list[str]]]) -> None:
    """Each rule stands in the table of its family, with its level and its title; what is missing is told."""
    told = {family: rows(PAPER, f"### {family.capitalize()}")[1:] for family in Family}
    wanted = {rule.id: (rule.family.value, [f"`{rule.id}`", rule.level.value, rule.title]) for rule in RULES}
    there = {cells[0].strip("`"): (family.value, cells) for family, table in told.items() for cells in table}
    missing = [f"{family}: | {' | '.join(cells)} |" for name, (family, cells) in wanted.items() if name not in there]
    assert not missing, "add to docs/checks.md:\n" + "\n".join(missing)
    assert sorted(there.keys() - wanted.keys()) == [], "no such rule"
    assert {name: told for name, told in there.items() if told != wanted[name]} == {}


def test_the_example_of_levels_changes_rules_that_there_are(examples: Callable[[str, str], list[str]]) -> None:
    config = loaded(examples(PAPER, "yaml")[0])
    rules = {
        rule.id: rule.level.value for rule in rule_set(config, Surroundings(environment="production", production=True))
    }
    before = {rule.id: rule.level.value for rule in built_in()}
    assert before.keys() - rules.keys() == {name for name, level in config.checks.items() if level == "off"}
    changed = {name: level for name, level in config.checks.items() if level != "off"}
    assert {name: rules[name] for name in changed} == changed
    assert all(before[name] != level for name, level in changed.items())


def test_every_operator_stands_in_the_table_and_in_the_example(
    rows: Callable[[str, str], list[list[str]]], examples: Callable[[str, str], list[str]]
) -> None:
    table = [cells[0].strip("`") for cells in rows(PAPER, "## Rules of your own")[1:]]
    assert tuple(table) == OPERATORS
    assert sorted(rule.must.operator for rule in loaded(examples(PAPER, "yaml")[1]).rules) == sorted(OPERATORS)


@pytest.mark.parametrize(
    ("rule", "field", "bad", "good"),
    [
        ("no-debug", "web.env.DEBUG", "1", None),
        ("pull-secret", "imagePullSecrets[registry]", "other", "registry"),
        ("not-latest", "web.image", "shop:latest", "shop:1"),
        ("own-registry", "web.image", "elsewhere.example.org/a:1", "images.example.org/a:1"),
        ("log-level", "web.env.LOG_LEVEL", "debug", "info"),
        ("two-of-each", "replicas", "1", "2"),
        ("memory", "web.resources.limits.memory", "3Gi", "512Mi"),
    ],
)
def test_rules_of_the_example_find_what_they_should(
    rule: str, field: str, bad: str, good: str | None, examples: Callable[[str, str], list[str]]
) -> None:
    (declared,) = [one for one in loaded(examples(PAPER, "yaml")[1]).rules if one.id == rule]
    made = user_rule(declared, "production")
    assert made is not None
    find: Callable[[Component], object] = made.check  # type: ignore[assignment]  # none of these looks upstream
    assert list(find(shop(**{field: bad})))  # type: ignore[call-overload]  # as above
    assert not list(find(shop(**({field: good} if good is not None else {"web.env.OTHER": "1"}))))  # type: ignore[call-overload]  # as above


def test_limits_are_those_of_the_code(paper: Callable[[str], str]) -> None:
    text = " ".join(paper(PAPER).split())
    assert f"A regular expression has {LONGEST_REGEX} characters at most" in text
    assert f"{SECONDS:g} seconds and {MOST_MEMORY // 1_000_000} MB each" in text
    assert f"own list up to {NEWEST};" in text


def test_functions_that_are_refused_are_named(paper: Callable[[str], str]) -> None:
    told = paper(PAPER).split("are refused: ")[1].split(". See")[0]
    names = re.findall(r"`([\w.]+)`", told)
    refused = [Policies([("a.rego", f"package assay\ndeny contains {name}() if true\n".encode())]) for name in names]
    if all("extra" in p.fix or p.code == "policy-engine-missing" for one in refused for p in one.problems):
        pytest.skip("the extra `policy` is not installed")
    assert [[problem.code for problem in one.problems] for one in refused] == [["policy-outside"]] * len(names)
    # The paper repeats the whole list of the code, however that allows for blanks and comments within a name.
    pattern = policies._OUTSIDE.pattern.replace(policies._GAP, "")  # noqa: SLF001 - the list that the paper repeats
    listed = re.findall(r"[a-z]\w*\.\w+", re.sub(r"\\b|\(\?:|[()]", " ", pattern).replace("\\.", "."))
    assert sorted(names) == sorted(listed)


def test_the_input_of_policies_is_the_one_shown(examples: Callable[[str, str], list[str]]) -> None:
    (text,) = examples(PAPER, "json")
    where = Surroundings(environment="production", production=True, upstream="staging", kubernetes="1.31")
    assert policy_input(shop("apps/v1"), where) == json.loads(text)


def test_the_policy_finds_what_the_paper_says(examples: Callable[[str, str], list[str]]) -> None:
    pytest.importorskip("regopy", reason="the extra `policy` is not installed")
    (text,) = examples(PAPER, "rego")
    where = Surroundings(environment="production", production=True)
    with Policies([("policy/no-single.rego", text.encode())]) as read:
        assert not read.problems
        (rule,) = read.rules(where)
        found = [(one.level.value, one.field, one.message) for one in rule.check(shop("apps/v1"))]
    assert rule.id == "policy/no-single"
    assert sorted(found) == [
        ("error", "checkout runs once, and is no batch job", "checkout runs once, and is no batch job"),
        ("warning", "web.image", "images.example.org/checkout:latest has no fixed version"),
    ]
