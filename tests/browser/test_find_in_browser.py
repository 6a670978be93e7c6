from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from browser.conftest import Look
    from playwright.sync_api import Page, ViewportSize

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
STATUS = ".find-status"
FOUND = ".find-results section"

LONG_TABLE = """rows => {
    const sheet = document.createElement("div");
    sheet.className = "sheet";
    const line = (name, version, age) => `<tr><th scope="row">${name}</th><td>${version}</td>`
        + `<td class="number">${age}</td></tr>`;
    sheet.innerHTML = `<table class="ledger" data-sortable data-filter="Trial"><thead><tr><th scope="col">Name</th>`
        + `<th scope="col">Version</th><th scope="col" class="number">Age</th></tr></thead><tbody>`
        + rows.map(row => line(...row)).join("") + `</tbody></table>`;
    document.querySelector(".md-content__inner").replaceChildren(sheet);
    const script = document.createElement("script");
    script.src = document.querySelector("script[src*='tables.js']").src;
    document.head.append(script);
    return new Promise(done => script.addEventListener("load", () => done(true)));
}"""


def ask(page: Page, words: str) -> list[str]:
    """Find `words`; return the headings of what was found."""
    page.locator("#find-words").fill(words)
    page.wait_for_function(
        "words => new URLSearchParams(location.hash.slice(1)).get('q') === words"
        " && /found|Type/.test(document.querySelector('.find-status').textContent)",
        arg=words,
    )
    return page.locator(f"{FOUND} h2").all_inner_texts()


def column(page: Page, number: int) -> list[str]:
    return page.locator(f"table.ledger tbody tr:not([hidden]):not(.off-page) > :nth-child({number})").all_inner_texts()


def test_every_kind_of_thing_is_found_and_leads_to_its_page(
    demo_address: str, demo_site: Path, look: Callable[..., Look]
) -> None:
    one = look(viewport=WIDE)
    one.page.goto(demo_address + "find.html")
    heads = ask(one.page, "checkout")
    assert [head.split()[0] for head in heads] == ["Components", "Releases", "Versions", "Other"]
    first = one.page.locator(f"{FOUND} .find-name a").first
    assert str(first.evaluate("link => link.href")).endswith("components/checkout.html")
    assert ask(one.page, "1.9.0")[0].startswith("Versions")
    assert ask(one.page, "production-20")[0].startswith("Releases")
    one.page.locator("#find-words").press("Enter")
    one.page.wait_for_url("**/releases/production-20.html")
    commit = one.page.locator("code.digest[data-copy]").first.get_attribute("data-copy") or ""
    one.page.goto(demo_address + "find.html#q=" + commit[:9])
    one.page.wait_for_selector(FOUND)
    assert one.page.locator(f"{FOUND} h2").first.inner_text().startswith("Commits and digests")
    targets = one.page.locator(".find-results a").evaluate_all("links => links.map(link => link.href.split('#')[0])")
    assert targets
    assert [target for target in targets if not (demo_site / target.removeprefix(demo_address)).is_file()] == []
    assert one.seen.everything == []


def test_all_links_of_a_wide_query_lead_somewhere(
    demo_address: str, demo_site: Path, look: Callable[..., Look]
) -> None:
    one = look(viewport=WIDE)
    one.page.goto(demo_address + "find.html#q=production")
    one.page.wait_for_selector(FOUND)
    for words in ("production", "staging", "1.1", "storefront 1"):
        ask(one.page, words)
        links = one.page.locator(".find-results a").evaluate_all("links => links.map(link => link.href)")
        assert links
        for link in links:
            path, _, place = link.removeprefix(demo_address).partition("#")
            assert (demo_site / path).is_file()
            assert not place or f'id="{place}"' in (demo_site / path).read_text("utf-8")
    assert one.seen.everything == []


