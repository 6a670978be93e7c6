"""A history of six years of plain manifests, against an oracle that shares no code with the package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.replay import Gathered, gathered

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.real

CONFIG = """\
environments:
  staging: {path: kubernetes/staging}
  production: {path: kubernetes/production, upstream: staging, production: true}
"""
FOLDERS = {"staging": ("kubernetes/staging",), "production": ("kubernetes/production", "kubernetes/staging")}
IMAGE_ROLLBACKS = {
    "production": ["889527faa4365cbf06983cfb06f17898d756191c", "2453fc63b305af10ca9af390262e1eda5352f80a"],
    "staging": ["889527faa4365cbf06983cfb06f17898d756191c"],
}
STAGING_ENDS = "08a3a6d0"


@pytest.fixture(scope="module")
def repository(real_history: Callable[[str], Path]) -> Path:
    return real_history("web-monitoring-ops")


@pytest.fixture(scope="module")
def found(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    return gathered(repository, tmp_path_factory.mktemp("web-monitoring") / "evidence", CONFIG)


@pytest.fixture(scope="module")
def oracle(repository: Path) -> dict[str, Any]:
    # Loaded by its path: the oracle is a script of its own, and must not come to import the package by accident.
    spec = importlib.util.spec_from_file_location("oracle_rollbacks", Path(__file__).with_name("oracle_rollbacks.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return {name: module.follow(repository, *folders) for name, folders in FOLDERS.items()}


@pytest.mark.parametrize("environment", FOLDERS)
def test_the_rollbacks_are_those_that_the_definition_gives(
    environment: str, found: Gathered, oracle: dict[str, Any]
) -> None:
    """Show that two commits put earlier images back, and no other does.

    By hand, in a clone of the bundle: `git diff 889527fa^ 889527fa -- kubernetes/production` takes the images from
    `cda7b50a` back to `0bca89e0`, and `git diff 2453fc63^ 2453fc63 -- kubernetes/production` from `3a35204c` back to
    `a1cb125f`; `git log --first-parent --reverse --format=%h -S TAG -- kubernetes/production/api-deployment.yaml`
    shows for each pair that the second tag came first. That there are no others is what the oracle finds by going
    through every commit: `python tests/real/oracle_rollbacks.py CLONE kubernetes/production kubernetes/staging`.
    """
    rollbacks = [d for d in found.of(environment) if d.kind == "rollback"]
    by_image = [d.commit.id for d in rollbacks if any(c.aspect == "artifact" for c in d.changes)]
    assert oracle[environment].image_rollbacks == IMAGE_ROLLBACKS[environment] == by_image


@pytest.mark.parametrize("environment", FOLDERS)
def test_no_rollback_is_one_of_settings_alone(environment: str, found: Gathered, oracle: dict[str, Any]) -> None:
    """Show that no object ever returned to an earlier state of its whole (replicas aside) without its images."""
    by_settings = [
        d.commit.id
        for d in found.of(environment)
        if d.kind == "rollback" and all(c.aspect != "artifact" for c in d.changes)
    ]
    assert oracle[environment].settings_rollbacks == by_settings == []


@pytest.mark.parametrize(("environment", "touched", "changed"), [("staging", 142, 140), ("production", 311, 310)])
def test_every_commit_that_touches_an_environment_is_a_deployment(
    environment: str, touched: int, changed: int, found: Gathered, oracle: dict[str, Any]
) -> None:
    """Show `git rev-list --first-parent --count HEAD -- kubernetes/staging`, and which of them changed nothing."""
    deployments = found.of(environment)
    assert [d.commit.id for d in deployments] == oracle[environment].touched
    assert len(deployments) == touched
    changing = [d.commit.id for d in deployments if d.kind != "redeploy"]
    assert changing == oracle[environment].changed
    assert len(changing) == changed


def test_what_came_to_both_environments_at_once_is_simultaneous(found: Gathered, oracle: dict[str, Any]) -> None:
    at_once = [
        d.commit.id
        for d in found.of("production")
        if any(c.validation == "simultaneous" and c.aspect == "artifact" for c in d.changes)
    ]
    assert at_once == oracle["production"].simultaneous
    assert len(at_once) == found.evidence.summary.environments[1].simultaneous == 127


def test_the_rollback_says_what_it_undid(found: Gathered) -> None:
    """Show the range of the first: `git log -1 --format=%H -S cda7b50a 889527fa^ -- kubernetes/production`."""
    by_id = {d.id: d for d in found.deployments}
    (rollback,) = [d for d in found.of("production") if d.commit.id == IMAGE_ROLLBACKS["production"][0]]
    assert rollback.confidence == "observed"
    assert "The commit's message says so." in rollback.reasons
    for change in rollback.changes:
        if change.aspect == "artifact":
            assert change.old is not None
            assert change.new is not None
            assert change.old.endswith(":cda7b50a8623dd010bad34e34956d02872b4d9d1")
            assert change.new.endswith(":0bca89e018fc126593aec0ca813cab196e5c79eb")
            assert by_id[change.returns_to].sequence < by_id[change.culprit].sequence < rollback.sequence


def test_staging_ends_where_its_files_were_deleted(found: Gathered) -> None:
    """Show `git show --stat 08a3a6d -- kubernetes/staging`: every file of it goes on 2023-03-28."""
    last = found.of("staging")[-1]
    assert last.commit.id.startswith(STAGING_ENDS)
    assert {c.new for c in last.changes} == {None}
    staging, production = found.evidence.summary.environments
    assert (staging.present, staging.components, staging.connections) == (False, 0, 0)
    assert production.present
    assert "2023-03-28" in production.drift_not_assessed
    later = [d for d in found.of("production") if d.commit.committed_at > last.commit.committed_at]
    assert later
    assert {d.drift for d in later} == {None}


def test_nothing_was_unreadable(found: Gathered) -> None:
    assert found.outcome.exit_code == 0
    assert [u for u in found.evidence.summary.unreadable if u.level == "unreadable"] == []
