"""Docker Compose as the engine of compose files: `config`, offline and without a daemon.

`--no-path-resolution` and `--no-normalize` are always given: what they would add is of the machine (absolute paths of
the export, names made from the name of its folder). `--no-env-resolution` as well: with it no file that `env_file`
names is ever opened here, so none outside of the repository, and no variable of this machine fills a bare `NAME`.
"""

from __future__ import annotations

import re
import sysconfig
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from generator.errors import one_line
from generator.rendering.jobs import Rendered
from generator.rendering.programs import find_program, run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.rendering.jobs import Job
    from generator.rendering.programs import Ended

FILE = "--file="
"""Start of an argument that names a compose file from the top of the repository; later ones win."""
SYMBOLIC = "--symbolic="
"""Start of an argument that names a variable without a value: `${NAME}` stands for it in the output."""
RAW = "--raw"
"""Argument of a job whose variables the engine must not fill in, since it would take values of its own."""
UNNAMED = "--unnamed"
"""Argument of a job whose files give the project no name, which would be made of that of the export's folder."""
PLACEHOLDER = "assay-project-without-a-name"
"""The name that such a project has in the output."""
NOT_INTERPOLATED = "docker compose put the files together and left their variables to be filled in afterwards"
"""Note on an output whose strings are still as in the files, `$$` and `${NAME:-default}` included."""
INCONSISTENT = "docker compose would not start this: "
"""Start of a note on an output that holds although the engine objects to what it says, in its own words."""
OCCUPIED = frozenset(
    {"HOME", "TMPDIR", "PATH", "PWD", "LC_ALL", "TZ", "DOCKER_CONFIG", "DOCKER_HOST", "DOCKER_CONTEXT", "SSL_CERT_FILE"}
)
"""Variables that mean something to the engine itself, beside those with a start of `OCCUPIED_STARTS`."""
OCCUPIED_STARTS = ("COMPOSE_", "DOCKER_CLI_", "OTEL_", "GIT_", "GO", "LD_", "HTTP_", "HTTPS_", "ALL_", "NO_")

_NO_REMOTES = {"COMPOSE_EXPERIMENTAL_GIT_REMOTE": "0", "COMPOSE_EXPERIMENTAL_OCI_REMOTE": "0"}
_FLAGS = ("--no-path-resolution", "--no-normalize", "--no-env-resolution", "--format", "json")
_LOG = re.compile(r'^time="[^"]*" level=(?:warning|info|debug)')
_CONTRADICTION = "invalid compose project"
_VERSION = re.compile(r"v?(\d+\.\d+\.\d+\S*)")
_TRIED = 20.0


def is_occupied(name: str) -> bool:
    """Return whether the engine would take a variable of this name from its own environment, or be steered by it."""
    return name in OCCUPIED or name.upper().startswith(OCCUPIED_STARTS)


