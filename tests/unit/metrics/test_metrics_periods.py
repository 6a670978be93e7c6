from __future__ import annotations

from datetime import UTC, datetime

import pytest

from generator.metrics.periods import UNITS, Unit, count, following, period, periods
from generator.metrics.tally import quantiles


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("time", "unit", "name"),
    [
        ("2026-08-21T16:45:59", "hour", "2026-08-21T16"),
        ("2026-08-21T16:45:59", "day", "2026-08-21"),
        ("2026-08-21T16:45:59", "week", "2026-W34"),
        ("2026-08-21T16:45:59", "month", "2026-08"),
        ("2026-08-21T16:45:59", "quarter", "2026-Q3"),
        ("2026-08-21T16:45:59", "year", "2026"),
        ("2027-01-01T00:00:00", "week", "2026-W53"),
        ("2024-12-30T00:00:00", "week", "2025-W01"),
        ("2024-03-31T23:59:59", "quarter", "2024-Q1"),
        ("2024-04-01T00:00:00", "quarter", "2024-Q2"),
        ("1970-01-01T00:00:01", "year", "1970"),
    ],
)
def test_the_period_of_a_time(time: str, unit: Unit, name: str) -> None:
    assert period(_at(time), unit) == name


def test_empty_periods_are_listed() -> None:
    found = list(periods(_at("2023-11-30T12:00:00"), _at("2024-03-01T00:00:00"), "month"))
    assert found == ["2023-11", "2023-12", "2024-01", "2024-02", "2024-03"]
    assert list(periods(_at("2024-12-23T00:00:00"), _at("2025-01-06T00:00:00"), "week")) == [
        "2024-W52",
        "2025-W01",
        "2025-W02",
    ]


@pytest.mark.parametrize("unit", UNITS)
def test_the_count_is_that_of_the_names(unit: Unit) -> None:
    first, last = _at("2023-11-29T22:30:00"), _at("2024-03-02T01:00:00")
    names = list(periods(first, last, unit))
    assert count(first, last, unit) == len(names) == len(set(names))
    assert (names[0], names[-1]) == (period(first, unit), period(last, unit))


@pytest.mark.parametrize("unit", UNITS)
def test_the_following_moment_is_the_next_period(unit: Unit) -> None:
    time = _at("2023-12-31T23:30:00")
    next_ = following(time, unit)
    assert period(next_ - 1, unit) == period(time, unit) != period(next_, unit)


@pytest.mark.parametrize(
    ("seconds", "n", "median", "p90"),
    [
        ([], 0, None, None),
        ([7], 1, 7, 7),
        ([4, 2], 2, 3, 4),
        ([3, 1, 2], 3, 2, 3),
        (list(range(1, 11)), 10, 5, 9),
        (list(range(1, 12)), 11, 6, 10),
        ([-10, 10], 2, 0, 10),
    ],
)
def test_quantiles(seconds: list[int], n: int, median: int | None, p90: int | None) -> None:
    found = quantiles(seconds)
    assert (found.n, found.median, found.p90) == (n, median, p90)
