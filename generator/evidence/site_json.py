"""`site.json`: the digest of every file of a site outside its evidence folder, and of the manifest of that folder."""

from __future__ import annotations

import msgspec
import rfc8785

SITE = "site.json"
SITE_SIGNATURE = f"{SITE}.sig"
SITE_FORMAT = "assay-site/1"
EVIDENCE = "evidence"
"""Folder of the site that holds its evidence."""
ARCHIVE = "archive"
"""Folder of the site that holds the evidence of earlier bundles, each under its number in the chain."""
PAGE_RECORD = "assay-record"
"""Name of the `<meta>` by which a page says which record it shows: where that stands, a space, and its SHA-256."""


class SiteManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a site holds."""

    format: str
    version: str
    """Version of Assay that made the site."""
    evidence: str
    """SHA-256 of `evidence/manifest.json`, from which the site was drawn."""
    files: dict[str, str]
    """SHA-256 of each file by its path in the site; `evidence/`, this file and its signature are none of them."""


def site_text(site: SiteManifest) -> bytes:
    """Return the bytes of `site.json`: canonical JSON (RFC 8785) and a line feed."""
    return bytes(rfc8785.dumps(msgspec.to_builtins(site))) + b"\n"


def is_site_file(path: str) -> bool:
    """Return whether `site.json` lists a file at `path` of the site."""
    return path not in {SITE, SITE_SIGNATURE} and not path.startswith(f"{EVIDENCE}/")
