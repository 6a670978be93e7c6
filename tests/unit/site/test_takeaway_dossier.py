"""A dossier holds what the site says, for paper, from its own files alone, and the same bytes each time."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from markupsafe import Markup
from unit.site.synthetic import write_evidence
from unit.site.takeaway_context import context_of

from generator.errors import UsageError
from generator.site.sources import template_folders
from generator.site.takeaway import paper
from generator.site.takeaway.dossier import chapters, for_paper
from generator.site.takeaway.dossier_period import period_dossier
from generator.site.takeaway.dossier_release import release_dossier
from generator.site.takeaway.paper import BASE, to_pdf
from generator.site.takeaway.spans import span_of
from generator.site.templating import Templates

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.context import Context


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(template_folders(()))


@pytest.fixture(scope="module")
def shop(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(shop_evidence, tmp_path_factory.mktemp("drawn") / "diagrams")


def test_a_release_has_its_cover_chapters_and_digest(shop: Context, templates: Templates) -> None:
    release = shop.index.releases[-1]
    html = release_dossier(shop, templates, release)
    assert str(Markup.escape(release.verdict)) in html
    assert f"Version {release.digest}" in html
    for anchor in ("changes", "topology", "gates", "validation", "drift", "evidence", "how-to-verify"):
        assert f'<a href="#{anchor}">' in html
        assert f'id="{anchor}"' in html


def test_no_link_leads_nowhere(shop: Context, templates: Templates) -> None:
    html = release_dossier(shop, templates, shop.index.releases[-1])
    assert all(link.startswith("#") for link in re.findall(r'<a\b[^>]*\shref="([^"]*)"', html))
    assert set(re.findall(r'\shref="#([^"]*)"', html)) <= set(re.findall(r'\sid="([^"]*)"', html))
    assert "<script" not in html
    assert "<nav" not in html
    assert "on-dark" not in html.partition("</style>")[2]


def test_a_period_tells_every_release_of_it_and_no_other(shop: Context, templates: Templates) -> None:
    at = shop.index.releases[-1].at
    span = span_of(at[:7])
    assert span is not None
    html = period_dossier(shop, templates, span)
    for row in shop.index.releases:
        assert (f'<h3 id="{row.id}">' in html) == row.at.startswith(at[:7])
    assert "Change fail rate" in html
    assert "How to verify" in html


def test_a_period_without_releases_names_those_that_there_are(shop: Context, templates: Templates) -> None:
    span = span_of("1999")
    assert span is not None
    with pytest.raises(UsageError, match=r"nothing was released in 1999 .*releases are from 2025-"):
        period_dossier(shop, templates, span)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-q4", "2026-10-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-01-05..2026-01-05", "2026-01-05", "2026-01-05"),
        ("9999-12", "9999-12-01", "9999-12-30"),
    ],
)
def test_periods_are_calendar_periods(text: str, first: str, last: str) -> None:
    span = span_of(text)
    assert span is not None
    assert (span.first, span.last) == (first, last)
    assert span.holds(f"{first}T00:00:00Z")
    assert not span.holds("")


@pytest.mark.parametrize("text", ["2026-13", "2026-Q5", "2026-00", "0000", "2026-02-30..2026-03-01", "x..y", ".."])
def test_what_looks_like_a_period_and_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="write it like 2026"):
        span_of(text)


def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(UsageError, match="earlier day first"):
        span_of("2026-03-01..2026-01-01")


@pytest.mark.parametrize("text", ["production-12", "v1.4.0", "production@2026-08-21", ""])
def test_other_names_are_no_period(text: str) -> None:
    assert span_of(text) is None


def test_paper_keeps_only_what_it_can_use() -> None:
    html = Markup(
        '<nav class="turn"><a href="x.html">back</a></nav><h2 id="a">A <em>b</em></h2><a href="#a">here</a>'
        '<a class="c" href="../x.html">there</a><a href="#gone">gone</a><button>copy</button>'
        '<img class="on-dark" src="x"><img class="on-light" src="y">'
    )
    text = for_paper(html)
    expected = '<h2 id="a">A <em>b</em></h2><a href="#a">here</a><a class="c">there</a><a>gone</a>'
    assert text == f'{expected}<img class="on-light" src="y">'
    assert [(one.anchor, one.text, one.level) for one in chapters(text)] == [("a", "A b", 2)]


def test_hostile_text_stays_text(tmp_path: Path, templates: Templates) -> None:
    context = context_of(write_evidence(tmp_path / "evidence", 12, hostile=True), tmp_path / "diagrams")
    for html in (
        release_dossier(context, templates, context.index.releases[-1]),
        period_dossier(context, templates, span_of("2025") or pytest.fail("no period")),
    ):
        assert "<script" not in html
        assert "&lt;script&gt;" in html


def test_without_the_engine_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(paper, "import_module", absent)
    with pytest.raises(UsageError, match=r"pip install 'assay\[pdf\]'") as refused:
        to_pdf("<p>", tmp_path)
    assert "\n" not in str(refused.value)


def test_the_same_html_makes_the_same_tagged_pdf(shop: Context, templates: Templates, tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    html = release_dossier(shop, templates, shop.index.releases[-1])
    pictures = tmp_path / "diagrams"
    first = to_pdf(html, pictures)
    time.sleep(1.1)
    assert to_pdf(html, pictures) == first
    assert first.startswith(b"%PDF-")
    assert len(first) > 10_000


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("weasyprint")
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")

    def refuse(*_given: object, **_named: object) -> None:
        pytest.fail("something was fetched")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", refuse)
    asked = [secret.as_uri(), "http://127.0.0.1:9/x.svg", f"{BASE}assets/diagrams/../secret.svg", "data:image/png,x"]
    images = "".join(f'<img alt="" src="{address}">' for address in asked)
    html = f'<html lang="en"><title>T</title><link rel="stylesheet" href="http://127.0.0.1:9/x.css"><p>x{images}'
    assert to_pdf(html, tmp_path / "diagrams").startswith(b"%PDF-")
    for address in asked:
        assert paper._read(address.removeprefix(BASE), tmp_path / "diagrams", None) is None  # noqa: SLF001 - what it refuses is the point
