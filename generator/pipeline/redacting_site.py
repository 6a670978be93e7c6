"""The pages of a site from which somebody was erased, drawn anew from what is left."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.errors import FaultError, Place, RefusedError
from generator.evidence.former import bundle_at
from generator.evidence.manifest import read_manifest
from generator.evidence.reading import MANIFEST
from generator.history.repository import open_repository
from generator.pipeline.layout import find_layout
from generator.pipeline.look import Look, look_of, settled
from generator.pipeline.redacting import redact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.pipeline.keeping import Archive
    from generator.pipeline.redacting import Erasure, Redacted
    from generator.site.settings import SiteSettings


def redact_at(
    target: Path,
    erasure: Erasure,
    settings: SiteSettings,
    *,
    repository: Path | None = None,
    language: str = "",
    dot: Sequence[str] | None = None,
) -> Redacted:
    """Erase a person from the bundle or the site at `target`; the pages of a site are drawn anew.

    They look as `settings` and `language` say, and what these leave open as the configuration of `repository` does.
    Raises what `redact` and `build_site` raise.
    """
    from generator.site.build import build_site  # noqa: PLC0415 - a bundle alone never waits for the site's engines

    stood = _manifest(target)

    def build(evidence: Path, output: Path, archive: Archive) -> None:
        def lay(site: Path) -> None:
            if _manifest(output) != stood:
                fix = "erase it in the new one"
                raise FaultError(
                    "busy", "another build replaced this site meanwhile", place=Place(str(output)), fix=fix
                )
            archive.lay(site)

        look = _look(repository, evidence) if repository is not None else Look()
        with tempfile.TemporaryDirectory(prefix="assay-") as folder:
            own = settled(look, settings, language, Path(folder) / "look")
            own = msgspec.structs.replace(own, kept=tuple(archive.bundles))
            build_site(evidence, output, settings=own, jobs=os.cpu_count() or 1, dot=dot, lay=lay)

    return redact(target, erasure, build)


def _manifest(site: Path) -> bytes:
    path = bundle_at(site) / MANIFEST
    return path.read_bytes() if path.is_file() else b""


def _look(path: Path, evidence: Path) -> Look:
    """Return what the configuration at the commit of the bundle says of the site."""
    repository = open_repository(path, allow_shallow=True)
    head = repository.resolve(read_manifest(evidence).inputs.commit or "HEAD")
    if head is None:
        fix = "name the repository that the site was built from"
        raise RefusedError("redact", "the commit of the bundle is not in it", place=Place(str(path)), fix=fix)
    layout = find_layout(repository, head, None)
    return look_of(repository, head, layout.config.site, layout.source)
