"""An application that its users run by Docker Compose: each of 119 tags is a release."""

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
    return facts("sentry-self-hosted", real_history, tmp_path_factory, "compose")


@pytest.fixture(scope="module")
def oracle(real_history: Callable[[str], Path]) -> Releases:
    return oracle_releases.releases(real_history("sentry-self-hosted"), "*.*.*", "docker-compose.yml")


def test_every_tag_is_a_release_in_the_order_of_ancestry(found: Facts, oracle: Releases) -> None:
    """DEFINITIONS, "release" and "Order is the first-parent chain, never the dates": 13 tags stand beside the branch.

    `git tag | wc -l` counts 119, and `git diff --quiet A B -- docker-compose.yml .env` differs for each pair of them.
    """
    commits = [r.commit.id for r in oracle]
    assert [d["commit"]["id"] for d in found.of("production")] == commits
    assert len(set(commits)) == 119
    assert all(a.blobs != b.blobs for a, b in pairwise(oracle))


def test_every_image_has_the_kind_that_its_sequence_gives(found: Facts, oracle: Releases) -> None:
    """DEFINITIONS, "What happened": each image with its variables filled from the release's own `.env`."""
    assert compare(found.kinds("production"), oracle_git.kinds(oracle_releases.image_steps(oracle))) == SAME


def test_a_release_for_an_older_line_goes_back(found: Facts, oracle: Releases) -> None:
    """DEFINITIONS, "rollback" and "redo": 10.0.1 came between 20.7.1 and 20.7.2, with the images of 10.0.0.

    `git log -1 --format=%cI TAG` for the three tells the order; `git show TAG:docker-compose.yml | grep cp-kafka`.
    """
    (old,) = [r for r in oracle if r.tag == "10.0.1"]
    (after,) = [r for r in oracle if r.tag == "20.7.2"]
    back = {c["component"]: c["new"] for commit, c in found.brought("production") if commit == old.commit.id}
    assert back["kafka"] == "confluentinc/cp-kafka:5.1.2"
    assert found.at("production", old.commit.id)["kind"] == "rollback"
    again = {c["component"]: c["kind"] for commit, c in found.brought("production") if commit == after.commit.id}
    assert (again["kafka"], again["zookeeper"]) == ("redo", "redo")


@pytest.mark.parametrize("tag", ["9.1.2", "10.0.0", "21.1.0", "23.1.0", "26.8.0"])
def test_the_images_of_a_release_stand_after_it(tag: str, found: Facts, oracle: Releases) -> None:
    """DEFINITIONS, "Artifact": what anchors, merge keys and `.env` make of it."""
    (release,) = [r for r in oracle if r.tag == tag]
    ((_, now),) = [(d, now) for d, now in found.states("production") if d["commit"]["id"] == release.commit.id]
    images = {name: fields["image"] for name, fields in now.items() if "image" in fields}
    assert images == release.images


def test_zookeeper_went_with_the_release_that_dropped_it(found: Facts, oracle: Releases) -> None:
    """DEFINITIONS, "Component": it stands from 10.0.0 until the release whose file no longer has it."""
    having = [r.commit.id for r in oracle if "zookeeper" in r.images]
    assert [d["commit"]["id"] for d, now in found.states("production") if "zookeeper" in now] == having
    assert oracle[1].commit.id == having[0]
    assert len(having) < len(oracle) - 1


def test_a_nightly_image_slipped_into_a_release(found: Facts, oracle: Releases) -> None:
    """DEFINITIONS, "rollback": `git show 26.2.0:.env | grep UPTIME` names `nightly`, as 25.7.0 did."""
    (release,) = [r for r in oracle if r.tag == "26.2.0"]
    back = [
        (c["component"], c["new"], c["kind"])
        for commit, c in found.brought("production")
        if commit == release.commit.id
    ]
    assert ("uptime-checker", "ghcr.io/getsentry/uptime-checker:nightly", "rollback") in back
