"""A repository whose every text tries to become code, opened in a real browser (BAD_INPUTS rows 43, 45 and 46)."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from generator.cli.progress import TerminalProgress
from generator.pipeline.building import build
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from browser.conftest import Look

pytestmark = pytest.mark.browser

SCRIPT = "<script>window.__pwned=1</script>"
IMAGE = "<img src=x onerror=window.__pwned=1>"
LINK = "[press](javascript:window.__pwned=1)"
TEMPLATE = "q{{7*7}}q"
"""Where a template engine would see it, `q49q` stands in its place."""
LABEL = '"];URL="javascript:window.__pwned=1'
BREAKOUT = f"';window.__pwned=1;//\"><svg onload=window.__pwned=1></textarea></title></style>{SCRIPT}"
NAMES = (SCRIPT, IMAGE, LINK, TEMPLATE, LABEL)
CONFIG = f"""\
title: {json.dumps(f"Shop {SCRIPT} {TEMPLATE}")}
environments:
  staging: {{path: deploy/staging}}
  production: {{path: deploy/production, upstream: staging, production: true}}
model:
  - values: settings/{{environment}}/{{component}}.yaml
    artifact: image
"""


def manifests(version: str) -> str:
    """Return a Deployment for each hostile name, each calling the next one, in one file."""
    documents = []
    for number, name in enumerate(NAMES):
        environment = [
            {"name": f"NEXT_{IMAGE}", "value": f"http://{NAMES[number - 1]}:8080/{TEMPLATE}"},
            {"name": "TEXT", "value": f"{BREAKOUT} {version}"},
        ]
        container = {"name": f"main {TEMPLATE}", "image": f"registry/{IMAGE}:{version}{SCRIPT}", "env": environment}
        spec = {"template": {"metadata": {"labels": {"app": LINK}}, "spec": {"containers": [container]}}}
        metadata = {"name": name, "annotations": {SCRIPT: LINK}}
        documents.append({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec})
    return "---\n".join(json.dumps(document) + "\n" for document in documents)


def tree(version: str) -> dict[str, str]:
    return {f"deploy/{where}/{IMAGE} {TEMPLATE}.yaml": manifests(version) for where in ("staging", "production")} | {
        f"settings/{where}/{name}.yaml": f"image: {version}\nNOTE: {json.dumps(BREAKOUT)}\n"
        for where in ("staging", "production")
        for name in (IMAGE, TEMPLATE)
    }


def commit(repository: Path, message: str, files: Mapping[str, str], day: int) -> None:
    for name, text in files.items():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    moment = f"2026-02-{day:02d}T12:00:00Z"
    dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    who = ["-c", f"user.name=Eve {LINK} {TEMPLATE} {LABEL}", "-c", "user.email=eve@example.org"]
    git = ["git", "-C", str(repository), *who]
    subprocess.run([*git, "add", "--all"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message", message], check=True, env={**os.environ, **dates})


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of the hostile repository."""
    folder = tmp_path_factory.mktemp("hostile")
    repository = folder / f"repository {TEMPLATE}"
    subprocess.run(["git", "init", "--quiet", str(repository)], check=True)
    commit(repository, f"Scripted {SCRIPT}", {"assay.yaml": CONFIG, **tree("1.0")}, 1)
    commit(repository, f"Pictured {IMAGE} {LINK}", tree("1.1"), 2)
    commit(repository, f"Templated {TEMPLATE} {BREAKOUT}", tree("1.0"), 3)
    broken = {f"deploy/production/{SCRIPT[-7:].strip('/')}{LINK}.yaml": f"a: [{IMAGE}\n"}
    commit(repository, f"Broken {SCRIPT}", broken, 4)
    build(Request(repository), folder / "site", TerminalProgress(quiet=True), lambda: 0.0)
    return folder / "site"


def pwned(look: Look) -> bool:
    return bool(look.page.evaluate("typeof window.__pwned !== 'undefined'"))


LIVE_LINKS = """[...document.querySelectorAll("a, area, iframe, use, image")].flatMap(element =>
    ["href", "xlink:href", "src"].map(name => element.getAttribute(name) ?? "")
).filter(target => /^\\s*(javascript|data|vbscript):/i.test(target))"""


def test_no_page_runs_a_text_of_the_repository(hostile_site: Path, look: Callable[..., Look]) -> None:
    one = look()
    told = ""
    pages = sorted(hostile_site.rglob("*.html"))
    for path in pages:
        if path.name == "404.html":
            continue
        one.page.goto(path.as_uri())
        assert not pwned(one), path
        assert one.page.evaluate(LIVE_LINKS) == [], path
        text = one.page.locator("body").inner_text()
        assert "q49q" not in text, path
        assert "q49q" not in one.page.title()
        told += text
    assert one.seen.everything == []
    # What is hostile is shown as it was written, not lost.
    for wanted in (SCRIPT, IMAGE, LINK, TEMPLATE, LABEL):
        assert wanted in told


def test_no_file_of_the_site_has_a_text_worked_out(hostile_site: Path) -> None:
    assert [p for p in sorted(hostile_site.rglob("*")) if p.is_file() and b"q49q" in p.read_bytes()] == []


def test_no_diagram_runs_a_text_of_the_repository(hostile_site: Path, look: Callable[..., Look]) -> None:
    one = look()
    diagrams = sorted(hostile_site.rglob("*.svg"))
    assert any("7*7" in path.read_text("utf-8") for path in diagrams)
    for path in diagrams:
        one.page.goto(path.as_uri())
        assert not pwned(one), path
        assert one.page.evaluate(LIVE_LINKS) == [], path
        assert one.page.evaluate("document.querySelectorAll('script, foreignObject, [onload], [onerror]').length") == 0
    assert one.seen.everything == []


@pytest.mark.parametrize("words", ["scripted", "pictured", "templated", "onerror"])
def test_search_shows_texts_of_the_repository_as_texts(
    words: str, hostile_site: Path, look: Callable[..., Look]
) -> None:
    one = look(viewport={"width": 1280, "height": 900})
    one.page.goto((hostile_site / "index.html").as_uri())
    one.page.locator(".md-search__input").click()
    one.page.locator(".md-search__input").press_sequentially(words)
    one.page.locator(".md-search-result__link").first.wait_for(timeout=15_000)
    assert not pwned(one)
    assert one.page.evaluate(LIVE_LINKS) == []
    found = one.page.locator(".md-search-result").inner_text()
    assert words in found.lower()
    assert "q49q" not in found
    assert one.seen.everything == []


def test_the_releases_filter_shows_texts_as_texts(hostile_site: Path, look: Callable[..., Look]) -> None:
    one = look(viewport={"width": 1280, "height": 900})
    one.page.goto((hostile_site / "releases/index.html").as_uri())
    finder = one.page.locator(".finder")
    finder.locator("select").select_option("rollback")
    row = finder.locator("tbody tr")
    row.first.wait_for()
    assert row.count() == 1
    assert not pwned(one)
    assert one.page.evaluate(LIVE_LINKS) == []
    assert one.seen.everything == []
