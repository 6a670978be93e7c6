"""The legend of a chart outside of its picture."""

from __future__ import annotations

from typing import Any

from generator.site.chart_colours import SENTINELS
from generator.site.chart_legend import LegendEntry, legend_of
from generator.site.chart_specs import diverging_spec, duration_spec, stacked_spec

MONTHS = ("2026-01", "2026-02")


def test_it_has_what_the_picture_has_in_its_order() -> None:
    spec = stacked_spec(MONTHS, [("Forward", "forward", (1, 2)), ("Bulk", "bulk", (0, 1))])
    assert [(entry.label, entry.colour) for entry in legend_of(spec)] == [("Forward", "forward"), ("Bulk", "bulk")]


def test_a_shape_of_its_own_is_drawn() -> None:
    first, second = legend_of(duration_spec(MONTHS, [("2026-01", 100, 200)], ("Median", "90th percentile")))
    assert first.colour == "median"
    assert second.colour == "p90"
    assert first.path != second.path


def test_it_is_found_in_views_above_each_other() -> None:
    spec = diverging_spec(MONTHS, (3, 2), (0, 1), (None, 0.3))
    assert "vconcat" in spec
    assert [entry.colour for entry in legend_of(spec)] == ["forward", "rollback"]


def test_a_picture_without_a_legend_has_none() -> None:
    channel: dict[str, Any] = {"field": "what", "scale": {"domain": ["a"], "range": [SENTINELS["forward"]]}}
    assert legend_of({}) == ()
    assert legend_of({"encoding": {"color": {**channel, "legend": None}}}) == ()
    assert legend_of({"encoding": {"color": {"value": SENTINELS["forward"]}}}) == ()


def test_a_colour_that_is_not_of_charts_is_left_out() -> None:
    scale = {"domain": ["a", "b"], "range": ["red", SENTINELS["forward"]]}
    found = legend_of({"encoding": {"color": {"scale": scale, "legend": {"title": None}}}})
    assert found == (LegendEntry("b", "forward", found[0].path),)
