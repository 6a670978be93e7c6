"""What charts are explored with stands beside the pages, and heavy environments have a page of their own."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from generator.site import trend_sections
from generator.site.build import build_site
from generator.site.chart_data import set_apart

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FIGURE = (
    '<figure class="chart" id="{0}"><h3>T</h3><script class="chart-spec" type="application/json">{1}</script></figure>'
)
START, END = "globalThis.assayCharts = {...globalThis.assayCharts,\n", "};\n"


def told(script: Path) -> dict[str, object]:
    text = script.read_text("utf-8")
    assert text.startswith(START)
    return dict(json.loads("{" + text.removeprefix(START).removesuffix(END) + "}"))


def test_each_page_gets_a_file_with_what_its_charts_were_drawn_from(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "none.html").write_text("<p>no chart</p>")
    plain = '<figure class="chart" id="c"><p>Nothing to draw.</p></figure>'
    (tmp_path / "two.html").write_text(FIGURE.format("a", '{"x":"\\u003c"}') + plain + FIGURE.format("b", "[2]"))
    (tmp_path / "deep/one.html").write_text(FIGURE.format("a", '{"x":3}'))
    for pages in ("*.html", "deep/*.html"):
        set_apart(tmp_path, pages)
    assert told(tmp_path / "assets/charts/two.js") == {"a": {"x": "<"}, "b": [2]}
    assert told(tmp_path / "assets/charts/deep-one.js") == {"a": {"x": 3}}
    assert sorted(path.name for path in (tmp_path / "assets/charts").iterdir()) == ["deep-one.js", "two.js"]
    assert '"../assets/charts/deep-one.js"></script></figure>' in (tmp_path / "deep/one.html").read_text()
    page = (tmp_path / "two.html").read_text()
    assert page.count('data-from="assets/charts/two.js"></script>') == 2
    assert plain in page


def test_what_stands_apart_already_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text(FIGURE.format("a", '{"x":3}'))
    set_apart(tmp_path, "*.html")
    page = (tmp_path / "one.html").read_bytes()
    set_apart(tmp_path, "*.html")
    assert (tmp_path / "one.html").read_bytes() == page
    assert told(tmp_path / "assets/charts/one.js") == {"a": {"x": 3}}


def test_environments_that_make_the_page_heavy_have_one_of_their_own(
    shop_evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trend_sections, "ROOM", 1)
    site = tmp_path / "site"
    report = build_site(shop_evidence, site)
    assert report.pages["trends"] == 1
    page, own = (site / "trends.html").read_text("utf-8"), (site / "trends/staging.html").read_text("utf-8")
    drawn = re.compile(r'<figure class="chart" id="([^"]+)"')
    assert drawn.findall(page)
    assert all(name.endswith("-production") for name in drawn.findall(page))
    assert 'href="trends/staging.html"' in page
    assert 'id="trends-staging"' in page
    assert {name.rpartition("-")[2] for name in drawn.findall(own)} == {"staging"}
    assert 'href="../trends.html#trends-staging"' in own
    assert "assets/javascripts/charts.js" in own
    assert told(site / "assets/charts/trends-staging.js").keys() <= set(drawn.findall(own))


def test_a_site_with_room_for_all_has_no_such_folder(shop_site: Path) -> None:
    assert not (shop_site / "trends").exists()
    assert (shop_site / "assets/charts/trends.js").is_file()
