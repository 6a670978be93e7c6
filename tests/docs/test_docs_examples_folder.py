from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from generator.config.detection import detect
from generator.config.loading import load_config
from generator.config.published_schema import config_schema
from generator.config.schema import BUILT_IN_READERS, Config
from generator.config.writing import write_config

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(EXAMPLES.glob("*.yaml"))

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n"
KUSTOMIZATION = "resources: [../../base]\n"
IMAGE = "image: {repository: shop, tag: '1.0'}\n"
TERRAFORM = 'resource "null_resource" "x" {}\n'
TOSCA = "tosca_definitions_version: tosca_2_0\n"
BOTH = ("staging", "production")
TAGS = ("v1.0.0", "v1.1.0", "v2.0.0")
APPLICATION_SET = """
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
spec:
  generators:
    - git: {directories: [{path: apps/*/overlays/*}]}
  template:
    spec: {source: {path: "{{.path.path}}", targetRevision: main}}
"""
FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {{path: ./deploy/{}}}\n"


def for_both(path: str, text: str) -> dict[str, str]:
    return {path.format(name): text.format(name) for name in BOTH}


TREES: dict[str, dict[str, str]] = {
    "explicit-model": {"shop/model.yaml": "components: {api: {}}", **for_both("shop/environments/{}.yaml", "")},
    "plain-folders": for_both("k8s/{}/api.yaml", DEPLOYMENT.replace("{", "{{").replace("}", "}}")),
    "kustomize-overlays": {
        "base/kustomization.yaml": "resources: [api.yaml]",
        "base/api.yaml": DEPLOYMENT,
        **for_both("overlays/{}/kustomization.yaml", KUSTOMIZATION),
    },
    "chart-values": {
        f"charts/{chart}/{file}": text
        for chart in ("api", "web")
        for file, text in {
            "Chart.yaml": f"name: {chart}\nversion: 0.1.0\n",
            "templates/deployment.yaml": "kind: {{ .Values.kind }}",
            "values.yaml": IMAGE,
            "values-staging.yaml": "replicas: 1",
            "values-production.yaml": "replicas: 3",
        }.items()
    },
    "values-layers": {
        f"services/{service}/values{layer}.yaml": IMAGE
        for service in ("api", "web")
        for layer in ("", "-staging", "-production")
    },
    "values-files": {
        f"image-tags/{name}/{component}.yaml": "image_tag: '1'"
        for name in ("integration", *BOTH)
        for component in ("api", "web")
    },
    "production-sites": {
        f"services/{service}/values{layer}.yaml": IMAGE
        for service in ("api", "web")
        for layer in ("", "-staging", "-eu", "-us")
    },
    "versions-file": for_both("env/{}/versions.yaml", "services: {{api: {{version: 1.2.0}}, web: {{version: 2.0.1}}}}"),
    "compose-files": {
        "compose.yaml": "services: {api: {image: 'shop:1'}}",
        "compose.staging.yaml": "services: {api: {environment: {A: b}}}",
        "compose.prod.yaml": "services: {api: {environment: {A: c}}}",
    },
    "terraform": {
        **{f"environments/{name}/main.tf": TERRAFORM for name in BOTH},
        "modules/network/main.tf": TERRAFORM,
    },
    "terraform-variables": {"infra/main.tf": TERRAFORM, **for_both("infra/{}.tfvars", "size = 1")},
    "tosca": for_both("topology/{}.yaml", TOSCA),
    "argo-cd-applicationset": {
        "argocd/shop.yaml": APPLICATION_SET,
        **{f"apps/{app}/overlays/{e}/kustomization.yaml": KUSTOMIZATION for app in ("api", "web") for e in BOTH},
        **{f"apps/{app}/base/kustomization.yaml": "resources: [api.yaml]" for app in ("api", "web")},
    },
    "flux-clusters": {
        **for_both("clusters/{}/apps.yaml", FLUX),
        **for_both("deploy/{}/kustomization.yaml", KUSTOMIZATION),
    },
    "branches": {"k8s/api.yaml": DEPLOYMENT},
    "tags": {"docker-compose.yml": "services: {api: {image: 'shop:1'}}"},
    "pin": {
        "k8s/api.yaml": DEPLOYMENT,
        "environments/staging/VERSION": "v2.0.0\n",
        "environments/production/VERSION": "v1.1.0\n",
    },
}
BRANCHES = {"branches": BOTH}
REAL = {
    "askem-orchestration",
    "deployment-charts",
    "flux-kustomize-helm",
    "metacpan-k8s",
    "online-boutique",
    "pangeo-cloud-federation",
    "sentry-self-hosted",
    "web-monitoring-ops",
}


def loaded(name: str) -> Config:
    return load_config((EXAMPLES / f"{name}.yaml").read_bytes(), f"{name}.yaml", BUILT_IN_READERS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_loads_and_keeps_to_the_schema(file: Path) -> None:
    config = loaded(file.stem)
    jsonschema.validate(yaml.safe_load(file.read_text("utf-8")), config_schema())
    assert any(environment.production for environment in config.environments.values())


@pytest.mark.parametrize("name", sorted(TREES))
def test_a_tree_of_the_layout_is_detected_as_the_example_says(name: str) -> None:
    files = TREES[name]
    tags = TAGS if name in {"tags", "pin"} else ()
    found = detect(list(files), lambda path: files[path].encode(), (), BRANCHES.get(name, ("main",)), tags)
    assert found.config == loaded(name), found.reasons
    assert list(found.config.environments) == list(loaded(name).environments)
    assert load_config(write_config(found).encode(), "assay.yaml", BUILT_IN_READERS) == found.config


def test_every_example_is_tried_and_is_in_the_index() -> None:
    names = {file.stem for file in FILES}
    assert names == TREES.keys() | REAL
    linked = re.findall(r"\]\(([\w-]+)\.yaml\)", (EXAMPLES / "README.md").read_text("utf-8"))
    assert sorted(linked) == sorted(names)


def test_every_example_says_why_in_comments() -> None:
    for file in FILES:
        text = file.read_text("utf-8")
        assert text.startswith("# "), file
        assert len(text.splitlines()) <= 30, file
