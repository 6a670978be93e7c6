"""Tiles: each figure with its counts, window and reason; nothing that could not be told looks like a zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from support.metric_lines import line, nothing
from unit.site.synthetic import write_evidence

from generator.evidence.counts import KindCounts, Ratio
from generator.evidence.metrics import PeriodMetrics, ProfileFigure, Share, Spread, Uptime
from generator.evidence.reading import Evidence
from generator.site.tile_groups import tile_groups
from generator.site.tiles import AVAILABILITY, FAILS, FREQUENCY, LEAD, RECOVERY, VELOCITY, profile_tiles, rate, told
from generator.site.tiles import tiles as _tiles

if TYPE_CHECKING:
    from pathlib import Path

YEAR = {"period": "365d", "start": "2025-09-30T17:05:00Z"}


def _of(soon: PeriodMetrics, long: PeriodMetrics) -> dict[str, tuple[str, str, str]]:
    return {t.id: (t.value, t.counts, t.detail) for t in _tiles({"90d": soon, "365d": long, "all": long}, 10)}


def test_each_figure_has_its_counts_and_its_window() -> None:
    soon, long = line(), line(**YEAR)
    assert _of(soon, long) == {
        FREQUENCY: ("2.3 a week", "30 in 90 days", "4 bulk apart"),
        VELOCITY: ("24 : 2", "forward : back", ""),
        FAILS: ("8.3 %", "2 of 24", "95 % interval 2 to 26 %, 3 pending"),
        LEAD: ("15 h", "median of 20", "nine of ten within 9 days, 4 not measurable"),
        RECOVERY: ("2 h", "median of 1", "nine of ten within 2 h, 1 not recovered"),
        AVAILABILITY: ("99.953 %", "1 h down in 2 stretches", "target 99.9 %, met"),
    }
    made = {t.id: t for t in _tiles({"90d": soon, "365d": long, "all": long}, 10)}
    assert (made[FREQUENCY].over, made[FREQUENCY].until) == ("90 days", "2026-09-30")
    assert (made[VELOCITY].over, made[VELOCITY].until) == ("12 months", "2026-09-30")
    assert made[LEAD].label == "config lead time"
    assert [t.id for t in made.values() if t.few] == [RECOVERY]


def test_what_was_not_measured_says_why_and_shares_a_line() -> None:
    empty = nothing("90d"), nothing("365d")
    made = _tiles({"90d": empty[0], "365d": empty[1], "all": empty[1]}, 10)
    assert {t.id for t in made if t.value} == {FREQUENCY}
    assert made[0].value == "none"
    assert dict(told(made)) == {
        "velocity to rollback": "neither a forward delivery nor a rollback",
        "change fail rate": "no deployment that could count",
        "lead time": "no version arrived",
        "recovery time": "nothing to measure",
        "availability": "no record of downtime was given",
    }
    assert made[0].cut == "the history begins in it"


def test_a_lead_time_of_nothing_says_how_it_comes() -> None:
    at_once = line(lead_time=Spread(12, 12, median_seconds=0, mean_seconds=60, p90_seconds=300))
    value, _, detail = _of(at_once, line(**YEAR))[LEAD]
    assert (value, detail) == ("0 s", "nine of ten within 5 min, most came at the moment they began, as in one commit")


def test_zero_rollbacks_and_zero_failures_are_figures() -> None:
    long = line(
        **YEAR,
        kinds=KindCounts(forward=12),
        velocity_to_rollback=Ratio(12, 0),
        change_fail_rate=Share(0, 12, 0.0, 0.243),
        pending=0,
        availability=Uptime(1_000, 0, 0),
    )
    made = _of(line(), long)
    assert made[VELOCITY][0] == "12 : 0"
    assert made[FAILS] == ("0.0 %", "0 of 12", "95 % interval 0 to 24 %")
    assert made[AVAILABILITY] == ("100 %", "no downtime", "")


@pytest.mark.parametrize(
    ("count", "days", "said"),
    [
        (0, 90, "none"),
        (1, 0, "none"),
        (180, 90, "2.0 a day"),
        (90, 90, "1.0 a day"),
        (89, 90, "6.9 a week"),
        (12, 90, "4.0 a month"),
        (2, 90, "8.1 a year"),
    ],
)
def test_a_rate_is_told_by_the_unit_in_which_it_happens(count: int, days: float, said: str) -> None:
    assert rate(count, days) == said


def test_days_before_the_first_deployment_are_not_counted() -> None:
    began = line("all", "all", start="2026-09-20T18:00:00Z")
    (often, *_) = _tiles({"90d": line(), "365d": line(**YEAR), "all": began}, 10)
    assert (often.value, often.counts) == ("3.0 a day", "30 in 10 days")


def test_no_lines_no_tiles() -> None:
    assert _tiles({}, 10) == ()
    assert _tiles({"90d": line()}, 10) == ()


def test_another_body_s_figures_stand_first_and_the_rest_stays() -> None:
    own = _tiles({"90d": line(), "365d": line(**YEAR), "all": line(**YEAR)}, 10)
    figures = [
        ProfileFigure("dora", "production", "90d", "deployment frequency", 0.333, "a day", 30, 90),
        ProfileFigure("dora", "production", "365d", "deployment frequency", 9.5, "a day", 30, 90),
        ProfileFigure("dora", "production", "365d", "change fail rate", 0.2, "share", 1, 5),
        ProfileFigure("dora", "production", "90d", "change fail rate", 0.9, "share", 9, 10),
        ProfileFigure("dora", "production", "365d", "recovery time", 5_400, "seconds", 12, 12),
        ProfileFigure("dora", "production", "90d", "lead time", None, "seconds", 0, 3, "no application history"),
    ]
    made = profile_tiles(own, figures, 10, "DORA")
    assert [(t.id, t.value) for t in made] == [
        (FREQUENCY, "2.3 a week"),
        (FAILS, "20.0 %"),
        (RECOVERY, "1 h 30 min"),
        (LEAD, ""),
        (VELOCITY, "24 : 2"),
        (AVAILABILITY, "99.953 %"),
    ]
    assert [t.id for t in made if t.few] == [FAILS]
    assert made[0].counts == "30 in 90 days"
    assert [t.by for t in made] == ["DORA"] * 4 + ["", ""]
    assert dict(told(made)) == {"lead time": "no application history"}


@pytest.mark.parametrize(
    ("figure", "value", "counts"),
    [
        (("deployment frequency", 1.0, "days of a week", 49, 47), "1 day of a week", "49 days of 47 weeks"),
        (("deployment frequency", 51.0, "deployments", 51, 56), "51 deployments", "51 of 56"),
        (("lead time", 0.5, "share", 1, 2), "50.0 %", "1 of 2"),
    ],
)
def test_figures_of_other_bodies_keep_their_units(
    figure: tuple[str, float, str, int, int], value: str, counts: str
) -> None:
    (made,) = profile_tiles((), [ProfileFigure("x", "production", "90d", *figure)], 10, "X")
    assert (made.value, made.counts) == (value, counts)


@pytest.mark.parametrize(
    ("bulks", "said"), [(6, []), (7, ["7 of 12 deployments in all moved many components at once"])]
)
def test_where_most_deployments_are_bulk_the_figures_say_so(tmp_path: Path, bulks: int, said: list[str]) -> None:
    evidence = Evidence(write_evidence(tmp_path / "evidence", 12))
    production = next(env for env in evidence.summary.environments if env.production)
    many = msgspec.structs.replace(production, bulks=bulks, deployments=12)
    evidence.summary = msgspec.structs.replace(evidence.summary, environments=(many,))
    cuts = tile_groups(evidence, [many.name])[many.name].cuts
    assert [cut.partition(":")[0] for cut in cuts if "bulk" in cut] == said
