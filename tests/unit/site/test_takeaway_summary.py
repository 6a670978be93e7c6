"""`summary.md` says what stands, fits into a job's summary, and holds no markup but ours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from markdown import markdown
from unit.site.synthetic import write_evidence
from unit.site.takeaway_context import context_of

from generator.site.index import Index
from generator.site.takeaway.markdown import APART, code, cut, linked, plain, table
from generator.site.takeaway.summary_markdown import summary_markdown

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.context import Context

URL = "https://reports.example.com/shop"


@pytest.fixture(scope="module")
def shop(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(shop_evidence, tmp_path_factory.mktemp("drawn"))


def test_it_says_what_stands_in_production(shop: Context) -> None:
    text = summary_markdown(shop, URL)
    newest = shop.index.releases[-1]
    assert f"{URL}/releases/{newest.id}.html" in text
    for words in (
        "**State**",
        "**Newest release**",
        "**Gates**",
        "**What waits in staging**",
        "**Findings**",
        "**Drift**",
    ):
        assert words in text


def test_without_an_address_nothing_is_linked(shop: Context) -> None:
    assert "](" not in summary_markdown(shop, "")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://example.com/x.png)", "**bold** _it_",
        "`code`", "a | b | c", "~~gone~~", "&lt;b&gt;", "\\*", "# heading", "line\nbreak", "https://example.com/a",
        "www.example.com", "$x^2$",
    ],
)  # fmt: skip
def test_text_of_a_repository_is_no_markup(text: str) -> None:
    drawn = markdown(f"Said: {plain(text)}.", extensions=["tables"])
    assert drawn.startswith("<p>Said: ")
    assert "<" not in drawn.removeprefix("<p>").removesuffix("</p>")
    assert "\n" not in plain(text)


def test_what_a_forge_would_link_is_broken_up() -> None:
    apart = APART.removeprefix("\\1")
    assert f"@{apart}octocat" in plain("thanks @octocat")
    assert f"#{apart}12" in plain("closes #12")
    assert plain("see https://example.com") == "see https\\://example.com"
    assert "www." not in plain("see WWW.example.com").lower()


def test_cells_can_not_leave_their_table() -> None:
    lines = table(["A", "B"], [[plain("x | y\n| z"), plain("`|`")]])
    drawn = markdown("\n".join(lines), extensions=["tables"])
    assert drawn.count("<td>") == 2


def test_hostile_report_draws_no_element_of_its_own(tmp_path: Path) -> None:
    context = context_of(write_evidence(tmp_path / "evidence", 30, hostile=True), tmp_path / "drawn")
    text = summary_markdown(context, URL)
    assert "<script" not in markdown(text, extensions=["tables"])
    assert "\\<script\\>" in text


def test_it_is_cut_to_what_fits_and_says_so() -> None:
    text = cut((f"line {number}" for number in range(100_000)), 10_000)
    assert len(text.encode()) <= 10_000
    assert text.startswith("line 0\nline 1\n")
    assert "lines are left out" in text
    assert cut(["whole"], 10_000) == "whole\n"


def test_long_texts_are_cut() -> None:
    assert plain("x" * 1000).endswith("…")
    assert code("3f9a1c2") == "`3f9a1c2`"
    assert code("`x`") == "\\`x\\`"
    assert linked("a]b", "https://example.com/") == "[a\\]b](<https://example.com/>)"


def test_an_environment_without_releases_says_so(shop: Context) -> None:
    assert "Nothing was deployed here yet." in summary_markdown(replace(shop, index=Index()), "")
