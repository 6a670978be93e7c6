"""The pages of topologies: where to begin to explore them, and long tables that fold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from generator.evidence.reading import Evidence
from generator.site import topology_view as module
from generator.site.bring_back import Version
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.fragments import Fragments
from generator.site.index import build_index
from generator.site.sources import template_folders
from generator.site.templating import Templates
from generator.site.topology_view import topology_view
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.topology_view import TopologyView


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(template_folders(()))


@pytest.fixture(scope="module")
def shop(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    bundle = Evidence(shop_evidence)
    components, diagrams = bundle.components(), Diagrams(tmp_path_factory.mktemp("drawn"))
    index = build_index(bundle, components, diagrams)
    return Context(bundle, components, index, Calendar(bundle.summary.as_of), diagrams.render_all())


def view_of(shop: Context, templates: Templates, environment: str) -> TopologyView:
    index = shop.index
    version = Version(
        environment, index.newest_digest[environment], index.newest_commit[environment], index.newest[environment]
    )
    return topology_view(shop, Fragments(templates, "../"), version)


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_it_is_explored_from_the_newest_deployment_that_led_to_it(
    environment: str, shop: Context, templates: Templates
) -> None:
    view = view_of(shop, templates, environment)
    assert view.atlas is not None
    assert view.atlas.environment == environment
    record = next(one for one in shop.evidence.deployments() if one.id == view.atlas.deployment)
    assert (record.environment, record.digest) == (environment, view.digest.full)
    page = templates.render("topology", "../", view)
    assert f'data-at="{record.id}" data-root="../" data-now="../assets/atlas/now.js"' in page
    assert f'data-findings="../assets/atlas/findings-{environment}.js" hidden' in page


def test_a_topology_that_no_known_deployment_led_to_is_not_offered(shop: Context, templates: Templates) -> None:
    view = view_of(shop, templates, "production")._replace(atlas=None)
    assert "data-atlas" not in templates.render("topology", "../", view)


def test_long_tables_are_folded_and_short_ones_are_not(
    shop: Context, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = view_of(shop, templates, "production")
    assert (short.nodes_folded, short.edges_folded) == ("", "")
    monkeypatch.setattr(module, "FOLDED", 3)
    long = view_of(shop, templates, "production")
    assert long.nodes_folded == f"Show all {len(long.nodes)} rows"
    page = templates.render("topology", "../", long)
    assert len(re.findall("<details><summary>Show all", page)) == 2
    assert page.count("</details>") == page.count("<details>")


def test_rows_that_are_left_out_are_counted(
    shop: Context, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = view_of(shop, templates, "production")
    assert whole.left == ""
    connections = shop.index.newest["production"].connection_count
    monkeypatch.setattr(module, "MOST_ROWS", 4)
    cut = view_of(shop, templates, "production")
    assert len(cut.nodes) == 4
    assert cut.left == f"{len(whole.nodes) - 4 + connections - 4} more rows stand in the evidence."


def test_the_picture_says_in_words_what_it_shows(shop: Context, templates: Templates) -> None:
    view = view_of(shop, templates, "production")
    assert re.fullmatch(r"Topology of production: \d+ components, .*\d+ connections?, 1 exposure\.", view.picture.alt)
