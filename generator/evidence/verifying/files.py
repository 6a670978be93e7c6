"""The manifest, and every file of an evidence folder against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import RefusedError
from generator.evidence.manifest import decode_manifest, digest_of, is_signature, manifest_text
from generator.evidence.reading import MANIFEST
from generator.evidence.records import FORMAT
from generator.evidence.verifying.listing import digests, odd_name, read_bounded
from generator.evidence.verifying.texts import DEEP

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.evidence.manifest import Manifest
    from generator.evidence.verifying.listing import Listed
    from generator.evidence.verifying.verdict import Report

MOST_MANIFEST_BYTES = 1 << 28


def opened_manifest(folder: Path, report: Report) -> Manifest | None:
    """Return the manifest of `folder`; `None`, with the mismatch in `report`, where it can't be taken."""
    try:
        data = read_bounded(folder / MANIFEST, MOST_MANIFEST_BYTES)
    except FileNotFoundError:
        report.wrong(MANIFEST, "is gone")
        return None
    except OSError as fault:
        report.wrong(MANIFEST, f"can't be read: {fault.strerror}")
        return None
    if data is None:
        report.wrong(MANIFEST, f"has more than {MOST_MANIFEST_BYTES} bytes")
        return None
    report.digest = digest_of(data)
    try:
        manifest = decode_manifest(data)
        text = manifest_text(manifest)
    except RecursionError:
        report.wrong(MANIFEST, DEEP)
        return None
    except (RefusedError, ValueError) as fault:
        report.wrong(MANIFEST, f"is no manifest: {fault.reason if isinstance(fault, RefusedError) else fault}")
        return None
    report.sequence = manifest.sequence
    if text != data:
        report.wrong(MANIFEST, f"is not in its canonical form, from byte {_first_difference(text, data)} on")
    if manifest.format != FORMAT:
        report.wrong(MANIFEST, f"has the format {manifest.format!r}; this version reads {FORMAT!r}")
    return manifest


def _first_difference(one: bytes, other: bytes) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def check_files(manifest: Manifest, present: Listed, report: Report) -> None:
    """Find every file that was changed, added or removed since the manifest was written, and every odd name."""
    usable = _usable_names(manifest.files, report)
    expected = {name: digest for name, digest in manifest.files.items() if name in usable and name not in present.odd}
    stands = {n: path for n, path in present.files.items() if n != MANIFEST and not is_signature(n)}
    check_digests(expected, stands, report)
    for name, reason in present.odd.items():
        report.wrong(name, reason)
    if not report.count:
        report.checked(f"Every file is what the manifest says: {len(expected)} files.")


def check_digests(
    expected: Mapping[str, str], present: Mapping[str, Path], report: Report, where: str = "the manifest"
) -> None:
    """Hold the files that are `present` against those `expected`; `where` is what lists them."""
    folded = {name.casefold(): name for name in expected.keys() - present.keys()}
    for name in present.keys() - expected.keys():
        twin = folded.get(name.casefold(), "")
        like = f"; `{twin}`, which it lists, differs in upper and lower case alone" if twin else ""
        report.wrong(name, f"added: {where} does not list it{like}")
    for name in expected.keys() - present.keys():
        report.wrong(name, f"removed: {where} lists it")
    found = digests(present, expected.keys() & present.keys())
    for name, actual in found.items():
        if not actual:
            report.wrong(name, "can't be read")
        elif actual != expected[name]:
            reason = f"changed: its SHA-256 is {actual[:12]}…, {where} says {expected[name][:12]}…"
            report.wrong(name, reason)


def _usable_names(files: Mapping[str, str], report: Report) -> frozenset[str]:
    """Return the names that can be files of a bundle; the others are never looked for on the disk."""
    usable = set()
    for name in files:
        odd = odd_name(name)
        if odd:
            report.wrong(MANIFEST, f"lists {name!r}: the name {odd}")
        elif name == MANIFEST or is_signature(name):
            report.wrong(MANIFEST, f"lists {name!r}, which no manifest lists")
        else:
            usable.add(name)
    return frozenset(usable)
