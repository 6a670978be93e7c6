"""The folder of a site: the same bytes wherever it is built, and never a mixture of two builds."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ASSAY = [sys.executable, "-m", "generator"]
ELSEWHERE = {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "4242", "COLUMNS": "40"}
HERE = {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PYTHONHASHSEED": "1"}
SITE_STAGE = "Building the site"


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file by its path in `folder`."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run(*arguments: str | Path, cwd: Path, variables: Mapping[str, str] = HERE, umask: int = 0o022) -> None:
    command = [*ASSAY, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **variables}, umask=umask, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_the_same_history_gives_the_same_bytes_everywhere(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "some where" / "else"
    one.mkdir()
    other.mkdir(parents=True)
    run("demo", "--output", "site", "--quiet", cwd=one)
    run("demo", "--output", other / "report", "--quiet", cwd=other, variables=ELSEWHERE, umask=0o077)
    first, second = digests(one / "site"), digests(other / "report")
    assert len(first) > 100
    assert [path for path in first.keys() | second.keys() if first.get(path) != second.get(path)] == []


def killed_build(repository: Path, output: Path, after: float) -> bool:
    """Build, and kill the build `after` seconds in its site stage; return whether it came to that."""
    process = subprocess.Popen(
        [*ASSAY, "build", "--repo", str(repository), "--output", str(output)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    with process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(SITE_STAGE):
                time.sleep(after)
                os.killpg(process.pid, signal.SIGKILL)
                break
    return process.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    run("demo", "--output", "unused", "--repo", "shop", "--quiet", cwd=folder)
    return folder / "shop"


def test_a_killed_build_leaves_the_old_site_whole_and_the_next_one_succeeds(repository: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run("build", "--repo", repository, "--ref", "HEAD~20", "--output", site, "--quiet", cwd=tmp_path)
    old = digests(site)
    shutil.copytree(site, tmp_path / "fresh")
    run("build", "--repo", repository, "--output", tmp_path / "fresh", "--quiet", cwd=tmp_path)
    new = digests(tmp_path / "fresh")
    killed = 0
    for after in (0.05, 0.3, 0.6, 0.9):
        killed += killed_build(repository, site, after)
        now = digests(site)
        assert now in (old, new)
    assert killed >= 2
    run("build", "--repo", repository, "--output", site, "--quiet", cwd=tmp_path)
    assert digests(site) == new
    # The evidence of a killed build may stay, as docs/commands.md says.
    left = {path.name for path in tmp_path.iterdir() if "evidence" not in path.name}
    assert left == {"site", "fresh"}
