"""Pages of the former site that would come out as they are: linked into the new one, and neither drawn nor written.

A page is known by its key: the digest of all that it is drawn from. The keys of a site are kept beside the renderings,
and hold for that very site alone, named by the digest of its `site.json`; without them each page is drawn. A page that
is not what its site says of it is drawn, too: it is known by its size, time and place on the disk where these are as
they were when the site was made, else by its bytes. `site.json` keeps the digest of what was drawn, so whatever is
changed behind them is found by `assay verify`.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.cached import write_whole
from generator.evidence.site_json import SITE, SiteManifest
from generator.site.diagram_result import DIAGRAMS, DiagramResult, picture_files
from generator.site.linking import Linking, Stock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.evidence.folding import Folds

_SIZE = 16


class Grounds(msgspec.Struct, frozen=True, array_like=True):
    """What the report of a site was drawn from, for what is carried over without a key."""

    lines: int
    """How many deployments there were."""
    size: int
    """Bytes of their lines."""
    deployments: bytes
    """SHA-256 of these."""
    records: bytes
    """SHA-256 of what records tell."""
    components: tuple[str, ...]
    """Ids of the components that had a page."""
    pictures: bytes
    """Digest of what pictures depend on beside their graphs."""
    drawn: dict[str, DiagramResult]
    """What became of each diagram."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """The keys of one site."""

    site: str
    """SHA-256 of its `site.json`."""
    keys: dict[str, bytes]
    """By the page's path in the site."""
    base: bytes
    """Digest of what all pages are drawn from."""
    marks: dict[str, tuple[int, int, int]]
    """Size, time (nanoseconds since 1970) and number on the disk of each page's file."""
    grounds: tuple[bytes, bytes]
    """The `Grounds` of the site, encoded, after their SHA-256."""


