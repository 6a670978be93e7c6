"""`manifest.json`: the digest of every file of an evidence folder, so that any change to one is found and named."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import rfc8785

from generator.errors import Place, RefusedError
from generator.evidence.reading import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SIGNATURE_NAMES = (f"{MANIFEST}.sig", f"{MANIFEST}.sigstore.json")
_STATEMENTS = "statements/"
_ENVELOPES = ".intoto.jsonl"


class Counted(msgspec.Struct, frozen=True):
    """Things of one sort: `all` = `read` + every number of `skipped` + `unreadable`."""

    all: int
    read: int
    skipped: dict[str, int]
    """Those that were left out on purpose, by the rule that left them out."""
    unreadable: int

    @property
    def adds_up(self) -> bool:
        """Whether each of them is accounted for once."""
        return self.all == self.read + sum(self.skipped.values()) + self.unreadable


class Inputs(msgspec.Struct, frozen=True):
    """What a run was given: that, the configuration and the tool's version make the evidence."""

    ref: str = ""
    """Branch, tag or commit that was asked for, `HEAD` where nothing was."""
    commit: str = ""
    """Full id of the commit that it led to; empty for a repository without commits."""
    as_of: str = ""
    """Report time, RFC 3339 in UTC."""
    limit: int | None = None
    """How many of the newest commits were read; `None` for all."""
    allow_shallow: bool = False
    """Whether the history was read from a shallow clone, so that older commits are cut off."""
    results: str = ""
    """Digest of the folder with imported results; empty where none was given."""
    records: str = ""
    """Digest of the folder with imported records; empty where none was given."""
    live: dict[str, str] = {}
    """Digest of each snapshot of what runs that was given beside the repository, by environment."""
    application: dict[str, str] = {}
    """Digest of the refs of each application's own history, by pattern of components."""
    keys: tuple[str, ...] = ()
    """Digests of the files with keys that verify signatures, sorted."""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an evidence folder holds, and what it was made from."""

    format: str
    version: str
    """Version of Assay that wrote it."""
    sequence: int
    """Its number in the chain of bundles, from 1."""
    predecessor: str
    """SHA-256 of the manifest that this one follows; empty for the first of a chain."""
    config_digest: str
    inputs: Inputs
    engines: tuple[str, ...]
    """Programs that rendered models, each with its version, sorted."""
    counts: dict[str, Counted]
    """How many `commits`, `files` (distinct contents of model files) and `deployments` there are."""
    files: dict[str, str]
    """SHA-256 of each file by its path in the folder, `/` between its parts."""
    refs: dict[str, str]
    """Ref → full id of the commit that was read."""


class Mismatch(msgspec.Struct, frozen=True):
    """One file that is not what the manifest says."""

    path: str
    reason: str


def is_signature(path: str) -> bool:
    """Return whether `path`, relative to the folder, is a signature: it may stand there without being listed."""
    return path in _SIGNATURE_NAMES or (path.startswith(_STATEMENTS) and path.endswith(_ENVELOPES))


def manifest_text(manifest: Manifest) -> bytes:
    """Return a manifest as the bytes of its file: canonical JSON (RFC 8785) and a line feed."""
    return bytes(rfc8785.dumps(msgspec.to_builtins(manifest))) + b"\n"


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal digits, which is how a manifest is named."""
    return hashlib.sha256(data).hexdigest()


def decode_manifest(data: bytes, name: str = MANIFEST) -> Manifest:
    """Return the manifest in `data`; raises `RefusedError`, naming the file `name`, where there is none."""
    try:
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeError) as fault:
        raise RefusedError("evidence", str(fault), place=Place(name), fix="build it again") from fault


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of `folder`; raises `RefusedError` where there is none that can be read."""
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise RefusedError("evidence", "no evidence folder", place=Place(str(path)), fix="run assay build") from None
    return decode_manifest(data, str(path))


def verify_manifest(folder: Path) -> tuple[Mismatch, ...]:
    """Return every file that was changed, added or removed since the manifest was written, sorted by path."""
    manifest = read_manifest(folder)
    present = files_of(folder)
    found = [Mismatch(name, "added: the manifest does not know it") for name in present.keys() - manifest.files.keys()]
    for name, expected in manifest.files.items():
        if name not in present:
            found.append(Mismatch(name, "removed"))
        elif (actual := file_digest(present[name])) != expected:
            found.append(Mismatch(name, f"changed: SHA-256 is {actual[:12]}…, the manifest says {expected[:12]}…"))
    return tuple(sorted(found, key=lambda mismatch: mismatch.path))


def files_of(folder: Path) -> dict[str, Path]:
    """Return every file of an evidence folder that a manifest lists, by its path in it, sorted.

    The manifest itself and signatures are none of them.
    """
    return dict(_files(folder))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST and not is_signature(name) and (path.is_symlink() or not path.is_dir()):
            yield name, path


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file; a link is not followed, its own text counts."""
    if path.is_symlink():
        return digest_of(b"link\0" + str(path.readlink()).encode())
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
