"""Charts that a reader explores: nothing before the press, then a drawing that tells, and back (rows 45 and 46)."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from browser.test_hostile_repository import hostile_site  # noqa: F401 - a fixture, built once more for this module

from generator.site.chart_svg import render_chart
from generator.site.sources import data_folder
from generator.site.templating import Templates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from browser.conftest import Look
    from playwright.sync_api import Locator, Page, ViewportSize

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
HOSTILE = (
    "<script>window.__pwned=1</script>",
    "<img src=x onerror=window.__pwned=1>",
    "[press](javascript:window.__pwned=1)",
    "q{{7*7}}q",
    '"];URL="javascript:window.__pwned=1',
    "</script><svg onload=window.__pwned=1>",
    "#0a5a00 var(--assay-chart-forward)",
    "undefined",
)
STRICT = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
"""A policy without a right to evaluate, to write scripts into a page, or to ask for anything."""

COLOUR = "var(--assay-chart-forward)"
BARS: Mapping[str, Any] = {
    "data": {"values": [{"name": name, "count": number + 1} for number, name in enumerate(HOSTILE)]},
    "width": 400,
    "height": 200,
    "mark": {"type": "bar", "color": COLOUR},
    "encoding": {
        "y": {"field": "name", "type": "nominal"},
        "x": {"field": "count", "type": "ordinal"},
        "detail": {"field": "absent"},
    },
    "usermeta": {"embedOptions": {"actions": True, "editorUrl": "https://example.org/"}},
}
SPAN = (1_767_225_600_000, 1_790_812_800_000)
"""January to October 2026, in milliseconds: a number that the interpreter must not take for a year."""
SPANS: Mapping[str, Any] = {
    "data": {"values": [{"at": f"2026-0{month}-01T00:00:00Z", "seconds": month * 5_000} for month in range(1, 10)]},
    "width": 400,
    "height": 160,
    "mark": {"type": "point", "filled": True, "color": COLOUR},
    "encoding": {
        "x": {"field": "at", "type": "temporal", "scale": {"type": "utc", "domain": SPAN}},
        "y": {"field": "seconds", "type": "quantitative"},
    },
}
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Charts</title>
<link rel="icon" href="assets/images/favicon.svg"><link rel="stylesheet" href="assets/stylesheets/tokens.css">
<link rel="stylesheet" href="assets/stylesheets/assay.css">
<link rel="stylesheet" href="assets/stylesheets/charts.css"></head>
<body class="md-typeset assay" data-md-color-scheme="default">{}
<script src="assets/javascripts/charts.js" defer></script>
</body></html>"""


@dataclass(frozen=True)
class Drawn:
    """What the template of a chart asks of it."""

    id: str
    title: str
    spec: str
    svg: str
    description: str = "What it shows."
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    legend: tuple[()] = ()
    reason: str = ""


def drawn(chart_id: str, title: str, spec: Mapping[str, Any]) -> Drawn:
    svg = render_chart(
        json.loads(json.dumps(spec).replace(COLOUR, "#0a5a00")), chart_id=chart_id, title=title, description="d"
    )
    return Drawn(chart_id, title, json.dumps(spec), svg)


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a page with two charts, drawn by the site's own template, beside the site's own assets."""
    folder = tmp_path_factory.mktemp("charts")
    shutil.copytree(data_folder() / "site_src" / "docs" / "assets", folder / "assets")
    own = folder / "templates"
    own.mkdir()
    own.joinpath("page.html").write_text(
        '{% import "rows.html" as table %}{% for chart in view %}{{ table.chart(chart, 2) }}{% endfor %}', "utf-8"
    )
    view = (drawn("bars", f"Bars {HOSTILE[0]}", BARS), drawn("spans", "Spans", SPANS))
    body = Templates((own, data_folder() / "templates")).render("page", "", view)
    folder.joinpath("page.html").write_text(PAGE.format(body), "utf-8")
    return folder


class _Strict(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", STRICT)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it overrides
        """Say nothing."""


@pytest.fixture(scope="module")
def strict_address(charts: Path) -> Iterator[str]:
    """Serve the page with a strict policy."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Strict, directory=str(charts))) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/page.html"
        server.shutdown()
        thread.join()


def explore(figure: Locator) -> None:
    figure.locator(".explore > button").click()
    figure.locator(".explored svg.marks").wait_for(timeout=20_000)
    figure.locator(".explore > button[aria-busy=false]").wait_for()


