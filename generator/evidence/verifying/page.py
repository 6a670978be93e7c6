"""One page against its record: it must be a page of the site, and show what the evidence holds."""

from __future__ import annotations

import hashlib
import html
import re
from typing import TYPE_CHECKING

import msgspec

from generator.errors import FaultError, Place, RefusedError
from generator.evidence.dsse import SITE_NAMESPACE
from generator.evidence.reading import DEPLOYMENTS
from generator.evidence.site_json import EVIDENCE, PAGE_RECORD, SITE, SITE_SIGNATURE
from generator.evidence.verifying.bundle import NOTHING, bundle_folder
from generator.evidence.verifying.files import opened_manifest
from generator.evidence.verifying.listing import digests, odd_name, read_bounded
from generator.evidence.verifying.signed import Signatures
from generator.evidence.verifying.site import check_evidence_of, opened_site
from generator.evidence.verifying.texts import TextError, decoded, lines_within
from generator.evidence.verifying.verdict import Report

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.manifest import Manifest
    from generator.evidence.site_json import SiteManifest
    from generator.evidence.verifying.bundle import Wanted
    from generator.evidence.verifying.verdict import Verdict

MOST_PAGE_BYTES = 1 << 27
_META = re.compile(rf'<meta name="{PAGE_RECORD}" content="([^"]*)">'.encode())
_LINE = re.compile(r"(?P<path>.+\.jsonl):(?P<line>[1-9][0-9]{0,11})")
_FIX = "name the site that it is of: assay verify SITE --page FILE"


class _Id(msgspec.Struct):
    id: str


def verify_page(page: Path, target: Path | None = None, wanted: Wanted = NOTHING) -> Verdict:
    """Verify one page against the site or bundle at `target`, or the site that the page lies in.

    Raises `RefusedError` where there is neither.
    """
    report = Report()
    data = _read(page)
    root = target if target is not None else site_of(page)
    if root is None:
        raise RefusedError("page", "the page lies in no site", place=Place(str(page)), fix=_FIX)
    _Page(page, data, root, wanted, report).check()
    return report.verdict()


def site_of(page: Path) -> Path | None:
    """Return the site that a page lies in, by its `site.json`; `None` where there is none."""
    return next((folder for folder in page.absolute().parents if (folder / SITE).is_file()), None)


def _read(page: Path) -> bytes:
    try:
        data = read_bounded(page, MOST_PAGE_BYTES)
    except OSError as fault:
        raise RefusedError(
            "page", fault.strerror or "can't be read", place=Place(str(page)), fix="check --page"
        ) from None
    if data is None:
        raise RefusedError("page", f"more than {MOST_PAGE_BYTES} bytes", place=Place(str(page)))
    return data


class _Page:
    """One page while it is verified."""

    def __init__(self, page: Path, data: bytes, root: Path, wanted: Wanted, report: Report) -> None:
        self.page, self.data, self.root, self.wanted, self.report = page, data, root, wanted, report
        self.name = str(page)
        self.digest = hashlib.sha256(data).hexdigest()

    def check(self) -> None:
        folder = bundle_folder(self.root)
        if folder.is_symlink():
            self.report.wrong(EVIDENCE, "is a link, which is never followed")
            return
        self.report.above = f"{EVIDENCE}/" if folder != self.root else ""
        manifest = opened_manifest(folder, self.report)
        self.report.above = ""
        if folder != self.root:
            self._of_site(manifest)
        else:
            self.report.not_checked("The page itself: only a site says which pages it has; name the site.")
        if manifest is not None:
            self._record(folder, manifest)

    def _of_site(self, manifest: Manifest | None) -> None:
        opened = opened_site(self.root, self.report)
        if opened is None:
            return
        site, data = opened
        check_evidence_of(site, self.report.digest, self.report)
        as_of = manifest.inputs.as_of if manifest is not None else ""
        Signatures(self.wanted.allowed, "", as_of, self.report).file(self.root, SITE_SIGNATURE, data, SITE_NAMESPACE)
        self._listed(site)

    def _listed(self, site: SiteManifest) -> None:
        """See that the page is one that the site lists: at its place, or, as a copy, at any."""
        inside = self.page.absolute().is_relative_to(self.root.absolute())
        if inside:
            name = self.page.absolute().relative_to(self.root.absolute()).as_posix()
            expected = site.files.get(name)
            if expected is None:
                self.report.wrong(self.name, f"added: {SITE} does not list it")
            elif expected != self.digest:
                reason = f"changed: its SHA-256 is {self.digest[:12]}…, {SITE} says {expected[:12]}…"
                self.report.wrong(self.name, reason)
            else:
                self.report.checked(f"{self.name} is the page {name} that the site lists.")
            return
        known = sorted(name for name, digest in site.files.items() if digest == self.digest)
        if known:
            self.report.checked(f"{self.name} is a copy of {known[0]} of the site, byte for byte.")
        else:
            self.report.wrong(self.name, f"is no page of the site: {SITE} lists no file with its SHA-256")

    def _record(self, folder: Path, manifest: Manifest) -> None:
        """See that the record which the page names is in the evidence, as the page has it."""
        found = _META.findall(self.data)
        if len(found) != 1:
            many = "names several records" if found else "names no single record"
            if found:
                self.report.wrong(self.name, many)
            else:
                self.report.not_checked(f"A record: {self.name} {many}.")
            return
        place, _, told = html.unescape(found[0].decode("utf-8", "replace")).rpartition(" ")
        line = _LINE.fullmatch(place)
        path = line["path"] if line is not None else place
        if path not in manifest.files:
            line, path = None, DEPLOYMENTS
        if path not in manifest.files or odd_name(path):
            self.report.wrong(self.name, f"names the record {place!r}, and the manifest lists no {path}")
            return
        actual = digests({path: folder / path}, [path])[path]
        if actual != manifest.files[path]:
            self.report.wrong(path, "is not what the manifest says, so that no record of it can be trusted")
            return
        whole = path == place
        here = (
            actual if whole else self._line_digest(folder / path, place, int(line["line"]) if line is not None else 0)
        )
        if not here:
            self.report.wrong(self.name, f"names the record {place!r}, and {path} has none")
        elif here != told:
            self.report.wrong(self.name, f"shows another record of {place!r} than the one in {path}")
        else:
            self.report.checked(f"It names the record {place} as it stands in {path}.")

    def _line_digest(self, path: Path, identity: str, wanted: int) -> str:
        """Return the SHA-256 of one line, by its number or, for 0, by the deployment's id; empty where it is not."""
        decoder = msgspec.json.Decoder(_Id)
        try:
            for number, text in lines_within(path):
                if number == wanted or (not wanted and decoded(decoder, text, number).id == identity):
                    return hashlib.sha256(text).hexdigest()
        except TextError as error:
            self.report.wrong(path.name, str(error))
        except OSError as fault:
            raise FaultError("read", str(fault), place=Place(str(path))) from fault
        return ""
