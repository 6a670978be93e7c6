from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import jsonschema

from generator.assurance.gates.conditions import judge_signed
from generator.assurance.gates.facts import GateFacts, Outcome
from generator.assurance.results.index import BoundOutcome
from generator.assurance.results.result import MAX_BYTES, MOST_ITEMS
from generator.assurance.rule_set import built_in_ids
from generator.config.gates import CONDITIONS, ApprovalTerms, DriftTerms, Way
from generator.config.loading import load_config
from generator.config.published_schema import config_schema
from generator.config.results import FORMATS, PLACEHOLDERS, SHORTEST_COMMIT, SHORTEST_DIGEST
from generator.config.schema import BUILT_IN_READERS
from generator.declarations.files import parse_declarations
from generator.history import blobs
from generator.history.signing.signers import NO_KEYS, UNSIGNED, Signature, SignatureOutcome, bad, unknown_key

if TYPE_CHECKING:
    from collections.abc import Callable

PAPER = "docs/gates.md"


def words(rows: list[list[str]]) -> list[str]:
    """Return the code word of the first column of each row but the head."""
    return [cells[0].strip("`{}") for cells in rows[1:]]


def test_every_example_loads_and_keeps_to_the_schema(
    examples: Callable[[str, str], list[str]], as_in_editors: Callable[[str], object]
) -> None:
    results, gates, entries = examples(PAPER, "yaml")
    declared, faults = parse_declarations(entries.encode(), ".assay/approvals.yaml")
    assert not faults
    assert len(declared.approvals) == 1
    for text in (results, gates):
        load_config(text.encode(), "assay.yaml", BUILT_IN_READERS, built_in_ids())
        jsonschema.validate(as_in_editors(text), config_schema())
    config = load_config(gates.encode(), "assay.yaml", BUILT_IN_READERS)
    assert {gate.condition for gate in config.gates} == set(CONDITIONS)


def test_tables_of_results_name_what_there_is(rows: Callable[[str, str], list[list[str]]]) -> None:
    table = rows(PAPER, "## Results")
    assert {name.strip("`{}") for name, *_ in table} - {"placeholder", "outcome"} == {
        *PLACEHOLDERS,
        *get_args(BoundOutcome),
    }
    assert tuple(words(rows(PAPER, "### Formats"))) == FORMATS


def test_tables_of_gates_name_what_there_is(rows: Callable[[str, str], list[list[str]]]) -> None:
    assert words(rows(PAPER, "## Gates")) == list(Outcome)
    assert tuple(words(rows(PAPER, "### Conditions"))) == CONDITIONS
    assert tuple(words(rows(PAPER, "### Approvals"))) == get_args(Way)


def test_limits_are_those_of_the_code(paper: Callable[[str], str]) -> None:
    text = " ".join(paper(PAPER).split())
    assert f"({blobs.MAX_BYTES // 1_000_000} MB a file at most)" in text
    assert f"({MAX_BYTES // 1_000_000} MB a file)" in text
    assert f"The {MOST_ITEMS:,} worst items" in text
    assert f"{SHORTEST_COMMIT} digits or more of it" in text
    assert f"{SHORTEST_DIGEST} digits or more |" in text


def test_defaults_of_conditions_are_those_that_are_told(paper: Callable[[str], str]) -> None:
    terms, drift = ApprovalTerms(), DriftTerms()
    assert terms.by == get_args(Way)
    assert (terms.count, terms.four_eyes, drift.most, drift.older_than) == (1, True, 0, 0)
    text = " ".join(paper(PAPER).split())
    assert f"how many *different* people ({terms.count})" in text
    assert f"no more than `most` differences stand ({drift.most})" in text


def test_signatures_count_as_the_table_says(rows: Callable[[str, str], list[list[str]]]) -> None:
    signatures = [Signature(SignatureOutcome.GOOD, ""), bad("is bad"), unknown_key("1234"), UNSIGNED, NO_KEYS]
    assert [one.outcome for one in signatures] == list(SignatureOutcome)
    told = [cells[1].strip("`") for cells in rows(PAPER, "### Signatures")[1:]]
    facts = [GateFacts("production", True, "forward", 0, signature=one) for one in signatures]  # noqa: FBT003 - in the order of the record
    assert [judge_signed("commit", fact)[0].value for fact in facts] == told
