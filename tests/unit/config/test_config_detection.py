from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config.detection import Detected, detect
from generator.config.loading import load_config
from generator.config.looking import MOST_FILES
from generator.config.schema import BUILT_IN_READERS
from generator.config.writing import write_config
from generator.errors import AssayError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config.schema import Config

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: x}\n"


def look(files: Mapping[str, str], former: tuple[str, ...] = ()) -> Detected:
    return detect(list(files), lambda path: files[path].encode(), former)


def config_of(files: Mapping[str, str], former: tuple[str, ...] = ()) -> Config:
    found = look(files, former)
    assert found.config is not None, found.reasons
    return found.config


def test_a_folder_of_manifests_for_each_environment() -> None:
    files = {f"k8s/{e}/app.yaml": DEPLOYMENT for e in ("prod", "staging", "dev")} | {"k8s/base/app.yaml": DEPLOYMENT}
    found = look(files)
    assert found.config is not None
    assert {name: (e.path, e.upstream, e.production) for name, e in found.config.environments.items()} == {
        "dev": (("k8s/dev",), "", False),
        "staging": (("k8s/staging",), "dev", False),
        "prod": (("k8s/prod",), "staging", True),
    }
    assert list(found.config.environments) == ["dev", "staging", "prod"]
    assert found.confidence == "sure"


def test_an_environment_that_was_removed_is_found_by_its_former_paths() -> None:
    files = {"kubernetes/production/api.yaml": DEPLOYMENT, "kubernetes/kube-system/x.yaml": DEPLOYMENT}
    former = ("kubernetes/staging/api.yaml", "kubernetes/dev/other.yaml")
    found = look(files, former)
    assert found.config is not None
    assert list(found.config.environments) == ["staging", "production"]
    assert found.config.environments["production"].upstream == "staging"
    assert found.confidence == "likely"
    assert any("`kubernetes/staging` stood there earlier" in reason for reason in found.reasons)
    assert list(config_of(files).environments) == ["production"]


def test_folders_that_hold_no_workload_are_no_environments() -> None:
    assert look({"test/a.yaml": "a: b", "prod/a.yaml": SERVICE, "staging/b.yaml": "kind: x"}).config is None


def test_a_lone_folder_of_tests_is_no_environment() -> None:
    assert look({"test/app.yaml": DEPLOYMENT}).config is None


def test_folders_that_kustomizations_render_are_read_by_kustomize() -> None:
    files = {f"overlays/{e}/app.yaml": DEPLOYMENT for e in ("prod", "staging")}
    found = look(files | {f"overlays/{e}/kustomization.yaml": "resources: [app.yaml]" for e in ("prod", "staging")})
    assert found.config is not None
    assert {(e.path, e.reader) for e in found.config.environments.values()} == {
        (("overlays/staging",), "kustomize"),
        (("overlays/prod",), "kustomize"),
    }


def test_a_folder_whose_file_is_broken_now_is_still_an_environment() -> None:
    files = {"k8s/prod/api.yaml": DEPLOYMENT, "k8s/staging/api.yaml": "kind: [Deployment\n"}
    found = look(files)
    assert found.config is not None
    assert list(found.config.environments) == ["staging", "prod"]
    assert found.confidence == "likely"
    assert any("`k8s/staging` holds files that can't be read now" in reason for reason in found.reasons)
    assert any(reason.startswith("Could not read `k8s/staging/api.yaml` (line") for reason in found.reasons)


def test_folders_of_manifests_inside_the_folder_of_each_component() -> None:
    files = {f"apps/{c}/{e}/x.yaml": DEPLOYMENT for c in ("api", "web") for e in ("staging", "prod")}
    found = look(files)
    assert found.config is not None
    assert [(s.reader, s.template) for s in found.config.model] == [("kubernetes", "apps/{component}/{environment}")]
    assert found.confidence == "sure"


def test_of_two_layouts_the_surer_one_is_taken_and_the_other_named() -> None:
    files = {f"deploy/{e}/kustomization.yaml": "" for e in ("staging", "prod")}
    found = look(files | {"docker-compose.yml": "", "docker-compose.qa.yml": "", "docker-compose.dev.yml": ""})
    assert found.config is not None
    assert {e.reader for e in found.config.environments.values()} == {"kustomize"}
    assert "Also seen, and not taken: compose files." in found.reasons


def test_an_explicit_model_with_its_environments() -> None:
    files = {
        "shop/model.yaml": "components: {api: {}}",
        "shop/environments/production.yaml": "{}",
        "shop/environments/staging.yaml": "{}",
        "other/model.yaml": "layers: []",
    }
    found = look(files)
    assert found.config is not None
    assert list(found.config.environments) == ["staging", "production"]
    assert found.config.environments["production"].path == ()
    (source,) = found.config.model
    assert (source.reader, source.template, source.settings) == (
        "explicit",
        "shop/model.yaml",
        "environments/{environment}.yaml",
    )
    assert found.confidence == "sure"


