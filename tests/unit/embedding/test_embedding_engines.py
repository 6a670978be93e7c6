"""The report as part of someone else's site, made by each engine that their mkdocs.yml can be built with."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

import pytest
from support.plain_git import git
from support.replay import HISTORIES, write_case

if TYPE_CHECKING:
    from collections.abc import Iterator

CASE = "kind-hotfix"
ENGINES = {
    "plain MkDocs": ("mkdocs", "mkdocs"),
    "Read the Docs": ("mkdocs", "readthedocs"),
    "Material": ("mkdocs", "material"),
    "ProperDocs with Material": ("properdocs", "material"),
    "ProperDocs with its own theme": ("properdocs", "mkdocs"),
}
INDEX = '# Handbook\n\nHow we work.\n\n<div data-assay="matrix"></div>\n'


def write_handbook(top: Path, theme: str, *, more: str = "", options: str = "") -> Path:
    """Write a repository with its history, and a site of documentation in it; return its folder."""
    repository = write_case(top / "shop", CASE)
    shutil.copy(HISTORIES / CASE / "assay.yaml", repository / "assay.yaml")
    docs = repository / "handbook" / "docs"
    docs.mkdir(parents=True)
    (docs / "index.md").write_text(INDEX, "utf-8")
    (docs / "guide").mkdir()
    (docs / "guide" / "rules.md").write_text("# Rules\n", "utf-8")
    text = f"site_name: Handbook\ntheme: {{name: {theme}}}\nplugins:\n  - search\n  - assay:\n      repository: ..\n"
    (repository / "handbook" / "mkdocs.yml").write_text(text + options + more, "utf-8")
    return repository / "handbook"


def run(engine: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run an engine in `folder`."""
    environment = os.environ | {"DISABLE_MKDOCS_2_WARNING": "true", "NO_MKDOCS_2_WARNING": "true"}
    command = [sys.executable, "-m", engine, *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=110, check=False
    )


class _Links(HTMLParser):
    """The addresses that a page links to or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag leads to."""
        del tag
        self.found += [value for name, value in attrs if name in {"href", "src"} and value]


def dead_links(site: Path, folder: str) -> list[str]:
    """Return every local link of the pages below `folder` that leads nowhere."""
    dead = []
    for page in sorted((site / folder).rglob("*.html")):
        links = _Links()
        links.feed(page.read_text("utf-8"))
        for link in dict.fromkeys(links.found):
            target = urldefrag(urljoin(page.as_uri(), link))[0]
            if not target.startswith("file://"):
                continue
            path = Path(target.removeprefix("file://"))
            if not (path.is_file() or (path / "index.html").is_file()):
                dead.append(f"{page.relative_to(site)} -> {link}")
    return dead


@pytest.mark.parametrize(("engine", "theme"), list(ENGINES.values()), ids=list(ENGINES))
def test_the_report_stands_in_the_site_of_each_engine(tmp_path: Path, engine: str, theme: str) -> None:
    """Every page of the report is there, linked, in navigation and search, and nothing of the user's is gone."""
    handbook = write_handbook(tmp_path, theme)
    done = run(engine, handbook, "build", "--strict")
    assert done.returncode == 0, done.stderr
    site = handbook / "site"
    first = next((site / "assay" / "releases").glob("production-*.html")).read_text("utf-8")
    home = (site / "index.html").read_text("utf-8")
    assert "Handbook" in first
    assert "assay/assets/stylesheets/assay.css" in home
    assert "assay/assets/" not in (site / "guide" / "rules" / "index.html").read_text("utf-8")
    assert "assets/stylesheets/assay.css" in first
    assert '<th scope="row">' in home, "a placeholder in a page of the user's own"
    assert "data-assay=" not in home
    assert (site / "guide" / "rules" / "index.html").is_file()
    assert (site / "assay" / "evidence" / "manifest.json").is_file()
    assert not list(site.rglob("frame.html"))
    assert "assay-slot" not in "".join(path.read_text("utf-8") for path in (site / "assay").rglob("*.html"))
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    places = {entry["location"].partition("#")[0] for entry in index["docs"]}
    assert any(place.startswith("assay/releases/production-") for place in places)
    assert "assay/glossary.html" in places
    assert dead_links(site, "assay") == []


def test_a_navigation_of_the_users_own_gets_the_report_at_its_end(tmp_path: Path) -> None:
    """Their order stays, and ours follows under the title they gave."""
    nav = "nav:\n  - Start: index.md\n  - Rules: guide/rules.md\n"
    handbook = write_handbook(
        tmp_path, "mkdocs", more=nav, options="      title: Evidence\n      folder: reports/shop\n"
    )
    assert run("mkdocs", handbook, "build", "--strict").returncode == 0
    page = (handbook / "site" / "index.html").read_text("utf-8")
    start, rules, ours = (page.index(text) for text in (">Start<", ">Rules<", "reports/shop/matrix.html"))
    assert start < rules < ours
    assert "Evidence" in page
    assert dead_links(handbook / "site", "reports/shop") == []


