"""Pages of environments: what they add up to, and that every deployment has its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from generator.evidence.deployment_lines import DeploymentLines
from generator.evidence.reading import Evidence
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.environment_views import environments_view
from generator.site.environments.listing import NEWEST, Listing
from generator.site.environments.page import environment_view
from generator.site.index import build_index
from generator.site.names import PART, deployment_place
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.environments.page import EnvironmentView


@pytest.fixture(scope="module")
def context(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    evidence = Evidence(shop_evidence)
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(tmp_path_factory.mktemp("places") / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


def view(context: Context, position: int) -> EnvironmentView:
    env = context.summary.environments[position]
    listing, count = Listing(context, env), 0
    for count, record in enumerate(context.evidence.deployments(), 1):
        if record.environment == env.name:
            listing.add(count, record)
    newest = listing.newest(DeploymentLines(context.evidence.folder, count))
    return environment_view(context, env, listing.parts, newest, (None, None))


def test_gates_results_and_failures_are_summed_up(context: Context) -> None:
    staging, production = view(context, 0), view(context, 1)
    assert [gate.passed for gate in production.gates] == [40]
    assert production.results == (("unit tests", 54, 6, 0, 0),)
    assert production.card.triage == "3 deployment suspected"
    assert not staging.gates


def test_the_way_back_to_the_newest_version_is_told(context: Context) -> None:
    for shown in (view(context, 0), view(context, 1)):
        assert shown.bring_back is not None
        assert shown.bring_back.digest == shown.card.digest
        newest = [d for d in context.evidence.deployments() if d.environment == shown.name][-1]
        assert shown.bring_back.commit.full == newest.commit.id
        assert shown.newest[0].id == newest.id


def test_parts_hold_every_deployment_once(context: Context) -> None:
    shown = view(context, 1)
    parts = [part for _year, parts in shown.parts for part in parts]
    total = context.summary.environments[1].deployments
    assert [(part.first, part.last) for part in reversed(parts)] == [(1, PART), (PART + 1, total)]
    assert len(shown.newest) == NEWEST


def test_what_runs_leads_to_its_component_and_its_deployment(context: Context) -> None:
    shown = view(context, 1)
    assert len(shown.standing) == sum(cell.role == "component" for cell in context.summary.environments[1].cells)
    assert all(row.page.startswith("components/") for row in shown.standing)
    assert all(row.deployment[0].startswith("releases/") for row in shown.standing)
    upstream = view(context, 0)
    assert all(row.deployment[0].startswith("environments/part-") for row in upstream.standing)


def test_every_deployment_of_every_environment_has_its_place(shop_site: Path, shop_evidence: Path) -> None:
    for record in Evidence(shop_evidence).deployments():
        page, _, place = deployment_place(record.id).partition("#")
        text = (shop_site / page).read_text()
        assert f'<tr id="{place}">' in text
        assert f'data-copy="{record.commit.id}"' in text
        assert f'data-copy="{record.digest}"' in text


def test_parts_lead_to_each_other_and_tell_the_way_back(shop_site: Path) -> None:
    first = (shop_site / "environments/part-1-production.html").read_text()
    assert 'href="../environments/part-2-production.html" rel="next"' in first
    assert "git worktree add --detach ../production-VERSION COMMIT" in first
    assert "assay show production@COMMIT" in first
    assert "Earlier: 1\N{EN DASH}50" in (shop_site / "environments/part-2-production.html").read_text()


def test_every_environment_has_a_card_that_leads_to_its_page(context: Context, shop_site: Path) -> None:
    cards = environments_view(context).cards
    assert [card.page for card in cards] == ["environments/staging.html", "environments/production.html"]
    assert cards[1].upstream_page == cards[0].page
    page = (shop_site / "environments.html").read_text()
    for card in cards:
        assert f'href="{card.page}"' in page
        assert (shop_site / card.page).is_file()


def test_places_inside_the_page_are_there(shop_site: Path) -> None:
    page = (shop_site / "environments/production.html").read_text()
    links = set(re.findall(r'href="#([^"]+)"', page)) - {"content", "__skip"}
    assert {link for link in links if f'id="{link}"' not in page} == set()
    for name in ("deployments", "findings", "drift", "bring-back", "all"):
        assert f'id="{name}"' in page
