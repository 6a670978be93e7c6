"""A shop released by tags: each release is one version of the manifests, and the commits between are none."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from real import oracle_git, oracle_releases
from support.evidence_facts import SAME, Facts, compare, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.real

Releases = list[oracle_releases.Release]


@pytest.fixture(scope="module")
def found(real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts("online-boutique", real_history, tmp_path_factory)


@pytest.fixture(scope="module")
def oracle(real_history: Callable[[str], Path]) -> Releases:
    return oracle_releases.releases(real_history("online-boutique"), "v*.*.*", "release/kubernetes-manifests.yaml")


def test_each_release_that_changes_the_manifests_is_a_deployment(found: Facts, oracle: Releases) -> None:
    """DEFINITIONS, "Deployment"; the order is that of ancestry, where a date would sort otherwise.

    `git tag --list 'v*.*.*' | wc -l` counts 40, each at a commit of its own; two of them can't be read.
    """
    commits = list({r.commit.id: r for r in oracle}.values())
    assert (len(oracle), len(commits)) == (40, 40)
    expected = [new.commit.id for old, new in pairwise(commits) if new.readable and old.blobs != new.blobs]
    assert [d["commit"]["id"] for d in found.of("production")] == [commits[0].commit.id, *expected]
    assert len(expected) == 37


def test_every_image_has_the_kind_that_its_sequence_gives(found: Facts, oracle: Releases) -> None:
    """DEFINITIONS, "What happened"."""
    assert compare(found.kinds("production"), oracle_git.kinds(oracle_releases.image_steps(oracle))) == SAME


def test_redis_went_back_to_its_floating_tag_twice(found: Facts) -> None:
    """DEFINITIONS, "rollback".

    `for t in v0.1.5 v0.2.0 v0.2.1 v0.3.0 v0.3.1; do git show $t:release/kubernetes-manifests.yaml | grep redis:; done`
    """
    back = [(c["component"], c["new"]) for _, c in found.brought("production") if c["kind"] == "rollback"]
    assert back == [("redis-cart", "redis:alpine")] * 2


@pytest.mark.parametrize("tag", ["v0.1.0", "v0.3.9", "v0.8.0", "v0.10.6"])
def test_the_images_of_a_release_stand_after_it(tag: str, found: Facts, oracle: Releases) -> None:
    """DEFINITIONS, "Artifact": the raw text of the file."""
    (release,) = [r for r in oracle if r.tag == tag]
    states = [(d, now) for d, now in found.states("production") if d["commit"]["id"] == release.commit.id]
    ((_, now),) = states
    images = {
        f"{component}:{name.removesuffix('.image').removeprefix('init.')}": value
        for component, fields in now.items()
        for name, value in fields.items()
        if name.endswith(".image")
    }
    assert images == release.images


def test_no_fault_of_a_commit_between_two_releases_counts(found: Facts, oracle: Releases) -> None:
    """Show that of the commits that broke the file, only those released are told, and none of them is a deployment.

    `git tag --points-at e09a5277` is empty; `git show v0.1.1:release/kubernetes-manifests.yaml` has `env` twice in one
    container, and so has v0.1.2.
    """
    broken = [r.commit.id for r in oracle if not r.readable]
    assert [c[:8] for c in broken] == ["94ec50f7", "a0cd9c9b"]
    assert [u["commit"] for u in found.lost] == broken[:1], "what is still broken is told once"
    assert not set(broken) & {d["commit"]["id"] for d in found.of("production")}


def test_a_tag_that_is_no_release_brings_nothing(found: Facts, real_history: Callable[[str], Path]) -> None:
    """Show that a service that was tagged for a demonstration alone (`v3-demo-concise`) never stood in production.

    `git log --format=%h v3-demo-concise -- release/kubernetes-manifests.yaml` leads to the commit that brought it.
    """
    repository = real_history("online-boutique")
    manifests = oracle_git.text(repository, "show", "v3-demo-concise:release/kubernetes-manifests.yaml")
    assert "  name: shoppingassistantservice" in manifests
    assert all("shoppingassistantservice" not in now for _, now in found.standing("production"))
