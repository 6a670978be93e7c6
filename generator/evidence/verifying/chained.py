"""The chain of bundles, what was kept of earlier ones, and the refs: each must say what the others say."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.breaks import BREAKS, VANISHED, Break, Vanished
from generator.evidence.chain import CHAIN, Link, chain_faults
from generator.evidence.reading import MANIFEST
from generator.evidence.refs import REFS, RefRecord
from generator.evidence.verifying.listing import read_bounded
from generator.evidence.verifying.texts import (
    DEEP,
    MOST_DOCUMENT_BYTES,
    Canon,
    TextError,
    canonical_lines,
    decoded,
    lines_within,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from generator.evidence.manifest import Manifest
    from generator.evidence.verifying.verdict import Report

_BEFORE = ("refs/heads/", "refs/tags/", "refs/remotes/origin/", "")


def check_chain(folder: Path, manifest: Manifest, report: Report) -> tuple[Link, ...]:
    """See that every earlier manifest is the one that its digest names, and follows the one before it."""
    decoder = msgspec.json.Decoder(Link)
    links: list[Link] = []
    if (folder / CHAIN).is_file():
        try:
            links = [decoded(decoder, text, number) for number, text in canonical_lines(folder / CHAIN)]
        except TextError as error:
            report.wrong(CHAIN, str(error))
            return ()
    try:
        faults = chain_faults(tuple(links), manifest)
    except RecursionError:
        faults = (DEEP,)
    except ValueError as error:
        faults = (f"holds a manifest that can't be: {error}",)
    for fault in faults:
        report.wrong(CHAIN if links else MANIFEST, fault)
    if faults:
        return ()
    before = "its first bundle" if not links else f"after {len(links)} earlier bundles, whose manifests it holds"
    report.checked(f"The bundle is number {manifest.sequence} of its chain: {before}.")
    return tuple(links)


def check_kept(folder: Path, links: Sequence[Link], report: Report, *, erased: bool) -> None:
    """See that what was told of rewritten history is kept: breaks and records of the bundle before come first.

    Where something was `erased` since, records may differ in it.
    """
    for name, kind in ((BREAKS, Break), (VANISHED, Vanished)):
        decoder = msgspec.json.Decoder(kind)
        try:
            for number, text in canonical_lines(folder / name) if (folder / name).is_file() else ():
                bundle = decoded(decoder, text, number).bundle
                if not 0 < bundle <= len(links):
                    report.wrong(name, f"line {number} names bundle {bundle}, and the chain has {len(links)}")
        except TextError as error:
            report.wrong(name, str(error))
    before = links[-1].manifest.get("files") if links else None
    if not isinstance(before, dict):
        return
    for name in (BREAKS, VANISHED):
        told = before.get(name)
        if told and not erased and not report.is_wrong(name) and not _begins_with(folder / name, told):
            report.wrong(name, "does not begin with what the bundle before it held: lines were changed or taken away")


def _begins_with(path: Path, digest: str) -> bool:
    """Return whether the first lines of a file have `digest` together."""
    found = hashlib.sha256()
    try:
        for _number, text in lines_within(path):
            found.update(text + b"\n")
            if found.hexdigest() == digest:
                return True
    except OSError:
        return False
    return False


def check_refs(folder: Path, manifest: Manifest, report: Report) -> dict[str, RefRecord]:
    """See that the refs are as they are written, and agree with those that the manifest says were read."""
    path = folder / REFS
    try:
        data = read_bounded(path, MOST_DOCUMENT_BYTES) if path.is_file() else None
        if data is None:
            report.wrong(REFS, "is gone or too large: the manifest does not list it")
            return {}
        if fault := Canon().fault(data.removesuffix(b"\n")):
            raise TextError(0, fault)  # noqa: TRY301 - one place tells of every fault of the text
        refs: dict[str, RefRecord] = decoded(msgspec.json.Decoder(dict[str, RefRecord]), data)
    except TextError as error:
        report.wrong(REFS, str(error))
        return {}
    before = report.count
    for name, commit in sorted(manifest.refs.items()):
        known = next((refs[full] for start in _BEFORE if (full := start + name) in refs), None)
        if known is not None and known.commit != commit and not _other_of_that_name(name, commit, refs):
            report.wrong(REFS, f"{name} is at {known.commit[:12]}, and the manifest says {commit[:12]}")
    if report.count == before:
        report.checked(f"The refs that were read are those of the manifest: {len(manifest.refs)} of {len(refs)}.")
    return refs


def _other_of_that_name(name: str, commit: str, refs: dict[str, RefRecord]) -> bool:
    """Return whether a tag and a branch share the name, and another of them is the one that was read."""
    return any(refs[start + name].commit == commit for start in _BEFORE if start + name in refs)


def check_follows(known: str, before: Collection[str], links: Sequence[Link], report: Report) -> None:
    """See that the bundle is the one known by its digest, or follows it; `before` are those that `known` follows."""
    shown = f"{known[:12]}…"
    number = next((link.sequence for link in links if link.digest == known), 0)
    if known == report.digest:
        report.checked(f"It is the very bundle that is known already, {shown}.")
    elif number:
        report.checked(f"It follows the bundle that is known, number {number} of its chain ({shown}).")
    elif report.digest in before:
        report.wrong(MANIFEST, f"is an older bundle than the one that is known ({shown}), which follows it")
    else:
        report.wrong(MANIFEST, f"is of a bundle that does not follow the one that is known ({shown})")
