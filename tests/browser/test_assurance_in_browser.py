"""The chooser of audit periods, the filter of the drift register and the help of checks, as a person uses them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

WIDE = {"width": 1280, "height": 900}


def test_who_approved_a_change_of_march_is_three_clicks_away(demo_site: Path, look: Callable[..., Any]) -> None:
    page = look(viewport=WIDE).page
    page.goto(f"{demo_site.as_uri()}/index.html", wait_until="load")
    page.click(".md-tabs >> text=Assurance")
    page.click(".section-pages >> text=Audit")
    page.click(".audit-periods >> text=March 2026")
    row = page.locator("tr", has_text="shop-db")
    assert "Mira Halvorsen" in row.locator("td[data-label='Approved by']").inner_text()


def test_a_period_is_chosen_and_adds_up(demo_site: Path, look: Callable[..., Any]) -> None:
    page = look(viewport=WIDE).page
    page.goto(f"{demo_site.as_uri()}/audit/index.html#from=2026-Q1&to=2026-Q1&component=checkout", wait_until="load")
    page.wait_for_selector(".audit-result tbody tr")
    assert page.locator(".audit-status").inner_text() == "7 of 18 changes of the period"
    assert page.locator(".audit-result tbody tr").count() == 7
    sums = [int(text.split()[0]) for text in page.locator(".audit-sums span").all_inner_texts()[:3]]
    assert sum(sums) == 7


def test_the_whole_register_is_filtered(demo_site: Path, look: Callable[..., Any]) -> None:
    page = look(viewport=WIDE).page
    page.goto(f"{demo_site.as_uri()}/drift.html", wait_until="load")
    page.select_option("[name=items]", "accepted")
    page.click(".drift-show")
    page.wait_for_selector(".drift-result tbody tr")
    assert page.locator(".drift-status").inner_text() == "1 item"
    assert "Jonah Pereira" in page.locator(".drift-result tbody tr").inner_text()


def test_a_link_opens_the_help_of_its_check(demo_site: Path, look: Callable[..., Any]) -> None:
    page = look(viewport=WIDE).page
    page.goto(f"{demo_site.as_uri()}/checks.html#missing-limits", wait_until="load")
    assert page.locator("details.check[open]").count() == 1
    assert page.locator("#missing-limits").is_visible()