def libraries(page: Page) -> list[str]:
    """Return what of the libraries the page has asked for."""
    asked = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    scripts = page.evaluate("[...document.scripts].map(script => script.src)")
    return sorted({name.rpartition("/")[2] for name in [*asked, *scripts] if "/vendor/vega/" in name})


def pwned(page: Page) -> bool:
    return bool(page.evaluate("typeof window.__pwned !== 'undefined'"))


def told(page: Page) -> str:
    return page.locator(".chart-tip").inner_text()


def test_nothing_is_loaded_before_the_press_and_the_picture_comes_back(
    demo_address: str, look: Callable[..., Look]
) -> None:
    one = look(viewport=WIDE)
    one.page.goto(demo_address + "trends.html")
    figure = one.page.locator("figure.chart:has(.explore)").first
    button = figure.get_by_role("button", name="Explore")
    assert button.is_enabled()
    assert libraries(one.page) == []
    before = figure.locator(".plot svg").bounding_box()
    explore(figure)
    assert libraries(one.page) == ["vega-embed.min.js", "vega-lite.min.js", "vega.min.js"]
    assert not figure.locator(".plot").is_visible()
    after = figure.locator(".explored svg.marks").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] == pytest.approx(before["width"], rel=0.03)
    assert after["height"] == pytest.approx(before["height"], rel=0.1)
    assert one.page.locator(".vega-actions").count() == 0
    back = figure.get_by_role("button", name="Back to picture")
    assert back.evaluate("button => document.activeElement === button")
    back.click()
    assert figure.locator(".plot").is_visible()
    assert figure.locator(".explored svg").count() == 0
    assert one.seen.everything == []


def test_every_chart_of_a_site_can_be_explored(demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE, reduced_motion="reduce")
    for name in ("drift.html", "trends.html"):
        one.page.goto(demo_address + name)
        figures = one.page.locator("figure.chart:has(.explore)")
        assert figures.count() == one.page.locator("figure.chart svg.assay-chart").count()
        for number in range(figures.count()):
            explore(figures.nth(number))
            figures.nth(number).locator(".explored").focus()
            one.page.keyboard.press("ArrowRight")
            assert told(one.page).strip(), name
        assert one.page.evaluate("document.getAnimations().length") == 0
    assert one.seen.everything == []


