"""A whole site of synthetic evidence: which pages it has, where they lead, and what they never hold."""

import gzip
import hashlib
import html
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from unit.site.synthetic import HOSTILE, write_evidence

from generator.errors import FaultError, RefusedError, UsageError
from generator.evidence.reading import Evidence
from generator.evidence.summary import Summary
from generator.site.build import SiteReport, build_site
from generator.site.settings import SiteSettings

ROOT = Path(__file__).parents[3]


class Links(HTMLParser):
    """What a page leads to and loads, and the places in it that others can lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.anchors |= {value for key in ("id", "name") if (value := named.get(key))}
        self.targets += [value for key in ("href", "src") if tag != "base" and (value := named.get(key))]


def pages(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*.html") if path.name != "404.html")


def text(site: Path, path: str) -> str:
    return (site / path).read_text("utf-8")


def digests(site: Path) -> dict[str, str]:
    files = (path for path in sorted(site.rglob("*")) if path.is_file())
    return {str(path.relative_to(site)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_release_month_and_topology_has_its_page(shop_build: tuple[Path, SiteReport]) -> None:
    site, report = shop_build
    records = list(Evidence(site / "evidence").deployments())
    releases = [record for record in records if record.environment == "production"]
    assert report.pages["release"] == len(releases) == 60
    assert all((site / "releases" / f"{record.id}.html").is_file() for record in releases)
    digest_names = {record.digest for record in releases} | {records[-2].digest, records[-1].digest}
    assert all((site / "topologies" / f"{name}.html").is_file() for name in digest_names)
    assert sum(report.pages.values()) == sum(1 for _ in site.rglob("*.html"))


def test_the_report_measures_stages_by_the_clock_given(shop_build: tuple[Path, SiteReport]) -> None:
    assert list(shop_build[1].seconds) == ["index", "diagrams", "frames", "pages", "evidence", "manifest"]
    assert all(seconds == 1.0 for seconds in shop_build[1].seconds.values())


def test_every_link_leads_somewhere_in_the_site(shop_site: Path) -> None:
    parsed = {path: Links(path.read_text("utf-8")) for path in pages(shop_site)}
    broken = []
    for path, links in parsed.items():
        for target in links.targets:
            name, _, anchor = target.partition("#")
            led_to = (path.parent / name).resolve() if name else path
            if (
                re.match(r"[a-z]+:|//", target)
                or not led_to.exists()
                or (anchor and led_to in parsed and anchor not in parsed[led_to].anchors)
            ):
                broken.append((path.name, target))
    assert broken == []


def test_topologies_of_old_releases_share_a_page_of_their_shape(
    tmp_path: Path, shop_evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.site.reached.OWN_PAGES", 3)
    report = build_site(shop_evidence, tmp_path / "site")
    records = [r for r in Evidence(shop_evidence).deployments() if r.environment == "production"]
    own = {record.digest for record in records[-3:]}
    names = {path.stem for path in (tmp_path / "site" / "topologies").glob("*.html")} - {"index"}
    assert own <= names
    assert report.pages["topology"] == len(names) < len({record.digest for record in records})
    shapes = names - {record.digest for record in Evidence(shop_evidence).deployments()}
    assert shapes
    assert all("every topology of this shape" in text(tmp_path / "site", f"topologies/{name}.html") for name in shapes)
    targets = Links(text(tmp_path / "site", f"releases/{records[0].id}.html")).targets
    assert [t for t in targets if "topologies/" in t and t.split("/")[-1].removesuffix(".html") in shapes]


def test_frames_are_gone_and_nothing_of_them_shows(shop_site: Path) -> None:
    assert not list(shop_site.rglob("frame.html"))
    assert [path for path in shop_site.rglob("*.*") if "html" in path.suffix and "assay-slot" in path.read_text()] == []
    assert "frame.html" not in text(shop_site, "search/search_index.json")


def test_a_release_page_says_what_happened(shop_site: Path) -> None:
    page = text(shop_site, "releases/production-9.html")
    assert "went back from" in page
    assert 'class="kind kind-rollback"' in page
    assert 'href="../releases/production-8.html"' in page
    assert re.search(r'<link rel="prev" href="production-8.html"> ?<link rel="next" href="production-10.html">', page)
    assert page.count("<h1") == 1
    assert "before this report" not in page
    assert "deployments.jsonl</a>, line " in page


def test_the_line_named_on_a_page_is_that_of_its_record(shop_site: Path) -> None:
    page = text(shop_site, "releases/production-20.html")
    line = int(re.findall(r"deployments.jsonl</a>, line (\d+)", page)[0])
    record = json.loads(text(shop_site, "evidence/deployments.jsonl").splitlines()[line - 1])
    assert record["id"] == "production-20"


def test_a_finding_is_new_then_standing_then_fixed(shop_site: Path) -> None:
    states = {
        number: re.findall(r'state-(\w+)">\w+</span></td><td data-label="Level"><span class="level level-error', page)
        for number in range(9, 13)
        if (page := text(shop_site, f"releases/production-{number}.html"))
    }
    assert states == {9: [], 10: ["new"], 11: ["standing"], 12: ["fixed"]}


def test_only_what_changed_is_marked_in_the_changed_part(shop_site: Path) -> None:
    page = text(shop_site, "releases/production-9.html")
    marked = re.findall(r'<th scope="row">([^<]+)</th><td data-label="Role">\w+</td><td data-label="Here"><span', page)
    assert marked == [re.findall(r'<p class="verdict">(\w+) went back', page)[0]]


def test_the_search_knows_releases_by_component(shop_site: Path) -> None:
    index = json.loads(text(shop_site, "search/search_index.json"))
    entries = {entry["location"]: entry for entry in index["docs"]}
    assert "went back" in entries["releases/production-9.html"]["text"]
    assert text(shop_site, "search/search_index.js") == f"var __index = {text(shop_site, 'search/search_index.json')}"


def test_the_filter_data_and_the_index_of_find_stand_where_their_pages_look(shop_site: Path) -> None:
    page = text(shop_site, "releases/index.html")
    source = re.findall(r'data-releases="\.\./([^"]+)"', page)[0]
    assert text(shop_site, source).startswith("globalThis.assayReleases={")
    assert json.loads(re.findall(r"data-environments='([^']*)'", page)[0]) == ["production"]
    folder = re.findall(r'data-find="([^"]+)"', text(shop_site, "find.html"))[0]
    assert text(shop_site, f"{folder}directory.js").startswith("globalThis.assayFind={")


def test_no_page_asks_another_host(shop_site: Path) -> None:
    loads = re.compile(r'(?:src|href)="(?:https?:)?//|url\((?:https?:)?//|@import')
    assert [path.name for path in shop_site.rglob("*.html") if loads.search(path.read_text("utf-8"))] == []


def test_every_check_has_its_help_where_findings_lead(shop_site: Path) -> None:
    page = text(shop_site, "checks.html")
    assert 'id="no-limits"' in page
    assert page.index('href="checks.html#no-limits"') < page.index('id="no-limits"')


def test_what_could_not_be_read_is_listed(shop_site: Path) -> None:
    assert "deploy/<wbr>production/<wbr>admin.yaml<wbr>:4" in text(shop_site, "methods.html")


def test_markup_in_texts_of_the_repository_stays_text(hostile_site: Path) -> None:
    kinds = {".html", ".js", ".json", ".svg", ".xml"}
    files = [p for p in hostile_site.rglob("*") if p.suffix in kinds and p.parts[len(hostile_site.parts)] != "evidence"]
    assert [path.name for path in files if HOSTILE in path.read_text("utf-8")] == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text(hostile_site, "index.html")
    assert "&amp;lt;" not in text(hostile_site, "index.html")


@pytest.mark.parametrize(
    ("page", "texts"),
    [
        ("releases/production-6.html", ("approval", "Release manager", "Looked at", "INC-6", "Hotfix", "trailer")),
        ("releases/production-6.html", ("never in staging", "env.POOL", "cart ran elsewhere with other settings.")),
        (
            "releases/production-4.html",
            ("unit tests", "runner", "test_0", "expected 0", "it was expected, and is not there"),
        ),
        ("releases/production-20.html", ("Platform", "Measured in autumn")),
        ("triage.html", ("incident INC-6", "cart ran elsewhere with other settings.", "never in staging")),
        ("drift.html", ("production-1", "own region", "live/prod", "Job/x has no counterpart", "env.E40", "Platform")),
        ("methods.html", ("reports/9.9.9",)),
        ("checks.html", ("expired subject", "because", "Ada")),
        ("environments/production.html", ("approval", "Release manager", "unit tests", "deploy/production")),
        ("index.html", ("cart ran elsewhere with other settings.",)),
    ],
)
def test_what_people_and_other_tools_say_stays_text(hostile_site: Path, page: str, texts: tuple[str, ...]) -> None:
    found = html.unescape(re.sub("<wbr>", "", text(hostile_site, page)))
    assert [part for part in texts if f"{part}{HOSTILE}" not in found and f"{part}.{HOSTILE}" not in found] == []


def test_the_same_evidence_gives_the_same_bytes_anywhere(shop_site: Path, tmp_path: Path, shop_evidence: Path) -> None:
    script = "import sys; from pathlib import Path; from generator.site.build import build_site; "
    script += "build_site(Path(sys.argv[1]), Path(sys.argv[2]), jobs=2)"
    other = tmp_path / "another folder" / "Größe"
    environment = os.environ | {
        "PYTHONHASHSEED": "4711",
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "SOURCE_DATE_EPOCH": "1",
    }
    subprocess.run([sys.executable, "-c", script, shop_evidence, other], check=True, cwd=tmp_path, env=environment)
    assert digests(other) == digests(shop_site)


def test_importing_the_build_leaves_mkdocs_alone() -> None:
    script = "import sys, generator.site.build; print([n for n in sys.modules if n in ('mkdocs', 'material')])"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


def edited(folder: Path, **changes: object) -> Path:
    path = folder / "summary.json"
    summary = msgspec.json.decode(path.read_bytes(), type=Summary)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(summary, **changes), order="sorted"))
    return folder


def test_a_history_without_a_release_is_a_valid_site_that_says_so(tmp_path: Path) -> None:
    folder = write_evidence(tmp_path / "evidence", 1)
    (folder / "deployments.jsonl").write_bytes(b"")
    summary = Evidence(folder).summary
    empty = tuple(
        msgspec.structs.replace(
            env, deployments=0, newest="", digest="", since="", present=False, cells=(), drift=(), findings=(), years=()
        )
        for env in summary.environments
    )
    report = build_site(edited(folder, environments=empty), tmp_path / "site")
    assert "release" not in report.pages
    assert "No release yet." in text(tmp_path / "site", "index.html")
    assert "No release yet" in text(tmp_path / "site", "releases/index.html")


def test_no_environment_at_all_is_a_valid_site(tmp_path: Path) -> None:
    folder = write_evidence(tmp_path / "evidence", 1)
    (folder / "deployments.jsonl").write_bytes(b"")
    build_site(edited(folder, environments=()), tmp_path / "site")
    assert "No environment" in text(tmp_path / "site", "index.html")


def test_an_environment_that_is_gone_is_shown_as_removed(tmp_path: Path) -> None:
    folder = write_evidence(tmp_path / "evidence", 3)
    staging, production = Evidence(folder).summary.environments
    gone = msgspec.structs.replace(production, present=False, cells=(), drift=(), findings=())
    build_site(edited(folder, environments=(staging, gone)), tmp_path / "site")
    assert re.search(r"Removed on \w{3} 2025-03-0\d", text(tmp_path / "site", "environments.html"))
    assert "Removed by now, and so not in this table: production" in text(tmp_path / "site", "matrix.html")


def test_without_its_upstream_nothing_is_said_to_wait_or_to_be_alone(tmp_path: Path) -> None:
    folder = write_evidence(tmp_path / "evidence", 3)
    staging, production = Evidence(folder).summary.environments
    alone = msgspec.structs.replace(production, drift=(), drift_not_assessed="Staging was removed.")
    build_site(edited(folder, environments=(staging, alone)), tmp_path / "site")
    assert "Not assessed: Staging was removed." in text(tmp_path / "site", "index.html")
    assert "Nothing waits" not in text(tmp_path / "site", "index.html")
    assert 'class="standing ' not in text(tmp_path / "site", "matrix.html")


def test_several_production_environments_are_told_apart(tmp_path: Path) -> None:
    folder = write_evidence(tmp_path / "evidence", 3)
    both = tuple(msgspec.structs.replace(env, production=True) for env in Evidence(folder).summary.environments)
    build_site(edited(folder, environments=both), tmp_path / "site")
    page = text(tmp_path / "site", "releases/index.html")
    assert "Release 1 of staging" in page
    assert "Release 1 of production" in page


def test_a_history_that_is_not_whole_says_so_on_every_page(tmp_path: Path) -> None:
    folder = write_evidence(tmp_path / "evidence", 2)
    coverage = msgspec.structs.replace(Evidence(folder).summary.coverage, limited="the clone is <shallow>")
    build_site(edited(folder, coverage=coverage), tmp_path / "site")
    found = [path for path in pages(tmp_path / "site") if "the clone is &lt;shallow&gt;" not in path.read_text("utf-8")]
    assert found == []


def test_an_overlay_adds_an_address_a_template_and_a_page(tmp_path: Path) -> None:
    folder, own = write_evidence(tmp_path / "evidence", 2), tmp_path / "own"
    (own / "templates").mkdir(parents=True)
    (own / "templates" / "trends.html").write_text("<p>our own trends</p>")
    (own / "site_src" / "docs").mkdir(parents=True)
    ours = (ROOT / "site_src" / "mkdocs.yml").read_text("utf-8")
    (own / "site_src" / "mkdocs.yml").write_text(ours + "\nsite_url: https://evidence.example/shop/\n")
    build_site(folder, tmp_path / "site", settings=SiteSettings(overlays=[own]))
    assert "our own trends" in text(tmp_path / "site", "trends.html")
    canonical = '<link rel="canonical" href="https://evidence.example/shop/releases/production-1.html">'
    assert canonical in text(tmp_path / "site", "releases/production-1.html")
    sitemap = text(tmp_path / "site", "sitemap.xml")
    assert "<loc>https://evidence.example/shop/releases/production-1.html</loc>" in sitemap
    assert "frame.html" not in sitemap
    assert gzip.decompress((tmp_path / "site" / "sitemap.xml.gz").read_bytes()).decode() == sitemap


def test_a_site_without_an_address_has_no_sitemap(shop_site: Path) -> None:
    assert not list(shop_site.glob("sitemap*"))


def test_an_overlay_that_holds_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    with pytest.raises(UsageError, match="overlay"):
        build_site(
            write_evidence(tmp_path / "evidence", 1),
            tmp_path / "site",
            settings=SiteSettings(overlays=[tmp_path / "own"]),
        )
    assert not (tmp_path / "site").exists()


def test_a_placeholder_that_nothing_fills_is_a_fault_and_leaves_the_old_site(tmp_path: Path) -> None:
    folder = write_evidence(tmp_path / "evidence", 1)
    build_site(folder, tmp_path / "site")
    before = digests(tmp_path / "site")
    (tmp_path / "own" / "site_src" / "docs").mkdir(parents=True)
    (tmp_path / "own" / "site_src" / "docs" / "trends.md").write_text('<div data-assay="gauges"></div>\n')
    with pytest.raises(FaultError, match="gauges"):
        build_site(folder, tmp_path / "site", settings=SiteSettings(overlays=[tmp_path / "own"]))
    assert digests(tmp_path / "site") == before


def test_evidence_that_breaks_in_the_middle_leaves_the_old_site(tmp_path: Path) -> None:
    folder = write_evidence(tmp_path / "evidence", 5)
    build_site(folder, tmp_path / "site")
    before = digests(tmp_path / "site")
    lines = (folder / "objects/findings/production.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "objects/findings/production.jsonl").write_bytes(b"".join(lines[:-1]))
    with pytest.raises(RefusedError):
        build_site(folder, tmp_path / "site")
    assert digests(tmp_path / "site") == before
    assert not list(tmp_path.glob(".site*"))
