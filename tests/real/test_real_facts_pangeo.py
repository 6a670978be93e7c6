"""Helm values with a branch for each environment: what is merged into `prod` goes to production."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from real import oracle_branches, oracle_git
from support.evidence_facts import SAME, Facts, compare, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from real.oracle_layers import Environment

pytestmark = pytest.mark.real

NAMES = ("staging", "prod")
MERGE = "5b53d684"
"""The newest commit of `prod`, a merge of `staging`."""


@pytest.fixture(scope="module")
def repository(real_history: Callable[[str], Path]) -> Path:
    return real_history("pangeo-cloud-federation")


@pytest.fixture(scope="module")
def found(real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts("pangeo-cloud-federation", real_history, tmp_path_factory)


@pytest.fixture(scope="module")
def oracle(repository: Path) -> dict[str, Environment]:
    return {name: oracle_branches.branch(repository, name, name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_each_branch_has_the_deployments_of_its_own_chain(
    name: str, found: Facts, oracle: dict[str, Environment]
) -> None:
    """DEFINITIONS, "Deployment": a commit on the environment's ref at which its merged settings changed."""
    changed = [d["commit"]["id"] for d in found.of(name) if d["kind"] != "redeploy"]
    assert compare(changed, oracle[name].changed) == SAME


@pytest.mark.parametrize("name", NAMES)
def test_a_deployment_of_one_environment_alone_touches_none_of_the_other(name: str, found: Facts) -> None:
    """Show that the other environment's layer is no file of this one.

    `git diff --name-only cdfc1f2^ cdfc1f2` names `config/staging.yaml` alone, and `cdfc1f2` is on `staging` only.
    """
    commits = {d["commit"]["id"][:7] for d in found.of(name)}
    assert ("cdfc1f2" in commits) == (name == "staging")


def test_the_newest_merge_brought_what_staging_had_with_its_origin(
    repository: Path, found: Facts, oracle: dict[str, Environment]
) -> None:
    """DEFINITIONS, "Promotion" and "Origin", where the upstream's newest commit that is an ancestor counts.

    `git log -m --first-parent --format=%h --name-only 9125b2a --not 5b53d684^ -- deployments` lists the upstream's
    commits, and `git diff 5b53d684^ 5b53d684 -- deployments/*/config` what came with the merge.
    """
    merge = found.at("prod", MERGE)
    assert merge == found.of("prod")[-1]
    promoted = {
        (c["component"], c["field"]): (c["origin"]["commit"], c["origin"]["soak_seconds"])
        for c in merge["changes"]
        if c.get("validation") == "promoted"
    }
    expected = oracle_branches.origins(repository, oracle["prod"], oracle["staging"])
    assert promoted == expected
    assert promoted["gcp-uscentral1b", "daskhub.jupyterhub.proxy.https.enabled"][1] == 360_211
    verdicts = {(c["aspect"], c["validation"]) for c in merge["changes"] if c["new"]}
    assert verdicts == {("config", "promoted"), ("secret", "bypass")}, "each environment has a secret of its own"


def test_every_setting_of_production_is_judged_by_its_place_in_the_upstream_chain(
    repository: Path, found: Facts, oracle: dict[str, Environment]
) -> None:
    """DEFINITIONS, "Promotion", "Origin" and "bypass": a commit on both chains was promoted by moving the branch on.

    `git rev-list --first-parent prod` and the same of `staging` have 362 commits in common: all but one of `prod`.
    """
    told = [
        (
            d["commit"]["id"],
            f"{c['component']} {c['field']}",
            c["new"],
            c["validation"],
            (c["origin"] or {}).get("commit", ""),
        )
        for d in found.of("prod")
        for c in d["changes"]
        if c["new"] and c["aspect"] in {"artifact", "config", "scale"} and c["field"] not in {"component", "connection"}
    ]
    expected = set(oracle_git.verdicts(oracle_branches.assessed(repository, oracle["prod"], oracle["staging"])))
    assert [row for row in told if row not in expected][:5] == []
    assert len([row for row in told if row[0] == row[4]]) > 500, "by fast-forward"


@pytest.mark.parametrize("name", NAMES)
def test_hubs_come_and_go_on_their_branch(name: str, found: Facts, oracle: dict[str, Environment]) -> None:
    """DEFINITIONS, "Component"; a layer that cannot be read stays as it last was."""
    expected = {commit.id: set(now) for _, commit, now in oracle[name].states}
    for deployment, now in found.standing(name):
        assert set(now) == expected[deployment["commit"]["id"]], deployment["id"]
    assert set(now) == {"gcp-uscentral1b", "icesat2", "ooi"}


def test_an_encrypted_secret_is_no_fault(repository: Path, found: Facts) -> None:
    """Show that nothing below `secrets/`, which git-crypt encrypts, is told as unreadable."""
    names = oracle_git.text(repository, "ls-tree", "-r", "--name-only", "prod", "--", "deployments").splitlines()
    assert [n for n in names if "/secrets/" in n]
    told = {(u["level"], u["code"]) for u in found.summary["unreadable"] if "/secrets/" in u["path"]}
    assert told == {("note", "encrypted")}
