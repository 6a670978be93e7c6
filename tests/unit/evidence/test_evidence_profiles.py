from __future__ import annotations

import msgspec
import pytest

from generator.evidence.counts import KindCounts, Ratio
from generator.evidence.metrics import PeriodMetrics, Share, Spread
from generator.evidence.profiles import trends

MEASURES = ["deployments a month", "change fail rate", "velocity to rollback", "lead time"]


def month(number: int, forward: int, cut: str = "") -> PeriodMetrics:
    return PeriodMetrics(
        environment="production",
        by="environment",
        subject="",
        unit="month",
        period=f"2026-{number:02d}",
        start=f"2026-{number:02d}-01T00:00:00Z",
        end="",
        cut=cut,
        kinds=KindCounts(forward=forward, rollback=1),
        velocity_to_rollback=Ratio(forward, 1),
        change_fail_rate=Share(1, forward) if forward else Share(0, 0, reason="No deployment brought a change."),
        lead_time=Spread(1, 1, median_seconds=100 - number),
    )


def test_months_that_are_cut_are_left_out_and_the_order_of_lines_does_not_matter() -> None:
    pytest.importorskip("scipy")
    lines = [month(number, number, "It is cut." if number in {1, 11} else "") for number in range(1, 12)]
    found = trends(reversed(lines), ["production"])
    assert [(one.environment, one.measure, one.months) for one in found] == [("production", m, 9) for m in MEASURES]
    assert [one.verdict for one in found] == ["rising", "falling", "rising", "falling"]
    assert [one.tau for one in found] == [1.0, -1.0, 1.0, -1.0]


def test_empty_months_count_where_the_measure_has_a_value_in_them() -> None:
    pytest.importorskip("scipy")
    lines = [month(number, 0 if number < 3 else number) for number in range(1, 10)]
    assert [one.months for one in trends(lines, ["production"])] == [9, 7, 9, 9]
    assert trends(lines, ["production"])[1].verdict == "not assessed"


def test_other_lines_and_environments_are_not_looked_at() -> None:
    lines = [
        msgspec.structs.replace(line, **changed)
        for line in [month(number, number) for number in range(1, 10)]
        for changed in ({"unit": "week"}, {"by": "component", "subject": "cart"}, {"environment": "staging"})
    ]
    found = trends(lines, ["production"])
    assert [(one.measure, one.months, one.verdict) for one in found] == [(m, 0, "not assessed") for m in MEASURES]
    assert trends(lines, []) == ()
