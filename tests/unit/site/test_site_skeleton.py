"""MkDocs runs where something that it sees is new, and a site is the same whether it ran or not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from unit.site.synthetic import write_evidence

from generator.evidence.reading import Evidence
from generator.evidence.summary import Summary
from generator.site import engine, skeleton, trend_sections
from generator.site.build import build_site
from generator.site.settings import SiteSettings

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the runs of MkDocs."""
    seen: list[str] = []
    making = engine.make

    def counted(source: Path, *others: object) -> object:
        seen.append(source.name)
        return making(source, *others)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(skeleton, "make", counted)
    return seen


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_evidence(tmp_path_factory.mktemp("before") / "evidence", 11)


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_evidence(tmp_path_factory.mktemp("after") / "evidence", 12)


def contents(site: Path) -> dict[str, bytes]:
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()}


def built(evidence: Path, folder: Path, settings: SiteSettings, *, kept: bool, jobs: int = 1) -> dict[str, bytes]:
    memory = folder / "cache" / "x.keys" if kept else None
    build_site(evidence, folder / "site", settings=settings, memory=memory, jobs=jobs)
    return contents(folder / "site")


@pytest.fixture(scope="module")
def plain(after: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the site that nothing of a user is in."""
    folder = tmp_path_factory.mktemp("plain")
    return built(after, folder, SiteSettings(url="https://reports.example/"), kept=False)


def overlay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def ours(name: str) -> str:
    return (ROOT / "site_src" / name).read_text("utf-8")


SETTINGS: dict[str, Callable[[Path], SiteSettings]] = {
    "plain": lambda _folder: SiteSettings(),
    "German, with an address": lambda _folder: SiteSettings(language="de", url="https://reports.example/shop/"),
    "pages of one's own": lambda folder: SiteSettings(
        pages=overlay(
            folder / "pages",
            {"index.md": '# Own\n\n<div data-assay="trends"></div>\n\n## After\n\nit', "a/b.md": "a page of text"},
        )
    ),
    "a template and a block of one's own": lambda folder: SiteSettings(
        overlays=[
            overlay(
                folder / "own",
                {
                    "templates/trends.html": "our own <p>trends</p> and more",
                    "site_src/overrides/main.html": ours("overrides/main.html").replace(
                        "{{ super() }}", "{{ super() }}<script>globalThis.own = 1</script>"
                    ),
                },
            )
        ]
    ),
}


@pytest.mark.parametrize("look", SETTINGS)
def test_one_more_release_needs_no_mkdocs_and_gives_the_site_of_a_full_build(
    look: str, tmp_path: Path, before: Path, after: Path, runs: list[str]
) -> None:
    settings = SETTINGS[look](tmp_path)
    built(before, tmp_path, settings, kept=True)
    assert len(runs) == 1
    quick = built(after, tmp_path, settings, kept=True)
    assert len(runs) == 1
    full = built(after, tmp_path / "full", settings, kept=False)
    assert quick == full
    assert not [name for name, data in quick.items() if b"assay-mark-" in data or b"1970-01-01" in data]


ASKING = {
    "a plugin that reads pages": {
        "site_src/mkdocs.yml": ours("mkdocs.yml").replace("- offline", "- offline\n  - tags")
    },
    "a template that reads pages": {
        "site_src/overrides/main.html": ours("overrides/main.html") + "{# {{ page.content | length }} #}"
    },
    "a value from elsewhere": {"site_src/mkdocs.yml": ours("mkdocs.yml") + "\nsite_author: !ENV [WHO, nobody]\n"},
    "an extension that reads files": {
        "site_src/mkdocs.yml": ours("mkdocs.yml").replace("- tables", "- tables\n  - pymdownx.snippets")
    },
}


@pytest.mark.parametrize("asking", ASKING)
def test_where_something_of_a_user_reads_what_pages_say_mkdocs_runs_each_time(
    asking: str, tmp_path: Path, before: Path, after: Path, plain: dict[str, bytes], runs: list[str]
) -> None:
    settings = SiteSettings(overlays=[overlay(tmp_path / "own", ASKING[asking])], url="https://reports.example/")
    built(before, tmp_path, settings, kept=True)
    quick = built(after, tmp_path, settings, kept=True)
    assert len(runs) == 2
    assert not list((tmp_path / "cache").glob("*.frames"))
    differing = {name for name in plain if quick.get(name) != plain[name]}
    assert {name for name in differing if not name.endswith(".html")} <= {"site.json"}


def edit(folder: Path, **changes: object) -> None:
    path = folder / "summary.json"
    summary = msgspec.json.decode(path.read_bytes(), type=Summary)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(summary, **changes), order="sorted"))


def retitle(folder: Path) -> None:
    edit(folder / "evidence", title="Another shop")


def limit(folder: Path) -> None:
    coverage = Evidence(folder / "evidence").summary.coverage
    edit(folder / "evidence", coverage=msgspec.structs.replace(coverage, limited="the clone is shallow"))


def drop_rules(folder: Path) -> None:
    edit(folder / "evidence", rules=())


def change_page(folder: Path) -> None:
    (folder / "own/site_src/docs/glossary.md").write_text("# Other words\n\nthan before", "utf-8")


def change_template(folder: Path) -> None:
    (folder / "own/templates/home.html").write_text('<p class="md-button admonition">home</p>', "utf-8")


def spoil(folder: Path) -> None:
    (kept,) = (folder / "cache").glob("*.frames")
    data = kept.read_bytes()
    assert data.count(b"Content-Security-Policy") > 1
    kept.write_bytes(data.replace(b"Content-Security-Policy", b"Content-Security-Nothing"))


def cut(folder: Path) -> None:
    (kept,) = (folder / "cache").glob("*.frames")
    kept.write_bytes(kept.read_bytes()[:-9])


@pytest.mark.parametrize("change", [retitle, limit, drop_rules, change_page, change_template, spoil, cut])
def test_what_mkdocs_sees_otherwise_has_it_run_again(
    change: Callable[[Path], None], tmp_path: Path, after: Path, runs: list[str]
) -> None:
    shutil.copytree(after, tmp_path / "evidence")
    own = overlay(tmp_path / "own", {"site_src/docs/glossary.md": "# Words", "templates/home.html": "<p>home</p>"})
    settings = SiteSettings(overlays=[own])
    built(tmp_path / "evidence", tmp_path, settings, kept=True)
    change(tmp_path)
    quick = built(tmp_path / "evidence", tmp_path, settings, kept=True)
    assert len(runs) == 2
    assert quick == built(tmp_path / "evidence", tmp_path / "full", settings, kept=False)


def test_what_needs_no_run_of_mkdocs_does_not_load_it(tmp_path: Path, before: Path) -> None:
    built(before, tmp_path, SiteSettings(), kept=True)
    script = "import sys; from pathlib import Path; from generator.site.build import build_site; "
    script += "build_site(Path(sys.argv[1]), Path(sys.argv[2]), memory=Path(sys.argv[3])); "
    script += "print([n for n in sys.modules if n.partition('.')[0] in ('mkdocs', 'material', 'markdown', 'pymdownx')])"
    places = (before, tmp_path / "site", tmp_path / "cache" / "x.keys")
    command = [sys.executable, "-c", script, *map(str, places)]
    found = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


FRESH = """\
import sys
from pathlib import Path

from markupsafe import Markup

from generator.evidence import beside
from generator.site import build, skeleton, trend_sections
from generator.site.settings import SiteSettings

evidence, folder, jobs, url, headed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
trend_sections.ROOM = 1
made, resulting, drawing = skeleton.make, beside.Beside.result, build.page_parts


def make(*told):
    print("made")
    return made(*told)


def result(copy):
    data = resulting(copy)
    print("copied" if data is not None else "here")
    return data


def parts(*told):
    drawn = dict(drawing(*told))
    chain = drawn["chain"]
    return {**drawn, "chain": lambda root: Markup("<h1>of its own</h1>") + chain(root)} if headed else drawn


skeleton.make, beside.Beside.result, build.page_parts = make, result, parts
build.build_site(
    evidence, folder / "site", settings=SiteSettings(url=url), memory=folder / "cache" / "x.keys", jobs=jobs
)
"""
"""Builds in a process that has no threads yet, which a copy takes; tells what MkDocs made, and who filled in."""


def fresh(evidence: Path, folder: Path, *, jobs: int, url: str = "", headed: str = "") -> list[str]:
    """Build the site of `evidence` in `folder`, in a process of its own; return what it tells."""
    command = [sys.executable, "-c", FRESH, str(evidence), str(folder), str(jobs), url, headed]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, timeout=300).stdout.split()


def memos(folder: Path) -> dict[str, bytes]:
    """Return what is kept for the next report; the marks of files tell when these were written."""
    kept = sorted((folder / "cache" / "x.folds").iterdir())
    return {path.name: path.read_bytes() for path in kept if path.name != "files"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a process is copied on Linux alone")
def test_a_copy_fills_in_what_this_process_would_and_keeps_the_same_for_the_next_report(
    tmp_path: Path, before: Path, after: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://reports.example/"
    assert fresh(before, tmp_path / "copied", jobs=2, url=url) == ["made"]
    shutil.copytree(tmp_path / "copied", tmp_path / "here")
    assert fresh(after, tmp_path / "copied", jobs=2, url=url) == ["copied"]
    assert fresh(after, tmp_path / "here", jobs=1, url=url) == ["here"]
    quick = contents(tmp_path / "copied" / "site")
    monkeypatch.setattr(trend_sections, "ROOM", 1)
    assert quick == contents(tmp_path / "here" / "site")
    assert quick == built(after, tmp_path / "full", SiteSettings(url=url), kept=False)
    assert [name for name in quick if name.startswith("trends/")]
    assert memos(tmp_path / "copied") == memos(tmp_path / "here")
    assert fresh(after, tmp_path / "copied", jobs=2, url=url) == ["copied"]
    assert contents(tmp_path / "copied" / "site") == quick


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_page_that_gets_a_heading_of_its_own_has_mkdocs_run_again(jobs: int, tmp_path: Path, before: Path) -> None:
    who = "copied" if jobs > 1 and sys.platform.startswith("linux") else "here"
    fresh(before, tmp_path, jobs=1)
    assert fresh(before, tmp_path, jobs=jobs, headed="yes") == [who, "made"]
    quick = contents(tmp_path / "site")
    assert b"of its own" in quick["methods.html"]
    fresh(before, tmp_path / "full", jobs=1, headed="yes")
    assert quick == contents(tmp_path / "full" / "site")
