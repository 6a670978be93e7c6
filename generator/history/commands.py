"""How every git command is run: through GitPython, hardened, and never with a name from the repository as an option.

The settings are those under which hostile repositories ran nothing when this was measured (see SECURITY.md): no
system or user configuration, no lazy fetch, no replaced or grafted objects, no locks, no prompts, no signature
display, no external diff, no text conversion, no file system monitor.
"""

from __future__ import annotations

import subprocess
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, cast

import git

from generator.errors import FaultError, RefusedError, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

ENVIRONMENT = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "0",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_PARAMETERS": "",
    "GIT_GLOB_PATHSPECS": "0",
    "GIT_GRAFT_FILE": "/dev/null",
    "GIT_ICASE_PATHSPECS": "0",
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_NOGLOB_PATHSPECS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "TZ": "UTC",
}
SETTINGS = (
    "advice.graftFileDeprecated=false",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.quotePath=false",
    "log.showSignature=false",
    "protocol.allow=never",
)
SHORT_SECONDS = 10.0
"""How long a command that answers at once may take: a configuration that includes a pipe never answers."""


class Git:
    """The git program on one repository, named by its git directory whatever the working directory is."""

    def __init__(self, git_dir: str) -> None:
        """Run every command on `git_dir`."""
        self._start = ["git", "--no-pager", f"--git-dir={git_dir}"]
        for setting in SETTINGS:
            self._start += ["-c", setting]
        # A hook of git finds another index named in its environment.
        self._environment = {**ENVIRONMENT, "GIT_INDEX_FILE": f"{git_dir}/index"}
        self._git = git.Git()

    def start(self, arguments: Sequence[str], *, feed: bool = False) -> subprocess.Popen[bytes]:
        """Start a long command; the caller reads its output and calls `finish`."""
        try:
            process: Any = self._git.execute(
                [*self._start, *arguments],
                as_process=True,
                env=self._environment,
                istream=subprocess.PIPE if feed else subprocess.DEVNULL,
            )
        except git.exc.GitCommandNotFound as fault:
            raise FaultError("git-missing", "git was not found on PATH", fix="install git 2.31 or newer") from fault
        # GitPython ends the program as soon as its wrapper is let go; here `finish` does that.
        program, process.proc = cast("subprocess.Popen[bytes]", process.proc), None
        return program

    def output(self, arguments: Sequence[str]) -> bytes:
        """Return what a command that answers at once prints; raises `RefusedError` with git's own words."""
        process = self.start(arguments)
        try:
            out, error = process.communicate(timeout=SHORT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            reason = f"git {arguments[0]} gave no answer within {SHORT_SECONDS:.0f} s"
            fix = "look for an include.path in the repository's config that never ends"
            raise RefusedError("git-timeout", reason, fix=fix) from None
        if process.returncode:
            raise RefusedError("git", f"git {arguments[0]}: {one_line(error.decode(errors='replace'))}")
        return out


def finish(process: subprocess.Popen[bytes], what: str) -> None:
    """Wait for a long command and raise `RefusedError` with its own words where it failed."""
    error = cast("IO[bytes]", process.stderr).read()
    if close(process):
        raise RefusedError("git", f"{what}: {one_line(error.decode(errors='replace'))}")


def close(process: subprocess.Popen[bytes]) -> int:
    """Close what a command was read and fed by, wait for its end, and return its exit status."""
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(BrokenPipeError):  # what was not fed yet is not wanted any more
                pipe.close()
    return process.wait()
