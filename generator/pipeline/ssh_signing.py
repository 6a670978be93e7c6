"""Signatures by an SSH key, made by `ssh-keygen -Y sign`: no key is ever read here, and nothing asks on a terminal."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import FaultError, Place, RefusedError, UsageError
from generator.evidence.ssh_signatures import is_made_by, key_of
from generator.rendering.programs import find_program, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.rendering.programs import Ended

PROGRAM = "ssh-keygen"
_PROBE = "assay-probe@v1"
"""What the first signature is made for, which tells whose key it is and is thrown away."""
_AT_ONCE = 1000
"""Files that one call signs."""
_SECONDS = 300.0
_ENCRYPTED = "incorrect passphrase"


@dataclass(frozen=True, slots=True)
class SshKey:
    """A key that signs; get it from `open_key`."""

    path: Path
    """File of the private key, or of the public key of one that an agent holds."""
    fingerprint: str
    program: str
    """Absolute path of `ssh-keygen`."""
    agent: str = ""
    """Socket of the agent; empty where there is none."""

    def sign(self, messages: Sequence[bytes], namespace: str) -> list[bytes]:
        """Return a signature in armour over each of `messages`, made for `namespace`.

        Raises `RefusedError` where the key can't be used any more, `FaultError` where the machine fails.
        """
        found: list[bytes] = []
        for start in range(0, len(messages), _AT_ONCE):
            found += _signed(self, messages[start : start + _AT_ONCE], namespace)
        if not all(is_made_by(signature, self.fingerprint, namespace) for signature in found):
            raise RefusedError("sign-key", "the key changed while it signed", place=Place(str(self.path)))
        return found


def open_key(path: Path, agent: str = "") -> SshKey:
    """Return the key in the file `path`, which has signed something to see that it can.

    `agent` is the socket of an SSH agent. Raises `UsageError` where there is no such file, `RefusedError` where it is
    no key that signs without a question, `FaultError` where there is no `ssh-keygen`.
    """
    if not path.is_file():
        raise UsageError("sign-key", "no such file", place=Place(str(path)), fix="name the file of an SSH key")
    program = find_program(PROGRAM)
    if not program:
        raise FaultError("sign-key", f"there is no {PROGRAM} on PATH", fix="install OpenSSH's client, 8.2 or newer")
    key = SshKey(path.absolute(), "", program, agent)
    return SshKey(key.path, key_of(_signed(key, [b""], _PROBE)[0]), program, agent)


def _signed(key: SshKey, messages: Sequence[bytes], namespace: str) -> list[bytes]:
    settings = {"SSH_ASKPASS_REQUIRE": "never"} | ({"SSH_AUTH_SOCK": key.agent} if key.agent else {})
    with tempfile.TemporaryDirectory(prefix="assay-sign-") as folder:
        work = Path(folder)
        names = [f"{number:04d}" for number in range(len(messages))]
        for name, message in zip(names, messages, strict=True):
            (work / name).write_bytes(message)
        command = [key.program, "-q", "-Y", "sign", "-f", str(key.path), "-n", namespace, *names]
        ended = run(command, folder=work, settings=settings, seconds=_SECONDS)
        signatures = [work / f"{name}.sig" for name in names]
        if ended.status or not all(one.is_file() for one in signatures):
            raise _fault(key, ended)
        return [one.read_bytes() for one in signatures]


def _fault(key: SshKey, ended: Ended) -> RefusedError | FaultError:
    place = Place(str(key.path))
    if ended.code:
        return FaultError("sign-key", f"{PROGRAM} {ended.words}", place=place, fix="sign again")
    if _ENCRYPTED in ended.words:
        fix = "load it into an agent by ssh-add; SSH_AUTH_SOCK leads to it"
        return RefusedError("sign-key", "the key is encrypted, and nothing asks for a passphrase", place=place, fix=fix)
    lines = [line.strip() for line in ended.words.splitlines() if line.strip() and not line.startswith("@")]
    said = "; ".join(lines[:3]) or f"ended with status {ended.status}"
    fix = "name a private key, or the public key of one that an agent holds"
    return RefusedError("sign-key", f"{PROGRAM} can't sign with it: {said}", place=place, fix=fix)
