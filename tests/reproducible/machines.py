"""A build on a machine that is described: where things stand, who runs it, what its environment says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent / "machine"
"""Folder of the module that makes a process believe in another machine."""
STRANGER = 54_321
"""User id without a name, a home or a right to anything."""
_TIMEOUT = 600
_READS = "+dac_read_search"


@dataclass(frozen=True)
class Machine:
    """A machine that builds the site of `repository` at `output`."""

    folder: Path
    """Its own folder, in which everything else may be laid."""
    repository: Path
    output: Path
    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    umask: int = 0o022
    user: int | None = None
    """User id to take on; `None` for the one that runs this."""
    read_only: bool = False
    """Whether the repository may not be written."""
    options: tuple[str, ...] = ("--no-cache",)
    command: tuple[str, ...] = (sys.executable, "-m", "generator")
    refs: tuple[str, ...] = ("main",)
    """What it builds, one over the other; the last one counts."""


class FailedBuildError(Exception):
    """A build ended otherwise than with a site."""


def standing(repository: Path, folder: Path) -> Machine:
    """Return a machine like any other: nothing in its environment but where programs are, and a fixed hash seed."""
    folder.mkdir(parents=True, exist_ok=True)
    return Machine(folder, repository, folder / "site", folder, _environment())


def _environment() -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{HERE}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
    }


def build(machine: Machine) -> Path:
    """Build, and return the folder of the site; raises `FailedBuildError`."""
    machine.output.parent.mkdir(parents=True, exist_ok=True)
    if machine.read_only or machine.user is not None:
        machine = replace(machine, repository=_copied(machine.repository, machine.folder / "own"))
    if machine.user is not None:
        _give(machine.folder, machine.user)
    if machine.read_only:
        _close(machine.repository)
    try:
        for ref in machine.refs:
            _run(machine, ref)
    finally:
        if machine.read_only:
            _open(machine.repository)
    return machine.output


def _run(machine: Machine, ref: str) -> None:
    arguments = ("build", "--quiet", "--repo", str(machine.repository), "--output", str(machine.output), "--ref", ref)
    done = _process(machine, [*machine.command, *arguments, *machine.options])
    if done.returncode != 0:
        reason = f"exit code {done.returncode}: {done.stderr.strip()[-2000:]}"
        raise FailedBuildError(reason)


def _process(machine: Machine, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    setpriv = shutil.which("setpriv") if machine.user is not None else None
    if setpriv is not None:
        # The one right that is left lets it read a Python that stands in another user's home.
        person = (f"--reuid={machine.user}", f"--regid={machine.user}", "--clear-groups")
        command = [setpriv, *person, f"--inh-caps={_READS}", f"--ambient-caps={_READS}", "--", *command]
    return subprocess.run(
        command,
        cwd=machine.cwd,
        env=dict(machine.environment),
        umask=machine.umask,
        preexec_fn=None if machine.user is None or setpriv is not None else partial(_become, machine.user),
        capture_output=True,
        text=True,
        errors="backslashreplace",
        timeout=_TIMEOUT,
        check=False,
    )


def _become(user: int) -> None:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


def can_become(user: int) -> str:
    """Return why nothing can be run as another user; empty where it can."""
    if os.geteuid() != 0:
        return "only root can take on another user's id"
    trial = Machine(ROOT, ROOT, ROOT, Path("/"), _environment(), user=user)
    try:
        done = _process(trial, [sys.executable, "-c", "import generator.cli, mkdocs"])
    except OSError:
        return "another user may not run this Python"
    return "" if done.returncode == 0 else "another user may not read this installation"


def _copied(source: Path, target: Path) -> Path:
    shutil.copytree(source, target, symlinks=True)
    return target


def _give(folder: Path, user: int) -> None:
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, user, user, follow_symlinks=False)


def _close(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        if not path.is_symlink():
            path.chmod(0o555 if path.is_dir() else 0o444)


def _open(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
