"""Faults of the machine, each at one chosen step of a build: it is killed there, or its disk is full from there on.

A step is what Python tells its audit hooks of: a file opened, a folder made, a name changed, a program started. A run
of the build counts them; then a process is forked for each step that is tried, so that what a build imports is read
once. `python -m reproducible.faults REPOSITORY FOLDER NUMBER SEED` prints what came of it as JSON.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from reproducible.comparing import contents

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Hook = Callable[[str, tuple[Any, ...]], None]
    Chosen = Callable[[str, tuple[Any, ...]], bool]
    Sites = tuple[dict[str, bytes], dict[str, bytes]]

_STEPS = frozenset({
    "open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.listdir", "os.scandir", "os.truncate",
    "ctypes.dlsym", "subprocess.Popen", "tempfile.mkstemp", "tempfile.mkdtemp",
})  # fmt: skip
_WRITES = frozenset({"open", "os.mkdir", "os.rename", "os.link", "os.truncate"})
_KILLS = (("SIGKILL", signal.SIGKILL), ("SIGTERM", signal.SIGTERM))
_CRASHED = 70
_FAULT = 5
"""Exit code of a fault of the machine."""
_WHOLE = 20
"""Killed builds after which one has to come to its end."""
_READ_ONCE = ("generator.", "mkdocs", "material", "jinja2", "markdown", "pydantic", "msgspec", "git", "networkx")


class Ending(NamedTuple):
    """How a build ended."""

    status: int
    """Exit code, or the number of the signal that ended it, negative."""
    output: str
    error: str


@dataclass(frozen=True)
class Bench:
    """A site that stands, and what a newer one looks like."""

    repository: Path
    folder: Path

    @property
    def signing(self) -> list[str]:
        """Return what signs a build: a key of its own, where there is a program that makes one."""
        key = self.folder / "key"
        if not key.exists():
            program = shutil.which("ssh-keygen")
            if program is None:
                return []
            subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", key], check=True)
        return ["--sign-key", str(key)]

    @property
    def site(self) -> Path:
        """Return the folder of the site."""
        return self.folder / "out" / "site"

    def build(self, hook: Hook | None = None, ref: str = "main") -> Ending:
        """Build in a process of its own, in which `hook` hears of every step."""
        named = {"--repo": self.repository, "--ref": ref, "--output": self.site, "--cache": self.folder / "cache"}
        options = [str(part) for pair in named.items() for part in pair]
        return forked(["build", "--quiet", "--keep", "all", *options, *self.signing], hook, self.folder / "modules")

    def reset(self) -> None:
        """Put the old site where it stood, with nothing beside it but the cache as it has become."""
        shutil.rmtree(self.folder / "out")
        shutil.copytree(self.folder / "old", self.folder / "out")

    def beside(self) -> list[str]:
        """Return what stands beside the site."""
        return sorted(path.name for path in self.site.parent.iterdir() if path != self.site)


def forked(arguments: Sequence[str], hook: Hook | None, modules: Path) -> Ending:
    """Run `assay` in a fork of this process; `hook` is told of every step in it.

    Without one, the names of what it imported are written to the file `modules`.
    """
    # Pipes, since a disk without room would take nothing of what is said.
    pipes = [os.pipe(), os.pipe()]
    process = os.fork()
    if not process:
        status = _CRASHED
        try:
            for number, (_, end) in enumerate(pipes, 1):
                os.dup2(end, number)
            status = _run(arguments, hook)
            if hook is None:
                modules.write_text("\n".join(sys.modules), "utf-8")
        except BaseException:  # noqa: BLE001 - the parent has to hear of anything
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            sys.stdout.flush()
            os._exit(status)
    texts = []
    for begin, end in pipes:
        os.close(end)
        with open(begin, "rb") as file:  # noqa: PTH123 - a pipe has no path
            texts.append(file.read().decode("utf-8", "backslashreplace"))
    _, code = os.waitpid(process, 0)
    return Ending(os.waitstatus_to_exitcode(code), *texts)


def _run(arguments: Sequence[str], hook: Hook | None) -> int:
    from generator.cli import main  # what it imports belongs to the process that builds

    if hook is not None:
        sys.addaudithook(hook)
    try:
        main([*arguments])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _is_write(event: str, arguments: tuple[Any, ...]) -> bool:
    if event != "open":
        return event in _WRITES
    path, _, flags = arguments
    writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    return bool(writes) and not str(path).startswith(("/dev/", "/proc/")) and not isinstance(path, int)


def _counting(file: Path, chosen: Chosen) -> Hook:
    """Return a hook that writes a byte for each step that is `chosen`."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _STEPS and chosen(event, arguments):
            os.write(handle, b".")

    return hook


def _at(step: int, chosen: Chosen, fault: Hook) -> Hook:
    """Return a hook that calls `fault` at the step of this number, counted from 0, of those that are `chosen`."""
    left = step

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event in _STEPS and chosen(event, arguments):
            left -= 1
            if left == -1:
                fault(event, arguments)

    return hook


