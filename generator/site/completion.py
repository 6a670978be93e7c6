"""What follows MkDocs: mass pages set into their frames, the search index and the sitemap completed."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from generator.errors import FaultError, Place
from generator.site.frames import FRAME_FILE, Frame
from generator.site.words import epoch, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.site.carrying import Carrying
    from generator.site.frames import MassPage

FOLDERS = ("releases", "topologies", "components", "environments", "audit", "trends")
"""Folders of mass pages, each with a frame of its own in site_src."""
SEARCH_INDEX = "search/search_index.json"
SEARCH_SCRIPT = "search/search_index.js"
"""The same, for pages that are opened from disk."""
SITEMAP = "sitemap.xml"


class Completion:
    """A site that MkDocs made, while mass pages are set into its frames."""

    def __init__(self, site: Path, site_url: str, as_of: str, folder: str, carrying: Carrying) -> None:
        """Take the frames of `site`; the frame pages themselves are removed.

        `folder` (ending in `/`) is where the report stands in a site that holds more than it. The sitemap is kept only
        where the site has an address (`site_url`). Pages that would come out as they are in the site that `carrying`
        knows come from there.
        """
        self._site, self._site_url, self._as_of, self._folder = site, site_url, as_of, folder
        self._frames = {name: _take_frame(site, f"{folder}{name}") for name in FOLDERS}
        self._carrying = carrying
        carrying.stand_on(*(frame.html.encode("utf-8") for frame in self._frames.values()))
        if not folder:
            carrying.lay(site)
        self._entries: list[dict[str, str]] = []
        self._paths: list[str] = []
        self.counts: Counter[str] = Counter()
        """Number of pages by kind."""

    def write(self, pages: Iterable[MassPage]) -> None:
        """Write `pages`, or have them come over."""
        for page in pages:
            if not page.placed:
                self._place(page)
            self.counts[page.kind] += 1
            if page.search:
                path = self._folder + page.path
                entry = {"location": path, "title": escape(page.title), "text": escape(shown(page.search))}
                self._entries.append(entry)
            if self._site_url:
                self._paths.append(self._folder + page.path)

    def _place(self, page: MassPage) -> None:
        path = self._folder + page.path
        target = self._site / path
        if _carried(page, path, target, self._carrying):
            return
        frame, body = self._frames[page.path.partition("/")[0]], page.drawn()
        self._carrying.clear(path, target)
        with target.open("wb", buffering=0) as file:
            file.write(frame.fill(page._replace(path=path, body=body)))

    def finish(self) -> None:
        """Wait for pages that come over; complete search index and sitemap, which MkDocs must have made by now."""
        self._carrying.finish()
        for name in FOLDERS:
            if not any((self._site / f"{self._folder}{name}").iterdir()):
                (self._site / f"{self._folder}{name}").rmdir()
        _complete_search(self._site, self._entries)
        _complete_sitemap(self._site, self._paths, self._site_url, self._as_of, self._folder)


def _carried(page: MassPage, path: str, target: Path, carrying: Carrying) -> bool:
    if page.settled:
        return carrying.keeps(path, target)
    return bool(page.key) and carrying.holds(path, *page.key, page.about(), target=target)


def write_search_script(site: Path) -> None:
    """Write the completed search index as a script, where MkDocs made one of it as it was."""
    path = site / SEARCH_SCRIPT
    if path.is_file():
        path.write_text(f"var __index = {(site / SEARCH_INDEX).read_text('utf-8')}", "utf-8")


def _take_frame(site: Path, folder: str) -> Frame:
    path = f"{folder}/{FRAME_FILE}"
    try:
        html = (site / path).read_text("utf-8")
    except FileNotFoundError:
        raise FaultError(
            "frame", "the frame page was not built", place=Place(path), fix="keep it in site_src"
        ) from None
    (site / path).unlink()
    return Frame(html, path)


def _complete_search(site: Path, entries: list[dict[str, str]]) -> None:
    path = site / SEARCH_INDEX
    if not path.is_file():
        return
    index = json.loads(path.read_text("utf-8"))
    index["docs"].extend(reversed(entries))
    path.write_text(json.dumps(index, separators=(",", ":")), "utf-8")


def _complete_sitemap(site: Path, paths: list[str], site_url: str, as_of: str, folder: str) -> None:
    path, packed = site / SITEMAP, site / f"{SITEMAP}.gz"
    if not site_url and folder:
        return
    if not site_url:
        path.unlink(missing_ok=True)
        packed.unlink(missing_ok=True)
        return
    base = site_url.rstrip("/") + "/"
    frames = tuple(f"<loc>{escape(base + folder + name)}/{FRAME_FILE}</loc>" for name in FOLDERS)
    head, *blocks = path.read_text("utf-8").replace("</urlset>", "").split("<url>")
    kept = [block for block in blocks if not any(frame in block for frame in frames)]
    kept += [f"<loc>{escape(base + page)}</loc><lastmod>{as_of[:10]}</lastmod></url>\n" for page in sorted(paths)]
    text = "<url>".join([head, *kept]) + "</urlset>\n"
    path.write_text(text, "utf-8")
    with packed.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=epoch(as_of)) as archive:
        archive.write(text.encode("utf-8"))
