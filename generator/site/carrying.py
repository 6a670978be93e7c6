"""Pages of the former site that would come out as they are: linked into the new one, and neither drawn nor written.

A page is known by its key: the digest of all that it is drawn from. The keys of a site are kept beside the renderings,
and hold for that very site alone, named by the digest of its `site.json`; without them each page is drawn. A page that
is not what its site says of it is drawn, too.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.site_json import SITE, SiteManifest

if TYPE_CHECKING:
    from pathlib import Path

_SIZE = 16


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """The keys of one site."""

    site: str
    """SHA-256 of its `site.json`."""
    keys: dict[str, bytes]
    """By the page's path in the site."""


class Carrying:
    """Carries pages over from the site that stands where the new one will; without one it carries none."""

    def __init__(self, former: Path | None = None, memory: Path | None = None) -> None:
        """Look at the site in the folder `former`; its keys are kept in the file `memory`."""
        self._former, self._memory = former, memory
        self._digests: dict[str, str] = {}
        self._before: dict[str, bytes] = {}
        self._base = b""
        self._keys: dict[str, bytes] = {}
        self.known: dict[str, str] = {}
        """SHA-256 of each file that was carried, by its path."""
        if former is not None and memory is not None:
            self._look(former, memory)

    def _look(self, former: Path, memory: Path) -> None:
        try:
            text = (former / SITE).read_bytes()
            kept = msgspec.msgpack.decode(memory.read_bytes(), type=Kept)
            if kept.site == hashlib.sha256(text).hexdigest():
                self._digests, self._before = msgspec.json.decode(text, type=SiteManifest).files, kept.keys
        except (OSError, msgspec.MsgspecError, UnicodeError):
            # Nothing is carried then, and all comes out the same.
            self._digests, self._before = {}, {}

    def stand_on(self, *parts: bytes) -> None:
        """Let every key from now on depend on `parts`: what all pages are drawn from."""
        self._base = _digest(self._base, *parts)

    def holds(self, path: str, *parts: bytes, target: Path) -> bool:
        """Put the former page of `path` at `target`, if it was drawn from the same `parts`; return whether it was."""
        key = self._keys[path] = _digest(self._base, *parts)
        if self._former is None or self._before.get(path) != key or path not in self._digests:
            return False
        source, digest = self._former / path, self._digests[path]
        try:
            with source.open("rb") as file:
                if source.is_symlink() or hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    return False
            _link(source, target)
        except OSError:
            target.unlink(missing_ok=True)
            return False
        self.known[path] = digest
        return True

    def keep(self, site: str) -> None:
        """Keep the keys of the new site, whose `site.json` has the SHA-256 `site`, where that is possible."""
        if self._memory is None:
            return
        work = self._memory.with_name(f".{self._memory.name}.{os.getpid()}")
        try:
            work.parent.mkdir(parents=True, exist_ok=True)
            work.write_bytes(msgspec.msgpack.encode(Kept(site, self._keys)))
            work.replace(self._memory)
        except OSError:
            with suppress(OSError):
                work.unlink()


def _digest(*parts: bytes) -> bytes:
    # Each part with its length, so that no two lists of parts read alike.
    found = hashlib.blake2b(digest_size=_SIZE)
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.digest()


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:
        # Another disk, or a system without links of this kind.
        shutil.copyfile(source, target)
