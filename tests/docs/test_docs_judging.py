from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.assurance.drift import DriftClass
from generator.assurance.exemptions import ExemptionStanding
from generator.assurance.triage.verdict import Outcome
from generator.config.declared import Trailers
from generator.declarations.entries import Declarations
from generator.declarations.files import parse_declarations
from generator.declarations.trailers import TrailerReader
from generator.timeline import remedies, trail
from generator.timeline.kinds import Kind
from generator.timeline.verdicts import DECLARED, INFERRED, OBSERVED

if TYPE_CHECKING:
    from collections.abc import Callable

PAPER = "docs/judging.md"
_FILES = {"drift": "class"}
"""Keys that files call otherwise."""


def column(rows: list[list[str]], place: int = 0) -> list[str]:
    """Return the code words of one column."""
    return [word for cells in rows for word in cells[place].split("`")[1::2]]


def test_kinds_and_confidences_are_those_that_there_are(rows: Callable[[str, str], list[list[str]]]) -> None:
    told = column(rows(PAPER, "## Kinds"))
    assert set(told) == {*Kind, DECLARED, OBSERVED, INFERRED}
    assert len(told) == len(set(told))


def test_the_counts_name_every_kind_once(rows: Callable[[str, str], list[list[str]]]) -> None:
    assert sorted(column(rows(PAPER, "## What each does to the counts"))) == sorted(Kind)


def test_drift_classes_are_those_that_there_are(rows: Callable[[str, str], list[list[str]]]) -> None:
    assert set(column(rows(PAPER, "## Drift"))) == set(DriftClass)


def test_triage_knows_these_verdicts_and_no_other(rows: Callable[[str, str], list[list[str]]]) -> None:
    assert set(column(rows(PAPER, "## Application or deployment"))) == set(Outcome)


def test_states_of_exemptions_are_those_that_there_are(rows: Callable[[str, str], list[list[str]]]) -> None:
    assert set(column(rows(PAPER, "## Waived and accepted"))) == set(ExemptionStanding)


def test_how_far_back_is_looked_is_what_the_code_keeps(paper: Callable[[str], str]) -> None:
    text = " ".join(paper(PAPER).split())
    assert f"one of the last {remedies.KEPT} deployments" in text
    assert f"more than {trail.KEPT} of its steps ago" in text


def test_the_trailers_of_the_table_are_the_defaults(rows: Callable[[str, str], list[list[str]]]) -> None:
    told = column(rows(PAPER, "## Said in the commit"))
    assert sorted(told) == sorted(name for names in Trailers().model_dump().values() for name in names)


def test_the_message_says_what_its_text_tells(examples: Callable[[str, str], list[str]]) -> None:
    (message,) = examples(PAPER, "text")
    pairs = [line.split(": ", 1) for line in message.strip().split("\n\n")[-1].splitlines()]
    said = TrailerReader(Trailers()).said([(key, value) for key, value in pairs])
    assert [trailer.names for trailer in said.rollback_of] == [("production-19",)]
    assert len(said.approvals) == 1


def test_the_declaration_file_is_read_as_a_whole_and_uses_every_key(
    examples: Callable[[str, str], list[str]], rows: Callable[[str, str], list[list[str]]]
) -> None:
    (text,) = examples(PAPER, "yaml")
    declared, problems = parse_declarations(text.encode(), ".assay/all.yaml")
    assert not problems
    table = {cells[0].strip("`"): cells for cells in rows(PAPER, "## Declaration files")[1:]}
    assert list(table) == list(Declarations.__struct_fields__)
    for section, cells in table.items():
        (entry,) = getattr(declared, section)
        keys = {_FILES.get(name, name) for name in entry.__struct_fields__} - {"path", "line"}
        assert set(column([cells], 1) + column([cells], 2)) == keys, section
        assert [key for key in sorted(keys) if f"{key}:" not in text] == [], section


def test_every_key_that_is_needed_is_missed(rows: Callable[[str, str], list[list[str]]]) -> None:
    for cells in rows(PAPER, "## Declaration files")[1:]:
        section = cells[0].strip("`")
        _, problems = parse_declarations(f"{section}: [{{}}]".encode(), "x.yaml")
        missed = {problem.reason.split("`")[3] for problem in problems}
        assert missed == set(column([cells], 1)), section


def test_a_misspelt_key_costs_the_entry() -> None:
    text = b"waivers: [{rule: a, owner: b, reason: c, expires: 2026-01-01, componnt: d}]"
    declared, problems = parse_declarations(text, "x.yaml")
    assert declared == msgspec.convert({}, Declarations)
    assert [problem.code for problem in problems] == ["declaration-key"]
