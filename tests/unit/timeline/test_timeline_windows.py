"""Bulk windows: which runs come to a bulk, in which order deployments are released, and how many are held."""

from __future__ import annotations

import pytest

from generator.timeline.kinds import Kind
from generator.timeline.verdicts import Verdict
from generator.timeline.windows import GRACE, MOST_HELD, BulkWindows, in_window

HOUR = 3600
Row = tuple[str, int | None, Kind, str]


def _released(rows: list[Row], bulk: int = 3, seconds: int = 600) -> list[bool]:
    """Return for each row (environment, time, kind, components by a letter each) whether it is bulk."""
    windows: BulkWindows[int] = BulkWindows(bulk, seconds)
    found: list[tuple[int, bool]] = []
    for number, (environment, time, kind, components) in enumerate(rows):
        found += windows.take(environment, time, kind, tuple(components), number)
    found += windows.finish()
    assert [number for number, _ in found] == list(range(len(rows))), "in the order they came in, each once"
    return [bulk for _, bulk in found]


F, B, R = Kind.FORWARD, Kind.ROLLBACK, Kind.REDO
RUNS: dict[str, tuple[list[Row], str]] = {
    "three in a row": ([("p", 0, F, "a"), ("p", 60, F, "b"), ("p", 600, F, "c")], "yyy"),
    "a second too late": ([("p", 0, F, "a"), ("p", 60, F, "b"), ("p", 601, F, "c")], "nnn"),
    "from the first, not the last": (
        [("p", 0, F, "a"), ("p", 500, F, "b"), ("p", 900, F, "c"), ("p", 901, F, "d")],
        "nnnn",
    ),
    "the same component thrice": ([("p", 0, F, "a"), ("p", 60, F, "a"), ("p", 120, F, "a")], "nnn"),
    "all that follow in the window": ([("p", 0, F, "ab"), ("p", 60, F, "c"), ("p", 120, F, "a")], "yyy"),
    "another kind between": ([("p", 0, B, "a"), ("p", 60, F, "b"), ("p", 120, B, "c"), ("p", 180, B, "de")], "nnyy"),
    "a redeploy between": ([("p", 0, F, "ab"), ("p", 60, Kind.REDEPLOY, ""), ("p", 120, F, "c")], "nnn"),
    "redeploys are none": (
        [("p", 0, Kind.REDEPLOY, "a"), ("p", 1, Kind.REDEPLOY, "b"), ("p", 2, Kind.REDEPLOY, "c")],
        "nnn",
    ),
    "two environments at once": (
        [("s", 0, F, "a"), ("p", 1, F, "a"), ("s", 2, F, "b"), ("p", 3, F, "b"), ("s", 4, F, "c")],
        "ynyny",
    ),
    "no time ends a run": ([("p", 0, F, "a"), ("p", None, F, "b"), ("p", 1, F, "c"), ("p", 2, F, "d")], "nnnn"),
    "dates that go back": ([("p", 300, R, "a"), ("p", 0, R, "b"), ("p", 200, R, "c")], "yyy"),
    "one deployment is no window": ([("p", 0, F, "abc")], "n"),
    "no overlap": (
        [("p", 0, F, "a"), ("p", 500, F, "b"), ("p", 700, F, "c"), ("p", 800, F, "d"), ("p", 900, F, "e")],
        "nnyyy",
    ),
    "a new run after a bulk": (
        [("p", 0, F, "ab"), ("p", 1, F, "c"), ("p", HOUR, F, "a"), ("p", HOUR + 1, F, "b")],
        "yynn",
    ),
}


@pytest.mark.parametrize("case", RUNS)
def test_a_run_is_bulk_where_enough_components_move_within_the_window(case: str) -> None:
    rows, expected = RUNS[case]
    assert "".join("y" if bulk else "n" for bulk in _released(rows)) == expected


def test_without_a_window_nothing_is_held() -> None:
    windows: BulkWindows[str] = BulkWindows(2, 0)
    assert list(windows.take("p", 0, F, ("a",), "one")) == [("one", False)]
    assert list(windows.take("p", 0, F, ("b",), "two")) == [("two", False)]


def test_what_is_held_is_released_once_the_history_went_on() -> None:
    windows: BulkWindows[str] = BulkWindows(3, 600)
    assert list(windows.take("s", 0, F, ("a",), "staging")) == []
    assert list(windows.take("p", 600 + GRACE, F, ("a",), "soon")) == []
    assert list(windows.take("p", 601 + GRACE, B, ("a",), "later")) == [("staging", False), ("soon", False)]


def test_no_more_is_held_than_is_allowed() -> None:
    windows: BulkWindows[int] = BulkWindows(10**6, 600)
    released = 0
    for number in range(2 * MOST_HELD):
        released += len(list(windows.take("s" if number % 2 else "p", 0, F, ("a",), number)))
        assert number + 1 - released <= MOST_HELD


def test_a_verdict_in_a_window_says_why_it_is_bulk() -> None:
    verdict = in_window(Verdict(F, "observed", ("It moved.",), bulk=False), 10, 600)
    assert verdict.bulk
    assert verdict.reasons[1:] == (
        "Together with its neighbours within 10 minutes it moved 10 components or more the same way.",
    )
    assert in_window(verdict, 10, 600) == verdict, "a bulk by itself needs no second reason"