def test_an_evidence_folder_made_before_needs_no_history(tmp_path: Path) -> None:
    """A pipeline can make the evidence, and another the site."""
    handbook = write_handbook(tmp_path, "mkdocs")
    assert run("mkdocs", handbook, "build").returncode == 0
    shutil.copytree(handbook / "site" / "assay" / "evidence", tmp_path / "evidence")
    other = tmp_path / "other"
    (other / "docs").mkdir(parents=True)
    (other / "docs" / "index.md").write_text("# Here\n", "utf-8")
    text = "site_name: Other\nplugins:\n  - assay:\n      evidence: ../evidence\n"
    (other / "mkdocs.yml").write_text(text, "utf-8")
    done = run("mkdocs", other, "build", "--strict")
    assert done.returncode == 0, done.stderr
    before = sorted(path.name for path in (handbook / "site" / "assay" / "releases").iterdir())
    assert sorted(path.name for path in (other / "site" / "assay" / "releases").iterdir()) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("      folder: ../up\n", "is no folder of a site"),
        ("      folder: guide\n", "stands where the report would"),
        ("      evidence: nowhere\n", "no evidence folder"),
        ("      config: nowhere.yaml\n", "nowhere.yaml"),
    ],
)
def test_a_fault_is_one_line_of_the_engine(tmp_path: Path, options: str, said: str) -> None:
    """What can't be done is told with its reason, and no traceback."""
    handbook = write_handbook(tmp_path, "mkdocs", options=options)
    done = run("mkdocs", handbook, "build")
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Serve a handbook with `mkdocs serve`; give it and its address."""
    handbook = write_handbook(tmp_path, "mkdocs")
    environment = os.environ | {"DISABLE_MKDOCS_2_WARNING": "true", "PYTHONUNBUFFERED": "1"}
    log = tmp_path / "serve.log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "--dev-addr", f"127.0.0.1:{port}"]
    with log.open("w") as file, subprocess.Popen(command, cwd=handbook, env=environment, stderr=file) as process:
        try:
            end = time.monotonic() + 60
            while "Serving on" not in log.read_text("utf-8") and time.monotonic() < end and process.poll() is None:
                time.sleep(0.1)
            assert "Serving on" in log.read_text("utf-8"), log.read_text("utf-8")
            yield handbook, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.mark.timeout(150)
def test_a_commit_comes_into_the_served_site_by_itself(served: tuple[Path, str]) -> None:
    """`mkdocs serve` reads the history again when the repository has a new commit."""
    handbook, address = served
    page = f"{address}/assay/releases/index.html"

    def releases() -> set[str]:
        with urllib.request.urlopen(page, timeout=10) as answer:  # noqa: S310 - our own server
            return set(re.findall(r"production-\d+\.html", answer.read().decode()))

    before = releases()
    assert before
    top = handbook.parent
    tree = top / "deploy" / "production.yaml"
    tree.write_text(tree.read_text("utf-8").replace(":1.2", ":1.987"), "utf-8")
    git(top, "commit", "-qam", "One more")
    end = time.monotonic() + 90
    while releases() <= before and time.monotonic() < end:
        time.sleep(0.5)
    assert releases() > before


@pytest.mark.parametrize(
    ("options", "language"),
    [("", "de"), ("      language: en\n", "en")],
    ids=["as the repository says", "as the option says"],
)
def test_language_and_colours_of_the_repository_reach_its_report(tmp_path: Path, options: str, language: str) -> None:
    """`site:` of assay.yaml holds, an option of the plugin comes before it, and the address is the host's."""
    own = "site:\n  language: de\n  url: https://elsewhere.example/\n"
    own += "  colours: {accent: '#7a1f5c', dark-accent: '#f0a0d8'}\n"
    host = "site_url: https://handbook.example/\n"
    handbook = write_handbook(tmp_path, "mkdocs", more=host, options=options)
    top = handbook.parent
    with (top / "assay.yaml").open("a", encoding="utf-8") as file:
        file.write(own)
    git(top, "add", "assay.yaml")
    git(top, "commit", "-qm", "Say how it looks")
    done = run("mkdocs", handbook, "build", "--strict")
    assert done.returncode == 0, done.stderr
    report = handbook / "site" / "assay"
    matrix = (report / "matrix.html").read_text("utf-8")
    assert ("Komponente" in matrix) == (language == "de")
    assert "--assay-accent: #7a1f5c" in (report / "assets/stylesheets/tokens.css").read_text("utf-8")
    everything = "".join(path.read_text("utf-8") for path in (*report.glob("*.atom"), *report.glob("feed.json")))
    assert "https://handbook.example/assay/" in everything
    assert "elsewhere.example" not in everything


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs", "material"])
def test_what_a_guest_loads_is_bound_to_our_element(tmp_path: Path, theme: str) -> None:
    """The frame's style stays away, the guest's comes first, scripts keep their order, sizes fit the theme."""
    handbook = write_handbook(tmp_path, theme)
    assert run("mkdocs", handbook, "build", "--strict").returncode == 0
    site = handbook / "site"
    page = (site / "assay" / "find.html").read_text("utf-8")
    styles = re.findall(r'href="assets/stylesheets/(\w+)\.css"', page)
    assert "theme" not in styles
    assert styles[:3] == ["tokens", "guest", "assay"]
    scripts = re.findall(r'src="assets/javascripts/(\w+)\.js"', page)
    assert scripts == sorted(scripts, key=["texts", "assay", "tables", "find"].index)
    assert {"texts", "assay", "tables", "find"} <= set(scripts)
    home = (site / "index.html").read_text("utf-8")
    assert home.count('<div class="assay" data-guest>') == 1, "around the placeholder alone"
    assert home.index("How we work") < home.index('<div class="assay"')
    release = next((site / "assay" / "releases").glob("production-*.html")).read_text("utf-8")
    assert release.count('<div class="assay" data-guest>') == 1
    assert "assay" not in re.findall(r"<body[^>]*>", release)[0]
    sheet = (site / "assay/assets/stylesheets/guest.css").read_text("utf-8")
    assert ("font: 0.76rem" if theme == "material" else "font: 0.95rem") in sheet
