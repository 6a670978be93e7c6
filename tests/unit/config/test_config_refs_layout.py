from __future__ import annotations

import pytest

from generator.config.findings import Found
from generator.config.layouts.refs import (
    assumed_environment,
    environment_branches,
    release_pattern,
    with_branches,
    with_tags,
)
from generator.config.schema import Environment

ALONE = Found(assumed_environment("k8s", "kubernetes"), ("Seen.", "Assumed."), "guess", assumed=True)
FOLDERS = Found({"staging": Environment(path=("a",)), "prod": Environment(path=("b",))}, ("Seen.",), "sure")


@pytest.mark.parametrize(
    ("branches", "found"),
    [
        (["staging", "production", "fix"], {"staging": "staging", "production": "production"}),
        (["env/prod", "env/staging"], {"staging": "env/staging", "prod": "env/prod"}),
        (["main", "staging"], {"staging": "staging", "production": "main"}),
        (["main", "develop"], {}),
        (["feature/prod", "feature/staging"], {}),
        (["prod"], {}),
        (["main", "prod-fix", "staging-2"], {}),
    ],
)
def test_branches_that_are_environments(branches: list[str], found: dict[str, str]) -> None:
    assert environment_branches(branches) == found
    assert list(environment_branches(branches)) == list(found)


def test_one_place_with_branches_is_an_environment_in_each() -> None:
    found = with_branches(ALONE, ["main", "staging", "prod"])
    assert {name: (e.path, e.ref) for name, e in found.environments.items()} == {
        "staging": (("k8s",), "staging"),
        "prod": (("k8s",), "prod"),
    }
    assert "Assumed." not in found.reasons
    assert found.confidence == "likely"
    assert not found.assumed


def test_environments_of_the_files_take_branches_only_where_there_is_no_trunk() -> None:
    found = with_branches(FOLDERS, ["staging", "production"])
    assert [e.ref for e in found.environments.values()] == ["staging", "production"]
    assert found.confidence == "likely"
    kept = with_branches(FOLDERS, ["staging", "production", "main"])
    assert kept.environments == FOLDERS.environments
    assert "beside `main`; the files tell environments too" in kept.reasons[-1]


def test_branches_that_fit_only_some_environments_are_named_and_left() -> None:
    found = with_branches(Found({"qa": Environment(), **FOLDERS.environments}, (), "sure"), ["staging", "prod"])
    assert not any(environment.ref for environment in found.environments.values())
    assert "give each environment its `ref`" in found.reasons[-1]


@pytest.mark.parametrize(
    ("tags", "pattern"),
    [
        (["v1.0.0", "v1.1.0", "v1.10.0-rc1", "v0", "old"], ("v*.*.*", 3)),
        (["1.0.0", "2.0", "3.0.0"], ("*.*", 3)),
        (["shop-1.0.0", "shop-1.1.0", "shop-2.0.0", "web-1.0.0"], ("shop-*.*.*", 3)),
        (["v1.0.0", "v1.1.0"], ("", 2)),
        (["a", "b", "c"], ("", 0)),
        ([], ("", 0)),
    ],
)
def test_the_pattern_of_tags_that_look_like_versions(tags: list[str], pattern: tuple[str, int]) -> None:
    assert release_pattern(tags) == pattern


def test_tags_are_releases_of_a_single_environment_alone() -> None:
    tags = ["v1.0.0", "v1.1.0", "v2.0.0"]
    (environment,) = with_tags(ALONE, tags).environments.values()
    assert environment.tags == "v*.*.*"
    assert with_tags(ALONE, tags).confidence == "guess"
    assert with_tags(ALONE, [f"v1.{n}.0" for n in range(20)]).confidence == "likely"
    assert with_tags(FOLDERS, tags) == FOLDERS
