"""The topology explored: by pointer, by keyboard and by address, with many parts, and of a hostile repository."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.test_hostile_repository import hostile_site  # noqa: F401 - a fixture, built once more for this module

if TYPE_CHECKING:
    from collections.abc import Callable

    from browser.conftest import Look
    from playwright.sync_api import Locator, Page, ViewportSize

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 1000}
NARROW: ViewportSize = {"width": 390, "height": 844}
MANY = (Path(__file__).parent / "past_of_many.js").read_text("utf-8")
LAST = 56
"""Releases of the demo's production."""
SECONDS_TO_OPEN = 2.0
SECONDS_TO_ACT = 0.1
OPENED = """async () => {
    const start = performance.now(), button = document.querySelector(".atlas-offer button");
    button.click();
    while (button.disabled || !document.querySelector(".item")) await new Promise(requestAnimationFrame);
    document.querySelector(".atlas-stage").getBBox();
    return (performance.now() - start) / 1000;
}"""
QUICKEST = """act => {
    const run = new Function("find", act);
    let best = Infinity;
    for (let i = 0; i < 8; i += 1) {
        const start = performance.now();
        run(selector => [...document.querySelectorAll(selector)]);
        document.querySelector(".atlas-stage").getBBox();
        best = Math.min(best, (performance.now() - start) / 1000);
    }
    return best;
}"""


def standing(site: Path, environment: str) -> str:
    """Return the page of the topology that stands now."""
    for path in sorted(site.glob("topologies/*.html")):
        text = path.read_text("utf-8")
        if f'data-environment="{environment}"' in text and 'class="flag"' in text:
            return f"topologies/{path.name}"
    raise AssertionError(environment)


def item(page: Page, name: str) -> Locator:
    return page.locator(f'.atlas-stage .item[aria-label^="{name},"]')


def status(page: Page) -> str:
    return page.locator(".atlas-status").inner_text()


@pytest.fixture
def explored(demo_site: Path, demo_address: str, look: Callable[..., Look]) -> Callable[..., Look]:
    def start(ask: str = "#explore", environment: str = "production", **options: object) -> Look:
        one = look(**({"viewport": WIDE} | options))
        one.page.goto(demo_address + standing(demo_site, environment) + ask, wait_until="load")
        one.page.locator(".atlas-stage .item").first.wait_for()
        return one

    return start


def test_nothing_is_loaded_before_the_press(demo_site: Path, demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url))
    one.page.goto(demo_address + standing(demo_site, "production"), wait_until="load")
    assert one.page.locator("figure.picture").is_visible()
    assert not [url for url in asked if re.search("dagre|atlas-|/history|assets/atlas/", url)]
    one.page.get_by_role("button", name="Explore this topology").click()
    one.page.locator(".atlas-stage .item").first.wait_for()
    assert not one.page.locator("figure.picture").is_visible()
    one.page.get_by_role("button", name="Back to the still picture").click()
    assert one.page.locator("figure.picture").is_visible()
    assert one.seen.everything == []


def test_without_scripts_the_picture_and_the_tables_stand(demo_site: Path, look: Callable[..., Look]) -> None:
    one = look(java_script_enabled=False)
    one.page.goto(f"{demo_site.as_uri()}/{standing(demo_site, 'production')}")
    assert one.page.locator("figure.picture img").first.get_attribute("alt")
    assert not one.page.locator("[data-atlas]").is_visible()
    assert one.page.locator("table.ledger").count() == 2


def test_a_press_on_a_component_opens_its_panel(demo_site: Path, explored: Callable[..., Look]) -> None:
    one = explored()
    item(one.page, "checkout").click()
    panel = one.page.locator(".atlas-panel")
    panel.get_by_role("heading", name="checkout").wait_for()
    text = panel.inner_text()
    for environment in ("integration", "staging", "production"):
        assert environment in text
    assert "connections out" in text
    assert "Findings at this version" in text
    assert panel.locator('a[href$="components/checkout.html"]').count() == 1
    links = {str(link.get_attribute("href")).partition("#")[0] for link in panel.locator("a[href]").all()}
    assert [link for link in sorted(links) if not (demo_site / "topologies" / link).resolve().is_file()] == []
    panel.get_by_role("button", name="shop-db").click()
    panel.get_by_role("heading", name="shop-db").wait_for()
    one.page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert one.page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("shop-db,")
    assert one.seen.everything == []


