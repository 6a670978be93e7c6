"""The sites of real histories: whole, light, and with nothing that leads nowhere."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest
from support.evidence_facts import EXAMPLES, Facts, facts
from support.links import dead_links
from support.replay import gathered

from generator.site.build import build_site
from generator.site.names import release_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from generator.site.build import SiteReport

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]

HEAVIEST_RELEASE = 60_000
HEAVIEST = 400_000
"""Bytes of any page."""
HISTORIES = (
    "askem-orchestration",
    "deployment-charts",
    "flux-kustomize-helm",
    "metacpan-k8s",
    "online-boutique",
    "pangeo-cloud-federation",
    "sentry-self-hosted",
    "web-monitoring-ops",
)
ENGINES = {"askem-orchestration": "kustomize", "flux-kustomize-helm": "kustomize", "metacpan-k8s": "kustomize"}
"""What has to be installed to read a history whole."""
NEWEST = {"deployment-charts": 700}
"""Commits of which a site is made where all of them make more than seven thousand release pages."""
TITLE = re.compile(r"<title>([^<]*)</title>")


class Site(NamedTuple):
    """One history's site."""

    found: Facts
    folder: Path
    report: SiteReport

    def pages(self) -> Iterator[tuple[str, Path]]:
        """Yield path and file of each page, those of the evidence left out."""
        for path in sorted(self.folder.rglob("*.html")):
            yield path.relative_to(self.folder).as_posix(), path

    @property
    def releases(self) -> set[str]:
        """Paths of the pages that the evidence asks for: one for each production deployment."""
        production = {e["name"] for e in self.found.summary["environments"] if e["production"]}
        return {release_page(d["id"]) for d in self.found.deployments if d["environment"] in production}


@pytest.fixture(scope="module", params=HISTORIES)
def site(
    request: pytest.FixtureRequest, real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Build the site of a history, of the evidence that other tests read too; thousands of pages don't stay."""
    name = request.param
    folder = tmp_path_factory.mktemp(name) / "site"
    if name in NEWEST:
        found = newest(name, real_history(name), folder.with_name("evidence"))
    else:
        found = facts(name, real_history, tmp_path_factory, engine=ENGINES.get(name, ""))
    yield Site(found, folder, build_site(found.folder, folder, jobs=2))
    shutil.rmtree(folder)


def newest(name: str, repository: Path, folder: Path) -> Facts:
    """Return the evidence of the newest commits of a history."""
    gathered(repository, folder, EXAMPLES / f"{name}.yaml", limit=NEWEST[name])
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    with (folder / "deployments.jsonl").open(encoding="utf-8") as file:
        return Facts(folder, summary, [json.loads(line) for line in file])


def test_no_link_leads_nowhere(site: Site) -> None:
    dead, looked_at = dead_links(site.folder)
    assert dead[:20] == []
    assert looked_at > len(site.releases)


def test_each_release_has_its_page_and_no_other_has_one(site: Site) -> None:
    others = re.compile(r"releases/(?:index|month-.*|next-.*)\.html")
    there = {page for page, _ in site.pages() if page.startswith("releases/") and not others.fullmatch(page)}
    assert there == site.releases
    assert site.report.pages.get("release", 0) == len(there)


def test_pages_are_light(site: Site) -> None:
    sizes = {page: path.stat().st_size for page, path in site.pages()}
    assert {page: sizes[page] for page in site.releases if sizes[page] > HEAVIEST_RELEASE} == {}
    assert {page: size for page, size in sizes.items() if size > HEAVIEST} == {}


def test_every_page_has_a_title_of_its_own(site: Site) -> None:
    titles: dict[str, str] = {}
    for page, path in site.pages():
        found = TITLE.search(path.read_text("utf-8"))
        titles[page] = found[1].strip() if found else ""
    assert [page for page, title in titles.items() if not title] == []
    releases = [titles[page] for page in sorted(site.releases)]
    assert len(set(releases)) == len(releases)
