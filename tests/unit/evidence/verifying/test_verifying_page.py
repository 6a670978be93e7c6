from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from support.manifests import deployment
from support.replay import Silent, write_trees

from generator.errors import RefusedError
from generator.evidence.verifying.page import verify_page
from generator.pipeline.building import build
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
environments:
  production: {path: deploy, production: true}
"""
TREES = [{"assay.yaml": CONFIG, "deploy/api.yaml": deployment(image=f"shop/api:{n}")} for n in (1, 2)]
PAGE = "releases/production-2.html"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    build(Request(write_trees(folder / "repository", TREES)), folder / "site", Silent(), lambda: 0.0)
    return folder / "site"


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "site")
    return tmp_path / "site"


@pytest.mark.parametrize(
    ("page", "record"),
    [
        (PAGE, "production-2 as it stands in deployments.jsonl"),
        ("index.html", "summary.json as it stands in summary.json"),
        ("checks.html", "summary.json as it stands in summary.json"),
    ],
)
def test_a_page_is_that_of_the_site_and_shows_its_record(page: str, record: str, site: Path) -> None:
    verdict = verify_page(site / page)
    assert verdict.good
    assert any(record in sentence for sentence in verdict.checked)


def test_every_page_of_a_topology_names_the_line_of_its_list(site: Path) -> None:
    pages = sorted((site / "topologies").glob("[0-9a-f]*.html"))
    assert len(pages) == 2
    for page in pages:
        verdict = verify_page(page)
        assert verdict.good
        assert any("objects/topology/production.jsonl:" in sentence for sentence in verdict.checked)


def test_an_edited_page_is_named(site: Path) -> None:
    page = site / PAGE
    page.write_bytes(page.read_bytes().replace(b"shop/api:2", b"shop/api:3"))
    (mismatch,) = verify_page(page).mismatches
    assert mismatch.path == str(page)
    assert mismatch.reason.startswith("changed: ")


def test_a_page_of_another_record_is_named(site: Path) -> None:
    page, other = site / PAGE, site / "releases/production-1.html"
    page.write_bytes(other.read_bytes())
    assert [mismatch.path for mismatch in verify_page(page).mismatches] == [str(page)]


def test_a_copy_elsewhere_is_checked_against_the_site_given(site: Path, tmp_path: Path) -> None:
    copy = tmp_path / "received.html"
    shutil.copyfile(site / PAGE, copy)
    with pytest.raises(RefusedError, match="lies in no site"):
        verify_page(copy)
    verdict = verify_page(copy, site)
    assert verdict.good
    assert any(PAGE in sentence for sentence in verdict.checked)
    copy.write_bytes(copy.read_bytes() + b" ")
    (mismatch,) = verify_page(copy, site).mismatches
    assert "no page of the site" in mismatch.reason


def test_a_copy_against_a_bundle_alone_is_checked_by_its_record(site: Path, tmp_path: Path) -> None:
    copy = tmp_path / "received.html"
    text = (site / PAGE).read_text("utf-8")
    copy.write_text(text, "utf-8")
    verdict = verify_page(copy, site / "evidence")
    assert verdict.good
    assert any("only a site says" in sentence for sentence in verdict.not_checked)
    for old, new, reason in (
        ('content="production-2 ', 'content="production-1 ', "shows another record"),
        ('content="production-2 ', 'content="production-9 ', "has none"),
        ('content="production-2 ', 'content="objects/topology/production.jsonl:1 ', "shows another record"),
        ('content="production-2 ', 'content="../../x.jsonl:1 ', "has none"),
        ("</head>", '<meta name="assay-record" content="x y"></head>', "several records"),
    ):
        assert old in text
        copy.write_text(text.replace(old, new, 1), "utf-8")
        (mismatch,) = verify_page(copy, site / "evidence").mismatches
        assert reason in mismatch.reason


def test_a_record_that_was_changed_is_named_and_not_the_page(site: Path) -> None:
    path = site / "evidence" / "deployments.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Step 2", b"Step 3"))
    assert [mismatch.path for mismatch in verify_page(site / PAGE).mismatches] == ["deployments.jsonl"]


def test_an_added_page_is_named(site: Path) -> None:
    page = site / "releases" / "production-3.html"
    shutil.copyfile(site / PAGE, page)
    (mismatch,) = verify_page(page).mismatches
    assert mismatch.reason == "added: site.json does not list it"
