"""SSH signatures over files of a bundle, checked by the code that checks those of commits (decision 20)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from generator.history.signing.allowed_signers import AllowedSigner, read_allowed_signers
from generator.history.signing.sshsig import SshSignature, fingerprint, parse_signature
from generator.history.signing.sshsig import verify_ssh as verify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AllowedSigners: TypeAlias = "Mapping[bytes, Sequence[AllowedSigner]]"
"""Lines of a file of allowed signers by their keys; read it with `read_allowed`."""


class Signer(msgspec.Struct, frozen=True):
    """Who made a signature that is good."""

    name: str
    """Principal of the allowed signers: an address, or a name."""
    key: str
    """Fingerprint of the key."""


class Problem(msgspec.Struct, frozen=True):
    """Why a signature is not known to be good."""

    reason: str
    """The part of a sentence that says what the file does: `carries …`, `is signed …`."""
    key: str = ""
    """Fingerprint of the key; empty where it can't be told."""


def read_allowed(name: str, data: bytes) -> AllowedSigners:
    """Return the allowed signers in the file `name`; raises `RefusedError` with the line that can't be taken."""
    return read_allowed_signers(name, data)


def verify_ssh(
    data: bytes, armored: bytes, allowed: AllowedSigners, namespace: str, time: int | None = None
) -> Signer | Problem:
    """Return who made the signature `armored` over `data` for `namespace`, or why that can't be said.

    `time` (seconds since 1970 UTC) is when it was made, for keys that count for a time only; `None` where nothing
    says so.
    """
    found = verify(data, armored, allowed, time, namespace=namespace.encode())
    if not found.good:
        return Problem(found.reason, found.key)
    name, address = found.signers[0] if found.signers else ("", "")
    return Signer(address or name, found.key)


def key_of(armored: bytes) -> str:
    """Return the fingerprint of the key that a signature names; raises `ValueError` where it is no signature."""
    return fingerprint(_parts(armored).key)


def is_made_by(armored: bytes, key: str, namespace: str) -> bool:
    """Return whether a signature says that `key` (a fingerprint) made it for `namespace`; whether it did is open."""
    try:
        parts = _parts(armored)
    except ValueError:
        return False
    return fingerprint(parts.key) == key and parts.namespace == namespace.encode()


def _parts(armored: bytes) -> SshSignature:
    return parse_signature(armored)
