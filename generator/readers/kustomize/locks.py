"""Files whose content is not in the repository in a readable form, by how they begin."""

from __future__ import annotations

import re

SOPS = "SOPS"

_STARTS = (
    (b"$ANSIBLE_VAULT;", "Ansible Vault"),
    (b"\0GITCRYPT\0", "git-crypt"),
    (b"age-encryption.org/", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    (b"-----BEGIN PGP MESSAGE-----", "PGP"),
    (b"version https://git-lfs.github.com/spec/", "Git LFS"),
)
_WHOLE = re.compile(rb"""^(?:(?:kind|apiVersion):\s*"?|[ \t]*"(?:kind|apiVersion)":\s*")ENC\[""", re.MULTILINE)
_SOPS = re.compile(rb"""^(?:sops:|[ \t]*"sops":)""", re.MULTILINE)


def lock_of(data: bytes) -> str:
    """Return the name of what made a file unreadable as a whole; empty where it is readable.

    A file that SOPS encrypted in part keeps its kind and its name, and counts as readable.
    """
    for start, name in _STARTS:
        if data.startswith(start):
            return name
    return SOPS if b"ENC[" in data and _WHOLE.search(data) and _SOPS.search(data) else ""
