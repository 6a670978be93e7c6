"""A site against its `site.json`, and that against the evidence which the site was drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.errors import RefusedError
from generator.evidence.dsse import SITE_NAMESPACE
from generator.evidence.manifest import decode_manifest, digest_of, is_signature
from generator.evidence.reading import MANIFEST
from generator.evidence.redaction import REDACTIONS, Redaction
from generator.evidence.site_json import (
    ARCHIVE,
    EVIDENCE,
    SITE,
    SITE_FORMAT,
    SITE_SIGNATURE,
    SiteManifest,
    is_site_file,
    site_text,
)
from generator.evidence.verifying.files import MOST_MANIFEST_BYTES, check_digests
from generator.evidence.verifying.listing import listed, odd_name, read_bounded
from generator.evidence.verifying.texts import TextError, canonical_lines, decoded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.evidence.chain import Link
    from generator.evidence.verifying.signed import Signatures
    from generator.evidence.verifying.verdict import Report


def opened_site(root: Path, report: Report) -> tuple[SiteManifest, bytes] | None:
    """Return `site.json` of `root` and its bytes; `None`, with the mismatch in `report`, where it can't be taken."""
    try:
        data = read_bounded(root / SITE, MOST_MANIFEST_BYTES)
        if data is None:
            report.wrong(SITE, f"has more than {MOST_MANIFEST_BYTES} bytes")
            return None
        site: SiteManifest = decoded(msgspec.json.Decoder(SiteManifest), data)
        text = site_text(site)
    except FileNotFoundError:
        report.wrong(SITE, "is gone: nothing says what the files of the site should be")
        return None
    except OSError as fault:
        report.wrong(SITE, f"can't be read: {fault.strerror}")
        return None
    except (TextError, ValueError) as fault:
        report.wrong(SITE, str(fault))
        return None
    if text != data:
        report.wrong(SITE, "is not in its canonical form")
    if site.format != SITE_FORMAT:
        report.wrong(SITE, f"has the format {site.format!r}; this version reads {SITE_FORMAT!r}")
    return site, data


def check_evidence_of(site: SiteManifest, digest: str, report: Report) -> None:
    """See that a site was drawn from the evidence whose manifest has `digest`, which is empty where there is none."""
    if digest and site.evidence != digest:
        reason = f"is of other evidence than the site was drawn from: {digest[:12]}…, and {SITE} says"
        report.wrong(f"{EVIDENCE}/{MANIFEST}", f"{reason} {site.evidence[:12]}…")


def check_site(
    root: Path, links: Sequence[Link], signatures: Signatures, report: Report, erased: frozenset[str] = frozenset()
) -> None:
    """Find every file of the site at `root` that was changed, added or removed, and see who signed it.

    `report` holds the digest of the evidence's manifest already. What was `erased`, by its ids, may be erased from
    earlier bundles too, which then are other than the chain says.
    """
    before = report.count
    opened = opened_site(root, report)
    if opened is None:
        return
    site, data = opened
    check_evidence_of(site, report.digest, report)
    present = listed(root)
    expected = {}
    for name, digest in site.files.items():
        if odd := odd_name(name):
            report.wrong(SITE, f"lists {name!r}: the name {odd}")
        elif not is_site_file(name):
            report.wrong(SITE, f"lists {name!r}, which it can't list")
        elif name not in present.odd:
            expected[name] = digest
    check_digests(expected, {n: path for n, path in present.files.items() if is_site_file(n)}, report, SITE)
    for name, reason in present.odd.items():
        if is_site_file(name):
            report.wrong(name, reason)
    signatures.file(root, SITE_SIGNATURE, data, SITE_NAMESPACE)
    if report.count == before:
        report.checked(f"The site was drawn from this evidence, and its {len(expected)} files are what {SITE} says.")
        _check_archive(root, site, links, report, erased)


def _check_archive(
    root: Path, site: SiteManifest, links: Sequence[Link], report: Report, erased: frozenset[str]
) -> None:
    """See that each earlier bundle that is kept is the one of the chain; its files are those that `site.json` lists."""
    number = 0
    known = {str(link.sequence): link for link in links}
    for name in site.files:
        top, _, inside = name.partition("/")
        sequence, _, file = inside.partition("/")
        if top != ARCHIVE or file != MANIFEST:
            continue
        above = f"{ARCHIVE}/{sequence}/"
        data = read_bounded(root / name, MOST_MANIFEST_BYTES)
        if sequence not in known or data is None:
            report.wrong(name, f"is of no earlier bundle: the chain has no number {sequence}")
        elif digest_of(data) == known[sequence].digest:
            number += 1
            _check_archived(above, data, site, report)
        elif _is_erased(root / above, erased):
            report.gap(f"{name}: what was erased was erased here too, so that it is not the one that the chain names.")
            _check_archived(above, data, site, report)
        else:
            report.wrong(name, f"is not bundle {sequence} of the chain")
    if number:
        report.checked(f"{number} earlier bundles are kept, and are those of the chain.")


def _is_erased(folder: Path, erased: frozenset[str]) -> bool:
    """Return whether an earlier bundle says that something was erased from it, and of nothing that is not told now."""
    decoder = msgspec.json.Decoder(Redaction)
    try:
        own = {decoded(decoder, text, number).id for number, text in canonical_lines(folder / REDACTIONS)}
    except (TextError, OSError):
        return False
    return bool(own) and own <= erased


def _check_archived(above: str, data: bytes, site: SiteManifest, report: Report) -> None:
    """See that the files of an earlier bundle, by the digests of `site.json`, are what its manifest says."""
    try:
        files = decode_manifest(data).files
    except RefusedError as fault:
        report.wrong(above + MANIFEST, f"is no manifest: {fault.reason}")
        return
    listed_here = {name.removeprefix(above): digest for name, digest in site.files.items() if name.startswith(above)}
    for name in sorted(files.keys() | listed_here.keys()):
        if name != MANIFEST and not is_signature(name) and files.get(name) != listed_here.get(name):
            report.wrong(above + name, "is not what the manifest of that bundle says")
