"""Every rule of the family `history` finds what it is for in one history, and nothing in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.history_cases import BY_TAGS, CASES, HistoryCase, shop
from support.replay import gathered

from generator.assurance.findings import Family
from generator.assurance.history_rules import HISTORY_RULES

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.packs import FindingEntry

EVERY = [*CASES.items(), ("release-vanished", BY_TAGS)]
FIRING = [(rule, case, name) for rule, case in EVERY for name in case.fires]
SILENT = [(rule, case, name) for rule, case in EVERY for name in case.silent]


def _names(cases: list[tuple[str, HistoryCase, str]]) -> list[str]:
    return [f"{rule}-{number}" for number, (rule, _, _) in enumerate(cases)]


def _found(case: HistoryCase, name: str, place: Path) -> list[FindingEntry]:
    repository = shop(place / "repository")
    gathered(repository, place / "first", case.config)
    (case.fires.get(name) or case.silent[name])(repository)
    after = gathered(repository, place / "second", case.config, previous=place / "first")
    return [one.finding for one in after.evidence.summary.history_findings]


def test_every_rule_has_a_case_on_either_side() -> None:
    assert {rule.id for rule in HISTORY_RULES} == {rule for rule, case in CASES.items() if case.fires and case.silent}
    assert {rule.family for rule in HISTORY_RULES} == {Family.HISTORY}


@pytest.mark.parametrize(("rule", "case", "name"), FIRING, ids=_names(FIRING))
def test_a_rule_finds_what_it_is_for(rule: str, case: HistoryCase, name: str, tmp_path: Path) -> None:
    (found,) = [one for one in _found(case, name, tmp_path) if one.rule == rule]
    levels = {one.id: one.level.value for one in HISTORY_RULES}
    assert found.level == levels[rule]
    assert found.subject
    assert "bundle 1" in found.message
    assert not found.message.endswith(".")


@pytest.mark.parametrize(("rule", "case", "name"), SILENT, ids=_names(SILENT))
def test_a_rule_leaves_alone_what_only_looks_like_it(rule: str, case: HistoryCase, name: str, tmp_path: Path) -> None:
    assert rule not in {one.rule for one in _found(case, name, tmp_path)}
