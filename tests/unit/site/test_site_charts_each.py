"""What each chart says: its numbers, its marks, and why it is missing."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from unit.site.charted import AS_OF, DAY, NOW, full, lead_chart, line, measures, parsed, recoveries, words

from generator.evidence.counts import KindCounts, Ratio
from generator.evidence.metrics import Share, Spread, Uptime
from generator.evidence.summary import DriftOverTime, Duration, EnvironmentSummary, Measures
from generator.site.chart_availability import availability_chart, availability_text
from generator.site.chart_calendar import calendar_chart
from generator.site.chart_components import fail_rate_by_component_chart
from generator.site.chart_drift import drift_age_chart, drift_chart
from generator.site.chart_lead import lead_distribution_chart
from generator.site.chart_recovery import recovery_chart
from generator.site.chart_text import NO_VALUE, short_count


def environment(*drift: DriftOverTime, not_assessed: str = "") -> EnvironmentSummary:
    return EnvironmentSummary(
        name="production", upstream="staging", production=True, present=True, digest="", since="", deployments=0,
        changes=0, kinds=KindCounts(), years=(), bypasses=0, simultaneous=0, bulks=0, components=0, connections=0,
        newest="", last_rollback="", cells=(), drift=(), drift_not_assessed=not_assessed, drift_over_time=drift,
        findings=(), measures=Measures(Ratio(0, 0), Duration(0, 0, None, None), ()), unreadable=0,
    )  # fmt: skip


DRIFT = (
    DriftOverTime("2026-01", 3, 1, 0, 0, accepted=2, oldest_seconds=9 * DAY, median_seconds=2 * DAY),
    DriftOverTime("2026-03", 0, 0, 2, 1, oldest_seconds=60 * DAY, median_seconds=30),
)


def test_a_distribution_counts_every_case_once() -> None:
    chart = lead_chart()
    assert chart.columns == ("Duration", "Count", "Share", "Up to the end of the step")
    filled = [row for row in chart.rows if row[1] != "0"]
    assert filled == [
        ("below 1 min", "1", "25.0 %", "25.0 %"),
        ("1 h to 2 h", "1", "25.0 %", "50.0 %"),
        ("1 day to 2 days", "2", "50.0 %", "100.0 %"),
    ]
    assert "4 of 5 measured" in chart.description
    assert "A small sample: 4 cases, fewer than 10." in chart.notes


def test_a_distribution_marks_median_and_percentile() -> None:
    assert {"Median 1 d 1 h", "90th percentile 1 d 1 h"} <= set(words(lead_chart()))


def test_a_mark_lies_within_its_step() -> None:
    spec = json.loads(lead_chart("production", 3_600, 5_000, 7_100).spec)
    places = {layer["encoding"]["x"]["datum"] for layer in spec["layer"] if "datum" in layer["encoding"]["x"]}
    assert all(5 <= place < 6 for place in places)
    assert len(places) == 2


def test_a_distribution_says_how_many_took_no_time() -> None:
    told = "2 of 3 took 0 s: they began and ended at the same moment, as when one commit changes both environments."
    assert told in lead_chart("production", 0, 0, 90_000).notes
    assert "took 0 s" not in " ".join(lead_chart().notes)


def test_a_distribution_of_nothing_has_its_reason() -> None:
    chart = lead_distribution_chart(
        "lead-time", "production", (), Spread(0, 0, reason="It is the first."), title="Lead time", says="So.", small=10
    )
    assert (chart.svg, chart.reason, chart.rows) == ("", "Not measurable: It is the first.", ())


def test_the_calendar_has_a_row_a_week_and_marks_failures() -> None:
    chart = calendar_chart(full(), AS_OF)
    rows = {row[0]: row for row in chart.rows}
    assert rows["2026-W02"] == ("2026-W02", "9", "0", "0", "0", "0", "0", "0", "9", "0")
    assert rows["2026-W14"] == ("2026-W14", "2 (1 failed)", "0", "", "", "", "", "", "2", "1")
    assert len(rows) == 13
    assert "11 deployments on 2 days. 1 failed deployment, on the day with a triangle." in chart.description
    assert chart.notes == ("1 bulk deployment among them.",)


def test_the_calendar_draws_days_of_one_level() -> None:
    day = line("2026-03-30", unit="day", kinds=KindCounts(forward=1))
    chart = calendar_chart(measures(whole=line(), days=(day,)), AS_OF)
    assert "NaN" not in chart.svg
    assert "triangle" not in chart.description


def test_the_calendar_of_a_short_history_begins_with_it() -> None:
    day = line("2026-03-30", unit="day", kinds=KindCounts(forward=1))
    start = "2026-03-18T09:00:00Z"
    spec = json.loads(calendar_chart(measures(whole=line(start=start), days=(day,)), AS_OF).spec)
    weeks = {value["week"] for layer in spec["layer"] for value in layer.get("data", {}).get("values", ())}
    assert min(weeks) == 0
    assert spec["width"] == 636


def test_a_failure_on_a_day_without_deployments_is_drawn() -> None:
    day = line("2026-03-30", unit="day", apart=1)
    spec = calendar_chart(measures(whole=line(), days=(day,)), AS_OF).spec
    assert "triangle-up" in spec


def test_a_rate_has_its_counts_and_interval() -> None:
    chart = fail_rate_by_component_chart(full())
    assert chart.rows == (
        ("web", "4", "4", "2", "50.0 %", "15.0 to 85.0 %", "0"),
        ("cart", "24", "20", "3", "15.0 %", "5.0 to 36.0 %", "2"),
    )
    assert "1 small sample, drawn as a diamond." in chart.description
    assert {"2 of 4", "3 of 20", "web", "cart"} <= set(words(chart))


def test_the_rate_of_all_stands_beside_with_what_waits() -> None:
    whole = line(unit="all", fails=Share(5, 45, 0.05, 0.2), pending=3, apart=1)
    found = measures(whole=whole, components=full().components)
    assert fail_rate_by_component_chart(found).notes[-1] == (
        "All components together: 5 of 45 failed, 11.1 %; 3 still pending, 1 that failed are counted apart."
    )


def test_components_without_a_rate_stand_in_the_table_alone() -> None:
    waits = line(
        unit="all", subject="new", kinds=KindCounts(forward=30), fails=Share(0, 0, reason="All wait."), pending=30
    )
    chart = fail_rate_by_component_chart(measures(components=(*full().components, waits)))
    assert chart.rows[-1] == ("new", "30", "0", "0", NO_VALUE, NO_VALUE, "30")
    assert "new" not in words(chart)
    alone = fail_rate_by_component_chart(measures(components=(waits,)))
    assert (alone.svg, alone.reason) == ("", "Not measurable: All wait.")


def test_components_of_one_name_when_shortened_have_a_line_each() -> None:
    lines = tuple(
        line(
            unit="all",
            subject=f"{'a' * 40}{middle}{'z' * 40}",
            kinds=KindCounts(forward=2),
            fails=Share(1, 2, 0.1, 0.9),
        )
        for middle in "bcd"
    )
    assert sum(text.startswith("aaa") for text in words(fail_rate_by_component_chart(measures(components=lines)))) == 3


def test_availability_is_held_against_its_target() -> None:
    chart = availability_chart(full())
    assert [row[4:] for row in chart.rows] == [
        ("100 %", "99.9 %", "yes"),
        ("96.428 %", "99.9 %", "no"),
        ("99.865 %", "99.9 %", "no"),
    ]
    assert {"target 99.9 %", "Target met", "Below the target"} <= set(words(chart))


@pytest.mark.parametrize(
    ("down", "text"), [(0, "100 %"), (1, "99.999 %"), (10_000_000, "0 %"), (5_000_000, "50 %"), (4_999_999, "50 %")]
)
def test_availability_is_never_rounded_up_to_the_whole(down: int, text: str) -> None:
    assert availability_text(Uptime(10_000_000, down, 1)) == text


def test_a_target_is_met_to_the_second() -> None:
    met, missed = (
        availability_chart(
            measures(
                whole=line(uptime=Uptime(1_000_000, down, 1, "99.9")),
                months=(line("2026-01", uptime=Uptime(1_000_000, down, 1, "99.9")),),
            )
        ).rows[0][-1]
        for down in (1_000, 1_001)
    )
    assert (met, missed) == ("yes", "no")


def test_availability_without_records_says_so() -> None:
    uptime = Uptime(0, 0, 0, "", "No record of downtime was given.")
    chart = availability_chart(measures(whole=line(uptime=uptime), months=(line("2026-01", uptime=uptime),)))
    assert (chart.svg, chart.rows) == ("", ())
    assert chart.reason == "Not measurable: No record of downtime was given."


def test_availability_without_a_target_has_none() -> None:
    uptime = Uptime(100, 1, 1)
    chart = availability_chart(measures(whole=line(uptime=uptime), months=(line("2026-01", uptime=uptime),)))
    assert chart.rows[0][5:] == (NO_VALUE, NO_VALUE)
    assert "No target was agreed." in chart.notes
    assert not [text for text in words(chart) if "target" in text.lower()]


def test_recovery_names_what_is_open() -> None:
    chart = recoveries()
    assert [row[2:] for row in chart.rows] == [
        ("2026-02-19 13:30", "1 h 30 min", "production-5"),
        ("not recovered", NO_VALUE, "INC-1"),
    ]
    assert "1 of 2 recovered, median 1 h 30 min" in chart.description
    assert "1 failure not recovered: dashed" in chart.description
    assert "stroke-dasharray" in chart.svg


def test_no_failure_is_said() -> None:
    chart = recovery_chart("production", (), Spread(0, 0, reason="No deployment failed."), as_of=NOW, small=10)
    assert (chart.svg, chart.reason) == ("", "No deployment failed.")


def test_drift_is_counted_by_class() -> None:
    chart = drift_chart(environment(*DRIFT))
    assert chart.rows == (
        ("2026-01", "3", "1", "0", "0", "4", "2"),
        ("2026-02", "0", "0", "0", "0", "0", "0"),
        ("2026-03", "0", "0", "2", "1", "3", "0"),
    )


def test_the_age_of_drift_is_that_of_what_stood() -> None:
    chart = drift_age_chart(environment(*DRIFT))
    assert chart.rows == (
        ("2026-01", "4", "2 d", "9 d"),
        ("2026-02", "0", NO_VALUE, NO_VALUE),
        ("2026-03", "3", "30 s", "60 d"),
    )
    assert {"Median age", "Oldest"} <= set(words(chart))
    assert parsed(chart.svg) is not None


def test_months_that_were_not_compared_are_no_zeros() -> None:
    drift = (DriftOverTime("2026-01", 1, 0, 0, 0), DriftOverTime("2026-02", 0, 0, 0, 0))
    assert [row[0] for row in drift_chart(environment(*drift)).rows] == ["2026-01", "2026-02"]
    for draw in (drift_chart, drift_age_chart):
        chart = draw(environment(*drift, not_assessed="Staging was removed."))
        assert [row[0] for row in chart.rows] == ["2026-01"]
        assert chart.notes == ("Later months are left out: nothing is compared any more.",)


@pytest.mark.parametrize("draw", [drift_chart, drift_age_chart])
def test_a_comparison_that_could_not_be_made_says_why(draw: Any) -> None:  # noqa: ANN401 - a function of the two
    assert draw(environment(not_assessed="It has no upstream.")).reason == "It has no upstream."
    assert draw(environment(DriftOverTime("2026-01", 0, 0, 0, 0))).reason == "There was no drift item in any month."


@pytest.mark.parametrize(
    ("count", "longest", "text"),
    [(0, 4, "0"), (999, 3, "999"), (1_234, 5, "1,234"), (1_234, 4, "1.2k"), (56_789, 4, "56k"), (10**7, 4, "10M")],
)
def test_counts_are_shortened_where_there_is_no_room(count: int, longest: int, text: str) -> None:
    assert short_count(count, longest) == text


def test_charts_are_values() -> None:
    assert msgspec.structs.asdict(lead_chart()) == msgspec.structs.asdict(lead_chart())
