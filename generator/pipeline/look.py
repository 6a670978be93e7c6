"""How the site is to look, as the configuration says: its own words, and the pictures that the newest commit holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from generator.errors import FaultError, Place, RefusedError
from generator.pipeline.svg_check import active_part

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.config.site import Site
    from generator.history.repository import Repository
    from generator.site.settings import SiteSettings

MOST_BYTES = 500_000
"""Size of a picture."""
_BEGINNINGS = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".webp": (b"RIFF",),
    ".ico": (b"\x00\x00\x01\x00",),
}
_SVG = b"<svg"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the repository."""

    suffix: str
    """`.svg`, `.png`, `.jpg`, `.webp` or `.ico`."""
    content: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """What a configuration says of the site."""

    source: str = ""
    """File that says it; empty where nothing does."""
    language: str = ""
    url: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)
    logo: Picture | None = None
    favicon: Picture | None = None


def look_of(repository: Repository, head: str, site: Site, source: str) -> Look:
    """Return what `site` of the file `source` says, with the pictures that it names as the commit `head` has them.

    Raises `RefusedError` where a picture is not there, is too large, or is none.
    """
    files = repository.files(head) if site.logo or site.favicon else {}
    return Look(
        source=source,
        language=site.language if "language" in site.model_fields_set else "",
        url=site.url,
        colours=dict(site.colours),
        logo=_picture(repository, files, "logo", site.logo, source),
        favicon=_picture(repository, files, "favicon", site.favicon, source),
    )


def _picture(repository: Repository, files: Mapping[str, str], key: str, path: str, source: str) -> Picture | None:
    if not path:
        return None
    place = Place(source)
    if path not in files:
        reason = f"site.{key}: the newest commit has no file {path}"
        raise RefusedError("picture", reason, place=place, fix="commit it, or correct its path")
    with repository.blobs() as blobs:
        content = blobs.get(files[path], path)
    if not isinstance(content, bytes):
        raise RefusedError(content.code, f"site.{key}: {content.reason}", place=content.place, fix=content.fix)
    if len(content) > MOST_BYTES:
        reason = f"site.{key}: {path} has {len(content):,} bytes, {MOST_BYTES:,} are the most"
        raise RefusedError("picture", reason, place=place, fix="make it smaller: every page loads it")
    suffix = PurePosixPath(path).suffix.lower().replace(".jpeg", ".jpg")
    is_one = _SVG in content[:4096].lower() if suffix == ".svg" else content.startswith(_BEGINNINGS.get(suffix, (b"",)))
    if not is_one:
        reason = f"site.{key}: {path} is no picture of the kind that its name says"
        raise RefusedError("picture", reason, place=place, fix="save it again as SVG, PNG, JPEG, WebP or ICO")
    active = active_part(content) if suffix == ".svg" else ""
    if active:
        reason = f"site.{key}: {path} is more than a picture: it has {active}"
        raise RefusedError("picture", reason, place=place, fix="save it as plain SVG, or as PNG")
    return Picture(suffix, content)


def settled(look: Look, given: SiteSettings, language: str, folder: Path) -> SiteSettings:
    """Return the settings of a site: what was `given` with the command, the rest as the configuration says.

    `language` is that of the command, empty for the configured one. Pictures are written into `folder`, which is made.
    """
    # Imported here, so that reading a history alone never waits for the site's engines.
    from generator.site.settings import SiteSettings  # noqa: PLC0415

    return SiteSettings(
        language=language or look.language or given.language,
        url=given.url or look.url,
        logo=given.logo or _laid(look.logo, folder, "logo"),
        favicon=given.favicon or _laid(look.favicon, folder, "favicon"),
        colours=given.colours or tuple(sorted(look.colours.items())),
        pages=given.pages,
        overlays=given.overlays,
        source=look.source,
    )


def _laid(picture: Picture | None, folder: Path, name: str) -> Path | None:
    if picture is None:
        return None
    path = folder / f"{name}{picture.suffix}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.content)
    except OSError as fault:
        raise FaultError("write", fault.strerror or str(fault), place=Place(str(path))) from fault
    return path
