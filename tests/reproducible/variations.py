"""What may differ between two machines, one thing each: none of it may reach a byte of a site."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reproducible.machine.sitecustomize import CLOCK, ORDER, PROCESSORS
from reproducible.machines import STRANGER, can_become

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reproducible.machines import Machine

    Change = Callable[[Machine], Machine]

_FAKETIME = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1", "/usr/lib64/faketime/*.so.1")


@dataclass(frozen=True)
class Variation:
    """One thing that another machine may have otherwise."""

    name: str
    change: Change
    missing: Callable[[], str] = str
    """Says why it can't be tried here; empty where it can."""
    together: bool = True
    """Whether it is part of everything at once."""


def _variables(**variables: str) -> Change:
    return lambda machine: replace(machine, environment={**machine.environment, **variables})


def _clock(moment: str, seconds: int) -> Change:
    preload = sorted(str(path) for pattern in _FAKETIME for path in Path("/").glob(pattern[1:]))
    if preload:
        return _variables(LD_PRELOAD=preload[0], FAKETIME=f"@{moment}", DONT_FAKE_MONOTONIC="1")
    return _variables(**{CLOCK: str(seconds)})


def _path(machine: Machine) -> Machine:
    place = machine.folder / "a longer way" / "zwölf" / "to get there"
    place.mkdir(parents=True)
    shutil.copytree(machine.repository, place / "repository", symlinks=True)
    # By names relative to where the command is run.
    return replace(
        machine, repository=Path("repository"), output=machine.folder / "elsewhere" / "the report", cwd=place
    )


def _git(*arguments: str | Path) -> None:
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/dev/null/none"}
    subprocess.run(["git", *map(str, arguments)], check=True, capture_output=True, env=environment)


def _source(machine: Machine) -> Path:
    return machine.cwd / machine.repository


def _bare(machine: Machine) -> Machine:
    target = machine.folder / "bare.git"
    _git("clone", "--quiet", "--mirror", _source(machine), target)
    return replace(machine, repository=target)


def _worktree(machine: Machine) -> Machine:
    original, target = machine.folder / "original", machine.folder / "beside"
    shutil.copytree(_source(machine), original, symlinks=True)
    _git("-C", original, "worktree", "add", "--quiet", "--force", target, "main")
    return replace(machine, repository=target)


def _repacked(machine: Machine) -> Machine:
    target = machine.folder / "repacked"
    shutil.copytree(_source(machine), target, symlinks=True)
    _git("-C", target, "pack-refs", "--all")
    _git("-C", target, "repack", "-a", "-d", "-f", "--quiet", "--depth=2", "--window=3")
    _git("-C", target, "commit-graph", "write", "--reachable")
    return replace(machine, repository=target)


def _loose(machine: Machine) -> Machine:
    target = machine.folder / "loose"
    shutil.copytree(_source(machine), target, symlinks=True)
    packs = target / ".git" / "objects" / "pack"
    packs.rename(machine.folder / "packs")
    packs.mkdir()
    for pack in sorted((machine.folder / "packs").glob("*.pack")):
        with pack.open("rb") as file:
            subprocess.run(["git", "-C", target, "unpack-objects", "-q"], stdin=file, check=True, capture_output=True)
    return replace(machine, repository=target)


def _cached(machine: Machine) -> Machine:
    kept = tuple(option for option in machine.options if option != "--no-cache")
    return replace(machine, options=(*kept, "--cache", str(machine.folder / "cache")))


def _again(machine: Machine) -> Machine:
    return replace(machine, refs=(*machine.refs, machine.refs[-1]))


def _no_home(machine: Machine) -> Machine:
    kept = {name: value for name, value in machine.environment.items() if name != "HOME"}
    return replace(machine, environment=kept)


def _temporary(machine: Machine) -> Machine:
    folder = machine.folder / "temporary files"
    folder.mkdir()
    return _variables(TMPDIR=str(folder))(machine)


