"""The frames of a site, as MkDocs made them with marks in place of what a report says, and kept for the next report.

One more release changes what the marks stand for and nothing else, so MkDocs need not run, nor be loaded. What is kept
is named by all that MkDocs makes a site from, see `frames_key`, and holds its own digest.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.cached import read_sealed, write_sealed
from generator.evidence.stamps import code_stamp, folder_stamp
from generator.site.completion import SEARCH_INDEX, SITEMAP
from generator.site.engine import make
from generator.site.marks import EPOCH_DAY, Marks
from generator.site.own import lay_own
from generator.site.policy import protect
from generator.site.search_entries import Indexed, search_entries
from generator.site.slimming import packed, slim
from generator.site.sources import lay_site_source, template_folders, text_folders
from generator.site.texts import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.evidence.summary import Summary
    from generator.site.draft import Draft
    from generator.site.engine import Made
    from generator.site.marks import Told
    from generator.site.own import Own
    from generator.site.settings import SiteSettings

_PAGE = ".html"
_DAY = re.compile(rf"(<lastmod>){EPOCH_DAY}(?=</lastmod>)")


class Frames(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a site that MkDocs made."""

    address: str
    """The site's own, ending as it was given; empty where it has none."""
    marked: tuple[str, ...] = ()
    """Files with marks in them, by their paths in the site."""
    indexed: tuple[Indexed, ...] = ()
    """Pages with places to fill that the search knows."""


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    key: bytes
    frames: Frames
    files: dict[str, bytes]
    """Every file of the site, by its path."""


def lay_frames(source: Path, site: Path, report: Draft, told: Told, memory: Path | None) -> Frames:
    """Make the pages that MkDocs frames, with all that they load, at `site`, and fill in what is `told`.

    `source` is where the sources of the site are laid; `memory` is the file that holds what MkDocs made of them for an
    earlier report, and shall hold it for a later one.
    """
    settings, summary = report.settings, report.context.summary
    lay_site_source(settings.overlays, source, settings.language)
    own = lay_own(source, settings)
    key = frames_key(source, own, summary, settings, told.headings)
    marks = Marks(key.hex(), told)
    frames = bring(memory, key, marks, site) if memory is not None else None
    if frames is None:
        made = make(source, site, summary, settings, own, marks)
        frames = look(site, marks, made) if made.marked else Frames(made.address)
        slim(site, template_folders(settings.overlays), frames.marked)
        protect(site)
        if memory is not None and made.marked:
            keep(memory, key, frames, site)
    fill(site, frames, marks, summary.as_of)
    return frames


def frames_key(
    source: Path, own: Own, summary: Summary, settings: SiteSettings, headings: Mapping[str, Sequence[tuple[str, str]]]
) -> bytes:
    """Return a name for all that MkDocs makes of `source`: whatever differs gives another name.

    Too much rather than too little: the code, what is installed, templates and texts, what stands in the frames of
    every report with this title, and the `headings` that parts add to the contents of their pages.
    """
    found = hashlib.blake2b(digest_size=16)
    parts = [
        code_stamp(),
        repr((sys.version, list(_installed()))).encode(),
        folder_stamp(source),
        *(folder_stamp(folder) for folder in template_folders(settings.overlays)),
        *(folder_stamp(folder / FOLDER) for folder in text_folders(settings.overlays)),
        repr((own, settings.language, settings.url)).encode(),
        repr((summary.title, summary.version, summary.integrity, summary.coverage.limited)).encode(),
        repr(sorted((name, list(of_it)) for name, of_it in headings.items())).encode(),
    ]
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.digest()


def _installed() -> Iterator[str]:
    """Yield the packages that could be loaded, each with its version, as their folders are called."""
    for folder in sys.path:
        with suppress(OSError):
            names = sorted(path.name for path in Path(folder or ".").iterdir())
            yield from (name for name in names if name.endswith((".dist-info", ".egg-info")))


def look(site: Path, marks: Marks, made: Made) -> Frames:
    """Return what is to be filled in a `site` that MkDocs just made."""
    files = (path for path in sorted(site.rglob("*")) if path.is_file())
    marked = [path.relative_to(site).as_posix() for path in files if marks.are_in(path.read_bytes())]
    return Frames(made.address, tuple(marked), made.indexed)


def fill(site: Path, frames: Frames, marks: Marks, as_of: str) -> None:
    """Fill the marks in the files of `site`, date it, and let the search know what its pages say."""
    for name in frames.marked:
        text = marks.filled((site / name).read_text("utf-8"))
        (site / name).write_text(packed(text) if name.endswith(_PAGE) else text, "utf-8")
    sitemap = site / SITEMAP
    if sitemap.is_file():
        sitemap.write_text(_DAY.sub(rf"\g<1>{as_of[:10] or EPOCH_DAY}", sitemap.read_text("utf-8")), "utf-8")
    if frames.indexed and (site / SEARCH_INDEX).is_file():
        _index(site / SEARCH_INDEX, frames.indexed, marks)


def _index(path: Path, pages: Sequence[Indexed], marks: Marks) -> None:
    """Put what filled `pages` say into the index at `path`, in the place of what they said with marks."""
    index = json.loads(path.read_text("utf-8"))
    waiting = {page.location: page for page in pages}
    filled = frozenset(waiting)
    docs: list[object] = []
    for entry in index["docs"]:
        location = entry["location"].partition("#")[0]
        if location not in filled:
            docs.append(entry)
        elif page := waiting.pop(location, None):
            docs.extend(search_entries(page, marks.filled(page.content)))
    index["docs"] = docs
    path.write_text(json.dumps(index, separators=(",", ":")), "utf-8")


def keep(memory: Path, key: bytes, frames: Frames, site: Path) -> None:
    """Keep a `site` as MkDocs made it in the file `memory`, where that is possible."""
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    write_sealed(memory, msgspec.msgpack.encode(_Kept(key, frames, files)))


def bring(memory: Path, key: bytes, marks: Marks, site: Path) -> Frames | None:
    """Lay the site that is kept in the file `memory` at `site`; `None` where it is another one, or none that fits."""
    data = read_sealed(memory)
    if data is None:
        return None
    try:
        kept = msgspec.msgpack.decode(data, type=_Kept)
    except msgspec.MsgspecError:
        return None
    if kept.key != key:
        return None
    if not all(marks.fit(kept.files[name].decode("utf-8")) for name in kept.frames.marked):
        return None
    for folder in sorted({(site / name).parent for name in kept.files}):
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in kept.files.items():
        (site / name).write_bytes(content)
    return kept.frames
