"""`chain.jsonl`: the manifests of all earlier bundles, so that each bundle says which ones it follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import rfc8785

from generator.errors import Place, RefusedError
from generator.evidence.manifest import decode_manifest, digest_of
from generator.evidence.reading import MANIFEST, lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.manifest import Manifest

CHAIN = "chain.jsonl"
RESTORE = "put the bundle back as it was published, or start a new chain by --previous none"


class Link(msgspec.Struct, frozen=True):
    """One earlier bundle: a line of `chain.jsonl`."""

    sequence: int
    """Its number in the chain, from 1."""
    digest: str
    """SHA-256 of its `manifest.json`."""
    manifest: dict[str, Any]
    """Its manifest in whole, as written by whichever version of Assay wrote it."""

    @property
    def text(self) -> bytes:
        """The bytes of its `manifest.json`."""
        return bytes(rfc8785.dumps(self.manifest)) + b"\n"

    def read(self) -> Manifest:
        """Return its manifest; raises `RefusedError` where it is none that this version reads."""
        return decode_manifest(self.text, f"{CHAIN}, bundle {self.sequence}")


def read_chain(folder: Path) -> tuple[Link, ...]:
    """Return the earlier bundles of an evidence folder, oldest first; none for the first of a chain."""
    return tuple(lines_of(folder / CHAIN, Link))


def link_of(folder: Path) -> Link:
    """Return the bundle in `folder` as a link for the one that follows it; raises `RefusedError` where it is none."""
    path = folder / MANIFEST
    text = path.read_bytes()
    return Link(decode_manifest(text, str(path)).sequence, digest_of(text), msgspec.json.decode(text))


def chain_text(links: tuple[Link, ...]) -> bytes:
    """Return the bytes of `chain.jsonl`: a line of canonical JSON (RFC 8785) for each link."""
    return b"".join(bytes(rfc8785.dumps(msgspec.to_builtins(link))) + b"\n" for link in links)


def chain_faults(links: tuple[Link, ...], manifest: Manifest) -> tuple[str, ...]:
    """Return what is wrong with the chain that leads to `manifest`, each as a sentence; nothing where it holds."""
    faults = []
    before = ""
    for number, link in enumerate(links, 1):
        faults += [f"line {number}: {fault}" for fault in _link_faults(link, number, before)]
        before = link.digest
    if manifest.sequence != len(links) + 1:
        faults.append(f"the manifest is number {manifest.sequence} of the chain, which has {len(links)} before it")
    if manifest.predecessor != before:
        faults.append("the manifest follows another bundle than the last one of the chain")
    return tuple(faults)


def _link_faults(link: Link, number: int, before: str) -> list[str]:
    faults = []
    if digest_of(link.text) != link.digest:
        faults.append("the manifest is not the one that its digest names")
    if link.sequence != number or link.manifest.get("sequence") != number:
        faults.append(f"bundle {number} of the chain is told to be another one")
    if link.manifest.get("predecessor") != before:
        faults.append("it follows another bundle than the one before it")
    return faults


def refuse_broken(folder: Path, links: tuple[Link, ...], manifest: Manifest) -> None:
    """Raise `RefusedError` where the chain of the bundle in `folder` does not hold."""
    faults = chain_faults(links, manifest)
    if faults:
        raise RefusedError(
            "previous", f"its chain is broken: {faults[0]}", place=Place(str(folder / CHAIN)), fix=RESTORE
        )
