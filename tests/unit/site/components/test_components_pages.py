"""Pages of components and their list: what they say, where they lead, and what they weigh."""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import pytest
from unit.site.synthetic import HOSTILE, write_evidence

from generator.evidence.reading import Evidence
from generator.site.build import build_site
from generator.site.components.index_view import components_view
from generator.site.components.now import gather
from generator.site.components.page import component_view
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.index import build_index
from generator.site.names import component_page
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.components.page import ComponentView

HEAVIEST = 60_000


@pytest.fixture(scope="module")
def context(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    evidence = Evidence(shop_evidence)
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(tmp_path_factory.mktemp("parts") / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


def view(context: Context, name: str) -> ComponentView:
    return component_view(context, context.once(gather)[name], "", "")


def busiest(context: Context) -> str:
    production = frozenset({"production"})
    return max(context.once(gather), key=lambda name: context.once(gather)[name].releases(production))


def test_every_component_has_a_page_and_stands_in_the_list(context: Context, shop_site: Path) -> None:
    assert context.component_pages
    index = (shop_site / "components/index.html").read_text()
    for name in context.component_pages:
        assert f'href="../{component_page(name)}"' in index
        assert (shop_site / component_page(name)).is_file()
    assert len(list((shop_site / "components").glob("*.html"))) == len(context.component_pages) + 1


def test_resources_have_no_page(context: Context) -> None:
    others = {record.id for record in context.components.values() if record.role != "component"}
    assert others
    assert {context.component_link(name) for name in others - context.component_pages} == {""}


def test_the_version_that_stands_is_that_of_the_matrix(context: Context) -> None:
    for now in context.once(gather).values():
        for one in now.placed:
            standing = now.history.standing(one.environment.name)
            assert standing is None or standing.version in one.cell.version


def test_versions_follow_each_other_in_each_environment(context: Context) -> None:
    shown = view(context, busiest(context))
    assert [env.environment for env in shown.versions] == ["production", "staging"]
    for env in shown.versions:
        rows = (*env.newest, *env.older)
        assert rows[0].end is None
        assert all(older.end is not None and older.end <= newer.start for newer, older in pairwise(rows))


def test_what_was_taken_back_names_culprit_and_verdict(context: Context) -> None:
    rows = [row for name in context.component_pages for row in view(context, name).taken_back]
    rollbacks = [d for d in context.evidence.deployments() if d.kind == "rollback" and d.environment == "production"]
    assert {row.deployment.page for row in rows if row.environment == "production"} == {
        f"releases/{record.id}.html" for record in rollbacks
    }
    assert all(row.culprit is not None and row.culprit.page for row in rows)
    assert {row.slug for row in rows if row.verdict} == {"deployment-suspected"}


def test_the_list_counts_what_the_pages_show(context: Context) -> None:
    listed = components_view(context)
    for row in (*listed.rows, *listed.removed):
        shown = view(context, row.id)
        assert int(shown.releases) == row.releases
        assert int(shown.rollbacks) == row.rollbacks
        assert shown.findings_say.startswith(str(row.findings or "no"))
    assert {row.id for row in listed.rows} == {
        cell.component for env in context.summary.environments for cell in env.cells if cell.role == "component"
    }


def test_pages_are_light(shop_site: Path) -> None:
    sizes = {page.name: page.stat().st_size for page in (shop_site / "components").glob("*.html")}
    assert {name: size for name, size in sizes.items() if size > HEAVIEST} == {}


def test_links_of_the_pages_lead_somewhere(shop_site: Path) -> None:
    for page in (shop_site / "components").glob("*.html"):
        for link in set(re.findall(r'<(?:a|link)[^>]* href="([^"#:]+)(?:#[^"]*)?"', page.read_text())):
            assert (page.parent / link).exists(), f"{page.name} leads to {link}"


def test_components_are_found_by_the_search(shop_site: Path, context: Context) -> None:
    docs = json.loads((shop_site / "search/search_index.json").read_text())["docs"]
    found = {doc["location"] for doc in docs}
    assert {component_page(name) for name in context.component_pages} <= found


def test_hostile_names_stay_text(hostile_site: Path) -> None:
    pages = [page for page in (hostile_site / "components").glob("*.html") if page.name != "index.html"]
    assert pages
    for page in pages:
        text = page.read_text()
        assert re.fullmatch(r"[A-Za-z0-9._-]+", page.name)
        assert HOSTILE not in text
        assert HOSTILE in unescape(text)


def test_what_was_removed_has_a_page_that_says_when(tmp_path: Path) -> None:
    folder = write_evidence(tmp_path / "evidence", 3)
    path = folder / "summary.json"
    summary = Evidence(folder).summary
    gone = tuple(msgspec.structs.replace(env, cells=(), drift=(), findings=()) for env in summary.environments)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(summary, environments=gone), order="sorted"))
    build_site(folder, tmp_path / "site")
    index = (tmp_path / "site/components/index.html").read_text()
    assert "No environment has a component now." in index
    pages = [page for page in (tmp_path / "site/components").glob("*.html") if page.name != "index.html"]
    assert pages
    assert all(">removed</span>" in page.read_text() for page in pages)
