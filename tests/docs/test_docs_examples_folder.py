from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from support.plain_git import git
from support.replay import START, Revision, gathered

from generator.assurance.rule_set import built_in_ids
from generator.config.detection import detect
from generator.config.loading import load_config
from generator.config.published_schema import config_schema
from generator.config.schema import BUILT_IN_READERS, Config
from generator.config.writing import write_config
from generator.evidence.gates import GateTable
from generator.history.importing import write_repository

if TYPE_CHECKING:
    from collections.abc import Callable

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


RUN = {"release-rules"}
"""Examples that say more than a layout: a small history is read with each."""


def loaded(name: str) -> Config:
    return load_config((EXAMPLES / f"{name}.yaml").read_bytes(), f"{name}.yaml", BUILT_IN_READERS, built_in_ids())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_loads_and_keeps_to_the_schema(file: Path, as_in_editors: Callable[[str], object]) -> None:
    config = loaded(file.stem)
    jsonschema.validate(as_in_editors(file.read_text("utf-8")), config_schema())
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
    assert names == TREES.keys() | REAL | RUN
    linked = re.findall(r"\]\(([\w-]+)\.yaml\)", (EXAMPLES / "README.md").read_text("utf-8"))
    assert sorted(linked) == sorted(names)


def test_every_example_says_why_in_comments() -> None:
    for file in FILES:
        text = file.read_text("utf-8")
        assert text.startswith("# "), file
        assert len(text.splitlines()) <= 30, file


def workload(version: str) -> bytes:
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n"
        "  replicas: 2\n  selector: {matchLabels: {app: shop}}\n  template:\n"
        "    metadata: {labels: {app: shop, tier: front}}\n"
        f"    spec: {{containers: [{{name: web, image: 'images.example.org/shop:{version}'}}]}}\n"
    ).encode()


WAIVER = b"""
waivers:
  - {rule: missing-limits, component: shop, owner: Platform, reason: measured in May, expires: 2030-12-31}
"""
POLICY = b"""
package assay

warn contains "front, and no owner" if {
	input.component.labels.tier == "front"
	not input.component.labels.team
}
"""
PASSED = b"<testsuite name='unit' tests='1' failures='0'><testcase name='total'/></testsuite>"


def shop_with_release_rules(target: Path, reports: dict[str, bytes]) -> Path:
    """Write a repository in which version 1 comes to staging, and two days later to production."""
    first: dict[str, bytes | None] = {
        "assay.yaml": (EXAMPLES / "release-rules.yaml").read_bytes(),
        "deploy/staging/shop.yaml": workload("1.0.0"),
        ".assay/waivers.yaml": WAIVER,
        "policy/owner.rego": POLICY,
    }
    release: dict[str, bytes | None] = {"deploy/production/shop.yaml": workload("1.0.0")}
    after: dict[str, bytes | None] = {"live/production.yaml": workload("0.9.0"), **reports}
    words = "Promote shop 1.0.0\n\nApproved-by: Grace Example <grace@example.org>\n"
    revisions = (
        Revision(START, "Shop 1.0.0 in staging", first),
        Revision(START + 2 * 86_400, words, release),
        Revision(START + 2 * 86_400 + 60, "Keep what was found and what runs", after),
    )
    write_repository(target, revisions)
    return target


def test_what_must_hold_is_judged_as_the_example_says(tmp_path: Path) -> None:
    for extra in ("regopy", "kubernetes_validate", "jsonschema_rs"):
        pytest.importorskip(extra, reason=f"{extra} is not installed")
    commit = git(shop_with_release_rules(tmp_path / "before", {}), "rev-parse", "HEAD~1").strip()
    repository = shop_with_release_rules(tmp_path / "shop", {f"reports/{commit}/junit.xml": PASSED})
    run = gathered(repository, tmp_path / "evidence")
    (release,) = run.of("production")
    assert release.commit.id == commit
    (table,) = run.evidence.objects("gates", "production", GateTable).values()
    assert {row.name: row.outcome for row in table.rows} == {
        "approval": "passed",
        "tests": "passed",
        "soak": "passed",
        "calm": "passed",
        "findings": "passed",
        "signed": "missing",
    }
    (production,) = [one for one in run.evidence.summary.environments if one.production]
    rules = {one.rule: one for one in production.findings}
    assert rules["missing-limits"].level == "error"
    assert rules["missing-limits"].exempt is not None
    assert {"owner-label", "policy/owner"} <= rules.keys()
    assert production.live is not None
    assert [(row.field, row.value) for row in production.live.rows] == [("web.image", "images.example.org/shop:0.9.0")]
