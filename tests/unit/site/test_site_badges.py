"""Badges: readable without colours and fonts, inert, the same bytes each time, and honest where nothing is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from defusedxml.ElementTree import fromstring
from support.metric_lines import HOSTILE, line, nothing
from unit.site.synthetic import Story, environment

from generator.site.badges import (
    _GROUND,
    _INK,
    COLOURS,
    Badge,
    badge_files,
    badge_svg,
    badges,
    text_width,
    write_badges,
)
from generator.site.tiles import Tile, tiles

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from generator.evidence.summary import EnvironmentSummary

NAMES = [
    "change-fail-rate",
    "deployment-frequency",
    "drift",
    "findings",
    "lead-time",
    "recovery-time",
    "velocity-to-rollback",
]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def env() -> EnvironmentSummary:
    story = Story(hostile=False)
    story.tell(30)
    return environment(story, story.production)


@pytest.fixture
def measured() -> tuple[Tile, ...]:
    return tiles({"90d": line(), "365d": line(period="365d"), "all": line()}, 10)


def _values(env: EnvironmentSummary, group: tuple[Tile, ...]) -> dict[str, tuple[str, str]]:
    return {badge.name: (badge.value, badge.meaning) for badge in badges(env, group)}


def _size(element: Element, name: str) -> int:
    return int(element.get(name, ""))


def test_badges_say_what_the_tiles_say(env: EnvironmentSummary, measured: tuple[Tile, ...]) -> None:
    told = _values(env, measured)
    assert sorted(told) == NAMES
    assert told["deployment-frequency"] == ("2.3 a week", "plain")
    assert told["change-fail-rate"] == ("8.3 % (2 of 24)", "plain")
    assert told["lead-time"] == ("15 h median", "plain")
    assert told["recovery-time"] == ("2 h median", "plain")
    assert told["velocity-to-rollback"] == ("24 : 2", "plain")


def test_what_is_not_measurable_is_unknown_and_says_why(env: EnvironmentSummary) -> None:
    group = tiles({"90d": nothing("90d"), "365d": nothing("365d"), "all": nothing("all")}, 10)
    told = _values(env, group)
    assert told["change-fail-rate"] == ("unknown", "unknown")
    (title,) = [b.says for b in badges(env, group) if b.name == "change-fail-rate"]
    assert title == "change fail rate of production is not measurable: no deployment that could count"
    assert _values(env, ())["velocity-to-rollback"] == ("unknown", "unknown")
    apart = msgspec.structs.replace(env, drift_not_assessed="staging is gone", drift=())
    assert _values(apart, group)["drift"] == ("unknown", "unknown")


def test_drift_and_findings_leave_out_what_is_let_stand(env: EnvironmentSummary, measured: tuple[Tile, ...]) -> None:
    standing = [row for row in env.drift if row.exempt is None and not row.expected]
    assert 0 < len(standing) < len(env.drift)
    assert _values(env, measured)["drift"] == (f"{len(standing)} items", "waits")
    calm = msgspec.structs.replace(env, drift=(), findings=())
    assert _values(calm, measured)["drift"] == ("no items", "good")
    assert _values(calm, measured)["findings"] == ("none", "good")
    (note, *_) = [row for row in env.findings if row.exempt is None]
    levels = ("note", "warning", "error", "warning")
    held = tuple(msgspec.structs.replace(note, level=level, subject=str(n)) for n, level in enumerate(levels))
    waived = tuple(row for row in env.findings if row.exempt is not None)
    mixed = msgspec.structs.replace(env, findings=(*held, *waived))
    assert waived
    assert _values(mixed, measured)["findings"] == ("1 error, 2 warnings and 1 note", "fails")
    assert _values(msgspec.structs.replace(env, findings=held[:2]), measured)["findings"][1] == "warning"


def test_names_are_plain_for_one_environment_and_folders_for_several(
    env: EnvironmentSummary, measured: tuple[Tile, ...]
) -> None:
    assert sorted(badge_files([(env, measured)])) == [f"{name}.svg" for name in NAMES]
    other = msgspec.structs.replace(env, name="production-eu")
    two = badge_files([(env, measured), (other, measured)])
    assert sorted(two) == sorted(f"{e}/{name}.svg" for e in ("production", "production-eu") for name in NAMES)
    assert 'aria-label="production-eu velocity to rollback: 24 : 2"' in two["production-eu/velocity-to-rollback.svg"]


def test_each_badge_is_a_picture_with_a_name_and_a_title(env: EnvironmentSummary, measured: tuple[Tile, ...]) -> None:
    for text in badge_files([(env, measured)]).values():
        root = fromstring(text)
        assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
        assert root.get("aria-label")
        assert root.find(f"{SVG}title") is not None
        drawn = root.findall(f".//{SVG}text")
        assert root.get("aria-label") == ": ".join(part.text or "" for part in drawn)
        assert max(_size(part, "x") + _size(part, "textLength") for part in drawn) <= _size(root, "width") - 5


def test_no_text_of_a_repository_becomes_markup() -> None:
    text = badge_svg(Badge("x", HOSTILE, f'"><script>{HOSTILE}', "plain", HOSTILE))
    root = fromstring(text)
    assert {element.tag for element in root.iter()} == {
        f"{SVG}{t}" for t in ("svg", "title", "rect", "path", "g", "text")
    }
    assert set(root.keys()) == {"width", "height", "viewBox", "role", "aria-label"}
    assert "\n#" not in text


def test_a_long_text_is_cut_and_two_drawings_are_the_same() -> None:
    badge = Badge("x", "a" * 500, "ü" * 500, "unknown", "b" * 5000)
    text = badge_svg(badge)
    assert text == badge_svg(badge)
    assert len(text) < 2_000
    assert _size(fromstring(text), "width") < 1_200


def test_a_link_in_the_folder_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("kept")
    (tmp_path / "b").mkdir()
    for name in ("x.svg", ".x.svg.new"):
        (tmp_path / "b" / name).symlink_to(outside)
    (path,) = write_badges(tmp_path / "b", {"x.svg": "<svg/>"})
    assert (path.read_text(), path.is_symlink(), outside.read_text()) == ("<svg/>", False, "kept")
    assert [found.name for found in (tmp_path / "b").iterdir()] == ["x.svg"]


def test_wider_texts_take_more_room() -> None:
    assert text_width("iiii") < text_width("aaaa") < text_width("MMMM")
    assert text_width("") == 1


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", [_GROUND, *COLOURS.values()])
def test_text_stands_out_from_its_ground(ground: str) -> None:
    assert (_luminance(_INK) + 0.05) / (_luminance(ground) + 0.05) >= 4.5
