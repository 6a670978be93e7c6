from __future__ import annotations

import dataclasses
import importlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from generator.assurance import checks
from generator.assurance.catalogue import RULES, SITUATED
from generator.assurance.findings import Level, Scope, Surroundings, listed, place_of
from generator.model.component import Aspect, Field, How, Reference, Role, component

if TYPE_CHECKING:
    from generator.assurance.findings import Rule


EVERYWHERE = (*RULES, *(rule(Surroundings()) for rule in SITUATED))


def _told(rule: Rule) -> dict[str, object]:
    said = {field.name: getattr(rule, field.name) for field in dataclasses.fields(rule)}
    return {name: value for name, value in said.items() if not callable(value)}


def test_rules_have_distinct_slugs() -> None:
    ids = [rule.id for rule in EVERYWHERE]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", id_) for id_ in ids)


def test_every_module_with_a_rule_is_listed() -> None:
    names = {path.stem for path in Path(checks.__path__[0]).glob("*.py")} - {"__init__"}
    found = {name: importlib.import_module(f"{checks.__name__}.{name}") for name in names}
    modules = {name for name, module in found.items() if hasattr(module, "RULE") or hasattr(module, "rule")}
    assert modules == {rule.id.replace("-", "_") for rule in EVERYWHERE}


def test_a_situated_rule_is_the_same_wherever_it_stands() -> None:
    for situated in SITUATED:
        here = situated(Surroundings("production", production=True, upstream="staging", others=("staging",)))
        assert _told(here) == _told(situated(Surroundings()))


def test_every_rule_has_the_texts_of_the_help_page() -> None:
    for rule in EVERYWHERE:
        assert all((rule.title, rule.why.endswith("."), rule.fix.endswith("."), rule.example)), rule.id
        assert not rule.title.endswith("."), rule.id


def test_every_scope_is_used() -> None:
    assert {rule.scope for rule in EVERYWHERE} == set(Scope)


def test_the_place_of_a_finding_is_the_best_that_is_known() -> None:
    fields = [
        Field(Aspect.ARTIFACT, "s.image", "x", 4),
        Field(Aspect.CONFIG, "far", "x", 9, "common.yaml"),
        Field(Aspect.CONFIG, "nowhere", "x"),
    ]
    references = [Reference(Role.COMPONENT, "orders", How.INFERRED, "far")]
    made = component(
        "api", Role.COMPONENT, "Deployment", fields=fields, references=references, path="prod.yaml", line=1
    )
    names = ("", "s", "s.image", "replicas", "far", "nowhere", "component/orders", "secret/orders")
    assert {name: place_of(made, name) for name in names} == {
        "": ("prod.yaml", 1),
        "s": ("prod.yaml", 4),
        "s.image": ("prod.yaml", 4),
        "replicas": ("prod.yaml", 1),
        "far": ("common.yaml", 9),
        "nowhere": ("prod.yaml", 1),
        "component/orders": ("common.yaml", 9),
        "secret/orders": ("prod.yaml", 1),
    }
    told = [RULES[0].about(made, "x", field="far"), RULES[0].about(made, "x", field="far", line=7)]
    assert [(finding.path, finding.line) for finding in told] == [("common.yaml", 9), ("prod.yaml", 7)]


def test_a_message_is_one_line_whatever_the_names_are() -> None:
    rule = RULES[0]
    finding = rule.about(component("a\nb\u202e", Role.COMPONENT, "x"), "names a\nb\u202e here", level=Level.NOTE)
    assert finding.message == "names a b\\u202e here"
    assert finding.level is Level.NOTE


def test_names_are_listed_as_words() -> None:
    assert [listed(list("abcdefg"[:n])) for n in (0, 1, 2, 3)] == ["", "a", "a and b", "a, b and c"]
    assert listed(list("abcdefg")) == "a, b, c, d and 3 more"
