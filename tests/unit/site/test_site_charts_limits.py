"""Charts of very much and of next to nothing: readable, bounded, and said to be so."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from unit.site.charted import AS_OF, NOW, charts, line, measures, parsed, words

from generator.evidence.counts import KindCounts
from generator.evidence.metrics import Share, Spread, Uptime
from generator.evidence.samples import FailedSample
from generator.site.chart import MOST_ROWS
from generator.site.chart_availability import availability_chart
from generator.site.chart_calendar import calendar_chart
from generator.site.chart_components import fail_rate_by_component_chart
from generator.site.chart_lead import lead_distribution_chart
from generator.site.chart_recovery import recovery_chart
from generator.site.charts import kinds_by_month_chart, lead_by_month_chart, velocity_chart

LARGEST = 160_000
"""Bytes of an SVG: a page has a dozen of them."""


def months(count: int) -> tuple[str, ...]:
    return tuple(f"{2000 + at // 12}-{at % 12 + 1:02}" for at in range(count))


def test_twenty_years_of_months() -> None:
    kinds, spread = KindCounts(forward=10**7, rollback=10**6), Spread(9, 9, 60, 60, 10**9)
    lines = tuple(line(month, kinds=kinds, lead=spread, uptime=Uptime(10**6, 1, 1, "99.9")) for month in months(240))
    found = measures(months=lines, whole=line(lead=spread, uptime=Uptime(10**8, 10, 1, "99.9")))
    for chart in (
        velocity_chart(found),
        kinds_by_month_chart(found),
        lead_by_month_chart(found, "lead-time"),
        availability_chart(found),
    ):
        assert len(chart.rows) == 240
        assert "the newest 24 are drawn" in chart.description
        assert len(chart.svg) < LARGEST


def test_a_date_in_a_far_century_makes_no_million_months() -> None:
    one = KindCounts(forward=1)
    chart = velocity_chart(measures(months=(line("1970-01", kinds=one), line("9999-12", kinds=one))))
    assert len(chart.rows) == 2


def test_a_table_has_its_end() -> None:
    one = KindCounts(forward=1)
    chart = velocity_chart(measures(months=tuple(line(month, kinds=one) for month in months(1_000))))
    assert len(chart.rows) == MOST_ROWS
    assert any("600 before them stand in the evidence" in note for note in chart.notes)


def test_thirty_thousand_releases_in_a_year() -> None:
    last = datetime(2026, 3, 31, tzinfo=UTC)
    days = tuple(
        line(
            f"{last - timedelta(days=back):%Y-%m-%d}", unit="day", kinds=KindCounts(forward=back % 160), apart=back % 2
        )
        for back in range(366)
    )
    chart = calendar_chart(measures(whole=line(start="2000-01-01T00:00:00Z"), days=days), AS_OF)
    assert len(chart.rows) == 53
    assert len(chart.svg) < LARGEST
    assert "1 to 4" in words(chart)


def test_six_hundred_components() -> None:
    lines = tuple(
        line(
            unit="all",
            subject=f"team-{at:03}/service",
            kinds=KindCounts(forward=at),
            fails=Share(at % 7, at + 7, 0.1, 0.9),
        )
        for at in range(600)
    )
    chart = fail_rate_by_component_chart(measures(components=lines))
    assert len(chart.rows) == 20
    assert "Of 600 components the 20 with most deployments." in chart.notes
    assert chart.rows[0][1] in {str(at) for at in range(580, 600)}


def test_thousands_of_failures() -> None:
    failures = tuple(
        FailedSample(
            f"production-{at}", NOW - at * 3_600, recovered=at % 9 > 0, seconds=60 * at if at % 9 else None, told_by=()
        )
        for at in range(5_000)
    )
    chart = recovery_chart("production", failures, Spread(4_444, 5_000, 60, 60, 60), as_of=NOW, small=10)
    assert "Of 5,000 failed deployments the newest 150 are drawn." in chart.notes
    assert len(chart.svg) < LARGEST


def test_every_duration_there_can_be() -> None:
    seconds = [sign * 10**power for power in range(13) for sign in (1, -1)]
    chart = lead_distribution_chart(
        "lead-time", "production", seconds, Spread(26, 26, 0, 0, 10**12), title="Lead time", says="So long.", small=10
    )
    assert sum(int(row[1]) for row in chart.rows) == 26
    assert chart.rows[-1][-1] == "100.0 %"
    assert "13 cases below zero, by skewed dates: in the first step." in chart.notes
    assert "NaN" not in chart.svg


@pytest.mark.parametrize("as_of", [0, NOW])
def test_one_of_everything_at_the_time_of_the_report(as_of: int) -> None:
    failed = FailedSample("p-1", as_of, recovered=False, seconds=None, told_by=())
    one = recovery_chart("production", (failed,), Spread(0, 1), as_of=as_of, small=10)
    two = lead_distribution_chart("x", "p", [5], Spread(1, 1, 5, 5, 5), title="T", says="S.", small=10)
    for chart in (one, two):
        assert parsed(chart.svg) is not None
        assert "NaN" not in chart.svg


def test_the_first_day_of_history_is_the_last() -> None:
    day = line("2026-03-31", unit="day", kinds=KindCounts(initial=1))
    chart = calendar_chart(measures(whole=line(start=AS_OF), days=(day,)), AS_OF)
    assert chart.rows == (("2026-W14", "", "1", "", "", "", "", "", "1", "0"),)


@pytest.mark.parametrize("as_of", ["", "no time", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_calendar_at_the_ends_of_time(as_of: str) -> None:
    chart = calendar_chart(measures(whole=line(start="0001-01-01T00:00:00Z")), as_of)
    assert chart.svg == ""
    assert chart.reason


def test_charts_are_drawn_soon() -> None:
    next(iter(charts().values()))("production")
    start = time.process_time()
    for draw in charts().values():
        draw("production")
    assert time.process_time() - start < 5, f"{len(charts())} charts in more than {5} s"
