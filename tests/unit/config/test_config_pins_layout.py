from __future__ import annotations

import pytest

from generator.config.detection import detect

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\n"
APPLICATION = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {{source: {{path: k8s, targetRevision: {}}}}}\n"
)
COMMIT = "c" * 40


def placed(
    files: dict[str, str], tags: tuple[str, ...] = (), branches: tuple[str, ...] = ()
) -> dict[str, tuple[str, ...]]:
    every = {"k8s/api.yaml": DEPLOYMENT} | files
    found = detect(list(every), lambda path: every[path].encode(), (), branches, tags)
    assert found.config is not None
    return {n: (*e.path, e.pin, e.pin_key, e.ref) for n, e in found.config.environments.items()}


@pytest.mark.parametrize("path", ["envs/{}/version.txt", "{}.version", "releases/{}", "deployed/{}.txt"])
def test_a_file_for_each_environment_that_names_a_tag_or_a_commit(path: str) -> None:
    files = {path.format("staging"): f"{COMMIT}\n", path.format("prod"): "v1"}
    assert placed(files, ("v1",)) == {
        "staging": ("k8s", path.format("staging"), "", ""),
        "prod": ("k8s", path.format("prod"), "", ""),
    }


def test_a_text_that_names_no_tag_is_no_pin() -> None:
    assert list(placed({"staging/VERSION": "1.0", "prod/VERSION": "0.9"}, ("v1",))) == ["production"]
    assert list(placed({"staging/VERSION": "v1"}, ("v1",))) == ["production"]


def test_applications_that_name_one_folder_at_different_tags() -> None:
    files = {f"argocd/{e}.yaml": APPLICATION.format(tag) for e, tag in (("staging", "v2"), ("prod", "v1"))}
    assert placed(files, ("v1", "v2")) == {
        "staging": ("k8s", "argocd/staging.yaml", "spec.source.targetRevision", ""),
        "prod": ("k8s", "argocd/prod.yaml", "spec.source.targetRevision", ""),
    }


def test_applications_that_name_one_folder_in_different_branches() -> None:
    files = {f"argocd/{e}.yaml": APPLICATION.format(e) for e in ("staging", "prod")}
    assert placed(files, (), ("staging", "prod", "main")) == {
        "staging": ("k8s", "", "", "staging"),
        "prod": ("k8s", "", "", "prod"),
    }


def test_applications_of_one_revision_tell_no_environments() -> None:
    files = {f"argocd/{e}.yaml": APPLICATION.format("main") for e in ("staging", "prod")}
    assert list(placed(files, (), ("main",))) == ["production"]