def test_words_narrow_and_what_is_not_there_is_said(demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto(demo_address + "find.html")

    def total() -> int:
        return int(one.page.locator(STATUS).inner_text().split()[0])

    ask(one.page, "checkout")
    every = total()
    ask(one.page, "checkout promote")
    assert 0 < total() < every
    assert ask(one.page, "nowhere-to-be-found") == []
    assert one.page.locator(STATUS).inner_text().startswith("Nothing found")
    assert ask(one.page, "c") == []
    assert "two letters" in one.page.locator(STATUS).inner_text()
    assert one.page.locator("[data-find-rest]").is_hidden()
    one.page.locator("#find-words").press("Escape")
    one.page.wait_for_function("() => !location.hash")
    assert one.page.locator("[data-find-rest]").is_visible()
    assert one.seen.everything == []


def test_find_is_one_key_away_and_goes_by_keyboard_alone(demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto(demo_address + "releases/production-20.html")
    one.page.keyboard.press("/")
    one.page.wait_for_url("**/find.html")
    one.page.wait_for_function("() => document.activeElement.id === 'find-words'")
    one.page.keyboard.type("checkout")
    one.page.wait_for_selector(FOUND)
    one.page.keyboard.press("ArrowDown")
    one.page.keyboard.press("ArrowDown")
    focused = "document.activeElement.textContent"
    second = one.page.evaluate(focused)
    one.page.keyboard.press("ArrowUp")
    assert one.page.evaluate(focused) != second
    one.page.keyboard.press("ArrowUp")
    assert one.page.evaluate("document.activeElement.id") == "find-words"
    one.page.keyboard.press("ArrowDown")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/components/checkout.html")
    assert one.seen.everything == []


def test_the_theme_search_leads_on_to_find(demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto(demo_address + "index.html")
    one.page.locator(".md-search__input").click()
    one.page.locator(".md-search__input").press_sequentially("checkout 1.9")
    one.page.locator(".find-onward").click()
    one.page.wait_for_url("**/find.html#q=*")
    one.page.wait_for_selector(FOUND)
    assert one.page.locator("#find-words").input_value() == "checkout 1.9"
    assert one.seen.everything == []


def test_the_filter_of_releases_stands_in_the_address(demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto(demo_address + "releases/index.html#kind=rollback&component=checkout&order=oldest")
    rows = one.page.locator(".finder tbody tr")
    rows.first.wait_for()
    times = rows.locator("time").evaluate_all("times => times.map(time => time.dateTime)")
    assert times == sorted(times)
    assert {kind.strip() for kind in rows.locator(".kind").all_inner_texts()} == {"rollback"}
    one.page.locator(".finder").get_by_label("Kind").select_option("")
    one.page.wait_for_function("() => !location.hash.includes('kind')")
    assert "component=checkout" in one.page.url
    one.page.locator(".finder").get_by_role("button", name="Show all").click()
    one.page.wait_for_function("() => !location.hash")
    assert one.page.locator("#newest").is_visible()
    assert one.seen.everything == []


def test_a_long_table_turns_pages_sorts_versions_and_filters(demo_site: Path, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto(f"{demo_site.as_uri()}/drift.html")
    rows = [[f"part-{n}", f"1.{n % 13}.{n % 7}", str(n)] for n in range(250)]
    rows += [["last-of-all", "1.12.0-rc.1", "1,000"], ["plain", "2.0", ""]]
    one.page.evaluate(LONG_TABLE, rows)
    assert len(column(one.page, 1)) == 100
    one.page.get_by_role("button", name="Next 100").click()
    one.page.get_by_role("button", name="Next 100").click()
    assert len(column(one.page, 1)) == 52
    assert one.page.get_by_role("button", name="Next 100").is_disabled()
    one.page.get_by_role("button", name="Version").click()
    assert column(one.page, 2)[:2] == ["1.0.0", "1.0.0"]
    assert one.page.locator("th[aria-sort=ascending]").inner_text().startswith("Version")
    one.page.get_by_role("button", name="Version").click()
    versions = column(one.page, 2)
    assert versions[0] == "2.0"
    assert versions.index("1.12.0-rc.1") > max(at for at, version in enumerate(versions) if version == "1.12.0")
    one.page.get_by_role("button", name="Age").click()
    one.page.get_by_role("button", name="Age").click()
    assert column(one.page, 3)[:2] == ["1,000", "249"]
    one.page.get_by_role("button", name="Show all").click()
    assert column(one.page, 3)[-1] == ""
    one.page.locator(".filter input").fill("part-24")
    assert len(column(one.page, 1)) == 11
    assert one.page.locator(".filter [aria-live]").inner_text() == "11 of 252 rows"


def test_paper_shows_every_page_of_a_table(demo_site: Path, look: Callable[..., Look]) -> None:
    one = look(viewport=WIDE)
    one.page.goto(f"{demo_site.as_uri()}/drift.html")
    one.page.evaluate(LONG_TABLE, [[f"part-{n}", "1", str(n)] for n in range(250)])
    shown = "[...document.querySelectorAll('tbody tr')].filter(row => row.getClientRects().length).length"
    assert one.page.evaluate(shown) == 100
    one.page.emulate_media(media="print")
    assert one.page.evaluate(shown) == 250


def test_a_table_is_taken_away_without_formulas(demo_site: Path, look: Callable[..., Look], tmp_path: Path) -> None:
    one = look(viewport=WIDE, accept_downloads=True)
    one.page.goto(f"{demo_site.as_uri()}/drift.html")
    rows: list[list[Any]] = [[f"part-{n}", f"1.{n}", str(n)] for n in range(150)]
    rows[0] = ["=HYPERLINK(1)", 'a "b", c', "-3"]
    one.page.evaluate(LONG_TABLE, rows)
    one.page.locator(".filter input").fill("1")
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Download as CSV").click()
    assert download.value.suggested_filename == "trial.csv"
    download.value.save_as(tmp_path / "trial.csv")
    lines = (tmp_path / "trial.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines[:3] == ["Name,Version,Age", '\'=HYPERLINK(1),"a ""b"", c",-3', "part-1,1.1,1"]
    assert len(lines) == 152


@pytest.mark.parametrize("page", ["find.html#q=checkout", "releases/index.html#kind=rollback"])
def test_what_is_found_fits_a_phone(page: str, demo_address: str, look: Callable[..., Look]) -> None:
    one = look(viewport=NARROW)
    one.page.goto(demo_address + page)
    one.page.wait_for_selector(f"{FOUND}, .finder tbody tr")
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert one.page.evaluate(wider) <= 0
    assert one.seen.everything == []
