"""Earlier bundles in the archive of a site: carried over from the site before, as far as the policy keeps them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import Place, RefusedError
from generator.evidence.chain import read_chain
from generator.evidence.manifest import digest_of
from generator.evidence.reading import MANIFEST
from generator.evidence.redaction import read_redactions
from generator.evidence.retention import Bundle, bundle_of, kept
from generator.evidence.site_json import ARCHIVE, EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from generator.evidence.chain import Link
    from generator.evidence.retention import Keep

_FIX = "put it back as it was published, or let it go by --keep manifests"


@dataclass(frozen=True, slots=True)
class Archive:
    """The bundles that a new site is to keep."""

    bundles: tuple[Bundle, ...] = ()
    folders: tuple[Path, ...] = ()
    """Where each of them stands now."""

    def lay(self, site: Path) -> None:
        """Put them into the archive of `site`: by hard links where the disk has them, else as copies.

        Raises `OSError` where the machine can't.
        """
        for bundle, folder in zip(self.bundles, self.folders, strict=True):
            target = site / ARCHIVE / str(bundle.sequence)
            for path in _files(folder):
                place = target / path.relative_to(folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                _link(path, place)


def archive_of(evidence: Path, previous: Path | None, policy: Keep, as_of: str) -> Archive:
    """Return what a site of the bundle in `evidence` keeps by `policy` of the bundle in `previous`, and of its archive.

    Raises `RefusedError` where an archived bundle is not the one that the chain names.
    """
    if previous is None or policy == "manifests":
        return Archive()
    links = {link.sequence: link for link in read_chain(evidence)}
    found = dict(_standing(previous, links, {one.id for one in read_redactions(evidence)}))
    chosen = kept((bundle_of(links[sequence]) for sequence in found), policy, as_of)
    return Archive(chosen, tuple(found[bundle.sequence] for bundle in chosen))


def archived(site: Path) -> dict[int, Path]:
    """Return the folder of each bundle in the archive of a site, by its number."""
    top = site / ARCHIVE
    if not top.is_dir() or top.is_symlink():
        return {}
    return {int(path.name): path for path in sorted(top.iterdir()) if path.name.isdecimal() and path.is_dir()}


def _standing(previous: Path, links: Mapping[int, Link], erased: set[str]) -> Iterator[tuple[int, Path]]:
    """Yield number and folder of each earlier bundle that is there in whole."""
    if previous.name == EVIDENCE:
        for sequence, folder in sorted(archived(previous.parent).items()):
            if sequence not in links or not _is(folder, links[sequence], erased):
                reason = f"it is not bundle {sequence} of the chain"
                raise RefusedError("archive", reason, place=Place(str(folder)), fix=_FIX)
            yield sequence, folder
    newest = max(links, default=0)
    # A rebuild of the same content takes the place of the bundle before it, which is no earlier one then.
    if newest and _is(previous, links[newest], set()):
        yield newest, previous


def _is(folder: Path, link: Link, erased: set[str]) -> bool:
    """Return whether a folder holds the bundle of a link, or what is left of it after somebody was erased."""
    path = folder / MANIFEST
    if not path.is_file():
        return False
    own = {one.id for one in read_redactions(folder)}
    return digest_of(path.read_bytes()) == link.digest or bool(own and own <= erased)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise RefusedError("archive", "a link, which is never followed", place=Place(str(path)), fix=_FIX)
        if path.is_file():
            yield path


def _link(path: Path, place: Path) -> None:
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)
