"""The Trends page: which charts it has, what it says of trends, and other bodies' definitions."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from unit.site.synthetic import HOSTILE, write_evidence

from generator.evidence.metrics import MetricsSummary, ProfileFigure, ProfileText, Trend
from generator.evidence.reading import Evidence
from generator.evidence.samples import samples
from generator.site.build import build_site
from generator.site.measured import measured
from generator.site.profiles_view import figure_text, profile_tables
from generator.site.trend_sections import trend_line

if TYPE_CHECKING:
    from pathlib import Path

PRODUCTION = ["velocity", "kinds", "calendar", "fail-rate", "recovery", "lead-time", "promotion-lead", "availability"]


def figures(page: Path) -> dict[str, str]:
    return dict(re.findall(r'<figure class="chart" id="([^"]+)".*?>(.*?)</figure>', page.read_text(), re.DOTALL))


def test_production_has_every_chart_in_this_order(shop_site: Path) -> None:
    found = [
        name.removesuffix("-production") for name in figures(shop_site / "trends.html") if name.endswith("-production")
    ]
    assert [name for name in found if not name.endswith("-months")] == PRODUCTION


def test_other_environments_have_what_they_can_have(shop_site: Path) -> None:
    found = [name for name in figures(shop_site / "trends.html") if name.endswith("-staging")]
    assert found == ["velocity-staging", "kinds-staging", "calendar-staging"]


def test_the_busiest_components_have_a_swimlane(shop_site: Path) -> None:
    page = (shop_site / "trends.html").read_text()
    assert page.count('class="swimlane"') == 3
    assert page.count('class="swim-track"') == 6


def test_what_is_not_measurable_says_why(shop_site: Path) -> None:
    chart = figures(shop_site / "trends.html")["availability-production"]
    assert "Not measurable: No record of downtime was given." in chart
    assert "<svg" not in chart


def test_drift_has_number_and_age(shop_site: Path) -> None:
    assert {"standing-drift-production", "age-of-drift-production"} <= figures(shop_site / "drift.html").keys()


def test_charts_and_their_tables_have_the_numbers_of_the_evidence(shop_site: Path, shop_evidence: Path) -> None:
    lines = measured(Evidence(shop_evidence).metrics(), 10).of("production")
    table = re.findall(
        r'<th scope="row">([^<]+)</th>(.*?)</tr>', figures(shop_site / "trends.html")["velocity-production"], re.DOTALL
    )
    shown = {month: re.findall(r"<td[^>]*>([^<]*)</td>", cells)[:2] for month, cells in table}
    assert shown == {
        line.period: [str(line.velocity_to_rollback.left), str(line.velocity_to_rollback.right)]
        for line in lines.months
    }


def test_hostile_names_are_words_in_charts(hostile_site: Path) -> None:
    page = (hostile_site / "trends.html").read_text()
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert HOSTILE in unescape(figures(hostile_site / "trends.html")["fail-rate-production"])


def test_cases_are_as_many_as_the_figures_say(shop_evidence: Path) -> None:
    evidence = Evidence(shop_evidence)
    whole = measured(evidence.metrics(), 10).of("production").whole
    assert whole is not None
    found = samples(evidence)["production"]
    assert len(found.lead_times) == whole.lead_time.n
    assert len(found.promotion_leads) == whole.promotion_lead.n > 0
    assert len(found.failures) == whole.change_fail_rate.count == whole.recovery_time.of
    assert sum(failure.seconds is not None for failure in found.failures) == whole.recovery_time.n
    assert sorted(found.promotion_leads)[(len(found.promotion_leads) - 1) // 2] <= (
        whole.promotion_lead.median_seconds or 0
    )
    assert len(found.times) == sum(record.environment == "production" for record in evidence.deployments())


def test_measures_are_found_by_environment(shop_evidence: Path) -> None:
    found = measured(Evidence(shop_evidence).metrics(), 7)
    production = found.of("production")
    assert (production.environment, production.small) == ("production", 7)
    assert [line.subject for line in production.components] == sorted(line.subject for line in production.components)
    assert all(line.by == "component" and line.unit == "all" for line in production.components)
    nowhere = found.of("nowhere")
    assert (nowhere.whole, nowhere.months, nowhere.components) == (None, (), ())


@pytest.mark.parametrize(
    ("trend", "words"),
    [
        (Trend("p", "lead time", 24, "rising", 0.0104, 0.4), "Mann\N{EN DASH}Kendall, p = 0.010, n = 24 months"),
        (Trend("p", "lead time", 9, "no trend", 0.0001, 0.4), "Mann\N{EN DASH}Kendall, p < 0.001, n = 9 months"),
        (Trend("p", "lead time", 3, "not assessed", reason="3 months; 8 are needed."), "3 months; 8 are needed."),
    ],
)
def test_a_trend_says_what_it_rests_on(trend: Trend, words: str) -> None:
    line = trend_line(trend)
    assert (line.measure, line.verdict, line.words) == ("lead time", trend.verdict, words)


def figure(
    profile: str, measure: str, value: float | None, unit: str = "share", of: int = 20, reason: str = ""
) -> ProfileFigure:
    return ProfileFigure(profile, "production", "365d", measure, value, unit, 3, of, reason)


def test_bodies_stand_side_by_side_the_chosen_one_first() -> None:
    metrics = MetricsSummary(
        profile="gitlab",
        small=10,
        profiles=(
            figure("dora", "change fail rate", 0.15),
            figure("dora", "rework rate", None, reason="No records."),
            figure("dora", "lead time", 7_200.0, "seconds"),
            figure("gitlab", "change fail rate", 0.5, of=6),
        ),
        profile_texts=(ProfileText("dora", "DORA", "change fail rate", "", "", ""),),
    )
    (table,) = profile_tables(metrics, ["production", "staging"])
    assert table.columns == ("gitlab", "DORA")
    assert table.window == "365 days"
    rows = dict(table.rows)
    assert [(cell.value, cell.counts, cell.few) for cell in rows["change fail rate"]] == [
        ("50.0 %", "3 of 6", True),
        ("15.0 %", "3 of 20", False),
    ]
    assert [(cell.counts, cell.few) for cell in rows["lead time"][1:]] == [("3 of 20", True)], "three were measured"
    assert [(cell.value, cell.reason) for cell in rows["rework rate"]] == [("", ""), ("not measurable", "No records.")]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (5_400.9, "seconds", "1 h 30 min"),
        (0.125, "share", "12.5 %"),
        (0.19, "a day", "0.19 a day"),
        (3.0, "deployments", "3 deployments"),
    ],
)
def test_figures_have_their_unit(value: float, unit: str, text: str) -> None:
    assert figure_text(value, unit) == text


def test_evidence_without_measures_has_a_page(tmp_path: Path) -> None:
    folder = write_evidence(tmp_path / "evidence", 3)
    (folder / "metrics.jsonl").write_bytes(b"")
    build_site(folder, tmp_path / "site")
    page = (tmp_path / "site" / "trends.html").read_text()
    assert "No deployment was recorded." in page
