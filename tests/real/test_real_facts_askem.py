"""Kustomize overlays whose folders moved, with files that exist only at deployment time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from real import oracle_git, oracle_overlays
from support.evidence_facts import SAME, Facts, compare, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.real

NAMES = ("staging", "production")
OVERLAYS = "kubernetes/overlays/prod/overlays/askem"
History = dict[str, oracle_overlays.Overlay]


@pytest.fixture(scope="module")
def found(real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts("askem-orchestration", real_history, tmp_path_factory)


@pytest.fixture(scope="module")
def oracle(real_history: Callable[[str], Path]) -> History:
    folders = [[f"{OVERLAYS}-{name}", f"kubernetes/{name}"] for name in NAMES]
    overlays = oracle_overlays.follow(real_history("askem-orchestration"), folders, "kubernetes")
    return dict(zip(NAMES, overlays, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_every_image_has_the_kind_that_its_sequence_gives(name: str, found: Facts, oracle: History) -> None:
    """DEFINITIONS, "What happened": `newName` and `newTag` of an overlay on an overlay on a base."""
    assert compare(found.kinds(name), oracle_git.kinds(oracle[name].steps)) == SAME


def test_every_image_of_production_is_judged_by_what_staging_had(found: Facts, oracle: History) -> None:
    """DEFINITIONS, "Promotion", "bypass" and "simultaneous": staging floats on `latest`, production pins."""
    judged = oracle_overlays.assessed(oracle["production"], oracle["staging"])
    assert compare(found.validations("production"), oracle_git.verdicts(judged)) == SAME
    assert Counter(j.verdict for j in judged) == {"bypass": 437, "simultaneous": 59, "promoted": 48}


def test_what_was_pinned_went_back(found: Facts) -> None:
    """DEFINITIONS, "rollback": the commits that went back to an earlier tag, which their messages say.

    `git log -1 --format=%s` of `56b7cc75` ("revert back to beaker-kernel v1.12.0") and `db6c4091` ("revert jupyter-llm
    to 1.1.4"), and `git show COMMIT -- kubernetes/overlays/prod/overlays/askem-production`.
    """
    back = {
        (commit[:8], c["new"].rpartition("/")[2])
        for commit, c in found.brought("production")
        if c["kind"] == "rollback"
    }
    assert {("56b7cc75", "beaker-kernel:1.12.0"), ("db6c4091", "jupyter-llm:1.1.4")} <= back


@pytest.mark.parametrize("name", NAMES)
def test_services_come_and_go(name: str, found: Facts, oracle: History) -> None:
    """DEFINITIONS, "Component"; an overlay that cannot be rendered stands as it last was."""
    expected = {c.id: {thing.partition(":")[0] for thing in images} for _, c, images in oracle[name].images}
    ever = {thing for things in expected.values() for thing in things}
    told = list(found.standing(name))
    differing = [d["id"] for d, now in told if ever & set(now) != expected[d["commit"]["id"]]]
    assert differing == []
    assert len(told) > 150


def test_the_version_at_a_commit(found: Facts) -> None:
    """DEFINITIONS, "Artifact".

    `git show d5d310f:kubernetes/overlays/prod/overlays/askem-production/kustomization.yaml | grep -A2 hmi-server`
    """
    ((_, now),) = [(d, now) for d, now in found.states("production") if d["commit"]["id"].startswith("d5d310f")]
    images = {name: fields[f"{name}.image"] for name, fields in now.items() if f"{name}.image" in fields}
    assert images["hmi-server"] == "ghcr.io/darpa-askem/hmi-server:2.28.1"
    assert images["beaker"] == "ghcr.io/darpa-askem/beaker-kernel:1.17.0"


def test_what_a_stand_in_would_have_held_is_told_as_provided(found: Facts) -> None:
    """Show that decrypted secrets, which `git ls-tree -r HEAD` has only as `*.enc.yaml`, are no fault."""
    provided = {u["path"] for u in found.summary["unreadable"] if u["code"] == "provided"}
    assert any(path.endswith("/secrets/secrets-rds-creds.yaml") for path in provided)
    assert all(u["level"] == "note" for u in found.summary["unreadable"] if u["code"] == "provided")
