"""A program of the user's own that signs `manifest.json`, such as cosign.

It is named on the command line, never by a repository, and run without a shell. It gets a copy, so that it can't change
what it signs, and the whole environment and network, since it may need both.
"""

from __future__ import annotations

import shlex
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from generator.errors import FaultError, UsageError
from generator.evidence.dsse import HOOK_BUNDLE
from generator.evidence.reading import MANIFEST
from generator.rendering.programs import find_program, run

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE, BUNDLE = "{file}", "{bundle}"
_EXAMPLE = '--sign-with "cosign sign-blob --yes {file} --bundle {bundle}"'
_MOST_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Hook:
    """A program that signs; get it from `parse_hook`."""

    parts: tuple[str, ...]
    """The program by its absolute path, and its arguments with `{file}` and `{bundle}` in them."""
    environment: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 300.0
    """Time that it may take."""

    def sign(self, manifest: bytes) -> bytes:
        """Return what the program wrote for `manifest`; raises `FaultError` where it failed or wrote nothing."""
        with tempfile.TemporaryDirectory(prefix="assay-sign-") as folder:
            file, bundle = Path(folder) / MANIFEST, Path(folder) / HOOK_BUNDLE
            file.write_bytes(manifest)
            command = [part.replace(FILE, str(file)).replace(BUNDLE, str(bundle)) for part in self.parts]
            ended = run(command, folder=Path(), trusted=self.environment, seconds=self.seconds)
            if ended.code or ended.status:
                said = ended.words.strip() or "it said nothing"
                status = "" if ended.code else f" with status {ended.status}"
                self._fail(f"failed{status}: {said}")
            if bundle.is_symlink() or not bundle.is_file() or not 0 < bundle.stat().st_size <= _MOST_BYTES:
                self._fail(f"wrote no {BUNDLE}")
            return bundle.read_bytes()

    def _fail(self, reason: str) -> NoReturn:
        fix = "run the command by hand to see why; nothing was signed"
        raise FaultError("sign-with", f"{Path(self.parts[0]).name} {reason}", fix=fix)


def parse_hook(command: str, environment: Mapping[str, str]) -> Hook:
    """Return the program that `command` names, to be run in `environment`; raises `UsageError` where it names none."""
    try:
        parts = shlex.split(command)
    except ValueError as fault:
        raise UsageError("sign-with", f"the command can't be read: {fault}", fix=_EXAMPLE) from None
    for wanted in (FILE, BUNDLE):
        if not any(wanted in part for part in parts[1:]):
            raise UsageError("sign-with", f"the command does not say where {wanted} goes", fix=_EXAMPLE)
    named = Path(parts[0]).expanduser()
    program = find_program(parts[0]) if len(named.parts) == 1 else str(named.absolute()) if named.is_file() else ""
    if not program:
        raise UsageError("sign-with", f"there is no program {parts[0]!r}", fix="name one on PATH, or by its path")
    return Hook((program, *parts[1:]), environment)
