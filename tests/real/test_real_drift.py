"""Drift through a long history: what differed at ten commits of it, and since when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from real import oracle_drift, oracle_layers
from support.evidence_facts import SAME, Facts, compare, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.real

COMMITS = 10
HIDDEN = "(hidden)"
Row = tuple[str, str, str, str | None, str | None, str]


@pytest.fixture(scope="module")
def found(real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts("deployment-charts", real_history, tmp_path_factory)


@pytest.mark.parametrize("environment", ["eqiad", "codfw"])
def test_what_differs_at_ten_commits(environment: str, found: Facts, real_history: Callable[[str], Path]) -> None:
    """DEFINITIONS, "Drift" and "Drift age": component, field, class, both values, and the commit that it began with.

    Connections are left out: the oracle reads settings alone.
    """
    told = standing(found, environment)
    commits = list(told)
    chosen = [commits[place * (len(commits) - 1) // COMMITS] for place in range(1, COMMITS + 1)]
    sides = oracle_layers.services(real_history("deployment-charts"))
    expected = oracle_drift.followed(sides[environment], sides["staging"], chosen)
    assert list(expected) == chosen
    for commit, differing in expected.items():
        secrets = {told_row[:2] for told_row in told[commit] if HIDDEN in told_row}
        rows = [
            (*path, d.kind, *(masked(v) if path in secrets else v for v in (d.upstream, d.value)), d.since)
            for path, d in differing.items()
        ]
        assert compare(told[commit], rows) == SAME, commit
    sizes = [len(differing) for differing in expected.values()]
    assert min(sizes) > 100
    assert {d.kind for differing in expected.values() for d in differing.values()} >= {"pending", "config", "structure"}


def masked(value: str | None) -> str | None:
    """Return what can be told of a secret: that there is one."""
    return HIDDEN if value is not None else None


def row(entry: dict[str, Any]) -> Row:
    """Return component, field, class, value of the upstream, own value, and since when."""
    values = (entry["upstream"], entry["value"])
    upstream, value = (masked(v) for v in values) if entry["aspect"] == "secret" else values
    return entry["component"], entry["field"], entry["drift"], upstream, value, entry["since"]


def standing(found: Facts, environment: str) -> dict[str, list[Row]]:
    """Return commit → each difference."""
    with (found.folder / "objects" / "drift" / f"{environment}.jsonl").open(encoding="utf-8") as file:
        records = iter([json.loads(line) for line in file])
    entries: dict[str, Any] = {}
    rows: list[Row] = []
    digest, told = "", {}
    for deployment in found.of(environment):
        if deployment["drift"] is None:
            continue
        if deployment["drift"]["object"] != digest:
            record = next(records)
            digest = record["digest"]
            assert digest == deployment["drift"]["object"]
            entries = (entries if "base" in record else {}) | record.get("set", {})
            entries = {key: entry for key, entry in entries.items() if key not in record.get("unset", [])}
            rows = [row(e) for e in entries.values() if e["aspect"] != "topology" or e["field"] == oracle_drift.WHOLE]
        told[deployment["commit"]["id"]] = rows
    return told