def test_an_explicit_model_at_the_top_with_names_that_tell_no_order() -> None:
    found = look({"model.yaml": "components: {}", "environments/red.yaml": "", "environments/blue.yaml": ""})
    assert found.config is not None
    assert {n: e.upstream for n, e in found.config.environments.items()} == {"blue": "", "red": ""}
    assert found.confidence == "likely"


def test_an_explicit_model_and_manifests_together() -> None:
    files = {"model.yaml": "components: {api: {}}"}
    for name in ("staging", "production"):
        files |= {f"environments/{name}.yaml": "", f"deploy/{name}/api.yaml": DEPLOYMENT}
    config = config_of(files)
    assert [(n, e.path) for n, e in config.environments.items()] == [
        ("staging", ("deploy/staging",)),
        ("production", ("deploy/production",)),
    ]
    assert [source.reader for source in config.model] == ["explicit"]


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("charts/app-config/image-tags/{}/{}", "charts/app-config/image-tags/{environment}/{component}"),
        ("apps/{}/{}.yaml", "apps/{environment}/{component}.yaml"),
        ("apps/{}/{}/values.yaml", "apps/{environment}/{component}/values.yaml"),
    ],
)
def test_values_by_environment_and_component(path: str, template: str) -> None:
    files = {path.format(e, f"app-{n}"): f"image_tag: v{n}" for e in ("integration", "production") for n in range(3)}
    found = look(files)
    assert found.config is not None
    (source,) = found.config.model
    assert (source.reader, source.template, source.artifact) == ("values", template, ("image_tag",))
    assert list(found.config.environments) == ["integration", "production"]
    assert found.confidence == "sure"


def test_values_beside_a_component() -> None:
    files = {
        f"{c}/values-{e}.yaml": "app:\n  image: {tag: '1'}\n  version: 3"
        for c in ("api", "web")
        for e in ("stg", "prod")
    }
    (source,) = config_of(files).model
    assert source.template == "{component}/values-{environment}.yaml"
    assert source.artifact == ("app.image.tag",)


def test_values_with_a_key_that_tells_little_are_a_guess() -> None:
    files = {f"{e}/{c}.yaml": "version: 1" for e in ("staging", "prod") for c in ("api", "web")}
    assert look(files).confidence == "guess"
    assert config_of(files).model[0].artifact == ("version",)


def test_values_without_an_artifact_are_no_layout() -> None:
    assert look({f"{e}/{c}.yaml": "colour: red" for e in ("staging", "prod") for c in ("api", "web")}).config is None


def test_values_of_an_environment_that_was_removed() -> None:
    files = {f"tags/{e}/api": "image_tag: 1" for e in ("integration", "production")}
    assert list(config_of(files, ("tags/staging/api", "tags/qa/other")).environments) == [
        "integration",
        "staging",
        "production",
    ]


def test_a_release_file_comes_before_a_folder_with_a_kustomization() -> None:
    files = {
        "kubernetes-manifests/api.yaml": DEPLOYMENT,
        "kubernetes-manifests/kustomization.yaml": "resources: [api.yaml]",
        "release/istio-manifests.yaml": SERVICE,
        "release/kubernetes-manifests.yaml": f"{DEPLOYMENT}---\n{SERVICE}",
    }
    found = look(files)
    assert found.config is not None
    assert found.config.environments["production"].path == ("release/kubernetes-manifests.yaml",)
    assert found.config.environments["production"].production
    assert found.confidence == "guess"


def test_one_folder_of_manifests() -> None:
    files = {"k8s/sub/api.yaml": DEPLOYMENT, "deploy/chart/Chart.yaml": "name: x", "deploy/chart/app.yaml": DEPLOYMENT}
    assert config_of(files).environments["production"].path == ("k8s",)


def test_nothing_that_fits_is_said_with_what_was_looked_for_and_what_was_seen() -> None:
    files = {f"{name}/docker-compose.yml": "services: {}" for name in ("a", "b")} | {"helmfile.yaml": ""}
    found = detect(list(files), lambda _: b"", (), ["main", "staging"], ["v1.0", "v1.1", "v1.2"])
    assert found.config is None
    unclear = ", but nothing that tells which environment each belongs to."
    assert len([reason for reason in found.reasons if reason.startswith("Looked for")]) == 4
    assert [reason for reason in found.reasons if reason.startswith("Saw")] == [
        "Saw helmfiles (`helmfile.yaml`)" + unclear,
        "Saw compose files (`a/docker-compose.yml` and 1 more)" + unclear,
        "Saw the branches `staging` and `main`, but no files to read in them.",
        "Saw 3 tags like versions (`v*.*`), but no files to read in them.",
    ]
    assert look({"README.md": ""}).reasons[-1] == "Saw 1 other file."
    assert look({}).config is None


