"""Kustomize, one folder an application: the images of 755 deployments, worked out from `newTag` lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from real import oracle_git, oracle_overlays
from support.evidence_facts import SAME, Facts, compare, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.real, pytest.mark.timeout(1200)]  # some 600 renderings

NAMES = ("stage", "prod")
History = dict[str, oracle_overlays.Overlay]


@pytest.fixture(scope="module")
def found(real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts("metacpan-k8s", real_history, tmp_path_factory, "kustomize")


@pytest.fixture(scope="module")
def oracle(real_history: Callable[[str], Path]) -> History:
    repository = real_history("metacpan-k8s")
    apps = sorted({path.split("/")[1] for c in oracle_git.chain(repository, "HEAD", "apps") for path in c.changes})
    folders = [[f"apps/{app}/environments/{name}" for app in apps] for name in NAMES]
    return dict(zip(NAMES, oracle_overlays.follow(repository, folders, "apps"), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_every_image_has_the_kind_that_its_sequence_gives(name: str, found: Facts, oracle: History) -> None:
    """DEFINITIONS, "What happened": bases, patches and `images` put together by hand."""
    assert compare(found.kinds(name), oracle_git.kinds(oracle[name].steps)) == SAME


def test_two_deployments_went_back(found: Facts) -> None:
    """DEFINITIONS, "rollback", and "culprit": the first deployment after the version that it returns to.

    `git diff ae217ca^ ae217ca -- apps/web/environments/prod` moves `newTag` on from `07d35f74`, and the same of
    `175919c` back. `git show bf967598 -- apps/web` sets it to `latest`, which is what the base names, and what ran
    before production had a tag of its own (`git show 900cbcb:apps/web/base/deployment.yaml`).
    """
    back = {commit[:8]: c for commit, c in found.brought("prod") if c["kind"] == "rollback"}
    assert set(back) == {"175919c4", "bf967598"}
    by_id = {d["id"]: d for d in found.of("prod")}
    assert back["175919c4"]["new"].endswith(":07d35f7475da60dd4a9d05f3cc42229b27a7ba7b")
    assert by_id[back["175919c4"]["culprit"]]["commit"]["id"].startswith("ae217ca")
    assert by_id[back["bf967598"]["returns_to"]]["commit"]["id"].startswith("900cbcb")
    assert found.at("prod", "175919c")["kind"] == "rollback"


def test_production_is_judged_by_what_stage_had(found: Facts, oracle: History) -> None:
    """DEFINITIONS, "bypass" and "simultaneous": stage was never given most of what ran in production."""
    judged = oracle_overlays.assessed(oracle["prod"], oracle["stage"])
    assert compare(found.validations("prod"), oracle_git.verdicts(judged)) == SAME
    counts = Counter(j.verdict for j in judged)
    assert (counts["bypass"], counts["simultaneous"], counts["promoted"]) == (751, 4, 0)
    commits = {j.step.commit for j in judged if j.verdict == "bypass"}
    assert found.environment("prod")["bypasses"] == len(commits)


@pytest.mark.parametrize("name", NAMES)
def test_applications_come_and_go(name: str, found: Facts, oracle: History) -> None:
    """DEFINITIONS, "Component": `api` stood in stage for one commit, from `03a5e27` to `a6dd44f`."""
    expected = {}
    for _, commit, images in oracle[name].images:
        expected[commit.id] = {thing.partition(":")[0] for thing in images}
    ever = {thing for things in expected.values() for thing in things}
    for deployment, now in found.standing(name):
        assert ever & set(now) == expected[deployment["commit"]["id"]], deployment["id"]
    gone = [d["commit"]["id"][:7] for d, now in found.standing("stage") if "api" not in now]
    assert "a6dd44f" in gone
    assert "03a5e27" not in gone


def test_the_version_at_a_commit(found: Facts) -> None:
    """DEFINITIONS, "Artifact": `git show 86af8d0:apps/web/environments/prod/kustomization.yaml | grep newTag`."""
    tags = {d["commit"]["id"][:7]: now["web"] for d, now in found.states("prod") if "web" in now}
    assert tags["86af8d0"]["web.image"] == "metacpan/metacpan-web:a32fd8ffc8fc53cd7c9da319afdc2f7b7f6e1e68"
