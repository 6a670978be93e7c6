"""Every rule of the catalogue finds what it is for, and leaves alone what only looks like it.

The cases stand in `tests/support/check_cases_*.py`, a table a family.
"""

from __future__ import annotations

import dataclasses
import importlib
from pathlib import Path

import msgspec
import pytest
import support
from support.scenes import Case, Scene, cases, every_rule, found_in

from generator.assurance.findings import ComponentRule, GraphRule
from generator.model.component import Component, rebuilt

_TABLES = sorted(path.stem for path in Path(next(iter(support.__path__))).glob("check_cases_*.py"))
CASES: dict[str, Case] = cases(*(importlib.import_module(f"support.{name}").CASES for name in _TABLES))
FIRING = [(id_, scene) for id_, case in CASES.items() for scene in case.fires]
OWN = [(id_, scene) for id_, scene in FIRING if isinstance(every_rule().get(id_), ComponentRule | GraphRule)]
"""Those of rules that look at no link and no upstream; the others are assessed by what they lead to."""
SILENT = [(id_, scene) for id_, case in CASES.items() for scene in case.silent]


def _names(pairs: list[tuple[str, Scene]]) -> list[str]:
    return [f"{id_}-{number}" for number, (id_, _) in enumerate(pairs)]


def test_every_rule_has_a_case_on_either_side() -> None:
    complete = {id_ for id_, case in CASES.items() if case.fires and case.silent}
    assert sorted(every_rule().keys() - complete) == []


def test_every_case_is_of_a_rule() -> None:
    assert sorted(CASES.keys() - every_rule().keys()) == []


@pytest.mark.parametrize(("id_", "scene"), FIRING, ids=_names(FIRING))
def test_a_rule_finds_what_it_is_for(id_: str, scene: Scene) -> None:
    found = found_in(scene, id_)
    assert found
    assert {finding.rule for finding in found} == {id_}
    assert len({finding.identity for finding in found}) == len(found)
    assert not any(finding.message.endswith(".") for finding in found)


@pytest.mark.parametrize(("id_", "scene"), SILENT, ids=_names(SILENT))
def test_a_rule_leaves_alone_what_only_looks_like_it(id_: str, scene: Scene) -> None:
    assert found_in(scene, id_) == []


@pytest.mark.parametrize(("id_", "scene"), FIRING, ids=_names(FIRING))
def test_a_rule_looks_at_what_it_finds_something_in(id_: str, scene: Scene) -> None:
    rule = every_rule(scene.around)[id_]
    components = {one.id: one for one in scene.components}
    assert all(rule.looks_at(components[finding.subject]) for finding in found_in(scene, id_) if finding.subject)


@pytest.mark.parametrize(("id_", "scene"), OWN, ids=_names(OWN))
def test_findings_depend_on_no_value_but_those_that_the_rule_names(id_: str, scene: Scene) -> None:
    """A rule is assessed again only where values of its aspects moved, so others must not count."""
    rule = every_rule(scene.around)[id_]

    def blurred(one: Component) -> Component:
        values = rule.values if not isinstance(rule, GraphRule) or rule.concerns(one) else ()
        fields = [f if f.aspect in values else msgspec.structs.replace(f, value="other") for f in one.fields]
        return msgspec.structs.replace(rebuilt(one, fields=fields), remarks=one.remarks)

    other = dataclasses.replace(scene, components=tuple(blurred(one) for one in scene.components))
    assert found_in(other, id_) == found_in(scene, id_)