def test_a_keyboard_alone_explores(charts: Path, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto((charts / "page.html").as_uri())
    figure = one.page.locator("#bars")
    one.page.keyboard.press("Tab")
    assert figure.get_by_role("button").first.evaluate("button => document.activeElement === button")
    one.page.keyboard.press("Enter")
    figure.get_by_role("button", name="Back to picture").wait_for()
    one.page.keyboard.press("Shift+Tab")
    one.page.keyboard.press("End")
    assert told(one.page)
    assert figure.locator(".chosen").count() == 1
    assert f"Count {len(HOSTILE)}" in figure.locator(".unseen[aria-live]").inner_text(timeout=1_000)
    one.page.keyboard.press("Escape")
    assert not one.page.locator(".chart-tip").is_visible()
    one.page.keyboard.press("Tab")
    one.page.keyboard.press("Space")
    assert figure.locator(".plot").is_visible()
    assert one.seen.everything == []


def test_names_of_a_repository_are_told_as_they_were_written(charts: Path, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto((charts / "page.html").as_uri())
    figure = one.page.locator("#bars")
    explore(figure)
    marks = figure.locator(".explored .mark-rect path")
    assert marks.count() == len(HOSTILE)
    for number in range(len(HOSTILE)):
        marks.nth(number).hover()
        assert HOSTILE[number] in told(one.page)
        # No row has this field, so only the one that is named so says the word.
        assert ("undefined" in told(one.page)) == (HOSTILE[number] == "undefined")
        assert one.page.locator(".chart-tip :not(div, span, b)").count() == 0
    assert figure.locator(".explored").evaluate("place => place.querySelectorAll('a, image, script').length") == 0
    assert not pwned(one.page)
    assert one.seen.everything == []


def test_no_chart_of_a_hostile_repository_runs_its_texts(
    hostile_site: Path,  # noqa: F811 - the fixture
    look: Callable[..., Look],
) -> None:
    one = look(viewport=WIDE)
    explored = 0
    for path in sorted(hostile_site.rglob("*.html")):
        if b'class="chart-spec"' not in path.read_bytes():
            continue
        one.page.goto(path.as_uri())
        for figure in one.page.locator("figure.chart:has(.explore)").all():
            explore(figure)
            explored += 1
            figure.locator(".explored").focus()
            for _ in range(6):
                one.page.keyboard.press("ArrowRight")
            assert "q49q" not in figure.inner_text() + told(one.page)
        assert not pwned(one.page)
        assert one.page.evaluate("document.querySelectorAll('.explored a, .explored image').length") == 0
    assert explored >= 2
    assert one.seen.everything == []


def test_a_policy_that_forbids_evaluation_changes_nothing(strict_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto(strict_address)
    for name in ("#bars", "#spans"):
        explore(one.page.locator(name))
    one.page.locator("#spans .explored").focus()
    one.page.keyboard.press("Home")
    assert "1 h 23 min" in told(one.page)
    assert one.seen.everything == []


def test_colours_follow_the_page(charts: Path, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto((charts / "page.html").as_uri())
    explore(one.page.locator("#bars"))
    fill = "document.querySelector('#bars .explored .mark-rect path').getAttribute('fill')"
    wanted = "getComputedStyle(document.body).getPropertyValue('--assay-chart-forward').trim()"
    light = one.page.evaluate(fill)
    assert light == one.page.evaluate(wanted)
    one.page.evaluate("document.body.dataset.mdColorScheme = 'slate'")
    one.page.wait_for_function(f"light => {fill} !== light", arg=light)
    assert one.page.evaluate(fill) == one.page.evaluate(wanted)
    assert one.seen.everything == []


def test_paper_gets_the_picture(charts: Path, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto((charts / "page.html").as_uri())
    figure = one.page.locator("#spans")
    explore(figure)
    one.page.emulate_media(media="print")
    assert figure.locator(".plot svg").is_visible()
    assert not figure.locator(".explored").is_visible()
    assert not figure.locator(".explore").is_visible()
    one.page.emulate_media(media="screen")
    assert figure.locator(".explored").is_visible()
    assert not figure.locator(".plot").is_visible()


def axis(page: Page) -> list[str]:
    return page.locator("#spans .explored .role-axis-label text").all_text_contents()


CHANGED = """before => [...document.querySelectorAll("#spans .explored .role-axis-label text")]
    .map(label => label.textContent).join() !== before"""


def test_a_time_axis_zooms_by_buttons_and_wheel_and_comes_back(charts: Path, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto((charts / "page.html").as_uri())
    figure = one.page.locator("#spans")
    explore(figure)
    whole = axis(one.page)
    changed = CHANGED
    figure.get_by_role("button", name="Zoom in").click()
    one.page.wait_for_function(changed, arg=",".join(whole))
    near = axis(one.page)
    figure.get_by_role("button", name="Later").click()
    one.page.wait_for_function(changed, arg=",".join(near))
    figure.get_by_role("button", name="Show the whole").click()
    one.page.wait_for_function(changed.replace("!==", "==="), arg=",".join(whole))
    figure.locator(".explored svg.marks").hover()
    one.page.mouse.wheel(0, -300)
    one.page.wait_for_timeout(100)
    assert axis(one.page) == whole
    one.page.keyboard.down("Control")
    figure.locator(".explored svg.marks").hover()
    one.page.mouse.wheel(0, -300)
    one.page.wait_for_function(changed, arg=",".join(whole))
    one.page.keyboard.up("Control")
    assert not one.page.locator("#bars .zoom").is_visible()
    assert one.seen.everything == []


def test_without_the_libraries_the_picture_stays(charts: Path, tmp_path: Path, look: Callable[..., Look]) -> None:
    site = tmp_path / "site"
    shutil.copytree(charts, site)
    (site / "assets/vendor/vega/vega-lite.min.js").unlink()
    one = look(viewport=NARROW)
    one.page.goto((site / "page.html").as_uri())
    figure = one.page.locator("#bars")
    figure.get_by_role("button", name="Explore").click()
    figure.locator(".status", has_text="can't be shown").wait_for()
    assert figure.locator(".plot svg").is_visible()
    assert figure.get_by_role("button", name="Explore").get_attribute("aria-busy") == "false"
    shutil.copy(charts / "assets/vendor/vega/vega-lite.min.js", site / "assets/vendor/vega")
    explore(figure)


def test_without_scripts_there_is_a_picture_and_no_button(demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE, java_script_enabled=False)
    one.page.goto(demo_address + "trends.html")
    assert one.page.locator("figure.chart .plot svg").first.is_visible()
    assert one.page.get_by_role("button", name="Explore").count() == 0


def test_a_phone_shows_a_chart_within_its_own_scroll(demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=NARROW)
    one.page.goto(demo_address + "trends.html")
    explore(one.page.locator("figure.chart:has(.explore)").first)
    assert one.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert one.seen.everything == []
