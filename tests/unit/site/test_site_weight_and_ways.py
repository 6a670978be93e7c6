"""The built demo: what home weighs, and that every page is near."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
import yaml

from generator.cli.progress import TerminalProgress
from generator.pipeline.showing import build_demo
from generator.site.engine import TITLES
from generator.site.slimming import PATCHES

MOST_BYTES = 300_000
LOADED_LATER = ("search/search_index.js", "search/search_index.json")
FOLDERS = ("releases", "topologies", "components", "environments", "audit")


class Seen(HTMLParser):
    """What a page loads at once, and where it leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.loads: set[str] = set()
        self.leads: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "script" and held.get("src"):
            self.loads.add(self._path(held["src"]))
        if tag == "link" and held.get("rel") in {"stylesheet", "icon"}:
            self.loads.add(self._path(held["href"]))
        if tag == "img" and held.get("loading") != "lazy":
            self.loads.add(self._path(held["src"]))
        if tag == "a" and held.get("href") and ":" not in str(held["href"]):
            self.leads.add(self._path(held["href"]))

    def _path(self, address: str | None) -> str:
        plain = str(address).partition("#")[0].partition("?")[0]
        return normpath(join(dirname(self.page), plain)) if plain else self.page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "site"
    build_demo(folder, None, TerminalProgress(quiet=True), lambda: 0.0)
    return folder


def seen(site: Path, page: str) -> Seen:
    parser = Seen(page)
    parser.feed((site / page).read_text("utf-8"))
    return parser


def test_home_weighs_at_most_300_kilobytes_with_all_it_loads(site: Path) -> None:
    files = {"index.html": 0} | dict.fromkeys(seen(site, "index.html").loads, 0)
    sizes = {name: (site / name).stat().st_size for name in files}
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    assert any("bundle" in name for name in sizes)
    assert any("tokens.css" in name for name in sizes)


def test_home_loads_no_search_before_anybody_searches(site: Path) -> None:
    assert not seen(site, "index.html").loads & set(LOADED_LATER)
    (bundle,) = (site / "assets/javascripts").glob("bundle.*.js")
    script = bundle.read_text("utf-8")
    assert all(words not in script and other in script for words, other in PATCHES)


def test_every_page_is_three_clicks_from_home_at_most(site: Path) -> None:
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")} - {"404.html"}
    found, near = {"index.html"}, {"index.html"}
    for _click in range(3):
        near = {lead for page in near for lead in seen(site, page).leads if lead in pages} - found
        found |= near
    assert pages - found == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_pages_of_a_section_lead_to_each_other(site: Path, folder: str) -> None:
    pages = sorted(path for path in (site / folder).glob("*.html") if path.name != "index.html")
    html = pages[0].read_text("utf-8")
    row = re.search(r'<nav class="section-pages".*?</nav>', html, flags=re.DOTALL)
    assert row is not None
    listing = "environments.html" if folder == "environments" else f"{folder}/index.html"
    current = re.findall(r'<a href="([^"]*)" aria-current="true">', row[0])
    assert [normpath(join(folder, one)) for one in current] == [listing]
    assert "md-tabs__item--active" in html
    assert len(re.findall("<a ", row[0])) > 1


def test_titles_of_the_navigation_are_in_the_catalogue() -> None:
    text = (Path(__file__).parents[3] / "site_src/mkdocs.yml").read_text("utf-8")
    config = yaml.safe_load(text)

    def titles(entries: list[dict[str, object]]) -> list[str]:
        told = []
        for entry in entries:
            for title, inner in entry.items():
                told += [title, *(titles(inner) if isinstance(inner, list) else [])]
        return told

    switches = [palette["toggle"]["name"] for palette in config["theme"]["palette"]]
    assert {*titles(config["nav"]), *switches} - set(TITLES) == set()
