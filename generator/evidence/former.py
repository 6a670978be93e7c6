"""The bundle that stands before the one being made: held in memory, since its folder may be put away meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from generator.errors import Place, RefusedError
from generator.evidence.breaks import BREAKS, VANISHED, Break, read_breaks
from generator.evidence.chain import CHAIN, RESTORE, Link, link_of, read_chain, refuse_broken
from generator.evidence.manifest import Manifest, read_manifest, verify_manifest
from generator.evidence.reading import DEPLOYMENTS, MANIFEST
from generator.evidence.refs import RefRecord, read_refs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

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
        decoder = msgspec.json.Decoder(DeploymentLine)
        with (self.folder / DEPLOYMENTS).open("rb") as file:
            for line in file:
                yield line.rstrip(b"\n"), decoder.decode(line)

    def vanished(self) -> Iterator[tuple[bytes, VanishedLine]]:
        """Yield each deployment that was gone already, in the same way."""
        decoder = msgspec.json.Decoder(VanishedLine)
        for line in self.told.get(VANISHED, b"").splitlines():
            yield line, decoder.decode(line)


def bundle_at(path: Path) -> Path:
    """Return the evidence folder that `path`, a site or such a folder itself, is or holds."""
    inner = path / EVIDENCE
    return inner if inner.is_dir() else path


def open_former(folder: Path) -> Former:
    """Return the bundle in `folder`; raises `RefusedError` where it, or the chain that it ends, does not verify."""
    place = Place(str(folder))
    if not (folder / MANIFEST).is_file():
        raise RefusedError("previous", "no bundle to follow: it has no manifest", place=place, fix=RESTORE)
    try:
        manifest = read_manifest(folder)
        mismatches = verify_manifest(folder)
    except RefusedError as fault:
        reason = f"the earlier bundle can't be read: {fault.reason}"
        raise RefusedError("previous", reason, place=fault.place, fix=RESTORE) from fault
    if mismatches:
        first = mismatches[0]
        reason = f"the earlier bundle is not what its manifest says: {first.path}: {first.reason}"
        raise RefusedError("previous", reason, place=place, fix=RESTORE)
    chain = read_chain(folder)
    refuse_broken(folder, chain, manifest)
    return Former(
        folder,
        manifest,
        (folder / MANIFEST).read_bytes(),
        link_of(folder),
        chain,
        read_refs(folder),
        read_breaks(folder),
        {name: (folder / name).read_bytes() for name in (CHAIN, BREAKS, VANISHED) if (folder / name).is_file()},
    )
