"""Erasing a person from a bundle or a site that is published: a new bundle that follows the old one, with a gap."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.errors import FaultError, Place, RefusedError, UsageError, one_line
from generator.evidence.former import Former, bundle_at, open_former
from generator.evidence.manifest import files_of, read_manifest, verify_manifest
from generator.evidence.mentions import MOST_WORDS
from generator.evidence.people import People
from generator.evidence.redaction import (
    MARK,
    Erased,
    Redaction,
    bundles_of,
    fingerprint,
    name_words,
    read_redactions,
)
from generator.evidence.retention import bundle_of
from generator.evidence.rewriting import rewrite
from generator.evidence.site_json import EVIDENCE, SITE
from generator.pipeline.keeping import Archive, archived
from generator.site.publish import alone, exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.evidence.chain import Link

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to be erased, and why."""

    person: str
    reason: str
    basis: str = ""
    key: bytes = b""
    """The user's own key for fingerprints; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """What came of it."""

    redaction: Redaction
    """As it stands in the new bundle."""
    sequence: int
    """Number of the new bundle in its chain."""
    archive: Mapping[int, int] = field(default_factory=dict)
    """Number of each archived bundle that had the person → how often it was erased there."""
    left: Mapping[str, int] = field(default_factory=dict)
    """File → lines in which the name still stands as part of what names a component, a file or a ref."""
    signatures: int = 0
    """Signature files that held of the old bundle, and are gone."""


def redact(
    target: Path,
    erasure: Erasure,
    build: Callable[[Path, Path, Archive], object],
) -> Redacted:
    """Erase a person from the bundle or the site at `target`, in one step; the old one stands until then.

    `build` builds the site of an evidence folder at a place, with an archive. Raises `UsageError` for a name that can't
    be looked for, `RefusedError` where `target` is not what its manifest says or has no such name, `FaultError` where
    the machine fails.
    """
    target = target.absolute()
    _refuse_empty(erasure)
    bundle = bundle_at(target)
    is_site = bundle != target
    if not is_site and (target.parent / SITE).is_file() and target.name == EVIDENCE:
        reason = "it is the evidence of a site, whose pages would keep the name"
        raise RefusedError("redact", reason, place=Place(str(target)), fix=f"name the site: {target.parent}")
    former = _opened(bundle)
    try:
        with _beside(target) as work:
            if is_site:
                done, archive = _Redacting(former, erasure).all(work, archived(target))
                build(work / "evidence", target, archive)
            else:
                with alone(target):
                    done, _ = _Redacting(former, erasure).all(work, {})
                    exchange(work / "evidence", target)
    except OSError as fault:
        raise FaultError("write", fault.strerror or str(fault), place=Place(str(fault.filename or target))) from fault
    return done


class _Redacting:
    """Erases one person from a bundle and from those before it that are kept."""

    def __init__(self, former: Former, erasure: Erasure) -> None:
        self.former = former
        self.links = (*former.chain, former.link)
        self.before = read_redactions(former.folder)
        number = 1 + max((int(one.id.rpartition("-")[2]) for one in self.before), default=0)
        sequence = former.manifest.sequence
        self.new = Redaction(
            id=f"redaction-{number}",
            what="person",
            fingerprint=fingerprint(name_words(erasure.person), erasure.key, former.link.digest),
            reason=one_line(erasure.reason, _LONGEST),
            basis=one_line(erasure.basis, _LONGEST),
            bundle=sequence,
            places={},
        )
        self.key = erasure.key
        if MARK.search(erasure.reason + erasure.basis) or self._erased([]).replaced(self.new.reason) != self.new.reason:
            fix = "tell why without the name: the reason is published"
            raise UsageError("redact", "the reason holds the name that is to be erased", fix=fix)

    def all(self, work: Path, kept: Mapping[int, Path]) -> tuple[Redacted, Archive]:
        """Write the new bundle into `work`, and the archive that goes with it."""
        signatures = _signatures(self.former.folder)
        rewrite(
            self.former.folder,
            work / "evidence",
            self._people(self.before),
            self.former.manifest,
            self.former,
        )
        links = {link.sequence: link for link in self.links}
        folders: dict[int, Path] = {}
        counts: dict[int, int] = {}
        for sequence, folder in sorted(kept.items()):
            folders[sequence], count = self._archived(folder, work / str(sequence), links.get(sequence))
            counts |= {sequence: count} if count else {}
        written = read_redactions(work / "evidence")[-1]
        if not written.places and not counts:
            fix = "write it as the pages do: whole words, one name; or look at another bundle"
            raise RefusedError(
                "redact", "that name stands nowhere in it", place=Place(str(self.former.folder)), fix=fix
            )
        done = Redacted(
            written,
            self.former.manifest.sequence + 1,
            counts,
            self._left(work / "evidence"),
            signatures,
        )
        bundles = tuple(bundle_of(links[sequence]) for sequence in sorted(folders))
        return done, Archive(bundles, tuple(folders[sequence] for sequence in sorted(folders)))

    def _archived(self, folder: Path, into: Path, link: Link | None) -> tuple[Path, int]:
        """Return where a kept bundle stands without the person, and how often it had the name."""
        manifest = read_manifest(folder)
        own = read_redactions(folder)
        if link is None or verify_manifest(folder) or manifest.sequence != link.sequence:
            fix = "put it back as it was published, or remove its folder"
            raise RefusedError("redact", "it is not what its manifest says", place=Place(str(folder)), fix=fix)
        rewrite(folder, into, self._people(own), manifest, _before(folder))
        written = read_redactions(into)[-1]
        count = sum(written.places.values())
        return (into, count) if count else (folder, 0)

    def _erased(self, before: Sequence[Redaction]) -> Erased:
        return Erased([*before, self.new], self.key, bundles_of(self.links))

    def _people(self, before: Sequence[Redaction]) -> People:
        return People("names", bytes, self._erased(before))

    def _left(self, folder: Path) -> dict[str, int]:
        """Return where the name still stands, in what must keep its name for the rest to hold together."""
        erased = self._erased([])
        found: dict[str, int] = {}
        for name, path in files_of(folder).items():
            with path.open("r", encoding="utf-8") as file:
                count = sum(erased.replaced(line) != line for line in file)
            found |= {name: count} if count else {}
        return found


def _before(folder: Path) -> Former | None:
    """Return the bundle that an archived one follows, as far as its chain tells of it."""
    former = open_former(folder)
    if not former.chain:
        return None
    *earlier, last = former.chain
    return Former(folder, last.read(), last.text, last, tuple(earlier), {}, (), {})


def _opened(bundle: Path) -> Former:
    try:
        return open_former(bundle)
    except RefusedError as fault:
        fix = "see assay verify, and put it back as it was published"
        raise RefusedError("redact", fault.reason, place=fault.place, fix=fix) from fault


def _refuse_empty(erasure: Erasure) -> None:
    if not any(letter.isalnum() for letter in erasure.person):
        raise UsageError("redact", "no name to erase", fix="--person 'Jane Doe'")
    if len(erasure.person.split()) > MOST_WORDS or MARK.search(erasure.person) or "@" in erasure.person:
        fix = "give one name as the pages show it; addresses are never in a bundle"
        raise UsageError("redact", "that is no name of a person", fix=fix)
    if not erasure.reason.strip():
        raise UsageError("redact", "no reason: a gap without one is no evidence", fix="--reason 'erasure request 12'")


def _signatures(folder: Path) -> int:
    listed = {*files_of(folder).values(), folder / "manifest.json"}
    return sum(path.is_file() and path not in listed for path in folder.rglob("*"))


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Make a folder on the same disk as `target`, and remove it afterwards."""
    # Called as what a build leaves beside its site when it is killed, so that the next one clears it away.
    folder = target.with_name(f".{target.name}.evidence-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
