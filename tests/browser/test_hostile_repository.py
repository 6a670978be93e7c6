"""A repository whose every text tries to become code, opened in a real browser (BAD_INPUTS rows 43, 45 and 46)."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

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
CONFIG = {
    "title": f"Shop {SCRIPT} {TEMPLATE}",
    "environments": {
        "staging": {"path": "deploy/staging"},
        "production": {"path": "deploy/production", "upstream": "staging", "production": True},
    },
    "model": [{"values": "settings/{environment}/{component}.yaml", "artifact": "image"}],
    "rules": [
        {
            "id": "own",
            "where": {"environment": "production", "component": IMAGE},
            "field": "labels.team",
            "must": "exist",
            "title": f"Title of a rule {SCRIPT}",
            "why": f"Why {IMAGE}",
            "fix": f"Fix {LINK}",
            "message": f"{{component}} has none {SCRIPT}",
        }
    ],
    "results": [{"name": f"tests {SCRIPT}", "format": "junit", "path": "reports/{commit}/a.xml", "expected": True}],
    "gates": [
        {"name": f"yes {IMAGE}", "approval": {"by": ["trailer"]}, "owner": f"Eve {LINK}", "says": f"Says {LABEL}"},
        {"name": f"proof {TEMPLATE}", "result": f"tests {SCRIPT}"},
    ],
}
UNTIL = "2030-12-31"
DECLARED = {
    "waivers": [
        {"rule": "own", "owner": f"Owner {SCRIPT}", "reason": f"Reason {IMAGE} {TEMPLATE}", "expires": UNTIL},
        {"rule": "nothing", "owner": f"Other {LINK}", "reason": BREAKOUT, "expires": "2026-01-31"},
    ],
    "acceptances": [
        {"component": "*", "field": "*env.T*", "owner": f"Lab {LABEL}", "reason": f"Let {SCRIPT}", "expires": UNTIL}
    ],
    "incidents": [{"id": f"INC-{TEMPLATE}", "commit": "production-2", "title": f"Happened {SCRIPT} {TEMPLATE}"}],
}
SAID = (
    f"Title of a rule {SCRIPT}",
    f"Why {IMAGE}",
    f"tests {SCRIPT}",
    f"yes {IMAGE}",
    f"Eve {LINK}",
    f"Says {LABEL}",
    f"proof {TEMPLATE}",
    f"Owner {SCRIPT}",
    f"Reason {IMAGE} {TEMPLATE}",
    f"Other {LINK}",
    f"INC-{TEMPLATE}",
    f"Happened {SCRIPT} {TEMPLATE}",
    f"Grace {TEMPLATE}",
    f"case {IMAGE}",
    f"message {TEMPLATE} {SCRIPT}",
)
"""What people and other tools say, of which every text must be shown."""


def report() -> str:
    """Return a test report with a failed test."""
    case, message = quoteattr(f"case {IMAGE}"), quoteattr(f"message {TEMPLATE} {SCRIPT}")
    return f"<testsuite name='s'><testcase name={case}><failure message={message}/></testcase></testsuite>"


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


def commit(repository: Path, message: str, files: Mapping[str, str], day: int) -> str:
    """Commit `files` and return the commit's id."""
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
    return subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of the hostile repository."""
    folder = tmp_path_factory.mktemp("hostile")
    repository = folder / f"repository {TEMPLATE}"
    subprocess.run(["git", "init", "--quiet", str(repository)], check=True)
    commit(repository, f"Scripted {SCRIPT}", {"assay.yaml": json.dumps(CONFIG), **tree("1.0")}, 1)
    said = {".assay/said.yaml": json.dumps(DECLARED)}
    second = commit(
        repository,
        f"Pictured {IMAGE} {LINK}\n\nRollback-of: {SCRIPT}\nReviewed-by: Grace {TEMPLATE}",
        said | tree("1.1"),
        2,
    )
    commit(repository, "Reported", {f"reports/{second}/a.xml": report()}, 2)
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
        one.page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        text = one.page.locator("body").inner_text()
        assert "q49q" not in text, path
        assert "q49q" not in one.page.title()
        told += text
    assert one.seen.everything == []
    # What is hostile is shown as it was written, not lost.
    assert [wanted for wanted in (SCRIPT, IMAGE, LINK, TEMPLATE, LABEL, *SAID) if wanted not in told] == []


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
    finder.get_by_label("Kind").select_option("rollback")
    row = finder.locator("tbody tr")
    row.first.wait_for()
    assert row.count() == 1
    assert not pwned(one)
    assert one.page.evaluate(LIVE_LINKS) == []
    assert one.seen.everything == []


@pytest.mark.parametrize("words", ["scripted", "pictured", "onerror"])
def test_find_shows_texts_as_texts(words: str, hostile_site: Path, look: Callable[..., Look]) -> None:
    one = look(viewport={"width": 1280, "height": 900})
    one.page.goto((hostile_site / "find.html").as_uri() + f"#q={words}")
    one.page.locator(".find-results section").first.wait_for()
    assert not pwned(one)
    assert one.page.evaluate(LIVE_LINKS) == []
    found = one.page.locator(".find-results").inner_text()
    assert words in found.lower()
    assert "q49q" not in found
    assert one.seen.everything == []
