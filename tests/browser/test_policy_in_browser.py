"""The content security policy holds, from disk and from a server, and stands in nobody's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from browser.conftest import Look

pytestmark = pytest.mark.browser
FOLDERS = ("releases", "topologies", "components", "environments", "audit")


def test_no_page_breaks_its_own_policy(demo_site: Path, demo_address: str, look: Callable[..., Look]) -> None:
    # The page of what is not found belongs to a server: its addresses begin at the root.
    pages = [path.name for path in sorted(demo_site.glob("*.html")) if path.name != "404.html"]
    pages += [f"{folder}/{min((demo_site / folder).glob('*.html')).name}" for folder in FOLDERS]
    one = look()
    for page in pages:
        one.page.goto(demo_address + page)
        one.page.wait_for_timeout(100)
    assert one.seen.everything == []


def test_a_script_that_got_into_a_page_does_not_run(demo_site: Path, tmp_path: Path, look: Callable[..., Look]) -> None:
    html = (demo_site / "404.html").read_text("utf-8")
    broken = html.replace("</body>", "<script>globalThis.pwned = 1</script><img src=x onerror='pwned = 1'></body>")
    (tmp_path / "page.html").write_text(broken, "utf-8")
    one = look()
    one.page.goto((tmp_path / "page.html").as_uri())
    one.page.wait_for_timeout(300)
    assert one.page.evaluate("typeof globalThis.pwned") == "undefined"
    assert any("Content Security Policy" in text for text in one.seen.everything)


def test_the_search_starts_with_the_first_search(demo_address: str, look: Callable[..., Look]) -> None:
    one = look()
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url.partition("?")[0]))
    one.page.goto(demo_address + "index.html")
    one.page.wait_for_timeout(500)
    assert not [address for address in asked if "search" in address]
    one.page.locator(".md-search__input").click()
    one.page.keyboard.type("checkout")
    one.page.locator(".md-search-result__item").first.wait_for()
    assert [address for address in asked if "search_index" in address]
    assert one.seen.everything == []
