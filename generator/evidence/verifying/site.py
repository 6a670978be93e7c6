"""A site against its `site.json`, and that against the evidence which the site was drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.dsse import SITE_NAMESPACE
from generator.evidence.manifest import digest_of
from generator.evidence.reading import MANIFEST
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
from generator.evidence.verifying.texts import TextError, decoded

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


def check_site(root: Path, links: Sequence[Link], signatures: Signatures, report: Report, *, erased: bool) -> None:
    """Find every file of the site at `root` that was changed, added or removed, and see who signed it.

    `report` holds the digest of the evidence's manifest already; where something was `erased` from it, earlier bundles
    may be other than the chain says.
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
        _check_archive(root, site, links, report, erased=erased)


def _check_archive(root: Path, site: SiteManifest, links: Sequence[Link], report: Report, *, erased: bool) -> None:
    """See that each earlier bundle that is kept is the one of the chain; its files are those that `site.json` lists."""
    number = 0
    known = {str(link.sequence): link for link in links}
    for name in site.files:
        top, _, inside = name.partition("/")
        sequence, _, file = inside.partition("/")
        if top != ARCHIVE or file != MANIFEST:
            continue
        link = known.get(sequence)
        data = read_bounded(root / name, MOST_MANIFEST_BYTES)
        if link is None or data is None:
            report.wrong(name, f"is of no earlier bundle: the chain has no number {sequence}")
        elif digest_of(data) != link.digest and not erased:
            report.wrong(name, f"is not bundle {sequence} of the chain")
        elif digest_of(data) != link.digest:
            report.gap(f"{name}: what was erased was erased here too, so that it is not the one that the chain names.")
        else:
            number += 1
            _check_archived(f"{ARCHIVE}/{sequence}/", site, link, report)
    if number:
        report.checked(f"{number} earlier bundles are kept, and are those of the chain.")


def _check_archived(above: str, site: SiteManifest, link: Link, report: Report) -> None:
    files = link.manifest.get("files")
    for name, digest in files.items() if isinstance(files, dict) else ():
        if site.files.get(above + name) != digest:
            report.wrong(above + name, f"is not what bundle {link.sequence} held")
