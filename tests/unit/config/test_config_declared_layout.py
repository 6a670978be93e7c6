from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.config.layouts.declared import declared_places
from generator.config.looking import Looker

if TYPE_CHECKING:
    from generator.config.layouts.declared import Declared

FOLDERS = ("apps/api/overlays/prod", "apps/api/overlays/staging", "apps/web/overlays/prod")
LIST = "{list: {elements: [{app: api}]}}"
SET = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n"


def declared(text: str, path: str = "argocd/apps.yaml") -> tuple[Declared, ...]:
    files = {f"{folder}/kustomization.yaml": "" for folder in FOLDERS} | {path: text}
    return declared_places(Looker(files, (), lambda name: files[name].encode()))


def application(source: str) -> str:
    return f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source}\n"


def test_an_application_names_a_folder_and_a_revision() -> None:
    (found,) = declared(application(f"{{source: {{path: ./{FOLDERS[0]}/, targetRevision: v1}}}}"))
    assert (found.path, found.revision, found.by, found.kind, found.key) == (
        FOLDERS[0],
        "v1",
        "argocd/apps.yaml",
        "Application",
        "spec.source.targetRevision",
    )


def test_of_several_sources_each_folder_that_is_there_counts() -> None:
    text = application(f"{{sources: [{{path: {FOLDERS[0]}}}, {{path: elsewhere}}, {{chart: redis}}]}}")
    assert [(place.path, place.key) for place in declared(text)] == [(FOLDERS[0], "")]


def test_a_kustomization_of_flux_and_not_one_of_kustomize() -> None:
    flux = f"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {{path: ./{FOLDERS[1]}}}\n"
    assert [place.path for place in declared(flux, "clusters/staging/apps.yaml")] == [FOLDERS[1]]
    assert declared(flux.replace("toolkit.fluxcd", "config.k8s")) == ()


@pytest.mark.parametrize(
    ("generators", "path"),
    [
        ("[{list: {elements: [{app: api, env: prod}, {app: gone, env: prod}]}}]", "apps/{{app}}/overlays/{{ .env }}"),
        ("[{git: {directories: [{path: apps/*/overlays/prod}, {path: apps/web/*/*, exclude: true}]}}]", "{{path}}"),
        (
            f"[{{matrix: {{generators: [{LIST}, {{git: {{directories: [{{path: apps/api/overlays/prod}}]}}}}]}}}}]",
            "apps/{{.app}}/overlays/{{path.basename}}",
        ),
    ],
)
def test_generators_of_an_application_set(generators: str, path: str) -> None:
    text = f"{SET}  generators: {generators}\n  template: {{spec: {{source: {{path: '{path}'}}}}}}\n"
    assert [place.path for place in declared(text)] == ["apps/api/overlays/prod"]


def test_what_only_a_cluster_knows_declares_nothing() -> None:
    text = f"{SET}  generators: [{{clusters: {{}}}}]\n  template: {{spec: {{source: {{path: 'apps/{{{{name}}}}'}}}}}}\n"
    assert declared(text) == ()
    assert declared(application("{source: {path: ../outside}}")) == ()
