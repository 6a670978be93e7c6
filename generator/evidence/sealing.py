"""The last step of an evidence folder: its place in the chain, and the manifest that closes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from generator.errors import FaultError, Place
from generator.evidence.breaks import BREAKS, VANISHED
from generator.evidence.chain import CHAIN, chain_text
from generator.evidence.manifest import (
    Counted,
    Inputs,
    Manifest,
    digest_of,
    file_digest,
    files_of,
    manifest_text,
)
from generator.evidence.reading import MANIFEST
from generator.evidence.records import FORMAT
from generator.evidence.refs import REFS, RefRecord, refs_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from generator.evidence.breaks import Break
    from generator.evidence.former import Former

TOLD_OF_CHAIN = frozenset({CHAIN, BREAKS, VANISHED})
"""Files that tell of other bundles: two bundles that differ in nothing else have the same content."""

_NONE: Mapping[str, tuple[int, str]] = {}
_NEVER = (-1, "")
"""Size and digest of a file of which none are known."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What a manifest says beside the digests of files."""

    version: str
    """Version of Assay that writes it."""
    config_digest: str = ""
    inputs: Inputs = field(default_factory=Inputs)
    engines: tuple[str, ...] = ()
    counts: Mapping[str, Counted] = field(default_factory=dict)
    refs: Mapping[str, str] = field(default_factory=dict)
    """Ref that was read → full id of the commit."""
    named: Mapping[str, RefRecord] = field(default_factory=dict)
    """Every branch that was read and every tag of the repository, by its full name."""
    former: Former | None = None
    """The bundle that stands before; `None` for the first of a chain."""
    breaks: Sequence[Break] = ()
    """Every break known, those of former bundles included."""
    vanished: Sequence[bytes] = ()
    """Lines of `vanished.jsonl`, without line feeds."""


def lay_history(folder: Path, seal: Seal) -> None:
    """Write what the bundle in `folder` tells of refs and of former bundles' history; raises `FaultError`."""
    _write(folder / REFS, refs_text(seal.named))
    encoder = msgspec.json.Encoder(order="sorted")
    if seal.breaks:
        _write(folder / BREAKS, b"".join(encoder.encode(one) + b"\n" for one in seal.breaks))
    if seal.vanished:
        _write(folder / VANISHED, b"".join(line + b"\n" for line in seal.vanished))


def close_bundle(folder: Path, seal: Seal, grown: Mapping[str, tuple[int, str]] = _NONE) -> str:
    """Write the manifest over everything that stands in `folder`; return its SHA-256. Raises `FaultError`.

    `grown` has the SHA-256 of files to which nothing but lines is ever added, by the size that they had then.
    The bundle follows `seal.former`, unless that has the same content: then it takes its place, byte for byte.
    """
    try:
        found = files_of(folder).items()
        files = {name: _digest(path, *grown.get(name, _NEVER)) for name, path in found if name not in TOLD_OF_CHAIN}
    except OSError as fault:
        raise FaultError("write", str(fault), place=Place(str(folder))) from fault
    manifest = Manifest(
        format=FORMAT,
        version=seal.version,
        sequence=1,
        predecessor="",
        config_digest=seal.config_digest,
        inputs=seal.inputs,
        engines=seal.engines,
        counts=dict(seal.counts),
        files=files,
        refs=dict(seal.refs),
    )
    former = seal.former
    if former is not None and content_of(former.manifest) == manifest:
        data = _take_place(folder, former)
    else:
        data = _follow(folder, manifest, former)
    _write(folder / MANIFEST, data)
    return digest_of(data)


def _digest(path: Path, size: int, digest: str) -> str:
    """Return the SHA-256 of a file, which is `digest` as long as it has this size."""
    return digest if path.stat().st_size == size else file_digest(path)


def content_of(manifest: Manifest) -> Manifest:
    """Return a manifest as it would be for the first bundle of a chain with the same content."""
    own = {name: digest for name, digest in manifest.files.items() if name not in TOLD_OF_CHAIN}
    return msgspec.structs.replace(manifest, sequence=1, predecessor="", files=own)


def _take_place(folder: Path, former: Former) -> bytes:
    for name in TOLD_OF_CHAIN:
        (folder / name).unlink(missing_ok=True)
        data = former.told.get(name)
        if data is not None:
            _write(folder / name, data)
    return former.text


def _follow(folder: Path, manifest: Manifest, former: Former | None) -> bytes:
    if former is not None:
        _write(folder / CHAIN, chain_text((*former.chain, former.link)))
        manifest = msgspec.structs.replace(
            manifest, sequence=former.manifest.sequence + 1, predecessor=former.link.digest
        )
    told = {name: file_digest(folder / name) for name in TOLD_OF_CHAIN if (folder / name).is_file()}
    return manifest_text(msgspec.structs.replace(manifest, files=manifest.files | told))


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as fault:
        raise FaultError("write", str(fault), place=Place(str(path))) from fault
