from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from support.replay import gathered, write_trees

from generator.config.loading import load_config
from generator.readers.registry import reader_names
from generator.timeline.bindings import Bindings

if TYPE_CHECKING:
    from pathlib import Path

    from generator.timeline.sources import Root


def _roots(config: str, path: str) -> dict[str, list[Root]]:
    loaded = load_config(textwrap.dedent(config).encode(), "assay.yaml", reader_names())
    sources = Bindings(loaded).tree_sources
    return {source.environment: found for source in sources if (found := list(source.roots(path)))}


LAYERS = """
environments:
  staging:
  live: {upstream: staging, environment: production}
model:
  - values: ["common.yaml", "s/{component}/values.yaml", "s/{component}/values-{environment}.yaml"]
    artifact: tag
"""


def test_a_layer_makes_a_unit_of_every_environment_that_it_may_belong_to() -> None:
    found = _roots(LAYERS, "s/shop/values.yaml")
    assert {name: [root.unit.layers for root in roots] for name, roots in found.items()} == {
        "staging": [("common.yaml", "s/shop/values.yaml", "s/shop/values-staging.yaml")],
        "live": [("common.yaml", "s/shop/values.yaml", "s/shop/values-production.yaml")],
    }
    assert [root.unit.component for root in found["live"]] == ["shop"]
    (own,) = _roots(LAYERS, "s/shop/values-production.yaml")["live"]
    assert own.name == found["live"][0].name
    # What is common to all components makes none of them.
    assert _roots(LAYERS, "common.yaml") == {}
    assert _roots(LAYERS, "s/shop/deep/values.yaml") == {}


def test_every_cluster_counts_unless_one_is_named() -> None:
    config = """
    environments:
      everywhere: {environment: production}
      eu: {environment: production, cluster: eu1}
    model:
      - kustomize: "clusters/{cluster}/{environment}/{component}"
    """
    found = _roots(config, "clusters/eu1/production/shop/kustomization.yaml")
    names = {name: [(root.path, root.unit.component, root.space) for root in roots] for name, roots in found.items()}
    assert names == {
        "everywhere": [("clusters/eu1/production/shop", "eu1/shop", "eu1")],
        "eu": [("clusters/eu1/production/shop", "shop", "")],
    }
    assert list(_roots(config, "clusters/us1/production/shop/kustomization.yaml")) == ["everywhere"]


def test_one_chart_for_many_components_is_a_unit_for_each() -> None:
    config = """
    environments: {staging: , production: {upstream: staging}}
    model:
      - helm: charts/app
        values: ["services/{component}/{environment}.yaml"]
    """
    found = _roots(config, "services/shop/staging.yaml")
    assert [(r.name, r.path, r.unit.component) for r in found["staging"]] == [("charts/app:shop", "charts/app", "shop")]
    assert list(found) == ["staging"]
    assert _roots(config, "charts/app/Chart.yaml") == {}


def test_a_file_named_as_the_path_is_meant_whatever_it_is_called() -> None:
    config = "environments: {live: {path: [deploy/stack.yml, old], reader: compose}}"
    assert [root.path for root in _roots(config, "deploy/stack.yml")["live"]] == ["deploy/stack.yml"]
    assert [root.path for root in _roots(config, "old/compose.yaml")["live"]] == ["old/compose.yaml"]
    assert _roots(config, "deploy/other.yml") == {}


def test_the_whole_repository_is_a_root() -> None:
    for config in (
        "environments: {live: {path: ., reader: terraform}}",
        "environments: {live: }\nmodel: [{terraform: .}]",
    ):
        assert [root.path in {"", "."} for root in _roots(config, "main.tf")["live"]] == [True]


def test_projects_of_compose_files_keep_their_names_apart(tmp_path: Path) -> None:
    compose = "services: {web: {image: 'IMAGE'}, db: {image: 'postgres:16'}}\n"
    tree = {f"{name}/compose.yaml": compose.replace("IMAGE", f"{name}:1") for name in ("shop", "wiki")}
    config = "environments: {live: }\nmodel: [{compose: '{component}/compose.yaml'}]\n"
    # Without an engine the files are read as they stand.
    none = {"compose": str(tmp_path / "none")}
    found = gathered(write_trees(tmp_path / "r", [tree]), tmp_path / "e", config, engines=none)
    images = {(c.component, c.new) for d in found.deployments for c in d.changes if c.field == "image"}
    assert {image for _, image in images} == {"shop:1", "wiki:1", "postgres:16"}
    assert len({name for name, _ in images}) == 4
    assert not any("duplicate" in f.rule for e in found.evidence.summary.environments for f in e.findings)


def test_layers_that_come_and_go(tmp_path: Path) -> None:
    trees = [
        {"s/shop/values.yaml": "tag: '1'\n"},
        {"s/shop/values.yaml": "tag: '1'\n", "s/shop/values-production.yaml": "tag: '2'\n"},
        {"s/shop/values.yaml": "tag: '3'\n", "s/shop/values-production.yaml": "tag: '2'\n"},
        {"s/shop/values.yaml": "tag: '3'\n"},
        {"README": "x"},
    ]
    found = gathered(write_trees(tmp_path / "r", trees), tmp_path / "e", LAYERS)
    tags = {
        name: [c.new for d in found.of(name) for c in d.changes if c.aspect == "artifact"]
        for name in ("staging", "live")
    }
    assert tags == {"staging": ["1", "3", None], "live": ["1", "2", "3", None]}
    (promoted,) = [c for c in found.of("live")[3].changes if c.aspect == "artifact"]
    assert promoted.validation == "promoted"
