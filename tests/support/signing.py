"""Signed commits and tags for tests: OpenPGP keys made by the library, SSH keys by `ssh-keygen`."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from support.plain_git import git

if TYPE_CHECKING:
    from pathlib import Path

    from pysequoia import Tsk


def openpgp_key(identity: str) -> Tsk:
    """Return a new key with its secret part."""
    from pysequoia import Tsk

    return Tsk.generate(user_id=identity)


def signature_of(key: Tsk, payload: bytes) -> bytes:
    """Return a detached signature over `payload`, in armour."""
    from pysequoia import SignatureMode, sign

    return sign(key.signer(), payload, mode=SignatureMode.DETACHED)


def raw_object(repository: Path, kind: str, identity: str) -> bytes:
    """Return an object as git keeps it."""
    command = ["git", "cat-file", kind, identity]
    return subprocess.run(command, cwd=repository, capture_output=True, check=True).stdout


def write_object(repository: Path, kind: str, data: bytes) -> str:
    """Write an object as it is, and return its id."""
    return git(repository, "hash-object", "-t", kind, "-w", "--literally", "--stdin", data=data)


def with_signature(commit: bytes, signature: bytes, header: bytes = b"gpgsig") -> bytes:
    """Return a commit with a signature in a header, where git puts it."""
    head, blank, body = commit.partition(b"\n\n")
    lines = signature.rstrip(b"\n").split(b"\n")
    return b"\n".join([head, header + b" " + lines[0], *(b" " + line for line in lines[1:])]) + blank + body


def signed_commit(repository: Path, key: Tsk, identity: str = "HEAD") -> str:
    """Write a signed copy of a commit and return its id."""
    commit = raw_object(repository, "commit", identity)
    return write_object(repository, "commit", with_signature(commit, signature_of(key, commit)))


def signed_tag(repository: Path, key: Tsk, name: str, commit: str, *, as_name: str = "") -> None:
    """Make a signed tag; its object says `as_name` where that is given."""
    said = as_name or name
    payload = f"object {commit}\ntype commit\ntag {said}\ntagger Ada <ada@example.org> 1704110400 +0000\n\nOut\n"
    tag = write_object(repository, "tag", payload.encode() + signature_of(key, payload.encode()))
    git(repository, "update-ref", f"refs/tags/{name}", tag)


def ssh_key(folder: Path, kind: str, *options: str) -> Path:
    """Make an SSH key and return the file of its secret part; the public part stands beside it."""
    file = folder / f"key-{kind}"
    command = ["ssh-keygen", "-q", "-t", kind, *options, "-N", "", "-C", "test", "-f", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    return file


def ssh_public(key: Path) -> str:
    """Return type and key of the public part, without the comment."""
    return " ".join(key.with_suffix(".pub").read_text().split()[:2])


def ssh_signature(key: Path, payload: bytes, namespace: str = "git") -> bytes:
    """Return a signature over `payload` made by `ssh-keygen`."""
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(key)]
    return subprocess.run(command, input=payload, capture_output=True, check=True).stdout
