"""`site.json`, written when everything else of a site stands."""

from __future__ import annotations

import hashlib
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
    files = {name: known.get(name) or _digest(path) for name, path in _files(site)}
    evidence = _digest(site / EVIDENCE / MANIFEST)
    data = site_text(SiteManifest(SITE_FORMAT, version, evidence, files))
    (site / SITE).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _files(site: Path) -> Iterator[tuple[str, Path]]:
    for top in sorted(site.iterdir()):
        if top.name != EVIDENCE:
            below = [path for path in top.rglob("*") if not path.is_dir()] if top.is_dir() else [top]
            for path in sorted(below):
                name = path.relative_to(site).as_posix()
                if is_site_file(name):
                    yield name, path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
