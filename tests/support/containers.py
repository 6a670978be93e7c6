"""A Dockerfile, carried out on this machine: each stage a copy of the machine itself that keeps what is changed apart.

There is no Docker here and no image to begin with, so the machine's own system stands in for the base, below an overlay
in mounts of its own, without a network. What is copied and run is what the Dockerfile says, by its own paths. Commands
that need an index or a mirror are left out, and `Stage.left_out` names them.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_UNSHARE = ["unshare", "--mount", "--net", "--fork"]
_MOUNT = re.compile(r"--mount=type=bind,from=([a-z]+),source=(/\S+),target=(/\S+)\s+")
VENV = Path(sys.prefix)


@dataclass
class Stage:
    """One `FROM` of a Dockerfile and what follows it."""

    base: str
    name: str
    instructions: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Commands that were not run, since they need a network."""

    def last(self, word: str) -> str:
        """Return the text of the last instruction `word`."""
        return [text for name, text in self.instructions if name == word][-1]


def read_stages(text: str) -> list[Stage]:
    """Return the stages of a Dockerfile, with its arguments at their defaults."""
    joined = re.sub(r"\\\n", "", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for line in filter(None, (line.strip() for line in joined.splitlines())):
        word, rest = line.split(None, 1)
        if word == "ARG":
            name, _, default = rest.partition("=")
            arguments[name] = default
        elif word == "FROM":
            base, *named = re.sub(r"\$\{([A-Z]+)\}", lambda found: arguments[found[1]], rest).split()
            stages.append(Stage(base, named[1] if named else ""))
        else:
            stages[-1].instructions.append((word, rest))
    stages[0].instructions.insert(0, ("ARG", json.dumps(arguments)))
    return stages


def can_contain(room: Path) -> str:
    """Return why stages can't be carried out on this machine; empty where they can."""
    try:
        done = _inside(room / "probe", "true", "/", {})
    except FileNotFoundError as fault:
        return str(fault)
    return "" if done.returncode == 0 else f"no overlays in mounts of one's own here: {done.stderr.strip()}"


class Image:
    """What the stages of a Dockerfile made, as layers over the machine's own system."""

    def __init__(self, context: Path, stages: Sequence[Stage], room: Path, needs_network: Sequence[str]) -> None:
        """Carry out `stages` with the files of `context`; commands that hold one of `needs_network` are left out."""
        self._room, self._context = room, context
        for stage in stages:
            self._carry_out(stage, needs_network)
        self._final = stages[-1]

    def run(
        self,
        arguments: Sequence[str],
        mounts: Mapping[str, tuple[Path, str]],
        environment: Mapping[str, str],
        *,
        entrypoint: Sequence[str] | None = None,
        folder: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run the image as its user, with a root that can't be written and without a network.

        `mounts` are target → source, `ro` or `rw`. Only what `environment` and the image name is in the environment.
        """
        stage = self._final
        command = [*(json.loads(stage.last("ENTRYPOINT")) if entrypoint is None else entrypoint), *arguments]
        variables = {**_variables(stage), **environment}
        binds = "".join(_bind(source, target, mode) for target, (source, mode) in mounts.items())
        before = f'{binds}mount -o remount,ro "$root"\n'
        goal = folder or stage.last("WORKDIR")
        return _inside(self._layer(stage), shlex.join(command), goal, variables, before=before, user=stage.last("USER"))

    def _carry_out(self, stage: Stage, needs_network: Sequence[str]) -> None:
        folder = "/"
        for word, text in stage.instructions:
            if word == "WORKDIR":
                folder = text
                self._do(stage, f"mkdir -p {shlex.quote(text)}", "/")
            elif word == "COPY":
                *sources, target = text.split()
                self._do(stage, "true", "/", before="".join(self._copied(one, target, folder) for one in sources))
            elif word == "RUN":
                if any(part in text for part in needs_network):
                    stage.left_out.append(text)
                    continue
                binds = "".join(
                    _bind(self._room / name / "upper" / source.lstrip("/"), target, "ro")
                    for name, source, target in _MOUNT.findall(text)
                )
                self._do(stage, _MOUNT.sub("", text), folder, before=binds)
            else:
                assert word in {"ARG", "ENV", "USER", "HEALTHCHECK", "ENTRYPOINT", "CMD"}, word

    def _do(self, stage: Stage, command: str, folder: str, *, before: str = "") -> None:
        # In the place of an index: what a wheel is built with is installed on this machine.
        offline = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}
        done = _inside(self._layer(stage), command, folder, offline, before=before)
        assert done.returncode == 0, done.stdout + done.stderr

    def _copied(self, source: str, target: str, folder: str) -> str:
        path = self._context / source
        assert path.exists(), f"COPY {source}: no such file in the context"
        goal = target if target.startswith("/") else f"{folder}/{target}"
        inner = "/." if path.is_dir() else ""
        made = goal if path.is_dir() or target.endswith("/") else str(Path(goal).parent)
        return f'mkdir -p "$root{made}"\ncp -r {shlex.quote(str(path))}{inner} "$root{goal}"\n'

    def _layer(self, stage: Stage) -> Path:
        return self._room / (stage.name or "final")


def _inside(
    room: Path, command: str, folder: str, environment: Mapping[str, str], *, before: str = "", user: str = "0:0"
) -> subprocess.CompletedProcess[str]:
    """Run a command in a root of its own: this machine's, with what was changed so far in `room`."""
    upper, work, root = room / "upper", room / "work", room / "root"
    for one in (upper, work, root):
        one.mkdir(parents=True, exist_ok=True)
    path = f"{VENV / 'bin'}:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
    variables = [f"{name}={text}" for name, text in {"PATH": path, **environment}.items()]
    inner = shlex.join(
        ["chroot", f"--userspec={user}", str(root), "env", "-i", *variables, "sh", "-c", 'cd "$1" && eval "$2"', "sh"]
    )
    text = f"""set -eu
root={shlex.quote(str(root))}
mount --make-rprivate /
mount -t overlay overlay -o lowerdir=/,upperdir={upper},workdir={work} "$root"
{_readable()}mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
{before}exec {inner} {shlex.quote(folder)} {shlex.quote(command)}
"""
    return subprocess.run(
        [*_UNSHARE, "sh", "-c", text],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="backslashreplace",
        check=False,
    )


def _readable() -> str:
    """Return lines that let everybody come to the Python of the tests, which here may stand in somebody's home."""
    folders = {folder for start in (VENV, Path(sys.base_prefix)) for folder in start.parents if folder != Path("/")}
    return "".join(f'chmod a+x "$root"{shlex.quote(str(folder))}\n' for folder in sorted(folders))


def _bind(source: Path, target: str, mode: str) -> str:
    read_only = f'mount -o remount,bind,ro "$root{target}"\n' if mode == "ro" else ""
    return f'mkdir -p "$root{target}"\nmount --bind {shlex.quote(str(source))} "$root{target}"\n{read_only}'


def _variables(stage: Stage) -> dict[str, str]:
    pairs = (text.partition("=") for word, text in stage.instructions if word == "ENV")
    return {name: value for name, _, value in pairs}
