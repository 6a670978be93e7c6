"""Six years of Helm values in layers: 83 services in staging and two production sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from real import oracle_drift, oracle_git, oracle_layers
from support.evidence_facts import SAME, Facts, compare, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.real

VERSION = "main_app.version"
SITES = ("eqiad", "codfw")
ENVIRONMENTS = ("staging", *SITES)
Environments = dict[str, oracle_layers.Environment]


@pytest.fixture(scope="module")
def found(real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts("deployment-charts", real_history, tmp_path_factory)


@pytest.fixture(scope="module")
def oracle(real_history: Callable[[str], Path]) -> Environments:
    return oracle_layers.services(real_history("deployment-charts"))


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_version_has_the_kind_that_its_sequence_gives(
    environment: str, found: Facts, oracle: Environments
) -> None:
    """DEFINITIONS, "What happened", on `main_app.version` of the merged layers of each service."""
    assert compare(found.kinds(environment, VERSION), oracle_git.kinds(oracle[environment].steps)) == SAME


@pytest.mark.parametrize(
    ("environment", "rollbacks", "redos"), [("staging", 83, 21), ("eqiad", 75, 17), ("codfw", 76, 17)]
)
def test_the_versions_that_went_back_are_counted(environment: str, rollbacks: int, redos: int, found: Facts) -> None:
    """DEFINITIONS, "rollback" and "redo"."""
    kinds = [kind for *_, kind in found.kinds(environment, VERSION)]
    assert (kinds.count("rollback"), kinds.count("redo")) == (rollbacks, redos)


@pytest.mark.parametrize("environment", SITES)
def test_every_version_of_production_is_judged_by_what_staging_had(
    environment: str, found: Facts, oracle: Environments
) -> None:
    """DEFINITIONS, "Promotion", "Origin", "Bypass", "simultaneous": most services inherit one value everywhere."""
    judged = oracle_layers.assessed(oracle[environment], oracle["staging"])
    assert compare(found.validations(environment, VERSION), oracle_git.verdicts(judged)) == SAME


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_commit_that_changes_merged_values_is_a_deployment(
    environment: str, found: Facts, oracle: Environments
) -> None:
    """DEFINITIONS, "Deployment" and "redeploy": a comment, or a layer whose value another covers, changes nothing."""
    changed = [d["commit"]["id"] for d in found.of(environment) if d["kind"] != "redeploy"]
    assert compare(changed, oracle[environment].changed) == SAME


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_services_come_and_go_with_their_layers(environment: str, found: Facts, oracle: Environments) -> None:
    """DEFINITIONS, "Component": it stands where any layer of it stands."""
    expected = {commit.id: set(now) for _, commit, now in oracle[environment].states}
    for deployment, now in found.standing(environment):
        assert set(now) == expected[deployment["commit"]["id"]], deployment["id"]


def test_the_version_at_a_commit(found: Facts) -> None:
    """DEFINITIONS, "Artifact": staging has a layer of its own for one service, and no site has.

    `git show HEAD:helmfile.d/services/rest-gateway/values.yaml | grep version:` and the same of `values-staging.yaml`.
    """
    cells = {name: {c["component"]: c for c in found.environment(name)["cells"]} for name in ENVIRONMENTS}
    versions = {name: cells[name]["rest-gateway"]["artifact"] for name in ENVIRONMENTS}
    assert "1.39.0-1" in versions["staging"]
    assert all("1.35.9-1" in versions[site] for site in SITES)
    assert all(len(cells[name]) == 66 for name in ENVIRONMENTS)


def test_the_newest_rollback_of_a_service(found: Facts, oracle: Environments) -> None:
    """DEFINITIONS, "rollback" and "culprit": the first deployment after the version that it returns to."""
    back = [s for s in oracle["eqiad"].steps if s.kind == "rollback"][-1]
    versions = [s for s in oracle["eqiad"].steps if s.thing == back.thing and s.number < back.number]
    last = max(i for i, s in enumerate(versions) if s.value == back.value)
    (change,) = [
        c for commit, c in found.brought("eqiad", VERSION) if commit == back.commit and c["component"] == back.thing
    ]
    culprit = next(d for d in found.of("eqiad") if d["id"] == change["culprit"])
    assert culprit["commit"]["id"] == versions[last + 1].commit


@pytest.mark.parametrize(("environment", "count"), [("eqiad", 681), ("codfw", 741)])
def test_every_setting_that_drifted_has_its_class_and_its_beginning(
    environment: str, count: int, found: Facts, oracle: Environments
) -> None:
    """DEFINITIONS, "Drift" and "Drift age": from the start of the current unbroken inequality."""
    found_by_hand = oracle_drift.newest(oracle[environment], oracle["staging"])
    expected = {path: drift for path, drift in found_by_hand.items() if path[1] != oracle_drift.WHOLE}
    assert len(expected) == count
    rows = [r for r in found.environment(environment)["drift"] if r["aspect"] != "topology"]
    told = [(r["component"], r["field"], r["drift"], r["upstream"], r["value"], r["since"]) for r in rows]
    listed = ((*path, d.kind, d.upstream, d.value, d.since) for path, d in expected.items())
    assert compare(told, listed) == SAME
