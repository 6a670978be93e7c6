from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from generator.evidence.counts import KindCounts, Ratio
from generator.evidence.summary import (
    DriftOverTime,
    Duration,
    EnvironmentSummary,
    Measures,
    PeriodCounts,
    PeriodSeries,
)
from generator.site.chart_colours import BEHIND_TEXT, DARK, LIGHT, SENTINELS
from generator.site.charts import (
    NO_VALUE,
    Chart,
    drift_chart,
    duration_text,
    kinds_by_month_chart,
    promotion_lead_chart,
    velocity_chart,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = (velocity_chart, kinds_by_month_chart, promotion_lead_chart, drift_chart)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own output, from this test


def environment(
    counts: tuple[PeriodCounts, ...] = (),
    *,
    name: str = "production",
    leads: tuple[tuple[str, int, int, int], ...] = (),
    drift: tuple[DriftOverTime, ...] = (),
    not_assessed: str = "",
) -> EnvironmentSummary:
    series = (
        (PeriodSeries("month", len(counts), counts[0].period, counts[-1].period, PeriodCounts(""), counts),)
        if counts
        else ()
    )
    return EnvironmentSummary(
        name=name, upstream="staging", production=True, present=True, digest="", since="", deployments=0, changes=0,
        kinds=KindCounts(), years=(), bypasses=0, simultaneous=0, bulks=0, components=0, connections=0, newest="",
        last_rollback="", cells=(), drift=(), drift_not_assessed=not_assessed, drift_over_time=drift, findings=(),
        measures=Measures(Ratio(0, 0), Duration(0, 0, None, None), series, leads), unreadable=0,
    )  # fmt: skip


def full(name: str = "production") -> EnvironmentSummary:
    return environment(
        (
            PeriodCounts("2026-01", initial=1, forward=12, redeploy=3, gap=1),
            PeriodCounts("2026-03", forward=4, rollback=2, redo=1),
        ),
        name=name,
        leads=(("2026-01", 12, 1_560, 90_000), ("2026-03", 4, 0, 3_600)),
        drift=(DriftOverTime("2026-01", 3, 1, 0, 0), DriftOverTime("2026-03", 0, 0, 2, 1)),
    )


def test_velocity_shows_both_counts_and_never_infinity() -> None:
    chart = velocity_chart(full())
    assert chart.columns == ("Month", "Forward", "Rollbacks and roll-forwards", "Ratio", "Ratio over 3 months")
    assert chart.rows == (
        ("2026-01", "12", "0", "12 : 0", "12 : 0"),
        ("2026-02", "0", "0", "0 : 0", "12 : 0"),
        ("2026-03", "4", "2", "4 : 2", "16 : 2"),
    )
    assert "In all 16 : 2." in chart.description


def test_every_kind_is_in_the_table_and_adds_up() -> None:
    chart = kinds_by_month_chart(full())
    assert chart.columns == (
        "Month",
        "Initial",
        "Forward",
        "Rollback",
        "Redo",
        "Roll-forward",
        "Hotfix",
        "Redeploy",
        "Gap",
        "Total",
    )
    assert [row[-1] for row in chart.rows] == ["17", "0", "7"]


def test_leads_are_in_words_with_their_number() -> None:
    assert promotion_lead_chart(full()).rows == (
        ("2026-01", "12", "26 min", "1 d 1 h"),
        ("2026-02", "0", NO_VALUE, NO_VALUE),
        ("2026-03", "4", "0 s", "1 h"),
    )


def test_drift_is_counted_by_class() -> None:
    assert drift_chart(full()).rows[2][:6] == ("2026-03", "0", "0", "2", "1", "3")


@pytest.mark.parametrize("draw", ALL)
def test_a_chart_is_named_sound_and_the_same_twice(draw: Callable[[EnvironmentSummary], Chart]) -> None:
    chart = draw(full())
    assert chart == draw(full())
    assert chart.reason == ""
    root = parsed(chart.svg)
    assert (root.get("role"), root.get("width")) == ("img", "100%")
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(str(name).startswith(f"{chart.id}-") for name in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", chart.svg)) <= set(ids)
    assert root.get("aria-labelledby") == f"{chart.id}-title {chart.id}-desc"
    assert not re.search(r"href|<script|<!|<\?|\son\w+=|style=", chart.svg)


@pytest.mark.parametrize("draw", ALL)
def test_every_colour_follows_the_page(draw: Callable[[EnvironmentSummary], Chart]) -> None:
    svg = draw(full()).svg
    for paint in re.findall(r'(?:fill|stroke)="([^"]*)"', svg):
        assert paint in {"none", "transparent"} or paint.startswith(("url(#", "var(--assay-chart-")), paint
    assert not any(sentinel in svg for sentinel in SENTINELS.values())


def test_an_empty_month_has_its_place() -> None:
    svg = velocity_chart(full()).svg
    assert [month in svg for month in (">Jan<", ">Feb<", ">Mar<")] == [True, True, True]


@pytest.mark.parametrize("draw", ALL)
def test_the_name_of_an_environment_is_literal_text(draw: Callable[[EnvironmentSummary], Chart]) -> None:
    name = '<script>alert("1")</script>&'
    chart = draw(full(name))
    assert re.fullmatch(r"[a-z0-9-]+", chart.id)
    assert "<script" not in chart.svg
    title = parsed(chart.svg).find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert (title.text or "").endswith(name)


def test_environments_of_like_names_have_charts_of_their_own() -> None:
    assert (
        len({velocity_chart(environment(name=name)).id for name in ("eu-west", "eu/west", "EU-west", "eu_west")}) == 4
    )


def test_only_the_newest_months_are_drawn_and_the_table_has_all() -> None:
    months = [f"{2020 + at // 12}-{at % 12 + 1:02}" for at in range(60)]
    chart = velocity_chart(environment(tuple(PeriodCounts(month, forward=1) for month in months)))
    assert len(chart.rows) == 60
    assert "Of 60 months the newest 24 are drawn" in chart.description
    assert ">2024<" in chart.svg
    assert ">2020<" not in chart.svg


def test_where_nothing_happened_lately_the_months_up_to_the_last_happening_are_drawn() -> None:
    counts = [PeriodCounts("2020-01", forward=1), PeriodCounts("2022-03", forward=1), PeriodCounts("2026-08")]
    chart = velocity_chart(environment(tuple(counts)))
    assert "Of 80 months the 24 up to 2022-03 are drawn" in chart.description
    assert ">2022<" in chart.svg
    assert ">2026<" not in chart.svg


def test_an_axis_of_counts_has_whole_numbers_alone() -> None:
    chart = kinds_by_month_chart(environment((PeriodCounts("2026-01", forward=2),)))
    ticks = [text for text in re.findall(r"<text[^>]*>([0-9,.]+)</text>", chart.svg) if text != "2026"]
    assert ticks == ["0", "1", "2"]


@pytest.mark.parametrize("draw", ALL)
def test_nothing_to_draw_has_a_reason(draw: Callable[[EnvironmentSummary], Chart]) -> None:
    chart = draw(environment())
    assert (chart.svg, chart.rows) == ("", ())
    assert chart.reason.endswith("recorded.")


def test_zeros_alone_are_not_drawn() -> None:
    chart = velocity_chart(environment((PeriodCounts("2026-01", redeploy=4),)))
    assert (chart.svg, chart.reason) == ("", "There was no forward delivery or rollback in any month.")
    assert chart.rows


def test_months_that_were_not_compared_are_no_zeros() -> None:
    drift = (DriftOverTime("2026-01", 1, 0, 0, 0), DriftOverTime("2026-02", 0, 0, 0, 0))
    assert [row[0] for row in drift_chart(environment(drift=drift)).rows] == ["2026-01", "2026-02"]
    chart = drift_chart(environment(drift=drift, not_assessed="Staging was removed."))
    assert [row[0] for row in chart.rows] == ["2026-01"]
    assert "Later months are left out" in chart.description


def test_a_comparison_that_could_not_be_made_says_why() -> None:
    assert drift_chart(environment(not_assessed="It has no upstream.")).reason == "It has no upstream."


@pytest.mark.parametrize("seconds", [-5, 0, 59, 7_200, 10**9])
def test_any_duration_can_be_drawn(seconds: int) -> None:
    chart = promotion_lead_chart(environment(leads=(("2026-01", 1, seconds, seconds),)))
    assert "NaN" not in chart.svg
    assert parsed(chart.svg) is not None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_661, "1 h 1 min"), (86_400, "1 d"), (-7_200, "\N{MINUS SIGN}2 h")],
)
def test_durations_are_in_their_two_largest_units(seconds: int, words: str) -> None:
    assert duration_text(seconds) == words


def brightness(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG 2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_every_colour_can_be_told_from_the_ground(palette: dict[str, str]) -> None:
    ground = brightness(palette["hatch"])
    for name in palette.keys() - {"grid", "hatch", *BEHIND_TEXT}:
        ends = sorted((brightness(palette[name]), ground))
        contrast = (ends[1] + 0.05) / (ends[0] + 0.05)
        assert contrast >= (4.5 if name == "text" else 3), name


def test_both_palettes_name_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
