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
from generator.site import engine, skeleton
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


def built(evidence: Path, folder: Path, settings: SiteSettings, *, kept: bool) -> dict[str, bytes]:
    build_site(evidence, folder / "site", settings=settings, memory=folder / "cache" / "x.keys" if kept else None)
    return contents(folder / "site")


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
    asking: str, tmp_path: Path, before: Path, after: Path, runs: list[str]
) -> None:
    settings = SiteSettings(overlays=[overlay(tmp_path / "own", ASKING[asking])], url="https://reports.example/")
    built(before, tmp_path, settings, kept=True)
    quick = built(after, tmp_path, settings, kept=True)
    assert len(runs) == 2
    assert not list((tmp_path / "cache").glob("*.frames"))
    plain = built(after, tmp_path / "plain", SiteSettings(url="https://reports.example/"), kept=False)
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
