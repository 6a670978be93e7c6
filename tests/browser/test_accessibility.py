"""Pages for everybody: the rules of axe-core in light and dark, wide and narrow, and the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from support.site_pages import PAGES, place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from browser.conftest import Look
    from playwright.sync_api import Page, ViewportSize

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
EVERY_RULE = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
RULES_OF_COLOUR = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
"""All that a change of colours can break."""
THEME = (".md-header", ".md-search", ".md-nav", ".md-tabs", ".md-footer", ".md-dialog", ".md-top")
"""Markup of the theme, which is not ours to mend."""

OPEN = "() => document.querySelectorAll('.md-content details').forEach(one => one.open = true)"
LONGEST = 12
"""Rows that are kept of a table of numbers: one is made like another, and hundreds take axe minutes."""
SHORTEN = """most => document.querySelectorAll('figure.chart tbody, table.numbers tbody').forEach(
    body => [...body.rows].slice(most).forEach(row => row.remove()))"""
STEPS_BESIDE = 150
"""Most stops of the keyboard that are the theme's, or ones that a page adds while it is walked through."""
# What is hidden from all but the pointer has its table beside it: the bars of a swimlane.
WATCH = """() => {
    const wanted = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
        .filter(one => one.closest('.md-content') && !one.disabled && !one.closest('[inert], [aria-hidden=true]')
            && one.checkVisibility({visibilityProperty: true}) && !inGroup(one));
    // Of a group the arrows choose one; Tab comes to the one that is chosen.
    function inGroup(one) {
        return one.type === 'radio' ? !one.checked : one.tabIndex < 0 && one.closest('[role=listbox], [role=toolbar]');
    }
    globalThis.left = new Set(wanted);
    globalThis.unseen = [];
    document.addEventListener('focusin', ({target}) => {
        if (!left.delete(target)) return;
        const look = getComputedStyle(target);
        const parts = [look, ...['::before', '::after'].map(part => getComputedStyle(target, part))];
        if (!parts.some(one => one.outlineStyle !== 'none' || one.boxShadow !== 'none')) {
            unseen.push(target.outerHTML.slice(0, 160));
        }
    });
    return wanted.length;
}"""


def explore_topology(page: Page) -> None:
    page.locator(".atlas-offer button").click()
    page.locator(".atlas-stage .item").first.wait_for()
    page.locator('.atlas-stage .item[aria-label^="checkout,"]').click()
    page.locator(".atlas-panel").get_by_role("heading", name="checkout").wait_for()


def explore_chart(page: Page) -> None:
    figure = page.locator("figure.chart:has(.explore)").first
    figure.locator(".explore > button").click()
    figure.locator(".explored svg.marks").wait_for()


def narrow_releases(page: Page) -> None:
    page.locator(".finder").get_by_label("Words of releases").fill("checkout")
    page.locator(".finder tbody tr").first.wait_for()


def find_words(page: Page) -> None:
    page.locator("#find-words").fill("checkout")
    page.locator(".find-results section").first.wait_for()


def show_drift(page: Page) -> None:
    page.locator("#register .drift-show").click()
    page.locator(".drift-result table").wait_for()


def show_periods(page: Page) -> None:
    page.locator("form:has([name=from]) [type=submit]").click()
    page.locator(".audit-result table").wait_for()


def go_back_in_time(page: Page) -> None:
    page.locator("main input[type='datetime-local']").fill("2026-03-02T12:00")
    page.wait_for_url("**at=2026-03-02**")


OPENED: Mapping[str, Callable[[Page], None]] = {
    "topology": explore_topology,
    "trends": explore_chart,
    "releases": narrow_releases,
    "find": find_words,
    "drift": show_drift,
    "audit": show_periods,
    "matrix": go_back_in_time,
}
"""What scripts make, by the kind of page that has it."""


def faults(page: Page, options: Mapping[str, Any]) -> list[str]:
    found = Axe().run(page, context={"exclude": [[part] for part in THEME]}, options=dict(options))
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"][:5]
    ]


def found_in_every_sight(page: Page) -> dict[str, list[str]]:
    """Return what is wrong on a light, a dark and a narrow page; colours alone are judged twice."""
    told = {"light": faults(page, EVERY_RULE)}
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => document.body.dataset.mdColorScheme === 'slate'")
    told["dark"] = faults(page, RULES_OF_COLOUR)
    page.set_viewport_size(NARROW)
    told["dark on a phone"] = faults(page, EVERY_RULE)
    return {sight: one for sight, one in told.items() if one}


@pytest.fixture
def shown(demo_site: Path, look: Callable[..., Look]) -> Callable[[str], Page]:
    """Give a function that opens a page of a kind, light and wide."""

    def show(kind: str) -> Page:
        page = look(viewport=WIDE, color_scheme="light").page
        page.goto(f"{demo_site.as_uri()}/{place(demo_site, kind)}", wait_until="load")
        return page

    return show


@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_in_our_markup(kind: str, shown: Callable[[str], Page]) -> None:
    page = shown(kind)
    page.evaluate(SHORTEN, LONGEST)
    page.evaluate(OPEN)
    assert found_in_every_sight(page) == {}


@pytest.mark.parametrize("kind", OPENED)
def test_axe_finds_nothing_in_what_scripts_make(kind: str, shown: Callable[[str], Page]) -> None:
    page = shown(kind)
    OPENED[kind](page)
    assert found_in_every_sight(page) == {}


def walk(page: Page) -> None:
    """Press Tab through the page; fails where something is not reached, or does not show that it has the focus."""
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    wanted = page.evaluate(WATCH)
    assert wanted
    for _ in range(0, wanted + STEPS_BESIDE, 25):
        for _ in range(25):
            page.keyboard.press("Tab")
        if page.evaluate("() => !left.size"):
            break
    assert page.evaluate("() => [...left].map(one => one.outerHTML.slice(0, 160))") == []
    assert page.evaluate("() => unseen") == []


@pytest.mark.parametrize("kind", PAGES)
def test_the_keyboard_alone_reaches_everything(kind: str, shown: Callable[[str], Page]) -> None:
    """What can be pressed or followed comes by Tab, and shows that it has the focus."""
    page = shown(kind)
    page.evaluate(OPEN)
    walk(page)


@pytest.mark.parametrize("kind", OPENED)
def test_the_keyboard_alone_reaches_what_scripts_make(kind: str, shown: Callable[[str], Page]) -> None:
    page = shown(kind)
    OPENED[kind](page)
    walk(page)


def test_something_out_of_reach_or_without_a_mark_would_be_found(shown: Callable[[str], Page]) -> None:
    page = shown("glossary")
    page.evaluate("() => document.querySelector('.md-content a[href]').setAttribute('tabindex', '-1')")
    with pytest.raises(AssertionError, match="tabindex"):
        walk(page)
