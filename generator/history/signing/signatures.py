"""Signatures of commits and tags, checked with keys that were given and with nothing that the repository says.

Git's own display of signatures starts programs that the repository's configuration names, so it is never asked.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Self, cast

import msgspec

from generator.errors import Place, RefusedError, one_line
from generator.history.commands import close, finish
from generator.history.signing.allowed_signers import AllowedSigner, read_allowed_signers
from generator.history.signing.openpgp import is_openpgp, read_certificates, verify_openpgp
from generator.history.signing.signed_objects import take_apart_commit, take_apart_tag
from generator.history.signing.signers import NO_KEYS, UNSIGNED, Signature, bad, not_assessed
from generator.history.signing.sshsig import verify_ssh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.history.commands import Git
    from generator.history.signing.openpgp import Certificate
    from generator.history.signing.signed_objects import SignedObject

MOST_KEY_BYTES = 16_000_000
"""Largest file of keys."""
MOST_BYTES = 1_000_000
"""Largest commit or tag whose signature is checked."""
MOST_SIGNATURE_BYTES = 64_000
_SKIP = 1 << 20


class Keys(msgspec.Struct, frozen=True):
    """The keys that were given; build them with `read_keys`."""

    certificates: Mapping[str, Certificate]
    """OpenPGP certificates by fingerprint and id of each of their keys."""
    signers: Mapping[bytes, Sequence[AllowedSigner]]
    """Lines of allowed signers by their SSH keys."""


def read_keys(files: Sequence[tuple[str, bytes]]) -> Keys:
    """Return the keys in files (name, content): OpenPGP certificates, in armour or binary, or SSH allowed signers.

    Raises `RefusedError` for a file with a secret key, without any key, or with a line that is none.
    """
    for name, data in files:
        if len(data) > MOST_KEY_BYTES:
            raise RefusedError("keys", f"{len(data)} bytes, more than {MOST_KEY_BYTES}", place=Place(name))
    certificates = read_certificates([(name, data) for name, data in files if is_openpgp(data)])
    signers: dict[bytes, tuple[AllowedSigner, ...]] = {}
    for name, data in files:
        if not is_openpgp(data):
            for key, lines in read_allowed_signers(name, data).items():
                signers[key] = (*signers.get(key, ()), *lines)
    return Keys(certificates, signers)


class Signatures:
    """Tells of commits and of tags whether they are signed, and by whom; use as a context manager."""

    def __init__(self, git: Git, keys: Keys | None) -> None:
        """Check with `keys`; with none, what is signed can't be told to be good."""
        self._git, self._keys = git, keys
        self._process = git.start(["cat-file", "--batch"], feed=True)
        self._in = cast("IO[bytes]", self._process.stdin)
        self._out = cast("IO[bytes]", self._process.stdout)
        self._known: dict[str, Signature] = {}
        self._tags: dict[str, list[tuple[str, str]]] | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """End the process."""
        close(self._process)

    def of_commit(self, commit: str) -> Signature:
        """Return what is known of the signature of the commit with this full id."""
        if commit not in self._known:
            read = self._read(commit, b"commit")
            self._known[commit] = read if isinstance(read, Signature) else self._judged(take_apart_commit(commit, read))
        return self._known[commit]

    def of_tags(self, commit: str) -> tuple[tuple[str, Signature], ...]:
        """Return the tags that name this commit themselves, sorted by name, each with its signature."""
        if self._tags is None:
            self._tags = _tags(self._git)
        found = []
        for name, tag in self._tags.get(commit, []):
            signature = self._of_tag(name, tag, commit) if tag else UNSIGNED
            if signature is not None:
                found.append((one_line(name), signature))
        return tuple(found)

    def _of_tag(self, name: str, tag: str, commit: str) -> Signature | None:
        """Return what is known of an annotated tag; `None` where it names another tag, which names the commit."""
        read = self._read(tag, b"tag")
        if isinstance(read, Signature):
            return read
        parts = take_apart_tag(read)
        if parts.header("object") != commit:
            return None
        if parts.signature and parts.header("tag") != name:
            return bad(f"was made as tag {one_line(parts.header('tag'), 80)}")
        return self._judged(parts)

    def _judged(self, parts: SignedObject) -> Signature:
        if not parts.signature:
            return UNSIGNED
        if self._keys is None:
            return NO_KEYS
        if parts.several or len(parts.signature) > MOST_SIGNATURE_BYTES:
            return bad("carries several signatures" if parts.several else "carries a signature of too many bytes")
        return _checked(parts, self._keys)

    def _read(self, identity: str, kind: bytes) -> bytes | Signature:
        """Return an object's content, or why it can't be told."""
        try:
            self._in.write(f"{identity}\n".encode("ascii"))
            self._in.flush()
        except BrokenPipeError:
            raise RefusedError("git", "git cat-file ended early", fix="run git fsck on the repository") from None
        header = self._out.readline().split()
        if not header:
            raise RefusedError("git", "git cat-file ended early", fix="run git fsck on the repository")
        if len(header) == 2:  # noqa: PLR2004 - "ID missing", as against "ID TYPE SIZE"
            return not_assessed("is not in the repository")
        size = int(header[2])
        if size <= MOST_BYTES:
            content = self._out.read(size + 1)[:-1]
            return content if header[1] == kind else not_assessed(f"is no {kind.decode('ascii')}")
        left = size + 1
        while left:
            left -= len(self._out.read(min(left, _SKIP)))
        return not_assessed(f"has {size} bytes, more than the {MOST_BYTES} that are read")


def _checked(parts: SignedObject, keys: Keys) -> Signature:
    start = parts.signature.lstrip()
    if start.startswith(b"-----BEGIN PGP "):
        return verify_openpgp(parts.payload, parts.signature, keys.certificates)
    if start.startswith(b"-----BEGIN SSH "):
        return verify_ssh(parts.payload, parts.signature, keys.signers, parts.time)
    if start.startswith(b"-----BEGIN SIGNED MESSAGE-----"):
        return not_assessed("is signed with a certificate of X.509, which is not checked")
    return bad("carries a signature of no known form")


def _tags(git: Git) -> dict[str, list[tuple[str, str]]]:
    """Return, by full commit id, the tags that name it with the ids of their objects; empty for one without.

    A tag of a tag is listed under that tag by older versions of git, and under the commit by newer ones.
    """
    form = "--format=%(objecttype) %(objectname) %(*objectname) %(refname:strip=2)"
    process = git.start(["for-each-ref", form, "refs/tags/"])
    lines = cast("IO[bytes]", process.stdout).read().splitlines()
    finish(process, "git for-each-ref")
    found: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        kind, identity, target, name = line.decode("utf-8", "backslashreplace").split(" ", 3)
        if kind == "tag":
            found.setdefault(target, []).append((name, identity))
        elif kind == "commit":
            found.setdefault(identity, []).append((name, ""))
    return {commit: sorted(names) for commit, names in found.items()}
