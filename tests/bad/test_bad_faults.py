"""Faults of the machine at chosen steps of a build (rows 49, 50 and 53): the old site or the new one, never a mixture.

A few steps, by a seed; `make reproducible` tries `ASSAY_POINTS` of each (200). Every build signs, follows the bundle
before it, keeps all of them in its archive, and works with a cache.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from reproducible.comparing import contents
from reproducible.machines import ROOT
from support.command import assay, assay_process
from support.engines import StandIn
from support.manifests import CONFIG, deployment
from support.replay import gathered, write_trees

from generator.errors import FaultError
from generator.pipeline import rendering

if TYPE_CHECKING:
    from pathlib import Path

POINTS = int(os.environ.get("ASSAY_POINTS", "3"))
SEED = 20
TREES = [
    {
        "assay.yaml": CONFIG.replace("}", ", production: true}"),
        **{f"deploy/{name}.yaml": deployment(name, f"shop/{name}:{n}") for name in ("web", "api")},
    }
    for n in (1, 2, 3)
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_trees(tmp_path_factory.mktemp("faults") / "repository", TREES)


@pytest.fixture(scope="module")
def tried(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return what came of each kind of fault; in a process of its own, which forks."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    folder = tmp_path_factory.mktemp("tried") / "bench"
    done = subprocess.run(
        [sys.executable, "-m", "reproducible.faults", repository, folder, str(POINTS), str(SEED)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    assert [each["tried"] for each in found.values()] == [POINTS, POINTS]
    return found


@pytest.mark.timeout(200 + 40 * POINTS)
def test_a_build_that_is_killed_leaves_the_old_site_or_the_new_one(tried: dict[str, dict[str, Any]]) -> None:
    found = tried["killed"]
    assert found["wrong"] == []
    assert found["seen"]["killed"] * 2 > POINTS


@pytest.mark.timeout(200 + 40 * POINTS)
def test_a_disk_that_is_full_at_some_write_is_a_fault(tried: dict[str, dict[str, Any]]) -> None:
    found = tried["filled"]
    assert found["wrong"] == []
    assert found["seen"]["fault"] * 2 > POINTS


def test_no_room_for_what_an_engine_reads_is_a_fault_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No version of the model is called unreadable for it."""
    config = "environments: {staging: {path: s, reader: kustomize}}\n"
    trees = [{"s/kustomization.yaml": "resources: [a.yaml]\n", "s/a.yaml": deployment("api", "shop/api:1")}]
    write_trees(tmp_path / "r", trees)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(rendering, "exported", full)
    with pytest.raises(FaultError, match="No space left") as raised:
        gathered(tmp_path / "r", tmp_path / "e", config, engines=StandIn(tmp_path / "bin").named)
    assert raised.value.code == "no-space"


def test_of_two_builds_at_once_the_second_waits_for_nobody(repository: Path, tmp_path: Path) -> None:
    """Row 53, with a chain: what the first one writes is not touched, and once it is done the next follows it."""
    build = ("build", "--quiet", "--repo", repository, "--output", tmp_path / "site", "--cache", tmp_path / "cache")
    assert assay(*build, "--ref", "HEAD~1").exit_code == 0
    before, names = contents(tmp_path / "site"), sorted(path.name for path in tmp_path.iterdir())
    lock = tmp_path / ".site.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = assay_process(*build)
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("error[busy] ")
    assert contents(tmp_path / "site") == before
    lock.unlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert assay(*build).exit_code == 0
    chain = (tmp_path / "site" / "evidence" / "chain.jsonl").read_text("utf-8").splitlines()
    assert len(chain) == 1
