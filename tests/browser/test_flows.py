"""Questions that people come with, each answered in at most three clicks from home."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from browser.conftest import Look
    from playwright.sync_api import Locator, Page, ViewportSize

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 900}
MOST_CLICKS = 3


class Visitor:
    """Somebody who begins at home, and whose clicks count."""

    def __init__(self, look: Look, address: str) -> None:
        self.page: Page = look.page
        self._look = look
        self.clicks = 0
        self.page.goto(address + "index.html", wait_until="load")

    def click(self, what: Locator) -> None:
        """Press or follow something that is in sight."""
        self.clicks += 1
        what.first.click()
        self.page.wait_for_load_state("load")

    def arrived(self) -> None:
        """Judge the way: short enough, and nothing went wrong on it."""
        assert self.clicks <= MOST_CLICKS
        assert self._look.seen.everything == []


@pytest.fixture
def visitor(demo_address: str, look: Callable[..., Look]) -> Visitor:
    return Visitor(look(viewport=WIDE), demo_address)


def test_why_did_the_last_release_fail(visitor: Visitor) -> None:
    page = visitor.page
    visitor.click(page.locator("main a[href*='#failed']"))
    expect(page.locator("#failed")).to_be_in_viewport()
    expect(page.locator("main")).to_contain_text("deployment suspected")
    expect(page.locator("main")).to_contain_text("catalogue.env.DATABASE_URL")
    visitor.arrived()


def test_what_would_the_next_release_change(visitor: Visitor) -> None:
    page = visitor.page
    visitor.click(page.locator("main a[href='releases/next-production.html']"))
    row = page.get_by_role("row").filter(has_text="checkout").filter(has_text="1.13.0")
    expect(row.first).to_be_visible()
    expect(row.first).to_contain_text("1.12.1")
    visitor.arrived()


def test_who_approved_the_change_of_a_component_in_march(visitor: Visitor) -> None:
    page = visitor.page
    visitor.click(page.get_by_role("link", name="Assurance"))
    visitor.click(page.get_by_role("link", name="Audit", exact=True))
    visitor.click(page.locator("main a").filter(has_text="March 2026"))
    row = page.get_by_role("row").filter(has_text="catalogue").filter(has_text="2026-03")
    expect(row.first).to_be_visible()
    expect(row.first).to_contain_text("Priya Raman trailer Approved-by")
    visitor.arrived()


def test_what_differs_between_staging_and_production(visitor: Visitor) -> None:
    page = visitor.page
    visitor.click(page.get_by_role("link", name="Environments"))
    visitor.click(page.get_by_role("link", name="Compare", exact=True))
    row = page.get_by_role("row").filter(has_text="checkout").filter(has_text="1.13.0")
    expect(row.first).to_contain_text("1.12.1")
    visitor.arrived()


def test_production_on_a_given_date(visitor: Visitor) -> None:
    page = visitor.page
    visitor.click(page.get_by_role("link", name="Environments"))
    page.locator("main input[type='date'], main input[type='datetime-local']").first.fill("2026-03-02T12:00")
    row = page.get_by_role("row").filter(has_text="storefront").first
    expect(row).not_to_contain_text("3.6.2")
    expect(page).to_have_url(re.compile("at=2026-03-02"))
    visitor.arrived()
