"""The page of what waits for production, of the demo and of the synthetic shop."""

from __future__ import annotations

import re
import shutil
from html import unescape
from typing import TYPE_CHECKING

import pytest

from generator.evidence.reading import Evidence
from generator.site.build import build_site

if TYPE_CHECKING:
    from pathlib import Path

    from support.replay import Gathered


@pytest.fixture(scope="module")
def site(demo: Gathered, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("next") / "site"
    build_site(demo.folder, folder)
    return folder


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<wbr>|<[^>]+>", lambda m: "" if m[0] == "<wbr>" else " ", html)).split())


def page(site: Path, name: str = "next-production") -> str:
    return (site / "releases" / f"{name}.html").read_text("utf-8")


def section(html: str, name: str) -> str:
    found = re.search(rf'<h2 id="{name}">.*?</section>', html, re.DOTALL)
    assert found, name
    return found[0]


def test_the_verdict_comes_first_and_the_layout_is_that_of_a_release(site: Path) -> None:
    html = page(site)
    marks = ['class="verdict"', 'class="summary"', 'id="changes"', 'id="topology"', 'id="gates"', 'id="validation"']
    order = [html.index(mark) for mark in (*marks, 'id="drift"', 'id="open"', 'id="evidence"')]
    assert order == sorted(order)
    assert "No-go: gate drift would fail; gates approval and tests are missing." in plain(html)


def test_the_page_says_what_the_record_holds(site: Path) -> None:
    record = Evidence(site / "evidence").next_release("production")
    assert record is not None
    html = page(site)
    outcomes = re.findall(r'class="outcome outcome-([a-z-]+)"', section(html, "gates"))
    assert outcomes == [gate.outcome.replace(" ", "-") for gate in record.gates]
    (change,) = record.changes
    assert change.new is not None
    assert change.new.rpartition(":")[2] in plain(section(html, "changes"))
    counting = [row for row in record.stays if not row.expected and row.exempt is None]
    assert f"Would stay {len(counting)} differences" in plain(section(html, "drift"))
    assert f"{len(record.ends)} would end, {len(counting)} would stay" in plain(html)


def test_what_waits_is_marked_in_the_picture(site: Path) -> None:
    html = section(page(site), "topology")
    pictures = re.findall(r'src="\.\./(assets/diagrams/[0-9a-f]+\.svg)"', html)
    assert pictures
    assert all((site / name).is_file() for name in pictures)
    assert 'class="change change-changed"' in html


def test_the_newest_release_leads_to_what_waits_and_others_do_not(site: Path) -> None:
    names = sorted((site / "releases").glob("production-*.html"), key=lambda p: int(p.stem.rpartition("-")[2]))
    newest, before = page(site, names[-1].stem), page(site, names[-2].stem)
    assert 'href="../releases/next-production.html"' in newest
    assert 'href="../releases/next-production.html"' not in section(before, "changes") + before.partition("<h2")[0]
    assert f'href="../releases/{names[-1].name}"' in page(site)


def test_evidence_that_does_not_look_ahead_is_told(demo: Gathered, tmp_path: Path) -> None:
    shutil.copytree(demo.folder, tmp_path / "evidence")
    shutil.rmtree(tmp_path / "evidence" / "objects" / "next")
    build_site(tmp_path / "evidence", tmp_path / "site")
    told = plain(page(tmp_path / "site"))
    assert "Not assessed: the evidence was made by a version that did not look ahead; build it again." in told


def test_both_pages_have_the_bar(site: Path) -> None:
    for name in ("next-production", "production-1"):
        html = page(site, name)
        assert 'data-release-actions="' in html
        assert 'href="#evidence"' in html
        assert 'id="verify"' in html
        assert "assets/javascripts/release.js" in html
