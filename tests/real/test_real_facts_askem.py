"""Kustomize overlays whose folders moved, with files that exist only at deployment time."""

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

pytestmark = [pytest.mark.real, pytest.mark.timeout(1200)]  # some 500 renderings of a large base

NAMES = ("staging", "production")
OVERLAYS = "kubernetes/overlays/prod/overlays/askem"
History = dict[str, oracle_overlays.Overlay]
BROKEN = {
    "staging": ["9db3a1c0", "3518b325", "1fb598d5", "7b2e0050", "827e7c63", "3aeeeade"],
    "production": [
        *("9db3a1c0", "898c7e2e", "1fb598d5", "7b2e0050", "c95df3ed"),
        *("fa682f66", "e79666a8", "acb10dfe", "827e7c63", "3aeeeade"),
    ],
}
"""Commits that change images and that Kustomize makes nothing of: what stands after them is what stood before.

Seen with `kubectl kustomize` in a checkout, an empty Secret in the place of each file that is decrypted on the way: a
patch for an object that is not there (`acb10dfe`: keycloak, `3aeeeade`: the table extraction), a file that is gone
(`827e7c63`), an object that stands twice (`9db3a1c0`), a config map to merge with that nothing makes (`c95df3ed`).
"""


@pytest.fixture(scope="module")
def found(real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts("askem-orchestration", real_history, tmp_path_factory, "kustomize")


@pytest.fixture(scope="module")
def whole(real_history: Callable[[str], Path]) -> History:
    """Return what each overlay would have gone through if all of its commits could be rendered."""
    folders = [[f"{OVERLAYS}-{name}", f"kubernetes/{name}"] for name in NAMES]
    overlays = oracle_overlays.follow(real_history("askem-orchestration"), folders, "kubernetes")
    return dict(zip(NAMES, overlays, strict=True))


@pytest.fixture(scope="module")
def oracle(whole: History, found: Facts) -> History:
    """Return the same without the commits that the tool has no deployment for: they are checked by a test of theirs."""
    told = {name: {d["commit"]["id"] for d in found.of(name)} for name in NAMES}
    return {
        name: oracle_overlays.Overlay([state for state in overlay.states if state[1].id in told[name]])
        for name, overlay in whole.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_only_what_kustomize_makes_nothing_of_is_no_deployment(name: str, found: Facts, whole: History) -> None:
    """DEFINITIONS, "Deployment": every commit after which the objects are others, but for those that are broken."""
    told = {d["commit"]["id"] for d in found.of(name)}
    assert [commit[:8] for commit in whole[name].changed if commit not in told] == BROKEN[name]
    lost = {c[:8] for u in found.lost if u["environment"] == name for c in [u["commit"], *u.get("also", [])]}
    assert set(BROKEN[name]) - {"7b2e0050"} <= lost, "at 7b2e0050 it was still what broke at 1fb598d5"


@pytest.mark.parametrize("name", NAMES)
def test_every_image_has_the_kind_that_its_sequence_gives(name: str, found: Facts, oracle: History) -> None:
    """DEFINITIONS, "What happened": `newName` and `newTag` of an overlay on an overlay on a base."""
    assert compare(found.kinds(name), oracle_git.kinds(oracle[name].steps)) == SAME


def test_every_image_of_production_is_judged_by_what_staging_had(found: Facts, oracle: History) -> None:
    """DEFINITIONS, "Promotion", "bypass" and "simultaneous": staging floats on `latest`, production pins."""
    judged = oracle_overlays.assessed(oracle["production"], oracle["staging"])
    assert compare(found.validations("production"), oracle_git.verdicts(judged)) == SAME
    assert Counter(j.verdict for j in judged) == {"bypass": 434, "simultaneous": 52, "promoted": 54}


def test_the_promotion_lead_is_the_median_of_what_came_from_staging(found: Facts, oracle: History) -> None:
    """DEFINITIONS, "promotion lead", of the versions that are new to production: 32, about nine days in the middle.

    Eight more came with bulk deployments, which are in no measure.
    """
    judged = oracle_overlays.assessed(oracle["production"], oracle["staging"])
    new = [j for j in judged if j.verdict == "promoted" and j.step.kind in {"initial", "forward"}]
    bulk = {d["commit"]["id"] for d in found.of("production") if d.get("bulk")}
    leads = [j.lead for j in new if j.step.commit not in bulk]
    assert len(new) == 40
    lead = found.environment("production")["measures"]["promotion_lead"]
    assert (lead["n"], lead["median_seconds"]) == (len(leads), int(statistics.median(leads)))
    assert len(leads) == 32


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
