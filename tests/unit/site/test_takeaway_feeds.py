"""Feeds are what their standards ask for, and keep their ids in every build and at every address."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from defusedxml.ElementTree import parse
from unit.site.synthetic import write_evidence
from unit.site.takeaway_context import context_of

from generator.site.index import Index
from generator.site.takeaway.feeds import MOST, entry_id, write_feeds

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from generator.site.context import Context

ATOM = "{http://www.w3.org/2005/Atom}"
URL = "https://reports.example.com/shop/"
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})")


@pytest.fixture(scope="module")
def shop(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(shop_evidence, tmp_path_factory.mktemp("drawn"))


def _root(path: Path) -> Element:
    found = parse(path).getroot()
    assert found is not None
    return found


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize("url", ["", URL])
def test_atom_has_what_its_standard_asks_for(shop: Context, tmp_path: Path, url: str) -> None:
    write_feeds(shop, tmp_path, url)
    for path, way in ((tmp_path / "releases.atom", ""), (tmp_path / "feeds" / "production.atom", "../")):
        feed = _root(path)
        assert feed.tag == f"{ATOM}feed"
        for name in ("id", "title", "updated"):
            assert len(feed.findall(f"{ATOM}{name}")) == 1
        assert feed.findtext(f"{ATOM}author/{ATOM}name")
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links["alternate"] == f"{url or way}index.html"
        entries = feed.findall(f"{ATOM}entry")
        assert len(entries) == min(MOST, len(shop.index.releases))
        ids = [entry.findtext(f"{ATOM}id") for entry in entries]
        assert len(set(ids)) == len(ids)
        assert all(str(one).startswith("urn:uuid:") for one in ids)
        for entry in entries:
            assert TIME.fullmatch(entry.findtext(f"{ATOM}updated") or "")
            link = entry.find(f"{ATOM}link")
            assert link is not None
            assert str(link.get("href")).startswith(f"{url or way}releases/")


def test_newest_release_stands_first(shop: Context, tmp_path: Path) -> None:
    write_feeds(shop, tmp_path, URL)
    newest = shop.index.releases[-1]
    item = _json(tmp_path / "feed.json")["items"][0]
    assert item["url"] == f"{URL}releases/{newest.id}.html"
    assert item["id"] == entry_id(newest.environment, newest.commit)
    assert newest.verdict in item["title"]


def test_json_feed_has_what_its_version_asks_for(shop: Context, tmp_path: Path) -> None:
    write_feeds(shop, tmp_path, URL)
    feed = _json(tmp_path / "feed.json")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == f"{URL}feed.json"
    for item in feed["items"]:
        assert item["id"]
        assert item["content_text"]
        assert TIME.fullmatch(item["date_published"])


def test_ids_depend_on_no_address(shop: Context, tmp_path: Path) -> None:
    for name, url in (("one", ""), ("other", URL)):
        (tmp_path / name).mkdir()
        write_feeds(shop, tmp_path / name, url)
    one, other = _json(tmp_path / "one" / "feed.json"), _json(tmp_path / "other" / "feed.json")
    assert [item["id"] for item in one["items"]] == [item["id"] for item in other["items"]]
    assert "feed_url" not in one


def test_hostile_text_is_text_in_both(tmp_path: Path) -> None:
    context = context_of(write_evidence(tmp_path / "evidence", 12, hostile=True), tmp_path / "drawn")
    write_feeds(context, tmp_path, URL)
    text = (tmp_path / "releases.atom").read_text("utf-8")
    assert "<script" not in text
    assert "<script>" in (_root(tmp_path / "releases.atom").findtext(f"{ATOM}title") or "")


def test_a_report_without_releases_has_an_empty_feed(shop: Context, tmp_path: Path) -> None:
    write_feeds(replace(shop, index=Index()), tmp_path, "")
    assert _json(tmp_path / "feed.json")["items"] == []
    assert _root(tmp_path / "releases.atom").findall(f"{ATOM}entry") == []
