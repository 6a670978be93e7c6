from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from generator.site.chart_embed import LIBRARIES, LOADER, embedded, leave_out_unused, rendered_pages
from generator.site.chart_svg import VEGA_LITE
from generator.site.sources import data_folder
from generator.site.templating import Templates

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "</script><!--<script>&{{7*7}}]]>\u2028\ud800"
BARS: dict[str, Any] = {
    "data": {"values": [{"month": "2026-01", "count": -1, "what": HOSTILE}]},
    "layer": [
        {
            "mark": "bar",
            "encoding": {
                "x": {"field": "month", "type": "ordinal"},
                "y": {"field": "count", "type": "quantitative"},
                "color": {"field": "what", "type": "nominal", "legend": {"title": "Kind"}},
            },
        },
        {"mark": {"type": "text"}, "encoding": {"text": {"field": "what"}}},
    ],
}
POINTS: dict[str, Any] = {
    "data": {"values": []},
    "mark": {"type": "point", "filled": True},
    "encoding": {
        "x": {"field": "at", "type": "temporal"},
        "y": {"field": "lead_seconds", "type": "quantitative"},
    },
}


def made(spec: dict[str, Any]) -> dict[str, Any]:
    found = json.loads(embedded(json.dumps(spec)))
    assert isinstance(found, dict)
    return found


def test_no_text_of_the_data_can_end_the_element_it_stands_in() -> None:
    text = str(embedded(json.dumps(BARS)))
    assert text.isascii()
    assert not set("<>&") & set(text)
    assert json.loads(text)["data"] == BARS["data"]


def test_the_same_specification_gives_the_same_bytes_in_any_order() -> None:
    turned = json.dumps(dict(reversed(BARS.items())), ensure_ascii=False)
    assert embedded(turned.replace("\ud800", "\\ud800")) == embedded(json.dumps(BARS))


def test_what_a_specification_says_of_its_embedding_is_left_out() -> None:
    found = made({**BARS, "usermeta": {"embedOptions": {"actions": True}}, "$schema": "https://example.org/"})
    assert not {"usermeta", "$schema"} & found.keys()


@pytest.mark.parametrize("text", ["[]", "1", "", "{"])
def test_what_is_no_specification_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        embedded(text)


def test_a_bar_tells_its_row_and_a_label_nothing() -> None:
    bars, labels = made(BARS)["layer"]
    told = [(one["title"], one["field"]) for one in bars["encoding"]["tooltip"]]
    assert told == [("Month", "month"), ("Kind", "what"), ("Count", "told_count")]
    assert bars["transform"] == [{"calculate": "format(abs(datum['count']), ',')", "as": "told_count"}]
    assert "tooltip" not in labels["encoding"]


def test_times_and_durations_are_told_in_words() -> None:
    found = made(POINTS)
    assert [one["title"] for one in found["encoding"]["tooltip"]] == ["At", "Lead"]
    assert "UTC" in found["transform"][0]["calculate"]
    assert " min " in found["transform"][1]["calculate"]


@pytest.mark.parametrize("where", ["encoding", "mark"])
def test_what_a_specification_tells_itself_stays(where: str) -> None:
    own = {"mark": {**POINTS["mark"]}, "encoding": {**POINTS["encoding"]}}
    own[where]["tooltip"] = {"field": "at"}
    found = made({**POINTS, **own})
    assert found[where]["tooltip"] == {"field": "at"}
    assert "transform" not in found


def test_a_chart_that_tells_something_itself_is_told_nothing_more() -> None:
    own = {"mark": "point", "encoding": {"x": {"field": "at", "type": "ordinal"}, "tooltip": {"field": "at"}}}
    found = made({**BARS, "layer": [*BARS["layer"], own]})
    assert "tooltip" not in found["layer"][0]["encoding"]


def test_only_an_axis_of_time_zooms() -> None:
    assert [one["bind"] for one in made(POINTS)["params"]] == ["scales"]
    assert "params" not in made({**POINTS, "encoding": {"x": {"field": "rate", "type": "quantitative"}}})
    assert not any("params" in layer for layer in made(BARS)["layer"])