class Carrying:
    """Carries pages over from the site that stands where the new one will; without one it carries none."""

    def __init__(self, former: Path | None = None, memory: Path | None = None, stock: Stock | None = None) -> None:
        """Look at the site in the folder `former`; its keys are kept in the file `memory`.

        Pages that are linked in `stock` already come from there.
        """
        self._former, self._memory = str(former) if former is not None else "", memory
        self._digests: dict[str, str] = {}
        self._kept = Kept("", {}, b"", {}, (b"", b""))
        self._grounds = b""
        self._marks: dict[str, tuple[int, int, int]] = {}
        self._base = b""
        self._keys: dict[str, bytes] = {}
        self._linking = Linking()
        self._stock = stock if stock is not None else Stock()
        self._laid: Mapping[str, tuple[int, int, int]] = {}
        """The marks of pages that stand in the new site from the beginning, whether they come over or not."""
        self._taken: set[str] = set()
        """Those of them that come over."""
        self._drawn: set[str] = set()
        """Those that gave way to a page that was drawn."""
        self._sure: set[str] = set()
        """Those that are what they were, and stay where nothing reached them."""
        self._settled: list[str] = []
        """Those of these that stay."""
        self.known: dict[str, str] = {}
        """SHA-256 of each file that was carried, or that is known as it was written, by its path."""
        self.grounds: Grounds | None = None
        """What the former report was drawn from, where the new one has the same deployments and then some."""
        if former is not None and memory is not None:
            self._look(former, memory)

    def _look(self, former: Path, memory: Path) -> None:
        try:
            text = (former / SITE).read_bytes()
            kept = msgspec.msgpack.decode(memory.read_bytes(), type=Kept)
            if kept.site == hashlib.sha256(text).hexdigest():
                self._digests, self._kept = msgspec.json.decode(text, type=SiteManifest).files, kept
        except (OSError, msgspec.MsgspecError, UnicodeError):
            # Nothing is carried then, and all comes out the same.
            self._digests = {}

    def follow(self, folds: Folds, records: bytes) -> None:
        """Look whether the former report has deployments that those of `folds` begin with, and the same `records`.

        Only then pages of it may be kept without a key.
        """
        digest, data = self._kept.grounds
        if not self._digests or hashlib.sha256(data).digest() != digest:
            return
        # Another version of this code may have kept other grounds.
        with suppress(msgspec.MsgspecError):
            grounds = msgspec.msgpack.decode(data, type=Grounds)
            if grounds.records == records and folds.begins(grounds.size, grounds.deployments):
                self.grounds = grounds

    def lead(self, grounds: Grounds) -> None:
        """Keep `grounds` beside the keys of the new site."""
        self._grounds = msgspec.msgpack.encode(grounds)
        self._keys.update((path, b"") for name in grounds.drawn for path in picture_files(name))

    def stand_on(self, *parts: bytes) -> None:
        """Let every key from now on depend on `parts`: what all pages are drawn from."""
        self._base = _digest(self._base, *parts)

    def lay(self, site: Path) -> None:
        """Put what is in stock into `site`, where pages of the former site may come over; to be followed by `sweep`."""
        if self._kept.base == self._base and self._digests:
            self._laid, self._stock = self._stock.lay(site), Stock()
            if self.grounds is not None:
                marks, digests = self._kept.marks, self._digests
                self._sure = {path for path, mark in self._laid.items() if marks.get(path) == mark and path in digests}

    def sweep(self, site: Path) -> None:
        """Remove what was laid into `site` and did not come over."""
        for path in self._laid.keys() - self._taken - self._drawn - set(self._settled):
            (site / path).unlink()
        self.known.update((path, self._digests[path]) for path in self._settled)
        self._marks.update((path, self._laid[path]) for path in self._settled)
        self._keys.update((path, self._kept.keys.get(path, b"")) for path in self._settled)
        self._laid, self._sure, self._settled = {}, set(), []

    def clear(self, path: str, target: Path) -> None:
        """Make way for the page of `path` at `target`, which is to be written: what is laid there is the former one."""
        if path in self._laid:
            self._drawn.add(path)
            target.unlink()

    def holds(self, path: str, *parts: bytes, target: Path) -> bool:
        """Put the former page of `path` at `target`, if it was drawn from the same `parts`; return whether it was."""
        key = self._keys[path] = _digest(self._base, *parts)
        return self._kept.keys.get(path) == key and self._is_sound(path) and self._take(path, target)

    def has(self, path: str) -> bool:
        """Return whether the former site has the page of `path` as it was drawn, from what all pages are drawn now.

        That is for reports that go on from the former: none has it where `follow` found that this one does not.
        """
        return self.grounds is not None and self._is_sound(path)

    def _is_sound(self, path: str, *, page: bool = True) -> bool:
        if not self._former or path not in self._digests or (page and self._kept.base != self._base):
            return False
        source = f"{self._former}/{path}"
        try:
            mark = self._laid.get(path) or _mark(source)
            if mark is None:
                return False
            if self._kept.marks.get(path) != mark:
                with Path(source).open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != self._digests[path]:
                        return False
        except OSError:
            return False
        self._marks[path] = mark
        return True

    def keeps(self, path: str, target: Path | str) -> bool:
        """Put the former page of `path` at `target`; return whether that could be done.

        For pages of which nothing that they are drawn from can have changed. Its key is the former one; a page that has
        to be drawn gets one that it is known by for as long as nothing reaches it.
        """
        if path in self._sure:
            self._settled.append(path)
            return True
        taken = self.has(path) and self._take(path, target)
        self._keys[path] = self._kept.keys.get(path, b"") if taken else _digest(self._base)
        return taken

    def _take(self, path: str, target: Path | str) -> bool:
        if not self._former:
            return False
        self.known[path] = self._digests[path]
        if path in self._laid:
            self._taken.add(path)
        else:
            self._linking.link(f"{self._former}/{path}", target)
        return True

    def has_picture(self, name: str) -> bool:
        """Return whether the former site has the diagram `name` as it was drawn, for light and dark pages."""
        return all(self._is_sound(path, page=False) for path in picture_files(name))

    def takes_picture(self, name: str, folder: Path) -> None:
        """Put the diagram `name` of the former site, which has it, into `folder`."""
        for path in picture_files(name):
            self._take(path, folder / path.rpartition("/")[2])

    def finish(self) -> None:
        """Wait until every page that was taken stands; raises `FaultError` where the machine can't put one there."""
        self._linking.finish()

    def again(self) -> None:
        """Begin with the pages again, for a site that is made a second time; pictures stay."""
        self.finish()
        self._base, self._laid, self._sure, self._settled = b"", {}, set(), []
        self.known = {path: digest for path, digest in self.known.items() if path.startswith(f"{DIAGRAMS}/")}

    def keep(self, folder: Path, site: str) -> None:
        """Keep the keys of the new site in `folder`, where that is possible; its `site.json` has the SHA-256 `site`."""
        if self._memory is None:
            return
        for path in self._keys.keys() - self.known.keys():
            with suppress(OSError):
                mark = _mark(folder / path)
                if mark is not None:
                    self._marks[path] = mark
        marks = {path: self._marks[path] for path in self._keys if path in self._marks}
        grounds = hashlib.sha256(self._grounds).digest(), self._grounds
        write_whole(self._memory, msgspec.msgpack.encode(Kept(site, self._keys, self._base, marks, grounds)))


def _mark(path: Path | str) -> tuple[int, int, int] | None:
    """Return what tells a file from others without reading it; `None` for anything but a plain file."""
    found = os.lstat(path)
    return (found.st_size, found.st_mtime_ns, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _digest(*parts: bytes) -> bytes:
    # Each part with its length, so that no two lists of parts read alike.
    found = hashlib.blake2b(digest_size=_SIZE)
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.digest()
