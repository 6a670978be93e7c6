"""The oracles themselves: they share no code with the package, and know the kinds by their definition."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from real.oracle_git import Step, Values, judged

ORACLES = sorted(Path(__file__).parent.glob("oracle_*.py"))


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda path: path.stem)
def test_an_oracle_imports_nothing_of_the_package(oracle: Path) -> None:
    nodes = list(ast.walk(ast.parse(oracle.read_text("utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert not [name for name in names if name.partition(".")[0] in {"generator", "support"}]


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ("ABA", ["initial", "forward", "rollback"]),
        ("ABCA", ["initial", "forward", "forward", "rollback"]),
        ("ABAB", ["initial", "forward", "rollback", "redo"]),
        ("AA", ["initial", "gap"]),
    ],
)
def test_a_sequence_of_values_has_the_kinds_of_the_definition(values: str, kinds: list[str]) -> None:
    """DEFINITIONS, "What happened"; the same value twice in a row is one that came back after a gap."""
    history = Values()
    assert [history.step(value, number) for number, value in enumerate(values)] == kinds


def test_what_the_upstream_had_decides_the_verdict() -> None:
    """DEFINITIONS, "Promotion", "Bypass", "simultaneous"; not assessed before there is an upstream."""

    def step(number: int, value: str) -> Step:
        return Step(number, f"commit {number}", number * 10, "shop", value, "forward")

    upstream = [step(1, "A"), step(3, "B"), step(5, "A")]
    production = [step(0, "A"), step(2, "A"), step(3, "B"), step(4, "C"), step(6, "A")]
    found = judged(production, upstream, [(1, True)])
    assert [(j.verdict, j.origin, j.lead) for j in found] == [
        ("not assessed", "", 0),
        ("promoted", "commit 1", 10),
        ("simultaneous", "", 0),
        ("bypass", "", 0),
        ("promoted", "commit 5", 10),
    ]
