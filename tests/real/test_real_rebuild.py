"""Environment versions can be brought back: what `assay show` prints makes the version again, from one commit alone."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
from real import oracle_branches
from support.command import assay
from support.evidence_facts import EXAMPLES, Facts, facts
from support.plain_git import git, new_repository
from support.replay import gathered

from generator.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.real

ENVIRONMENTS = {
    "web-monitoring-ops": ("staging", "production"),
    "pangeo-cloud-federation": ("staging", "prod"),
}
VERSIONS = 10
"""Versions of each environment, spread evenly over its history."""


class Case(NamedTuple):
    """One environment of one history."""

    name: str
    environment: str
    bare: Path
    clone: Path
    found: Facts
    root: str
    """The first commit of the history, from which the key of fingerprints is made."""


class Rebuilt(NamedTuple):
    """What a reading of one commit alone gives."""

    digest: str
    lost: list[str]
    """Files that could not be read."""


@pytest.fixture(params=[(name, own) for name, both in ENVIRONMENTS.items() for own in both], ids="-".join)
def case(
    request: pytest.FixtureRequest,
    real_history: Callable[[str], Path],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Case:
    name, environment = request.param
    bare = real_history(name)
    found = facts(name, real_history, tmp_path_factory)
    git(tmp_path, "clone", "--quiet", "--shared", "--no-checkout", bare, "clone")
    root = git(bare, "rev-list", "--first-parent", "--reverse", "HEAD").split()[0]
    return Case(name, environment, bare, tmp_path / "clone", found, root)


def test_what_show_prints_brings_a_version_back(case: Case, tmp_path: Path) -> None:
    """DEFINITIONS, "Environment version": the files of one commit alone have the digest that stands for them.

    The worktree is made by the command as it is printed, and its files become the only commit of a new repository.
    """
    without = stale(case)
    versions = [d for d in changing(case) if d["commit"]["id"] not in without]
    chosen = [versions[place * (len(versions) - 1) // (VERSIONS - 1)] for place in range(VERSIONS)]
    again = {}
    for place, deployment in enumerate(chosen):
        shown = show(case, deployment["id"])
        assert (shown["digest"], shown["unreadable"]) == (deployment["digest"], 0)
        assert shown["bring_back"]["commit"] == deployment["commit"]["id"]
        again[deployment["id"]] = rebuilt(case, shown, tmp_path / str(place))
    assert again == {d["id"]: Rebuilt(d["digest"], []) for d in chosen}
    assert len({one.digest for one in again.values()}) == VERSIONS


def test_a_version_that_stands_on_what_was_read_before_is_told_as_such(case: Case, tmp_path: Path) -> None:
    """Show that no commit alone has it: a file is broken there, and what it said before still stands.

    `git show 593416fa:deployments/ocean/config/common.yaml` of `pangeo-cloud-federation` has the marks of a conflict.
    """
    within = stale(case)
    held = [d for d in changing(case) if d["commit"]["id"] in within]
    assert bool(held) == (case.name == "pangeo-cloud-federation")
    again = []
    for place, deployment in enumerate(held[-3:]):
        assert deployment["unreadable"], "also where an earlier commit broke it"
        shown = show(case, deployment["id"], told=True)
        again.append(rebuilt(case, shown, tmp_path / str(place)))
    assert all(one.lost for one in again)
    digests = {d["digest"] for d in held}
    assert not again or {one.digest for one in again} - digests, "what is missing makes another version"


def changing(case: Case) -> list[dict[str, Any]]:
    """Return the first deployment of each version that is there, oldest first."""
    first: dict[str, dict[str, Any]] = {}
    standing = {d["id"]: bool(now) for d, now in case.found.standing(case.environment)}
    for deployment in case.found.of(case.environment):
        if standing[deployment["id"]]:
            first.setdefault(deployment["digest"], deployment)
    return list(first.values())


def stale(case: Case) -> set[str]:
    """Return the commits after which something stands as it last was, since it cannot be read."""
    if case.name == "web-monitoring-ops":
        return set()
    return oracle_branches.branch(case.bare, case.environment, case.environment).stale


def show(case: Case, version: str, *, told: bool = False) -> dict[str, Any]:
    """Return what `assay show` says of a version; it has to say that something could not be read where `told`."""
    said = assay("show", version, "--evidence", case.found.folder, "--format", "json")
    # Once something of the environment could not be read, that is told, though it may be mended by then.
    assert said.exit_code == (ExitCode.UNREADABLE if "unreadable[" in said.stderr else ExitCode.OK), said.stderr
    assert not told or "unreadable[" in said.stderr
    return dict(json.loads(said.stdout)["version"])


def rebuilt(case: Case, shown: dict[str, Any], folder: Path) -> Rebuilt:
    """Return what a reading of the printed commit alone gives."""
    make, look, remove = (shlex.split(command)[1:] for command in shown["bring_back"]["commands"])
    git(case.clone, *make)
    worktree = case.clone / make[make.index("--detach") + 1]
    tree = git(worktree, "rev-parse", "HEAD^{tree}")
    assert git(case.clone, *look), "some of its paths are there"
    (worktree / ".git").rename(folder.with_suffix(".link"))
    repository = new_repository(folder)
    git(repository, "--work-tree", worktree, "add", "--all", "--force")
    git(repository, "commit", "--quiet", "--message", "That commit alone")
    assert git(repository, "rev-parse", "HEAD^{tree}") == tree
    git(repository, "branch", case.environment)
    folder.with_suffix(".link").rename(worktree / ".git")
    git(case.clone, *remove)
    alone = gathered(repository, folder / "evidence", config(case), key=case.root.encode())
    lost = [u.path for u in alone.evidence.summary.unreadable if u.level == "unreadable"]
    return Rebuilt(alone.topologies[case.environment], lost)


def config(case: Case) -> str:
    """Return the example's configuration of that environment alone: where it stands, its upstream may be gone."""
    whole = yaml.safe_load((EXAMPLES / f"{case.name}.yaml").read_text("utf-8"))
    own = {key: value for key, value in whole["environments"][case.environment].items() if key != "upstream"}
    return yaml.safe_dump({**whole, "environments": {case.environment: own}})
