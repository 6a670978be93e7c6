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
from generator.site.completion import FOLDERS, SEARCH_INDEX, SITEMAP
from generator.site.engine import make
from generator.site.frames import FRAME_FILE
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


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A site as MkDocs made it, with marks."""

    key: bytes
    frames: Frames
    files: dict[str, bytes]
    """Every file of the site, by its path."""

    def text(self, name: str) -> str:
        """Return the text of the file `name`."""
        return self.files[name].decode("utf-8")


class UnfitError(Exception):
    """What a report says changes what MkDocs frames: the frames that were kept are those of another one."""


class Skeleton:
    """The pages of one site that MkDocs frames, with all that they load, and what shall be filled in."""

    def __init__(self, source: Path, site: Path, report: Draft, told: Told, memory: Path | None) -> None:
        """Lay the sources of the site in the folder `source`, for the frames to stand in `site`, with what is `told`.

        `memory` is the file that holds what MkDocs made of them for an earlier report, and shall hold it for a later
        one.
        """
        self._source, self._site, self._report, self._memory = source, site, report, memory
        lay_site_source(report.settings.overlays, source, report.settings.language)
        self._own = lay_own(source, report.settings)
        self._key = frames_key(source, self._own, report.context.summary, report.settings, told.headings)
        self._marks = Marks(self._key.hex(), told)
        self._kept = recall(memory, self._key) if memory is not None else None
        self._address = self._kept.frames.address if self._kept is not None else ""

    @property
    def address(self) -> str:
        """The site's own, ending as it was given; empty where it has none. Known once the frames are laid."""
        return self._address

    def lay(self) -> bool:
        """Make the frames; return whether what the report says is still to be filled in.

        Frames that were kept wait for it, but for those of mass pages: MkDocs saw what it made.
        """
        if self._kept is not None and self._lay_kept(self._kept):
            return True
        self.make()
        return False

    def make(self) -> None:
        """Let MkDocs make the frames, whatever was kept, and fill them in."""
        settings, summary = self._report.settings, self._report.context.summary
        made = make(self._source, self._site, summary, settings, self._own, self._marks)
        frames = look(self._site, self._marks, made) if made.marked else Frames(made.address)
        slim(self._site, template_folders(settings.overlays), frames.marked)
        protect(self._site)
        if self._memory is not None and made.marked:
            keep(self._memory, self._key, frames, self._site)
        self._address = frames.address
        texts = {name: (self._site / name).read_text("utf-8") for name in frames.marked}
        fill(self._site, texts, self._marks)
        complete(self._site, frames, self._marks, summary.as_of)

    def fill(self) -> None:
        """Fill in what the frames that were kept wait for; may be called again.

        Raises `UnfitError` where they are not those that MkDocs would make now.
        """
        if self._kept is None:
            return
        texts = {name: self._kept.text(name) for name in self._kept.frames.marked if not _is_of_mass(name)}
        if not all(self._marks.fit(text) for text in texts.values()):
            raise UnfitError
        fill(self._site, texts, self._marks)
        for name in (SEARCH_INDEX, SITEMAP):
            if name in self._kept.files:
                (self._site / name).write_bytes(self._kept.files[name])
        complete(self._site, self._kept.frames, self._marks, self._report.context.summary.as_of)

    def _lay_kept(self, kept: Kept) -> bool:
        """Lay the frames that were `kept`, and fill those of mass pages; return whether these fit."""
        texts = {name: kept.text(name) for name in kept.frames.marked if _is_of_mass(name)}
        if not all(self._marks.fit(text) for text in texts.values()):
            return False
        for folder in sorted({(self._site / name).parent for name in kept.files}):
            folder.mkdir(parents=True, exist_ok=True)
        for name, content in kept.files.items():
            (self._site / name).write_bytes(content)
        fill(self._site, texts, self._marks)
        return True


def _is_of_mass(name: str) -> bool:
    """Return whether the file `name` of a site is a frame for pages of which there are many."""
    folder, _, file = name.partition("/")
    return folder in FOLDERS and file == FRAME_FILE


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


def fill(site: Path, texts: Mapping[str, str], marks: Marks) -> None:
    """Write files into `site` as their `texts` are with the marks filled."""
    for name, text in texts.items():
        filled = marks.filled(text)
        (site / name).write_text(packed(filled) if name.endswith(_PAGE) else filled, "utf-8")


def complete(site: Path, frames: Frames, marks: Marks, as_of: str) -> None:
    """Date the `site` that MkDocs made, and let the search know what its pages say."""
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
    write_sealed(memory, msgspec.msgpack.encode(Kept(key, frames, files)))


def recall(memory: Path, key: bytes) -> Kept | None:
    """Return the site that is kept in the file `memory`; `None` where it is another one, or damaged."""
    data = read_sealed(memory)
    if data is None:
        return None
    try:
        kept = msgspec.msgpack.decode(data, type=Kept)
    except msgspec.MsgspecError:
        return None
    return kept if kept.key == key else None