def test_the_keyboard_leads_through_the_picture(explored: Callable[..., Look]) -> None:
    one = explored()
    stage = one.page.locator(".atlas-stage")
    stage.focus()
    world = stage.locator("> g").first
    before = world.get_attribute("transform")
    one.page.keyboard.press("ArrowLeft")
    moved = world.get_attribute("transform")
    one.page.keyboard.press("+")
    assert len({before, moved, world.get_attribute("transform")}) == 3
    one.page.keyboard.press("0")
    one.page.keyboard.press("Tab")
    first = one.page.evaluate("document.activeElement.getAttribute('aria-label')")
    seen = {first}
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        one.page.keyboard.press(key)
        seen.add(one.page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert len(seen) >= 3
    assert one.page.locator('.item[tabindex="0"]').count() == 1
    assert one.page.locator(".atlas-stage.lit").count() == 1
    one.page.keyboard.press("Enter")
    one.page.locator(".atlas-panel h2").wait_for()


def test_the_wheel_alone_scrolls_the_page_and_with_ctrl_zooms(explored: Callable[..., Look]) -> None:
    one = explored()
    world = one.page.locator(".atlas-stage > g").first
    one.page.locator(".atlas-stage").hover()
    before = world.get_attribute("transform")
    one.page.mouse.wheel(0, 100)
    one.page.wait_for_function("scrollY > 0")
    assert world.get_attribute("transform") == before
    one.page.keyboard.down("Control")
    one.page.mouse.wheel(0, -100)
    one.page.keyboard.up("Control")
    one.page.wait_for_function(
        "before => document.querySelector('.atlas-stage > g').getAttribute('transform') !== before", arg=before
    )


def test_a_drag_moves_the_picture_and_presses_nothing(explored: Callable[..., Look]) -> None:
    one = explored()
    box = item(one.page, "checkout").bounding_box()
    assert box is not None
    one.page.mouse.move(box["x"] + 20, box["y"] + 10)
    one.page.mouse.down()
    one.page.mouse.move(box["x"] + 80, box["y"] + 50, steps=4)
    one.page.mouse.up()
    after = item(one.page, "checkout").bounding_box()
    assert after is not None
    assert (after["x"] - box["x"], after["y"] - box["y"]) == pytest.approx((60, 40), abs=1.5)
    assert not one.page.locator(".atlas-panel").is_visible()


def test_a_part_is_found_by_its_name_also_where_the_picture_leaves_it_out(explored: Callable[..., Look]) -> None:
    one = explored()
    assert item(one.page, "ConfigMap/checkout-settings").count() == 0
    field = one.page.get_by_label("Find a part")
    field.fill("checkout settings")
    one.page.get_by_role("option", name="ConfigMap/checkout-settings").wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    one.page.locator(".atlas-panel").get_by_role("heading", name="ConfigMap/checkout-settings").wait_for()
    assert item(one.page, "ConfigMap/checkout-settings").is_visible()
    assert one.page.get_by_label(re.compile("Resources and inner services")).is_checked()


def test_groups_open_and_close(explored: Callable[..., Look]) -> None:
    one = explored()
    one.page.get_by_label("Grouped by").select_option(label="team")
    groups = one.page.locator('.item[aria-expanded="false"]')
    closed = groups.count()
    assert closed >= 2
    assert item(one.page, "checkout").count() == 0
    one.page.locator('.item[aria-label^="group @fernwood/payments"]').click()
    assert item(one.page, "checkout").is_visible()
    assert one.page.locator('.item[aria-expanded="true"]').count() == 1
    assert one.page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    one.page.keyboard.press("Enter")
    assert groups.count() == closed
    one.page.get_by_role("button", name="Open all groups").click()
    assert groups.count() == 0
    one.page.get_by_role("button", name="Close all groups").click()
    assert groups.count() == closed


def test_a_difference_is_shown_by_shape_and_word_and_as_a_table(explored: Callable[..., Look]) -> None:
    one = explored(f"#at=production-{LAST}&diff=production-1")
    assert f"after production-{LAST}, against production-1" in status(one.page)
    marked = one.page.locator(".item.mark-changed")
    assert marked.count() >= 1
    for found in marked.all():
        assert "changed" in str(found.get_attribute("aria-label")) or "changed" in found.inner_html()
        assert found.locator(".sign").count() == 1
    rows = one.page.locator(".atlas-difference tbody tr")
    assert rows.count() >= marked.count()
    assert "What differs between production-1 and" in one.page.locator(".atlas-difference").inner_text()
    one.page.get_by_role("button", name="No difference").click()
    one.page.wait_for_function("!document.querySelector('.item .sign')")
    assert rows.count() == 0
    field = one.page.get_by_label("Difference to")
    field.fill("2026-02")
    options = one.page.locator("#atlas-against-list").get_by_role("option")
    options.first.wait_for()
    assert all("2026-02" in text for text in options.all_inner_texts())
    options.first.click()
    one.page.wait_for_function("location.hash.includes('diff=')")
    one.page.get_by_role("button", name="The one before").click()
    one.page.wait_for_function(f"location.hash.includes('diff=production-{LAST - 1}')")
    assert one.seen.everything == []


def test_an_address_shows_another_release_with_what_it_changed(explored: Callable[..., Look]) -> None:
    one = explored("#at=production-20&diff=before&part=checkout")
    one.page.locator(".atlas-panel").get_by_role("heading", name="checkout").wait_for()
    assert "after production-20, against production-19" in status(one.page)
    one.page.evaluate("location.hash = 'at=production-2&diff=before'")
    one.page.wait_for_function("document.querySelector('.atlas-status').textContent.includes('production-2,')")


def test_an_address_that_asks_for_what_is_not_there_leaves_the_picture(
    demo_site: Path, demo_address: str, look: Callable[..., Look]
) -> None:
    one = look(viewport=WIDE)
    one.page.goto(f"{demo_address}{standing(demo_site, 'production')}#at=production-999", wait_until="load")
    one.page.get_by_text("the past has no deployment production-999").wait_for()
    assert one.page.locator("figure.picture").is_visible()


@pytest.mark.parametrize("environment", ["staging", "integration"])
def test_environments_before_production_can_be_explored_too(environment: str, explored: Callable[..., Look]) -> None:
    one = explored("#diff=before", environment)
    assert environment in status(one.page)
    assert one.seen.everything == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_explored_picture(scheme: str, explored: Callable[..., Look]) -> None:
    one = explored(f"#at=production-{LAST}&diff=production-1&part=checkout", color_scheme=scheme)
    one.page.locator(".atlas-panel h2").wait_for()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": tags}}
    context = {"include": [[".atlas"], [".atlas-offer"]]}
    found = Axe().run(one.page, context=context, options=options)
    told = [f"{rule['id']}: {node['html'][:200]}" for rule in found.response["violations"] for node in rule["nodes"]]
    assert told == []


def test_a_phone_has_room_for_it(explored: Callable[..., Look]) -> None:
    one = explored(f"#at=production-{LAST}&diff=before&part=checkout", viewport=NARROW, has_touch=True)
    one.page.locator(".atlas-panel h2").wait_for()
    assert one.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    one.page.get_by_role("button", name="Zoom in").tap()
    one.page.get_by_role("button", name="Larger").tap()
    assert one.page.evaluate("document.querySelector('.atlas').getBoundingClientRect().height") >= NARROW["height"]
    one.page.keyboard.press("Escape")


def test_a_thousand_parts_stay_usable(demo_site: Path, look: Callable[..., Look]) -> None:
    """Opened within two seconds; a move, a group, a search and a highlight within a tenth each (best of eight)."""
    one = look(viewport=WIDE)
    one.page.add_init_script(MANY)
    one.page.goto(f"{demo_site.as_uri()}/{standing(demo_site, 'production')}", wait_until="load")
    one.page.evaluate("document.querySelector('[data-atlas]').dataset.at = 'production-2'")
    assert one.page.evaluate(OPENED) < SECONDS_TO_OPEN
    assert "1,000 parts, 40 groups" in status(one.page)
    press = ".dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    acts = {
        "highlight": "find('.item')[7].dispatchEvent(new PointerEvent('pointerover', {bubbles: true}))",
        "move": "find('.atlas-stage')[0].dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft'}))",
        "group": f"(find('.frame-head')[0] ?? find('.role-group')[3]){press}",
        "search": "const [i] = find('#atlas-search'); i.value = '77'; i.dispatchEvent(new Event('input'))",
    }
    spent = {name: one.page.evaluate(QUICKEST, act) for name, act in acts.items()}
    assert {name: seconds for name, seconds in spent.items() if seconds > SECONDS_TO_ACT} == {}
    one.page.get_by_role("button", name="The one before").click()
    one.page.wait_for_function("document.querySelectorAll('.atlas-difference tbody tr').length === 12")
    assert "1 added, 11 changed" in status(one.page)
    assert one.seen.everything == []


def test_a_hostile_repository_is_shown_as_it_was_written(
    hostile_site: Path,  # noqa: F811 - the fixture above
    look: Callable[..., Look],
) -> None:
    pages = [path for path in sorted(hostile_site.glob("topologies/*.html")) if "data-atlas" in path.read_text("utf-8")]
    assert pages
    one = look(viewport=WIDE)
    for path in pages[:3]:
        one.page.goto("about:blank")
        one.page.goto(f"{path.as_uri()}#diff=before", wait_until="load")
        one.page.locator(".atlas-stage .item").first.wait_for()
        one.page.locator(".atlas-stage .item").first.dispatch_event("click")
        one.page.wait_for_timeout(150)
        assert one.page.evaluate("window.__pwned") is None
        assert one.page.locator(".atlas script, .atlas img, .atlas iframe").count() == 0
    assert one.seen.everything == []
