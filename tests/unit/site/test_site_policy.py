"""The content security policy of a page."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest

from generator.site.policy import policy, protect, protected

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (
    '<head><meta charset="utf-8"><script>one()</script><script src="a.js"></script></head>'
    '<script type="application/json">{"a": 1}</script><script>two()</script><script>one()</script>'
)


def digest(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def test_a_page_runs_its_own_inline_scripts_and_no_other() -> None:
    (scripts,) = [part for part in policy(PAGE).split("; ") if part.startswith("script-src")]
    assert scripts == f"script-src 'self' file: {digest('one()')} {digest('two()')}"
    assert "unsafe-eval" not in policy(PAGE)
    assert policy(PAGE).startswith("default-src 'none'; ")


def test_what_stands_in_the_article_does_not_run() -> None:
    text = "<script>bad()</script></article><script>worse()</script><article>"
    html = f"{PAGE}<main><article>{text}</article></main><script>three()</script>"
    assert digest("three()") in policy(html)
    assert digest("one()") in policy(html)
    assert digest("bad()") not in policy(html)
    assert digest("worse()") not in policy(html)


def test_the_policy_stands_before_anything_that_it_is_about() -> None:
    html = protected(PAGE)
    assert html.index("Content-Security-Policy") < html.index("<script")
    assert html.replace(html[html.index("<meta http-equiv") : html.index("><script>one") + 1], "", 1) == PAGE


def test_a_page_that_brings_a_policy_keeps_it(tmp_path: Path) -> None:
    own = '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src https:">'
    (tmp_path / "own.html").write_text(own, "utf-8")
    (tmp_path / "other.html").write_text(PAGE, "utf-8")
    protect(tmp_path)
    assert (tmp_path / "own.html").read_text("utf-8") == own
    assert (tmp_path / "other.html").read_text("utf-8") == protected(PAGE)


@pytest.mark.parametrize(
    "said",
    [
        "<title>http-equiv=Content-Security-Policy</title>",
        '<meta name="description" content="of http-equiv=Content-Security-Policy">',
        "<p>&lt;meta http-equiv=Content-Security-Policy&gt;</p>",
    ],
)
def test_a_text_that_reads_like_a_policy_is_none(said: str, tmp_path: Path) -> None:
    page = PAGE.replace("</head>", f"{said}</head>", 1) if "</head>" in PAGE else f"{PAGE}{said}"
    (tmp_path / "page.html").write_text(page, "utf-8")
    protect(tmp_path)
    assert (tmp_path / "page.html").read_text("utf-8") == protected(page)
