"""A German site in a browser: what scripts put on its pages is German too; evidence and names stay as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.texts import catalogue, collect

from generator.cli.progress import TerminalProgress
from generator.pipeline.building import build
from generator.pipeline.request import Request
from generator.pipeline.showing import build_demo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from browser.conftest import Look
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SAYS = """() => {
    const found = [];
    const note = (text) => { const said = text?.replace(/\\s+/g, ' ').trim(); if (said) found.push(said); };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
        // The theme's texts, code, fields and subjects of commits are not ours to translate; of a chart words are seen.
        if (element.closest('script, style, noscript, code, pre, .field, .find-says')
            || element.closest('.md-header, .md-sidebar, .md-footer')
            || (element.closest('.explored svg') && element.tagName !== 'text')) continue;
        if (node === element) {
            for (const name of ['aria-label', 'aria-roledescription', 'aria-valuetext', 'title', 'placeholder']) {
                note(node.getAttribute(name));
            }
            if (node.matches('[data-label]')) note(node.dataset.label);
        } else note(node.textContent);
    }
    return found;
}"""
VALUE = re.compile(r"\{\w+\}")
NAMES = {"production", "component", "artifact", "secret", "external", "approval"}
"""What the demo's evidence calls environments, fields, kinds and gates."""
GATES = {"quiet days"}
MOST_PRESSED = 8


@pytest.fixture(scope="module")
def german_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("german")
    quiet = TerminalProgress(quiet=True)
    build_demo(folder / "english", folder / "shop", quiet, lambda: 0.0)
    build(Request(folder / "shop"), folder / "site", quiet, lambda: 0.0, language="de")
    return folder / "site"


@pytest.fixture(scope="module")
def english() -> re.Pattern[str]:
    """Match, whole, each English text of a script that has another in German."""
    scripted = {message for (message, _), places in collect().items() if any(one.endswith(".js") for one in places)}
    words = "generator/site/machine_words.py"
    scripted |= {message for (message, _), places in collect().items() if words in places}
    told = [
        str(message.id)
        for message in catalogue("de")
        if isinstance(message.id, str) and message.id in scripted and message.string != message.id
    ]
    sentences = [one for one in told if one not in NAMES and re.search("[A-Za-z]{3}", VALUE.sub("", one))]
    return re.compile("|".join(".+?".join(map(re.escape, VALUE.split(one))) for one in sentences))


def press(page: Page, *selectors: str) -> None:
    """Press what the selectors find and can be seen, the first of many."""
    for selector in selectors:
        for one in page.locator(selector).all()[:MOST_PRESSED]:
            if one.is_visible() and one.is_enabled():
                one.click()
                page.wait_for_timeout(20)


def matrix(page: Page) -> Iterator[None]:
    yield
    press(page, ".past-controls .filter button >> nth=0", ".past-others summary")
    yield
    page.locator(".past-controls input[type=search]").fill("check")
    page.wait_for_timeout(250)
    yield


def compare(page: Page) -> Iterator[None]:
    press(page, ".compare-result details > summary", ".compare-result details > summary")
    yield
    words = page.locator(".past-side input[role=combobox]").first
    for text in ("", "2026-03-01", "zzzz"):
        words.fill(text)
        page.wait_for_timeout(250)
        yield


def find(page: Page) -> Iterator[None]:
    for words in ("checkout", "1.9", "zzzz", "a", "zahlung"):
        page.locator("#find-words").fill(words)
        page.wait_for_timeout(400)
        yield


def releases(page: Page) -> Iterator[None]:
    page.locator(".finder select").first.select_option("forward")
    page.wait_for_timeout(300)
    yield


def drift(page: Page) -> Iterator[None]:
    for what in ("standing", "accepted"):
        page.locator("select[name=items]").select_option(what)
        press(page, ".drift-show")
        page.wait_for_timeout(300)
        yield


def audit(page: Page) -> Iterator[None]:
    for name in ("from", "to"):
        page.locator(f".audit-chooser select[name={name}]").select_option("2026-03")
    press(page, ".audit-chooser form button")
    page.locator(".audit-result table").wait_for()
    yield


def topology(page: Page) -> Iterator[None]:
    press(page, ".atlas-offer button")
    page.locator(".atlas-stage .item").first.wait_for()
    yield
    page.locator("#atlas-groups").select_option(index=1)
    yield
    page.locator("#atlas-groups").select_option(index=0)
    page.locator("#atlas-search").fill("checkout")
    yield
    page.keyboard.press("Enter")
    page.locator(".atlas-panel h2").wait_for()
    yield
    page.locator("#atlas-against").click()
    yield
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".atlas-difference h2").wait_for()
    yield


def charts(page: Page) -> Iterator[None]:
    yield
    for offer in page.locator(".explore > button").all()[:2]:
        offer.click()
        page.locator(".explored:not([hidden])").first.wait_for()
        page.locator(".explored:not([hidden])").first.focus()
        page.keyboard.press("ArrowRight")
        yield
        offer.click()


WALKS: dict[str, Callable[[Page], Iterator[None]]] = {
    "matrix.html": matrix,
    "compare.html#a=production-3&b=production-20": compare,
    "compare.html#a=production-3&b=production-3": compare,
    "compare.html#a=staging&b=nothing-9": compare,
    "find.html": find,
    "releases/index.html": releases,
    "drift.html": drift,
    "audit/index.html": audit,
    "environments.html": topology,
    "trends.html": charts,
    "index.html": charts,
}


@pytest.mark.parametrize("address", WALKS)
def test_scripts_of_a_german_site_say_nothing_in_english(
    address: str, german_site: Path, english: re.Pattern[str], look: Callable[..., Look]
) -> None:
    one = look(viewport={"width": 1280, "height": 900}, locale="de-DE")
    walk = WALKS[address]
    path = address
    if walk is topology:
        found = re.findall(r"topologies/[0-9a-f]{64}\.html", (german_site / address).read_text("utf-8"))
        path = found[-1]
    one.page.goto(f"{german_site.as_uri()}/{path}")
    one.page.wait_for_timeout(400)
    said: set[str] = set()
    for _ in walk(one.page):
        said |= set(one.page.evaluate(SAYS))
    assert sorted(text for text in said - GATES if english.fullmatch(text)) == []
    assert len(said) > 20
    assert one.seen.everything == []