def test_a_file_that_cannot_be_read_costs_that_file() -> None:
    def read(path: str) -> bytes:
        if path == "k8s/prod/a.yaml":
            code, reason = "blob", "missing"
            raise AssayError(code, reason)
        return DEPLOYMENT.encode()

    found = detect(["k8s/prod/a.yaml", "k8s/prod/b.yaml"], read)
    assert found.config is not None
    none = detect(["k8s/prod/a.yaml"], read)
    assert none.reasons[-1] == "Could not read `k8s/prod/a.yaml` (missing); the layout is told without."


def test_the_look_is_bounded() -> None:
    read: list[str] = []

    def reader(path: str) -> bytes:
        read.append(path)
        return b"a: b"

    detect([f"p{n}/{e}/{c}.yaml" for n in range(40) for e in ("dev", "prod") for c in range(40)], reader)
    assert 0 < len(set(read)) == len(read) <= MOST_FILES


def test_a_long_file_is_cut_after_a_whole_document() -> None:
    assert list(config_of({"k8s/a.yaml": f"{DEPLOYMENT}---\na: {'x' * 100_000}"}).environments) == ["production"]
    assert look({"k8s/a.yaml": f"{DEPLOYMENT}# {'x' * 100_000}"}).config is None


@pytest.mark.parametrize("name", ["{x}", "a\\b", "~", "c:", "a\nb", "\udc80"])
def test_paths_that_no_configuration_can_name_are_left(name: str) -> None:
    files = {f"{name}/{e}/api.yaml": DEPLOYMENT for e in ("staging", "prod")}
    files |= {f"{name}/{e}/{c}": "image_tag: 1" for e in ("staging", "prod") for c in "ab"}
    files |= {f"{name}/model.yaml": "components: {}", f"{name}/environments/prod.yaml": ""}
    assert look(files).config is None


def test_more_environments_than_a_site_holds_are_no_layout() -> None:
    files = {"model.yaml": "components: {}"} | {f"environments/e{n}.yaml": "" for n in range(201)}
    found = look(files)
    assert found.config is None
    assert "201 environments" in found.reasons[-1]


def test_the_order_of_the_paths_changes_nothing() -> None:
    files = {f"tags/{e}/{c}": "image_tag: 1" for e in ("integration", "production") for c in "abc"}
    assert look(files) == look(dict(reversed(files.items())))


FOLDERS = ("apps", "api", "web", "staging", "prod", "eu", "Prod", "shop-staging", "base", "overlays", "argocd", "k8s")
NAMES = (
    "kustomization.yaml",
    "Chart.yaml",
    "values.yaml",
    "values-staging.yaml",
    "prod.yaml",
    "main.tf",
    "staging.tfvars",
    "prod.tfvars",
    "compose.yaml",
    "compose.prod.yaml",
    "VERSION",
    "model.yaml",
    "prod",
    ".env",
)
TEXTS = (
    DEPLOYMENT,
    "image: {tag: '1'}",
    "a: [",
    "{{ x }}",
    "services: {a: {version: '1.0'}}",
    "v1.0.0",
    "\0",
    "",
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: {path: k8s, targetRevision: v1.0.0}}",
)
places = st.builds(
    lambda folders, name: "/".join([*folders, name]),
    st.lists(st.sampled_from(FOLDERS), max_size=3),
    st.sampled_from(NAMES),
)
BRANCHES = st.lists(st.sampled_from(("main", "staging", "prod", "env/prod", "fix")), unique=True)
TAGS = st.lists(st.sampled_from(("v1.0.0", "v1.1.0", "v2.0.0", "1.0", "old")), unique=True)


@given(st.dictionaries(places, st.sampled_from(TEXTS), max_size=20), st.lists(places, max_size=5), BRANCHES, TAGS)
def test_any_tree_gives_a_configuration_that_reads_back_or_says_why_not(
    files: dict[str, str], former: list[str], branches: list[str], tags: list[str]
) -> None:
    found = detect(list(files), lambda path: files[path].encode(), former, branches, tags)
    assert found.reasons
    assert found == detect(sorted(files), lambda path: files[path].encode(), former[::-1], branches[::-1], tags[::-1])
    if found.config is not None:
        assert any(environment.production for environment in found.config.environments.values())
        assert load_config(write_config(found).encode(), "assay.yaml", BUILT_IN_READERS) == found.config