def _stranger() -> str:
    return can_become(STRANGER)


_ODD = {
    "COLUMNS": "7",
    "LINES": "2",
    "TERM": "dumb",
    "NO_COLOR": "1",
    "FORCE_COLOR": "3",
    "CI": "true",
    "GITHUB_ACTIONS": "true",
    "EDITOR": "false",
    "PAGER": "false",
    "USER": 'x"; <b>',
    "LOGNAME": "somebody else",
    "HOSTNAME": "another",
    "SOURCE_DATE_EPOCH": "1",
    "PYTHONIOENCODING": "ascii",
    "PYTHONWARNINGS": "ignore",
}
_GIT_NOISE = {
    "GIT_DIR": "/nonexistent",
    "GIT_WORK_TREE": "/nonexistent",
    "GIT_INDEX_FILE": "/",
    "GIT_NAMESPACE": "another",
    "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z",
    "GIT_PAGER": "false",
    "GIT_EDITOR": "false",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_EXTERNAL_DIFF": "false",
    "GIT_DEFAULT_HASH": "sha256",
    "GIT_TRACE": "0",
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "log.date",
    "GIT_CONFIG_VALUE_0": "raw",
    "GIT_CONFIG_KEY_1": "core.quotePath",
    "GIT_CONFIG_VALUE_1": "false",
}
VARIATIONS: tuple[Variation, ...] = (
    Variation("path of checkout and output", _path),
    Variation("another user", lambda m: replace(m, user=STRANGER), _stranger),
    Variation("no HOME", _no_home),
    Variation("clock at 1970", _clock("1970-01-02 00:00:00", 86_400), together=False),
    Variation("clock at 2100", _clock("2100-01-01 00:00:00", 4_102_444_800)),
    Variation("timezone east of Greenwich", _variables(TZ="Asia/Kathmandu"), together=False),
    Variation("timezone west of Greenwich", _variables(TZ="<-11>11")),
    Variation("locale that has no UTF-8", _variables(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")),
    Variation("Turkish locale", _variables(LC_ALL="tr_TR.UTF-8", LANG="tr_TR.UTF-8", LANGUAGE="tr"), together=False),
    Variation("closed umask", lambda m: replace(m, umask=0o077)),
    Variation("open umask", lambda m: replace(m, umask=0), together=False),
    Variation("hash seed 1", _variables(PYTHONHASHSEED="1"), together=False),
    Variation("hash seed 2", _variables(PYTHONHASHSEED="2"), together=False),
    Variation("hash seed 4711", _variables(PYTHONHASHSEED="4711")),
    Variation("entries of folders reversed", _variables(**{ORDER: "reversed"}), together=False),
    Variation("entries of folders shuffled", _variables(**{ORDER: "4711"})),
    Variation("one processor", _variables(**{PROCESSORS: "1"})),
    Variation("seven processors", _variables(**{PROCESSORS: "7"}), together=False),
    Variation("bare clone", _bare, together=False),
    Variation("linked work tree", _worktree, together=False),
    Variation("loose objects", _loose, together=False),
    Variation("repacked repository", _repacked),
    Variation("odd variables", _variables(**_ODD)),
    Variation("variables of git", _variables(**_GIT_NOISE)),
    Variation("read-only checkout", lambda m: replace(m, read_only=True)),
    Variation("folder for temporary files", _temporary),
    Variation("Python that drops docstrings", _variables(PYTHONOPTIMIZE="2")),
    Variation("with a cold cache", _cached, together=False),
    Variation("with a warm cache, over the former site", lambda m: _again(_cached(m))),
    Variation("over the former site", _again, together=False),
)


def all_together(variations: Iterable[Variation] = VARIATIONS) -> Variation:
    """Return everything that can differ at once, as one variation."""
    chosen = [variation for variation in variations if variation.together and not variation.missing()]

    def change(machine: Machine) -> Machine:
        for variation in chosen:
            machine = variation.change(machine)
        return machine

    return Variation("all together", change)
