from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.site_pages import FRAMED, PAGES, place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from browser.conftest import Look
    from playwright.sync_api import ViewportSize

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}


def overflow(look: Look) -> int:
    return int(look.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


DRAWN = """Promise.all([...document.images].map(image => {
    image.loading = "eager";
    return image.decode().then(() => "", () => image.src);
})).then(broken => broken.filter(Boolean))"""


def lightness(look: Look) -> float:
    """Return how light the ground of the page is, from 0 to 255."""
    script = "getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3).map(Number)"
    red, green, blue = look.page.evaluate(script)
    return float(red + green + blue) / 3


def test_every_page_of_the_navigation_is_looked_at(demo_site: Path) -> None:
    known = {path for path in PAGES.values() if "/" not in path}
    assert {path.name for path in demo_site.glob("*.html")} == known | {"404.html"}
    assert {path.parent.name for path in demo_site.glob("*/*.html")} == set(FRAMED)
    assert {pattern.partition("/")[0] for pattern in PAGES.values() if "/" in pattern} == set(FRAMED)


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_opens_whole_on_wide_and_narrow_screens_in_light_and_dark(
    kind: str, demo_address: str, demo_site: Path, look: Callable[..., Look]
) -> None:
    one = look(viewport=WIDE, color_scheme="light")
    one.page.goto(demo_address + place(demo_site, kind), wait_until="load")
    title = one.page.title()
    assert "Fernwood Outdoor" in title
    assert one.page.locator("h1").first.inner_text().strip()
    assert one.page.evaluate(DRAWN) == []
    assert lightness(one) > 200
    one.page.set_viewport_size(NARROW)
    assert overflow(one) <= 0
    one.page.emulate_media(color_scheme="dark")
    one.page.wait_for_function("() => document.body.dataset.mdColorScheme === 'slate'")
    assert lightness(one) < 80
    assert overflow(one) <= 0
    assert one.seen.everything == []


def test_the_not_found_page_of_a_server_is_ours(demo_address: str, look: Callable[..., Look]) -> None:
    if demo_address.startswith("file:"):
        pytest.skip("a server alone shows it")
    one = look()
    one.page.goto(demo_address + "404.html")
    assert one.page.locator("h1").inner_text()
    assert one.seen.everything == []


def test_search_finds_a_component_and_leads_to_it(demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto(demo_address + "index.html")
    one.page.locator(".md-search__input").click()
    one.page.locator(".md-search__input").press_sequentially("checkout")
    result = one.page.locator(".md-search-result__link").first
    result.wait_for(timeout=15_000)
    assert "checkout" in one.page.locator(".md-search-result__list").inner_text().lower()
    target = str(result.evaluate("link => link.href"))
    assert target.startswith(demo_address)
    one.page.goto(target)
    assert "checkout" in one.page.locator("main").inner_text().lower()
    assert one.seen.everything == []


def test_the_releases_filter_narrows_by_word_and_kind(demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto(demo_address + "releases/index.html")
    finder = one.page.locator(".finder")
    status = finder.locator("[aria-live]")
    finder.get_by_label("Words of releases").fill("checkout")
    one.page.wait_for_function("() => document.querySelector('.finder [aria-live]').textContent.includes(' of ')")
    some, every = (int(number) for number in status.inner_text().replace(" releases", "").split(" of "))
    assert 0 < some < every
    assert finder.locator("tbody tr").count() == some
    finder.get_by_label("Kind").select_option("rollback")
    one.page.wait_for_function("rows => document.querySelectorAll('.finder tbody tr').length < rows", arg=some)
    kinds = finder.locator("tbody .kind").all_inner_texts()
    assert kinds
    assert {kind.lower() for kind in kinds} == {"rollback"}
    finder.locator("tbody a").first.click()
    one.page.wait_for_load_state()
    assert "rollback" in one.page.locator("main").inner_text().lower()
    assert one.seen.everything == []


def test_a_failure_leads_to_its_verdict_and_to_the_last_good_version(
    demo_address: str, look: Callable[..., Look]
) -> None:
    one = look(viewport=WIDE)
    one.page.goto(demo_address + "triage.html")
    row = one.page.locator("table[data-filter=Failures] tbody tr").filter(has_text="rollback").first
    verdict = row.locator(".blame").inner_text()
    row.locator("th a").click()
    one.page.wait_for_url("**#failed")
    told = one.page.locator("section", has=one.page.locator("#failed"))
    assert told.locator(".blame").first.inner_text() == verdict
    assert one.page.locator("#failed").bounding_box() is not None
    told.locator("dd a").last.click()
    one.page.wait_for_load_state()
    assert one.page.locator("h1").inner_text().startswith("Release")
    assert one.seen.everything == []


def test_the_way_back_can_be_read_whole_on_a_phone(demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=NARROW)
    one.page.goto(demo_address + "releases/production-20.html#bring-back")
    commands = one.page.locator("#bring-back ~ pre.example")
    lines = commands.inner_text().splitlines()
    assert [line.split()[:2] for line in lines] == [["git", "worktree"], ["git", "-C"], ["assay", "show"]]
    assert commands.evaluate("part => part.scrollWidth > part.clientWidth && part.tabIndex === 0")
    assert one.seen.everything == []
