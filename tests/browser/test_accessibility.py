"""Pages for everybody: the rules of axe-core in light and dark, wide and narrow, and the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from support.site_pages import PAGES, place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from browser.conftest import Look
    from playwright.sync_api import ViewportSize

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
SIGHTS = {"light": WIDE, "dark": WIDE, "light on a phone": NARROW}
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
}
THEME = (".md-header", ".md-search", ".md-nav", ".md-tabs", ".md-footer", ".md-dialog", ".md-top")
"""Markup of the theme, which is not ours to mend."""
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && !one.closest('[inert]')
        && one.closest('.md-content') && getComputedStyle(one).display !== 'none')
    .map((one, at) => { one.dataset.reached = String(at); return at; }).length"""
MOST_STEPS = 1200


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_in_our_markup(kind: str, sight: str, demo_site: Path, look: Callable[..., Look]) -> None:
    one = look(viewport=SIGHTS[sight], color_scheme=sight.split(maxsplit=1)[0])
    one.page.goto(f"{demo_site.as_uri()}/{place(demo_site, kind)}", wait_until="load")
    one.page.evaluate("document.querySelectorAll('.md-content details').forEach(one => one.open = true)")
    found = Axe().run(one.page, context={"exclude": [[part] for part in THEME]}, options=OPTIONS)
    told = [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"][:5]
    ]
    assert told == []


@pytest.mark.parametrize("kind", [kind for kind in PAGES if kind not in {"checks", "glossary", "methods", "trends"}])
def test_the_keyboard_alone_reaches_everything(kind: str, demo_site: Path, look: Callable[..., Look]) -> None:
    """What can be pressed or followed comes by Tab, and shows that it has the focus."""
    one = look(viewport=WIDE)
    one.page.goto(f"{demo_site.as_uri()}/{place(demo_site, kind)}", wait_until="load")
    wanted = one.page.evaluate(REACHABLE)
    reached: set[str] = set()
    unseen: list[str] = []
    for _ in range(min(MOST_STEPS, wanted + 120)):
        one.page.keyboard.press("Tab")
        now = one.page.evaluate(
            """() => { const one = document.activeElement, look = getComputedStyle(one);
            return [one.dataset?.reached ?? "", look.outlineStyle !== "none" || look.boxShadow !== "none",
            one.outerHTML.slice(0, 120)]; }"""
        )
        if now[0]:
            reached.add(now[0])
            if not now[1]:
                unseen.append(now[2])
        if len(reached) == wanted:
            break
    assert unseen == []
    assert len(reached) >= min(wanted, MOST_STEPS - 200)
