"""Six years of plain manifests whose folders moved once, as `examples/web-monitoring-ops.yaml` tells them.

What is told of today's folders alone stands in `test_real_web_monitoring.py`.
"""

from __future__ import annotations

import statistics
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from real import oracle_git, oracle_overlays
from support.evidence_facts import SAME, Facts, compare, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.real

MOVE = "288ffc5"
FOLDERS = {e: [f"kubernetes/{e}", f"templates/{e}"] for e in ("staging", "production")}
History = dict[str, oracle_overlays.Overlay]


@pytest.fixture(scope="module")
def found(real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts("web-monitoring-ops", real_history, tmp_path_factory)


@pytest.fixture(scope="module")
def oracle(real_history: Callable[[str], Path]) -> History:
    repository = real_history("web-monitoring-ops")
    overlays = oracle_overlays.follow(repository, list(FOLDERS.values()), "kubernetes", "templates", plain=True)
    return dict(zip(FOLDERS, overlays, strict=True))


@pytest.mark.parametrize(("environment", "count"), [("staging", 184), ("production", 359)])
def test_the_history_goes_on_before_the_folders_moved(
    environment: str, count: int, found: Facts, real_history: Callable[[str], Path]
) -> None:
    """DEFINITIONS, "Deployment" and "redeploy": a commit that touches the environment is one of the two."""
    repository = real_history("web-monitoring-ops")
    touching = oracle_git.chain(repository, "HEAD", *FOLDERS[environment])
    assert [d["commit"]["id"] for d in found.of(environment)] == [c.id for c in touching]
    assert len(touching) == count


@pytest.mark.parametrize("environment", FOLDERS)
def test_the_move_itself_deploys_nothing(environment: str, found: Facts) -> None:
    """DEFINITIONS, "Environment version": file layout does not change it.

    `git show --stat --find-renames 288ffc5` shows that every manifest of both moves without a change.
    """
    move = found.at(environment, MOVE)
    assert (move["kind"], move["changes"], move["digest"]) == ("redeploy", [], move["previous_digest"])


@pytest.mark.parametrize("environment", FOLDERS)
def test_every_image_has_the_kind_that_its_sequence_gives(environment: str, found: Facts, oracle: History) -> None:
    """DEFINITIONS, "What happened": initial, forward, rollback, redo; a gap is not a version."""
    assert compare(found.kinds(environment), oracle_git.kinds(oracle[environment].steps)) == SAME


def test_a_rollback_of_the_former_folder_is_found(found: Facts) -> None:
    """DEFINITIONS, "rollback", of a value that is no artifact.

    `git log --first-parent --reverse -p --format=%h -G mailers a363f3b -- templates/production` shows the queues of the
    import worker going to a shorter list (`329fc2c`) and back.
    """
    rollback = found.at("production", "a363f3b6")
    assert rollback["kind"] == "rollback"
    (change,) = rollback["changes"]
    assert (change["component"], change["field"]) == ("import-worker", "db-import-worker.env.QUEUES")
    assert (change["kind"], change["new"]) == ("rollback", "mailers,import,analysis")
    by_id = {d["id"]: d for d in found.of("production")}
    assert by_id[change["culprit"]]["commit"]["id"].startswith("329fc2c")


def test_every_image_of_production_is_judged_by_what_staging_had(found: Facts, oracle: History) -> None:
    """DEFINITIONS, "Promotion", "Origin", "Bypass" and "simultaneous"; not assessed once staging is gone."""
    judged = oracle_overlays.assessed(oracle["production"], oracle["staging"])
    assert compare(found.validations("production"), oracle_git.verdicts(judged)) == SAME
    commits = {
        verdict: {j.step.commit for j in judged if j.verdict == verdict} for verdict in ("bypass", "simultaneous")
    }
    summary = found.environment("production")
    assert (summary["bypasses"], summary["simultaneous"]) == (len(commits["bypass"]), len(commits["simultaneous"]))


def test_the_promotion_lead_is_the_median_of_what_was_promoted(found: Facts, oracle: History) -> None:
    """DEFINITIONS, "promotion lead"."""
    judged = oracle_overlays.assessed(oracle["production"], oracle["staging"])
    leads = [j.lead for j in judged if j.verdict == "promoted" and j.step.kind in {"initial", "forward"}]
    lead = found.environment("production")["measures"]["promotion_lead"]
    assert (lead["n"], lead["median_seconds"]) == (len(leads), int(statistics.median(leads)))
    assert (len(leads), Counter(j.verdict for j in judged)["promoted"]) == (7, 7)
