from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config.detection import detect

if TYPE_CHECKING:
    from generator.config.detection import Detected

APPLICATION = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {{source: {{path: {}}}}}\n"


def look(*folders: str, files: dict[str, str] | None = None, former: tuple[str, ...] = ()) -> Detected:
    every = {f"{folder}/kustomization.yaml".lstrip("/"): "resources: []" for folder in folders} | (files or {})
    return detect(list(every), lambda path: every[path].encode(), former)


def paths(found: Detected) -> dict[str, tuple[str, ...]]:
    assert found.config is not None, found.reasons
    return {name: environment.path for name, environment in found.config.environments.items()}


def test_bases_components_and_flux_itself_are_no_environments() -> None:
    found = look("apps/staging", "apps/prod", "apps/base/prod", "clusters/prod/flux-system", "components/prod")
    assert paths(found) == {"staging": ("apps/staging",), "prod": ("apps/prod",)}
    assert found.confidence == "sure"


def test_what_is_declared_counts_before_what_merely_lies_there() -> None:
    old = [f"old/{e}/{part}" for e in ("staging", "prod") for part in ("a", "b", "c")]
    argo = {f"argocd/{e}.yaml": APPLICATION.format(f"new/{e}") for e in ("staging", "prod")}
    found = look(*old, "new/staging", "new/prod", files=argo)
    assert paths(found) == {"staging": ("new/staging",), "prod": ("new/prod",)}
    assert any("declare folders of these to be deployed" in reason for reason in found.reasons)


def test_an_environment_that_was_removed_is_kept() -> None:
    found = look("apps/prod", "apps/qa", former=("apps/staging/kustomization.yaml", "apps/staging/x.yaml"))
    assert list(paths(found)) == ["qa", "staging", "prod"]
    assert any("`apps/staging` stood there earlier" in reason for reason in found.reasons)


def test_a_single_kustomization_is_a_guess() -> None:
    found = look("deploy", "deploy/parts/a", "deploy/parts/b")
    assert found.config is not None
    (environment,) = found.config.environments.values()
    assert (environment.path, environment.reader, found.confidence) == (("deploy",), "kustomize", "guess")
    assert paths(look("")) == {"production": (".",)}
    assert look("somewhere/else").config is None


def test_a_kustomization_that_cannot_be_read_is_still_one() -> None:
    broken = {f"apps/{e}/kustomization.yaml": "resources: [" for e in ("staging", "prod")}
    assert list(paths(look(files=broken))) == ["staging", "prod"]
