"""The oracles themselves: they share no code with the package, and know the kinds by their definition."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from real.oracle_git import Commit, Step, Values, judged
from real.oracle_kinds import Sorts, State, Told, follow, windows

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


SORTS = Sorts(lambda path: path == "image", lambda path: path == "replicas")


def followed(states: list[State], messages: dict[int, tuple[str, str]] | None = None) -> list[Told]:
    """Return what the oracle makes of states that stand a day after each other."""
    said = {f"{n:040x}": (messages or {}).get(n, ("Change", "")) for n in range(len(states))}
    told = ((n, Commit(f"{n:040x}", n * 86_400, {}), state) for n, state in enumerate(states))
    return follow(told, SORTS, said).told


def test_artifacts_decide_then_settings_and_capacity_never() -> None:
    """DEFINITIONS, "What happened": per component, then for the deployment."""
    one = {"image": "A", "level": "1", "replicas": "1"}
    states: list[State] = [
        {"shop": one},
        {"shop": {**one, "replicas": "2"}},
        {"shop": {**one, "level": "2"}},
        {"shop": one},
        {"shop": {**one, "image": "B", "level": "2"}},
        {"shop": {**one, "image": "A", "level": "3"}},
        {"shop": {**one, "image": "A", "level": "3"}},
        {},
        {"shop": {**one, "image": "A", "level": "3"}},
        {"shop": {**one, "image": "B", "level": "3"}},
    ]
    kinds = ["initial", "forward", "forward", "rollback", "forward", "rollback", "redeploy", "forward", "gap", "redo"]
    assert [one.kind for one in followed(states)] == kinds


def test_a_revert_is_a_roll_forward_where_the_version_is_new() -> None:
    """DEFINITIONS, "roll-forward"; a message alone proves nothing."""
    states: list[State] = [{"shop": {"image": image}, "desk": {"image": "A"}} for image in "ABCDE"]
    body = f"Words.\n\nThis reverts commit {1:040x}."
    told = followed(states, {2: ("Mend", body), 3: ("Revert something", ""), 4: ("Change", "This reverts commit abc")})
    assert [(one.kind, one.mends) for one in told[1:]] == [
        ("forward", ""),
        ("roll-forward", "observed"),
        ("forward", ""),
        ("forward", ""),
    ]
    back: list[State] = [{"shop": {"a": "1", "b": "1"}}, {"shop": {"a": "2", "b": "1"}}, {"shop": {"a": "2", "b": "2"}}]
    told = followed([*back, {"shop": {"a": "1", "b": "2"}}], {3: ("Revert the first of them", "")})
    assert (told[-1].kind, told[-1].mends) == ("roll-forward", "inferred")


def test_a_window_is_bulk_where_its_deployments_move_enough_together() -> None:
    """DEFINITIONS, "bulk": runs of one kind, each within the window of the first, none of which overlap."""

    def told(time: int, kind: str, movers: str) -> Told:
        return Told(Commit(f"{time}{kind}", time, {}), kind, frozenset(movers))

    found = [
        told(0, "forward", "abcde"),
        told(600, "forward", "defgh"),
        told(601, "forward", "ij"),
        told(700, "rollback", "ij"),
        told(800, "forward", "abcdefgh"),
        told(900, "redeploy", ""),
        told(901, "forward", "ij"),
    ]
    assert [one.bulk for one in windows(found, bulk=8)] == [True, True, False, False, False, False, False]
