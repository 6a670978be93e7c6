"""One field's sequence of values, judged step by step."""

from __future__ import annotations

import pytest

from generator.timeline.kinds import Stamp, ValueHistory


def _stamp(sequence: int) -> Stamp:
    return Stamp(sequence, f"{sequence:040x}", sequence * 60)


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ("A", "initial"),
        ("AB", "initial forward"),
        ("ABA", "initial forward rollback"),
        ("ABCA", "initial forward forward rollback"),
        ("ABCB", "initial forward forward rollback"),
        ("ABAB", "initial forward rollback redo"),
        ("ABABA", "initial forward rollback redo rollback"),
        ("ABCAB", "initial forward forward rollback redo"),
        ("ABCAC", "initial forward forward rollback redo"),
        ("AA", "initial gap"),
        ("ABB", "initial forward gap"),
        ("ABBA", "initial forward gap rollback"),
    ],
)
def test_kinds_of_steps(values: str, kinds: str) -> None:
    history = ValueHistory()
    assert [history.step(v, _stamp(n)).kind for n, v in enumerate(values, 1)] == kinds.split()


def test_a_rollback_over_several_names_the_first_deployment_after() -> None:
    history = ValueHistory()
    for number, value in enumerate("ABC", 1):
        history.step(value, _stamp(number))
    step = history.step("A", _stamp(4))
    assert (step.previous, step.culprit, step.returns_to) == ("C", _stamp(2), _stamp(1))


def test_the_culprit_of_a_second_rollback_is_the_newest_departure() -> None:
    history = ValueHistory()
    for number, value in enumerate("ABAC", 1):
        history.step(value, _stamp(number))
    assert history.step("A", _stamp(5)).culprit == _stamp(4)


def test_a_redo_has_no_culprit() -> None:
    history = ValueHistory()
    for number, value in enumerate("ABA", 1):
        history.step(value, _stamp(number))
    step = history.step("B", _stamp(4))
    assert (step.culprit, step.returns_to) == (None, _stamp(2))