def _every(event: str, arguments: tuple[Any, ...]) -> bool:  # noqa: ARG001 - as the others have it
    return True


def _no_space(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse one write, as a disk without room does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]) if event == "open" else event)


def _full(event: str, arguments: tuple[Any, ...]) -> None:  # noqa: ARG001 - as the others have it
    """Let no file grow from here on."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


_FULL = (("no space", _no_space), ("full disk", _full))


def _prepared(bench: Bench) -> Sites:
    """Build the old site, whose bundle is the second of a chain, and the new one; return the contents of both."""
    whole(bench, "main~2")
    whole(bench, "main~1")
    for name in (bench.folder / "modules").read_text("utf-8").split():
        # Engines that start threads are left out: threads do not come along into a fork.
        if name.startswith(_READ_ONCE):
            importlib.import_module(name)
    shutil.copytree(bench.site.parent, bench.folder / "old")
    old = contents(bench.site)
    whole(bench)
    return old, contents(bench.site)


def whole(bench: Bench, ref: str = "main") -> None:
    """Build without a fault; raises `AssertionError` where that gives no site, or leaves something beside it."""
    ended = bench.build(ref=ref)
    if ended.status or bench.beside():
        reason = f"a build without a fault: {ended}, beside the site: {bench.beside()}"
        raise AssertionError(reason)


def _steps(bench: Bench, chosen: Chosen) -> int:
    """Return how many steps a build over the old site has."""
    bench.reset()
    counted = bench.folder / "counted"
    bench.build(_counting(counted, chosen))
    return counted.stat().st_size


def killed(bench: Bench, sites: Sites, number: int, seed: int) -> dict[str, Any]:
    """Kill builds at `number` random steps, one after the other on what is left; return what was seen."""
    old, new = sites
    total, draw = _steps(bench, _every), random.Random(seed)  # noqa: S311 - no secret
    bench.reset()
    seen = {"killed": 0, "old": 0, "new": 0}
    wrong: list[str] = []
    for count in range(1, number + 1):
        step, (name, ending) = draw.randrange(total), _KILLS[count % 2]
        ended = bench.build(_at(step, _every, lambda *_, ending=ending: os.kill(os.getpid(), ending)))
        now = contents(bench.site) if bench.site.exists() else {}
        which = "old" if now == old else "new" if now == new else "mixture"
        seen["killed"] += ended.status == -ending
        seen[which] = seen.get(which, 0) + 1
        if which == "mixture" or ended.status not in {0, -ending}:
            wrong.append(f"{name} at step {step} of {total}: {which} site, {ended}")
        if count % _WHOLE == 0 or count == number:
            whole(bench)
            if contents(bench.site) != new:
                wrong.append(f"the build after {name} at step {step} of {total} gave another site")
            bench.reset()
        elif now != old:
            bench.reset()
    return {"steps": total, "tried": number, "seen": seen, "wrong": wrong}


def filled(bench: Bench, sites: Sites, number: int, seed: int) -> dict[str, Any]:
    """Let the disk be full at `number` random writes of a build, or at all for 0; return what was seen."""
    old, new = sites
    total = _steps(bench, _is_write)
    steps = list(range(total))
    if number:
        steps = sorted(random.Random(seed).sample(steps, min(number, total)))  # noqa: S311 - no secret
    seen = {"fault": 0, "site": 0}
    wrong: list[str] = []
    for count, step in enumerate(steps):
        bench.reset()
        name, fault = _FULL[count % 2]
        ended = bench.build(_at(step, _is_write, fault))
        now = contents(bench.site)
        said = ended.error.splitlines()
        if ended.status == _FAULT and now == old and len(said) == 1 and said[0].startswith("error["):
            seen["fault"] += 1
        elif ended.status == 0 and now == new:
            # A part of the cache, or a link where a copy does as well.
            seen["site"] += 1
        else:
            which = "old" if now == old else "new" if now == new else "mixture"
            wrong.append(f"{name} at write {step} of {total}: {which} site, {ended}")
        if bench.beside():
            wrong.append(f"{name} at write {step} of {total} left {bench.beside()}")
    bench.reset()
    whole(bench)
    if contents(bench.site) != new:
        wrong.append("the build after all of them gave another site")
    return {"steps": total, "tried": len(steps), "seen": seen, "wrong": wrong}


def main(repository: str, folder: str, number: str, seed: str) -> int:
    """Try both kinds of fault, print what was seen, and return an exit code."""
    bench = Bench(Path(repository), Path(folder))
    bench.site.parent.mkdir(parents=True)
    sites = _prepared(bench)
    found = {each.__name__: each(bench, sites, int(number), int(seed)) for each in (killed, filled)}
    print(json.dumps(found))  # noqa: T201 - read by who started this
    return 1 if any(each["wrong"] for each in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
