"""Colours can be read, on light and on dark pages, and charts have those of the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.site import chart_colours
from generator.site.contrast import GROUNDS, INKS, PAIRS, TEXT, palette, poor, ratio, whole

CSS = Path(__file__).parents[3] / "site_src/docs/assets/stylesheets/tokens.css"


def test_every_pair_that_meets_can_be_read() -> None:
    light, dark = palette(CSS.read_text("utf-8"))
    assert list(poor(light)) == []
    assert list(poor(dark)) == []


def test_light_and_dark_name_the_same_colours() -> None:
    light, dark = palette(CSS.read_text("utf-8"))
    assert light.keys() == dark.keys()
    assert {token for pair in PAIRS for token in pair[:2]} <= light.keys()


def test_every_ink_is_tried_on_every_ground() -> None:
    assert {(ink, ground, TEXT) for ink in INKS for ground in GROUNDS} <= set(PAIRS)


@pytest.mark.parametrize(("held", "which"), [(chart_colours.LIGHT, 0), (chart_colours.DARK, 1)])
def test_charts_have_the_colours_of_the_pages(held: dict[str, str], which: int) -> None:
    tokens = palette(CSS.read_text("utf-8"))[which]
    assert {f"chart-{name}": colour for name, colour in held.items()} == {
        name: colour for name, colour in tokens.items() if name.startswith("chart-")
    }


def test_ratios_are_those_of_wcag() -> None:
    assert ratio("#000", "#fff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert ratio("#123456", "#123456") == 1


def test_a_colour_nobody_can_read_is_found() -> None:
    light = {**palette(CSS.read_text("utf-8")).light, "soft": "#aaaaaa"}
    assert {found.upper for found in poor(light)} == {"soft"}


def test_short_colours_are_whole() -> None:
    assert (whole("#0aF"), whole("#0A5C36")) == ("#00aaff", "#0a5c36")
