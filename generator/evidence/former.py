"""The bundle that stands before the one being made: held in memory, since its folder may be put away meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import msgspec

from generator.errors import Place, RefusedError
from generator.evidence.breaks import BREAKS, VANISHED, Break, read_breaks
from generator.evidence.chain import CHAIN, RESTORE, Link, link_of, read_chain, refuse_broken
from generator.evidence.manifest import Manifest, decode_manifest, manifest_text, verify_manifest
from generator.evidence.reading import DEPLOYMENTS, MANIFEST
from generator.evidence.records import FORMAT
from generator.evidence.refs import RefRecord, read_refs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Line = TypeVar("Line")
EVIDENCE = "evidence"
"""Folder of a site that is its bundle."""


class CommitLine(msgspec.Struct, frozen=True):
    """What of a deployment's commit tells whether it still stands."""

    id: str
    tags: tuple[str, ...] = ()


class DeploymentLine(msgspec.Struct, frozen=True):
    """What of a deployment tells whether it still stands."""

    id: str
    environment: str
    commit: CommitLine


class VanishedLine(msgspec.Struct, frozen=True):
    """The same of a deployment that was gone already."""

    bundle: int
    record: DeploymentLine


@dataclass(frozen=True)
class Former:
    """An earlier bundle, verified. Build it with `open_former`."""

    folder: Path
    manifest: Manifest
    text: bytes
    """The bytes of its manifest."""
    link: Link
    chain: tuple[Link, ...]
    """The bundles before it, oldest first."""
    refs: Mapping[str, RefRecord]
    breaks: tuple[Break, ...]
    told: Mapping[str, bytes]
    """What it tells of bundles before it: the bytes of each such file that it has."""

    def deployments(self) -> Iterator[tuple[bytes, DeploymentLine]]:
        """Yield each deployment as its line, and what tells whether it still stands; read when asked for."""
        path = self.folder / DEPLOYMENTS
        with path.open("rb") as file:
            yield from _decoded(file, DeploymentLine, path)

    def vanished(self) -> Iterator[tuple[bytes, VanishedLine]]:
        """Yield each deployment that was gone already, in the same way."""
        return _decoded(self.told.get(VANISHED, b"").splitlines(), VanishedLine, self.folder / VANISHED)


def _decoded(lines: Iterable[bytes], line_type: type[Line], path: Path) -> Iterator[tuple[bytes, Line]]:
    decoder = msgspec.json.Decoder(line_type)
    for number, line in enumerate(lines, 1):
        try:
            yield line.rstrip(b"\n"), decoder.decode(line)
        except (msgspec.DecodeError, UnicodeError) as fault:
            reason = f"the earlier bundle can't be read: {fault}"
            raise RefusedError("previous", reason, place=Place(str(path), number), fix=RESTORE) from fault


def bundle_at(path: Path) -> Path:
    """Return the evidence folder that `path`, a site or such a folder itself, is or holds."""
    inner = path / EVIDENCE
    return inner if inner.is_dir() else path


def open_former(folder: Path) -> Former:
    """Return the bundle in `folder`; raises `RefusedError` where it, or the chain that it ends, does not verify."""
    if not (folder / MANIFEST).is_file():
        reason = "no bundle to follow: it has no manifest"
        raise RefusedError("previous", reason, place=Place(str(folder)), fix=RESTORE)
    try:
        return _opened(folder)
    except RefusedError as fault:
        if fault.code == "previous":
            raise
        reason = f"the earlier bundle can't be read: {fault.reason}"
        raise RefusedError("previous", reason, place=fault.place, fix=RESTORE) from fault


def _opened(folder: Path) -> Former:
    text = (folder / MANIFEST).read_bytes()
    manifest = decode_manifest(text, str(folder / MANIFEST))
    if manifest.format != FORMAT or manifest_text(manifest) != text:
        raise _refused(folder, MANIFEST, f"it is none of the format {FORMAT}, as this version writes it")
    for mismatch in verify_manifest(folder):
        raise _refused(folder, mismatch.path, mismatch.reason)
    chain = read_chain(folder)
    refuse_broken(folder, chain, manifest)
    told = {name: (folder / name).read_bytes() for name in (CHAIN, BREAKS, VANISHED) if (folder / name).is_file()}
    return Former(folder, manifest, text, link_of(folder), chain, read_refs(folder), read_breaks(folder), told)


def _refused(folder: Path, name: str, reason: str) -> RefusedError:
    told = f"the earlier bundle is not what its manifest says: {name}: {reason}"
    return RefusedError("previous", told, place=Place(str(folder)), fix=RESTORE)
