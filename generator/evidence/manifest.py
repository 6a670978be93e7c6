"""`manifest.json`: the digest of every file of an evidence folder, so that any change to one is found and named."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import rfc8785

from generator.errors import FaultError, Place, RefusedError
from generator.evidence.reading import MANIFEST
from generator.evidence.records import FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from generator.evidence.summary import Summary

_CHUNK = 1 << 20


class Manifest(msgspec.Struct, frozen=True):
    """What an evidence folder holds."""

    format: str
    version: str
    """Version of Assay that wrote it."""
    config_digest: str
    files: dict[str, str]
    """SHA-256 of each file by its path in the folder, `/` between its parts."""
    refs: dict[str, str]
    """Ref → full id of the commit that was read."""
    predecessor: str
    """SHA-256 of the manifest that this one follows; empty for the first of a chain."""


class Mismatch(msgspec.Struct, frozen=True):
    """One file that is not what the manifest says."""

    path: str
    reason: str


def write_manifest(folder: Path, refs: Mapping[str, str], summary: Summary, predecessor: str = "") -> str:
    """Write the manifest over everything that stands in `folder`, as canonical JSON (RFC 8785); return its SHA-256."""
    manifest = Manifest(
        format=FORMAT,
        version=summary.version,
        config_digest=summary.config_digest,
        files={name: _digest(path) for name, path in _files(folder)},
        refs=dict(refs),
        predecessor=predecessor,
    )
    data = rfc8785.dumps(msgspec.to_builtins(manifest)) + b"\n"
    path = folder / MANIFEST
    try:
        path.write_bytes(data)
    except OSError as fault:
        raise FaultError("write", str(fault), place=Place(str(path))) from fault
    return hashlib.sha256(data).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of `folder`; raises `RefusedError` where there is none that can be read."""
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise RefusedError("evidence", "no evidence folder", place=Place(str(path)), fix="run assay build") from None
    except (msgspec.DecodeError, UnicodeError) as fault:
        raise RefusedError("evidence", str(fault), place=Place(str(path)), fix="build it again") from fault


def verify_manifest(folder: Path) -> tuple[Mismatch, ...]:
    """Return every file that was changed, added or removed since the manifest was written, sorted by path."""
    manifest = read_manifest(folder)
    present = dict(_files(folder))
    found = [Mismatch(name, "added: the manifest does not know it") for name in present.keys() - manifest.files.keys()]
    for name, expected in manifest.files.items():
        if name not in present:
            found.append(Mismatch(name, "removed"))
        elif (actual := _digest(present[name])) != expected:
            found.append(Mismatch(name, f"changed: SHA-256 is {actual[:12]}…, the manifest says {expected[:12]}…"))
    return tuple(sorted(found, key=lambda mismatch: mismatch.path))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST and (path.is_symlink() or not path.is_dir()):
            yield name, path


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file; a link is not followed, its own text counts."""
    digest = hashlib.sha256()
    if path.is_symlink():
        digest.update(b"link\0" + str(path.readlink()).encode())
        return digest.hexdigest()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