class ComposeEngine:
    """Renders jobs with `docker-compose`, or with `docker compose` where that is what the machine has."""

    name = "compose"

    def __init__(self, named: str = "") -> None:
        """Use the program at the path `named`, else the first that is found and answers."""
        self._named = named

    def version(self) -> str:
        """Return `docker-compose v2.1.0` or the like; empty where there is none on this machine."""
        return self._found[1]

    @property
    def command(self) -> tuple[str, ...]:
        """The program with what makes it Docker Compose, by its absolute path; empty where there is none."""
        return self._found[0]

    def render(self, job: Job, export: Path, kept: Mapping[str, bytes]) -> Rendered:
        """Return the model as JSON. What it says in `notes` tells whether variables are filled in."""
        del kept
        command, version = self._found
        if not version:
            failure = "no docker compose that knows `config --no-env-resolution` is on this machine"
            fix = "install assay[compose], or put docker-compose on PATH"
            return Rendered(code="engine-missing", failure=failure, fix=fix, stubs=job.stubs)
        folder = export / job.folder
        if not folder.is_dir():
            return Rendered(code="engine-failed", failure=f"the folder {job.folder} is not there")
        call = _Call(command, job, export)
        raw = RAW in job.arguments
        ended, notes = call.attempt(raw=raw)
        if ended.status and not ended.code and not raw and call.symbolic:
            # `${BIND}:80` is no port and `retries: ${N}` no number, so they are filled in where no type is asked for.
            ended, notes = call.attempt(raw=True)
        if ended.status or ended.code:
            return Rendered(code=ended.code or "engine-failed", failure=call.words(ended), stubs=job.stubs)
        return Rendered(output=ended.output, stubs=job.stubs, notes=notes)

    @cached_property
    def _found(self) -> tuple[tuple[str, ...], str]:
        for command in self._candidates():
            ended = run((*command, "version", "--short"), folder=Path("/"), seconds=_TRIED)
            told = _VERSION.search(ended.output.decode(errors="replace"))
            if ended.status == 0 and told and _knows_flags(command):
                return command, f"docker-compose v{told[1]}"
        return (), ""

    def _candidates(self) -> list[tuple[str, ...]]:
        if self._named:
            path = str(Path(self._named).absolute())
            return [(path,), (path, "compose")]
        found = [(path,) for path in (find_program("docker-compose"),) if path]
        docker = find_program("docker")
        plugin = [(str(Path(docker).absolute()), "compose")] if docker else []
        package = Path(sysconfig.get_path("scripts")) / "docker-compose"
        of_package = [(str(package),)] if package.is_file() else []
        return [*((str(Path(path).absolute()),) for (path,) in found), *plugin, *of_package]


def _knows_flags(command: tuple[str, ...]) -> bool:
    """Return whether the program can be kept from the files of the machine; early ones of version 2 can't."""
    ended = run((*command, "config", "--help"), folder=Path("/"), seconds=_TRIED)
    return ended.status == 0 and all(flag.encode() in ended.output for flag in _FLAGS if flag.startswith("--"))


class _Call:
    """The calls of one job: the same files under the same environment, with and without variables filled in."""

    def __init__(self, command: tuple[str, ...], job: Job, export: Path) -> None:
        self._export = export
        self._folder = export / job.folder
        files = [argument.removeprefix(FILE) for argument in job.arguments if argument.startswith(FILE)]
        named = [part for file in files for part in ("-f", str(export / PurePosixPath(file)))]
        if UNNAMED in job.arguments:
            named += ["--project-name", PLACEHOLDER]
        self._command = (*command, "--project-directory", str(self._folder), "--profile", "*", *named, "config")
        self.symbolic = [a.removeprefix(SYMBOLIC) for a in job.arguments if a.startswith(SYMBOLIC)]
        """Names of the variables that stand for themselves."""

    def attempt(self, *, raw: bool) -> tuple[Ended, tuple[str, ...]]:
        """Return how the call ended, and the notes on its output.

        A contradiction between services (a volume that nobody declares) is a fact of the files and no reason to lose
        them, so the engine is asked again without that check, and what it said becomes a note.
        """
        ended = self._run(raw=raw)
        notes = (NOT_INTERPOLATED,) if raw else ()
        words = self.words(ended)
        if ended.status and not ended.code and words.endswith(_CONTRADICTION):
            without = self._run("--no-consistency", raw=raw)
            if not without.status and not without.code:
                return without, (*notes, INCONSISTENT + words.removesuffix(f": {_CONTRADICTION}"))
        return ended, notes

    def _run(self, *more: str, raw: bool) -> Ended:
        flags = (*_FLAGS, *more, *(("--no-interpolate",) if raw else ()))
        settings = dict(_NO_REMOTES) if raw else {n: f"${{{n}}}" for n in self.symbolic} | _NO_REMOTES
        return run((*self._command, *flags), folder=self._folder, settings=settings)

    def words(self, ended: Ended) -> str:
        """Return what the engine complained about, with paths from the top of the repository."""
        lines = [line for line in ended.words.splitlines() if line.strip() and not _LOG.match(line)]
        text = " ".join(lines) or f"ended with status {ended.status}"
        for place in sorted({str(self._export), str(self._export.resolve())}, key=len, reverse=True):
            text = text.replace(f"{place}/", "").replace(place, ".")
        return one_line(text)
