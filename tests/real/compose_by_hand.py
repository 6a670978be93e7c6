"""Docker Compose run by hand: git, a folder with a checkout's files, and the program; no code of the package."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FLAGS = ("--no-path-resolution", "--no-normalize", "--no-env-resolution", "--format", "json")
_UNSET = re.compile(r'The \\?"(\w+)\\?" variable is not set')


@dataclass(frozen=True)
class Input:
    """A compose file and the `.env` beside it, by their blobs; empty where there is none."""

    compose: str
    env: str


@dataclass(frozen=True)
class Answer:
    """What the program said."""

    model: dict[str, Any] | None
    words: str
    interpolated: bool = True


def inputs(repository: Path, path: str, env: str, branch: str) -> dict[Input, str]:
    """Return every distinct input of a branch's first-parent chain and of all tags, and who has it."""
    refs = _git(repository, "for-each-ref", "--format=%(refname)", "refs/tags").split()
    refs += _git(repository, "rev-list", "--first-parent", branch).split()
    found: dict[Input, str] = {}
    for ref in refs:
        listed = _git(repository, "ls-tree", ref, "--", path, env).splitlines()
        blobs = {line.partition("\t")[2]: line.split()[2] for line in listed}
        if path in blobs:
            found.setdefault(Input(blobs[path], blobs.get(env, "")), ref)
    return found


def content(repository: Path, blob: str) -> bytes:
    """Return the content of a blob."""
    return subprocess.run(
        ["git", f"--git-dir={repository}", "cat-file", "blob", blob], check=True, capture_output=True
    ).stdout


def by_hand(program: str, folder: Path) -> Answer:
    """Return what the program says in `folder`, a variable that it misses standing for itself as `${NAME}`."""
    first = _compose(program, folder, {})
    missing = sorted(set(_UNSET.findall(first.stderr.decode())))
    if not missing:
        return _answer(first)
    second = _compose(program, folder, {name: f"${{{name}}}" for name in missing})
    if second.returncode == 0:
        return _answer(second)
    return _answer(_compose(program, folder, {}, "--no-interpolate"), interpolated=False)


def _answer(done: subprocess.CompletedProcess[bytes], *, interpolated: bool = True) -> Answer:
    if done.returncode:
        lines = [line for line in done.stderr.decode().splitlines() if not line.startswith("time=")]
        return Answer(None, " ".join(lines), interpolated)
    return Answer(json.loads(done.stdout), "", interpolated)


def _compose(program: str, folder: Path, variables: dict[str, str], *more: str) -> subprocess.CompletedProcess[bytes]:
    command = [program, "--profile", "*", "config", *FLAGS, *more]
    environment = {"HOME": str(folder / "home"), "PATH": str(folder / "nothing"), **variables}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", f"--git-dir={repository}", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()
