"""A chart whose dependencies were never committed, through four years: it is not rendered, and its values are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from support.git_tree import Objects, contents

from generator.model.component import Aspect
from generator.readers.helm.reader import HelmReader
from generator.readers.reader import SourceFile, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.git_tree import GitTree

    from generator.model.component import Component
    from generator.readers.reader import Plan

pytestmark = pytest.mark.real

ROOT = "pangeo-deploy"
CHART = (f"{ROOT}/Chart.yaml", f"{ROOT}/requirements.yaml")


@pytest.fixture(scope="module")
def objects(real_history: Callable[[str], Path]) -> Iterator[Objects]:
    with Objects(real_history("pangeo-cloud-federation")) as found:
        yield found


def unit(deployment: str, environment: str) -> Unit:
    folder = f"deployments/{deployment}"
    layers = ["config/common.yaml", f"config/{environment}.yaml", f"secrets/{environment}.yaml"]
    return Unit("", deployment, layers=tuple(f"{folder}/{layer}" for layer in layers))


def read(objects: Objects, tree: GitTree, of: Unit) -> tuple[Plan, Component]:
    reader = HelmReader()
    plan = reader.plan(of, ROOT, tree)
    files = [SourceFile(path, data) for path, data in contents(plan.files, objects)]
    reading = reader.read_tree(of, ROOT, plan, files, None, lambda value: f"secret:{len(value)}")
    assert not reading.problems
    (release,) = reading.components
    return plan, release


def declared(objects: Objects, tree: GitTree) -> dict[str, str]:
    """Return name and version of each dependency, by PyYAML alone."""
    found: dict[str, str] = {}
    for path in CHART:
        if tree.blob(path):
            data = yaml.safe_load(objects.blob(tree.blob(path))) or {}
            found |= {one["name"]: str(one.get("version", "")) for one in data.get("dependencies", [])}
    return found


def test_every_version_of_the_chart_falls_back_to_its_values_and_says_why(objects: Objects) -> None:
    commits = [commit for commit in objects.first_parents(*CHART) if objects.tree(commit).blob(CHART[0])]
    seen: dict[tuple[str, ...], dict[str, str]] = {}
    for commit in commits:
        tree = objects.tree(commit)
        blobs = tuple(tree.blob(path) for path in CHART)
        if blobs in seen:
            continue
        seen[blobs] = declared(objects, tree)
        plan, release = read(objects, tree, unit("icesat2", "prod"))
        assert plan.job is None, commit
        (note,) = plan.notes
        assert note.code == "not-rendered"
        assert all(f"{name} {version}".strip() in note.reason for name, version in seen[blobs].items()), commit
        shown = {field.name: field.value for field in release.fields if field.aspect is Aspect.ARTIFACT}
        assert {name: shown.get(f"dependencies[{name}]", "") for name in seen[blobs]} == seen[blobs]
    assert len(seen) > 20
    names = {name for found in seen.values() for name in found}
    assert names >= {"pangeo", "daskhub", "prometheus-operator", "ingress-nginx"}


def test_layers_of_an_environment_win_over_the_chart(objects: Objects) -> None:
    tree = objects.tree("HEAD")
    _, staging = read(objects, tree, unit("icesat2", "staging"))
    _, production = read(objects, tree, unit("icesat2", "prod"))
    merged: dict[str, dict[str, str]] = {}
    for release in (staging, production):
        merged[release.digest] = {field.name: field.value for field in release.fields}
    assert len(merged) == 2
    key = "daskhub.jupyterhub.hub.extraEnv.OAUTH_CALLBACK_URL"
    written = [
        yaml.safe_load(objects.blob(tree.blob(f"deployments/icesat2/config/{name}.yaml")))
        for name in ("staging", "prod")
    ]
    expected = [found["daskhub"]["jupyterhub"]["hub"]["extraEnv"]["OAUTH_CALLBACK_URL"] for found in written]
    assert [fields[key] for fields in merged.values()] == expected


def test_encrypted_values_are_told_by_a_fingerprint_alone(objects: Objects) -> None:
    _, release = read(objects, objects.tree("HEAD"), unit("icesat2", "prod"))
    names = [field.name for field in release.fields if field.name.startswith("encrypted.")]
    assert names == ["encrypted.values[3]"]
