"""Charts by month, and what holds for every chart."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from unit.site.charted import AS_OF, charts, full, line, measures, parsed, words

from generator.evidence.counts import KindCounts
from generator.evidence.metrics import Share, Spread
from generator.site.chart_calendar import calendar_chart
from generator.site.chart_colours import BEHIND_TEXT, DARK, LIGHT, SENTINELS
from generator.site.chart_components import fail_rate_by_component_chart
from generator.site.chart_months import drawn_months, span_words
from generator.site.chart_text import NO_VALUE, duration_text, label, share_text
from generator.site.charts import kinds_by_month_chart, lead_by_month_chart, velocity_chart

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.site.chart import Chart

BY_MONTH = (velocity_chart, kinds_by_month_chart, lambda found: lead_by_month_chart(found, "lead-time"))
NAMES = sorted(charts())


def test_velocity_shows_both_counts_and_never_infinity() -> None:
    chart = velocity_chart(full())
    assert chart.columns == ("Month", "Forward", "Rollbacks and roll-forwards", "Ratio", "Ratio over 3 months")
    assert chart.rows == (
        ("2026-01", "12", "0", "12 : 0", "12 : 0"),
        ("2026-02", "0", "0", "0 : 0", "12 : 0"),
        ("2026-03", "4", "2", "4 : 2", "16 : 2"),
    )
    assert "In all 16 : 2." in chart.description


def test_the_share_over_three_months_is_drawn_where_anything_went_back() -> None:
    assert "Share of rollbacks and roll-forwards, over 3 months" in words(velocity_chart(full()))
    forward = measures(months=(line("2026-01", kinds=KindCounts(forward=3)),))
    assert "Share of rollbacks and roll-forwards, over 3 months" not in words(velocity_chart(forward))


def test_the_share_is_that_of_the_rows() -> None:
    strip = json.loads(velocity_chart(full()).spec)["vconcat"][1]["data"]["values"]
    assert strip == [
        {"month": "2026-01", "share": 0.0},
        {"month": "2026-02", "share": 0.0},
        {"month": "2026-03", "share": pytest.approx(2 / 18)},
    ]


def test_bulk_deployments_are_apart() -> None:
    assert "2 bulk deployments of any kind are not in it." in velocity_chart(full()).notes
    chart = kinds_by_month_chart(full())
    assert [row[-2:] for row in chart.rows] == [("0", "17"), ("0", "0"), ("2", "9")]
    assert chart.columns[-2:] == ("Bulk", "Total")
    assert "Bulk" in words(chart)


def test_every_kind_is_in_the_table_and_adds_up() -> None:
    chart = kinds_by_month_chart(full())
    assert all(sum(map(int, row[1:-1])) == int(row[-1]) for row in chart.rows)
    assert len(chart.columns) == 11


def test_leads_are_in_words_with_their_number() -> None:
    chart = lead_by_month_chart(full(), "promotion-lead")
    assert chart.rows == (
        ("2026-01", "12", "14", "26 min", "1 d 1 h"),
        ("2026-02", "0", "0", NO_VALUE, NO_VALUE),
        ("2026-03", "1", "1", "0 s", "1 h"),
    )
    assert "One month" not in chart.notes
    assert "1 month with fewer than 10 cases: a small sample." in chart.notes
    assert "2 of 15 are unknown." in chart.notes


def test_what_the_lead_time_is_called_stands_in_the_title() -> None:
    assert lead_by_month_chart(full(), "lead-time").title == "Config lead time by month"


def test_cut_months_are_said() -> None:
    assert "2026-01 is not whole. The first deployment is of 2026-01-05." in velocity_chart(full()).notes


def test_deployments_without_a_time_are_said() -> None:
    found = measures(
        whole=line(unit="all", kinds=KindCounts(forward=5)), months=(line("2026-01", kinds=KindCounts(forward=3)),)
    )
    assert "2 deployments without a usable time are in no month." in velocity_chart(found).notes


def test_what_is_missing_has_the_reason_of_the_evidence() -> None:
    chart = lead_by_month_chart(measures(whole=line(unit="all")), "lead-time")
    assert (chart.svg, chart.spec, chart.rows) == ("", "", ())
    assert chart.reason == "Not measurable: Nothing was measured."


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_named_and_sound(name: str) -> None:
    chart = charts()[name]("production")
    assert chart.reason == ""
    root = parsed(chart.svg)
    assert (root.get("role"), root.get("width")) == ("img", "100%")
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(str(found).startswith(f"{chart.id}-") for found in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", chart.svg)) <= set(ids)
    assert root.get("aria-labelledby") == f"{chart.id}-title {chart.id}-desc"
    assert chart.rows
    assert all(len(row) == len(chart.columns) for row in chart.rows)


@pytest.mark.parametrize("name", NAMES)
def test_two_drawings_are_the_same_to_the_byte(name: str) -> None:
    assert charts()[name]("production") == charts()[name]("production")


@pytest.mark.parametrize("name", NAMES)
def test_every_colour_follows_the_page(name: str) -> None:
    svg = charts()[name]("production").svg
    for paint in re.findall(r'(?:fill|stroke)="([^"]*)"', svg):
        assert paint in {"none", "transparent"} or paint.startswith(("url(#", "var(--assay-chart-")), paint
    assert not any(sentinel in svg for sentinel in SENTINELS.values())


@pytest.mark.parametrize("name", NAMES)
def test_like_names_have_charts_of_their_own(name: str) -> None:
    assert len({charts()[name](of).id for of in ("eu-west", "eu/west", "EU-west", "eu_west")}) == 4


def test_an_empty_month_has_its_place() -> None:
    assert [month in words(velocity_chart(full())) for month in ("Jan", "Feb", "Mar")] == [True, True, True]


@pytest.mark.parametrize(
    ("months", "years"), [(("2025-11", "2026-02"), ["2025", "2026"]), (("2025-12", "2026-02"), ["2026"])]
)
def test_a_year_stands_once_and_not_on_another(months: tuple[str, str], years: list[str]) -> None:
    one = KindCounts(forward=1)
    found = words(velocity_chart(measures(months=tuple(line(month, kinds=one) for month in months))))
    assert [text for text in found if text.startswith("202")] == years


def test_only_the_newest_months_are_drawn_and_the_table_has_all() -> None:
    months = [f"{2020 + at // 12}-{at % 12 + 1:02}" for at in range(60)]
    chart = velocity_chart(measures(months=tuple(line(month, kinds=KindCounts(forward=1)) for month in months)))
    assert len(chart.rows) == 60
    assert "Of 60 months the newest 24 are drawn" in chart.description
    assert ">2024<" in chart.svg
    assert ">2020<" not in chart.svg


def test_where_nothing_happened_lately_the_months_up_to_the_last_happening_are_drawn() -> None:
    one = KindCounts(forward=1)
    chart = velocity_chart(measures(months=(line("2020-01", kinds=one), line("2022-03", kinds=one), line("2026-08"))))
    assert "Of 80 months the 24 up to 2022-03 are drawn" in chart.description
    assert ">2022<" in chart.svg
    assert ">2026<" not in chart.svg


def test_an_axis_of_counts_has_whole_numbers_alone() -> None:
    chart = kinds_by_month_chart(measures(months=(line("2026-01", kinds=KindCounts(forward=2)),)))
    assert [text for text in words(chart) if re.fullmatch(r"[0-9,.]+", text) and text != "2026"] == ["0", "1", "2"]


@pytest.mark.parametrize("draw", [*BY_MONTH, lambda found: calendar_chart(found, AS_OF), fail_rate_by_component_chart])
def test_nothing_to_draw_has_a_reason(draw: Callable[..., Chart]) -> None:
    chart = draw(measures())
    assert (chart.svg, chart.rows) == ("", ())
    assert chart.reason.endswith(".")


def test_zeros_alone_are_not_drawn() -> None:
    chart = velocity_chart(measures(months=(line("2026-01", kinds=KindCounts(redeploy=4)),)))
    assert (chart.svg, chart.reason) == ("", "There was no forward delivery or rollback in any month.")
    assert chart.rows


@pytest.mark.parametrize("seconds", [-5, 0, 59, 7_200, 10**9, 10**15])
def test_any_duration_can_be_drawn(seconds: int) -> None:
    found = Spread(1, 1, seconds, seconds, seconds)
    chart = lead_by_month_chart(measures(whole=line(lead=found), months=(line("2026-01", lead=found),)), "lead-time")
    assert "NaN" not in chart.svg
    assert parsed(chart.svg) is not None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, NO_VALUE),
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_661, "1 h 1 min"),
        (86_400, "1 d"),
        (-7_200, "\N{MINUS SIGN}2 h"),
        (86_400_000, "1,000 d"),
    ],
)
def test_durations_are_in_their_two_largest_units(seconds: int | None, text: str) -> None:
    assert duration_text(seconds) == text


def test_a_share_of_nothing_is_no_number() -> None:
    assert (share_text(Share(0, 0)), share_text(Share(1, 8))) == (NO_VALUE, "12.5 %")


def test_a_label_keeps_both_ends() -> None:
    assert label("shop/payments-v2", 40) == "shop/payments-v2"
    assert label("shop/payments-v2", 9) == "shop…s-v2"


def brightness(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG 2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    ends = sorted((brightness(one), brightness(other)))
    return (ends[1] + 0.05) / (ends[0] + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_every_colour_can_be_told_from_the_ground(palette: dict[str, str]) -> None:
    for name in palette.keys() - {"grid", "hatch", *BEHIND_TEXT}:
        assert contrast(palette[name], palette["hatch"]) >= (4.5 if name == "text" else 3), name


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_labels_can_be_read_on_their_grounds(palette: dict[str, str]) -> None:
    assert all(contrast(palette["text"], palette[name]) >= 4.5 for name in BEHIND_TEXT)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_levels_differ_in_brightness(palette: dict[str, str]) -> None:
    levels = [contrast(palette[f"heat-{level}"], palette["hatch"]) for level in range(1, 5)]
    assert all(more > 1.25 * less for less, more in pairwise(levels))


def test_both_palettes_name_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_as_many_months_are_said_to_be_drawn_as_are() -> None:
    months = tuple(f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(30))
    early = [at in (0, 2) for at in range(30)]
    assert drawn_months(early) == slice(0, 3)
    assert span_words(months, drawn_months(early)).endswith(
        "Of 30 months the 3 up to 2024-03 are drawn; the table has them all."
    )
    first = [at == 0 for at in range(30)]
    assert "the 1 up to 2024-01 is drawn" in span_words(months, drawn_months(first))
    assert "the newest 24 are drawn" in span_words(months, drawn_months([True] * 30))
