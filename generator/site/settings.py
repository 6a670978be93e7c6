"""What a site looks like beside what it says: language, address, colours, logo and pages of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.site.texts import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class SiteSettings(msgspec.Struct, frozen=True):
    """How a site is to look. The evidence decides what stands on its pages."""

    language: str = ENGLISH
    """BCP 47 code of the language of our own texts."""
    url: str = ""
    """Address that the site will have, for feeds, previews and the sitemap; empty where none is known."""
    logo: Path | None = None
    """Picture in the place of our mark, in the header."""
    favicon: Path | None = None
    colours: tuple[tuple[str, str], ...] = ()
    """(token, `#rrggbb`) that replace tokens of `tokens.css`, sorted; `dark-TOKEN` is that of dark pages."""
    pages: Path | None = None
    """Folder of Markdown pages of the user's own, shown in the navigation after ours."""
    source: str = "assay.yaml"
    """File that the colours come from, for faults."""
    kept: tuple[tuple[int, str], ...] = ()
    """Earlier bundles that stand in the archive of the site: number in the chain, and report time, oldest first."""
    overlays: Sequence[Path] = ()
    """Folders with `templates/`, `site_src/` or `texts/` of the user's own; of several, the last wins."""


PLAIN = SiteSettings()
"""A site in English, with nothing of the user's own."""
