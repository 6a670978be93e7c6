"""`site.json`, written when everything else of a site stands."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from generator.evidence.reading import MANIFEST
from generator.evidence.site_json import EVIDENCE, SITE, SITE_FORMAT, SiteManifest, is_site_file, site_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_NONE: Mapping[str, str] = {}


def write_site_manifest(site: Path, version: str, known: Mapping[str, str] = _NONE) -> str:
    """Write `site.json` over everything that stands in `site`; return its SHA-256.

    `known` are digests of files that were computed before, such as those of pages that were carried over: of each other
    file it is computed here, once. Raises `OSError` where the machine can't read or write.
    """
    files = {name: known.get(name) or _digest(site / name) for name in sorted(_files(site))}
    evidence = _digest(site / EVIDENCE / MANIFEST)
    data = site_text(SiteManifest(SITE_FORMAT, version, evidence, files))
    (site / SITE).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _files(site: Path) -> Iterator[str]:
    """Yield the path of each file that `site.json` names."""
    root = str(site)
    for top, folders, names in os.walk(root, onerror=_refuse):
        if top == root and EVIDENCE in folders:
            folders.remove(EVIDENCE)
        folder = top[len(root) + 1 :].replace(os.sep, "/")
        for name in (f"{folder}/{name}" if folder else name for name in names):
            if is_site_file(name):
                yield name


def _refuse(fault: OSError) -> None:
    raise fault


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