def test_what_moves_when_zoomed_is_cut_at_the_edge_and_labels_beside_the_plot_are_not() -> None:
    beside = {"mark": "text", "encoding": {"x": {"value": 0}, "text": {"field": "what"}}}
    points, names = made({"data": {"values": []}, "layer": [{k: POINTS[k] for k in ("mark", "encoding")}, beside]})[
        "layer"
    ]
    assert points["mark"]["clip"] is True
    assert names["mark"] == {"type": "text", "clip": False}


def test_points_on_a_line_can_be_asked_and_the_line_can_not() -> None:
    share = {"field": "share", "type": "quantitative", "axis": {"format": ".0%"}}
    line = {"type": "line", "color": "red", "point": {"size": 26}}
    found = made({"data": {"values": []}, "mark": line, "encoding": {"y": share}})
    drawn, points = found["layer"]
    assert drawn == {"mark": {"type": "line", "color": "red"}}
    assert points["mark"] == {"type": "point", "size": 26}
    assert points["transform"] == [{"calculate": "format(abs(datum['share']), '.1%')", "as": "told_share"}]


def test_a_part_of_a_row_of_charts_is_told_but_does_not_zoom() -> None:
    found = made({"data": {"values": []}, "hconcat": [{key: POINTS[key] for key in ("mark", "encoding")}]})
    assert "tooltip" in found["hconcat"][0]["encoding"]
    assert "params" not in found["hconcat"][0]


def test_limits_of_labels_are_written_out_and_the_charts_own_win() -> None:
    config = made({**BARS, "config": {"axis": {"labelLimit": 90}}})["config"]
    assert (config["axis"]["labelLimit"], config["legend"]["labelLimit"]) == (90, 160)


def test_a_template_sets_it_between_tags_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text("<script>{{ view|embedded }}</script>", "utf-8")
    html = Templates([tmp_path]).render("one", "", json.dumps(BARS))
    assert html == f"<script>{embedded(json.dumps(BARS))}</script>"


@pytest.mark.parametrize("charts", [True, False])
def test_a_site_without_charts_has_no_libraries(charts: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    (tmp_path / LIBRARIES).mkdir(parents=True)
    (tmp_path / "assets/javascripts").mkdir(parents=True)
    (tmp_path / LOADER).write_text("", "utf-8")
    (tmp_path / "releases").mkdir()
    page = f'<script src="../{LOADER}" defer></script>' if charts else "<p>none</p>"
    (tmp_path / "releases/index.html").write_text(page, "utf-8")
    (tmp_path / "releases/frame.html").write_text(f'<script src="../{LOADER}" defer></script>', "utf-8")
    leave_out_unused(tmp_path, rendered_pages(tmp_path))
    assert ((tmp_path / LIBRARIES).is_dir(), (tmp_path / LOADER).is_file()) == (charts, charts)


FOLDER = data_folder() / "site_src" / "docs" / LIBRARIES


def test_the_libraries_are_the_files_that_their_source_names() -> None:
    told = (FOLDER / "SOURCE.txt").read_text("utf-8")
    scripts = sorted(FOLDER.glob("*.js"))
    assert len(scripts) == 3
    for script in scripts:
        assert hashlib.sha256(script.read_bytes()).hexdigest() in told, script.name


def test_the_library_that_explores_is_the_minor_version_that_draws() -> None:
    told = (FOLDER / "SOURCE.txt").read_text("utf-8")
    version = re.search(r"Vega-Lite ([0-9]+\.[0-9]+)\.", told)
    assert version is not None
    assert version[1] == VEGA_LITE
    assert f'var n="{version[1]}.' in (FOLDER / "vega-lite.min.js").read_text("utf-8")


def test_every_library_has_its_licence_beside_it() -> None:
    licences = (FOLDER / "LICENSES").read_text("utf-8")
    for name in ("vega-lite", "vega-embed", "vega-interpreter", "d3-array", "fast-json-patch", "semver"):
        assert re.search(rf"^.*\b{name}\b.*: (BSD-3-Clause|ISC|MIT)$", licences, re.MULTILINE), name
