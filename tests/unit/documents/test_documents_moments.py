from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from generator.documents.moments import day_of, first_second, moment_of, seconds_of

NOON = 1_772_452_800


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-03-02T12:00:00Z", NOON),
        ("2026-03-02T13:00:00+01:00", NOON),
        ("2026-03-02T12:00:00.999Z", NOON),
        ("2026-03-02", NOON - 12 * 3600),
        ("2026-03-02T12:00:00", None),
        ("2026-13-02T12:00:00Z", None),
        ("2026-02-30", None),
        ("9999-12-31", None),
        ("1969-12-31", None),
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00+00:01", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-30T23:59:59Z", 253_402_214_399),
        ("9999-12-31T23:59:59-14:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_moment_needs_its_zone_and_a_day_is_its_first_second(text: str, found: int | None) -> None:
    assert moment_of(text) == found


def test_days_are_days_of_the_calendar() -> None:
    assert day_of("2024-02-29") == date(2024, 2, 29)
    assert day_of("2023-02-29") is None
    assert day_of("20240229") is None
    assert first_second(date(1970, 1, 2)) == 86_400
    assert seconds_of(datetime(1970, 1, 1, 0, 0, 1, 900_000, UTC)) == 1
