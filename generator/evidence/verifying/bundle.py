"""A bundle or a site, verified offline: everything that can be told from its files and from the keys that are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.errors import Place, RefusedError
from generator.evidence.dsse import MANIFEST_SIGNATURE
from generator.evidence.manifest import manifest_text
from generator.evidence.reading import DEPLOYMENTS, MANIFEST, SUMMARY
from generator.evidence.site_json import EVIDENCE, SITE
from generator.evidence.verifying.chained import check_chain, check_follows, check_kept, check_refs
from generator.evidence.verifying.files import MOST_MANIFEST_BYTES, check_files, opened_manifest
from generator.evidence.verifying.forms import check_forms
from generator.evidence.verifying.gaps import check_gaps
from generator.evidence.verifying.listing import listed, read_bounded
from generator.evidence.verifying.signed import Signatures
from generator.evidence.verifying.site import check_site
from generator.evidence.verifying.stated import Statements, check_envelopes
from generator.evidence.verifying.structure import Structure
from generator.evidence.verifying.summed import check_counts, check_summary, read_summary
from generator.evidence.verifying.verdict import Report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.evidence.chain import Link
    from generator.evidence.manifest import Manifest
    from generator.evidence.ssh_signatures import AllowedSigners
    from generator.evidence.summary import Summary
    from generator.evidence.verifying.verdict import Verdict


class Known(msgspec.Struct, frozen=True):
    """A bundle that somebody holds already."""

    digest: str
    """SHA-256 of its manifest."""
    before: frozenset[str] = frozenset()
    """SHA-256 of the manifests of the bundles that it follows, where they are known."""


class Wanted(msgspec.Struct, frozen=True):
    """What is asked of a bundle, beside that it is what it says."""

    allowed: AllowedSigners | None = None
    """Who may sign; `None` where signatures are not asked for."""
    expect: str = ""
    """SHA-256 that its manifest must have."""
    follows: Known | None = None
    """Bundle that it must be or follow."""


NOTHING = Wanted()


def verify_bundle(target: Path, wanted: Wanted = NOTHING) -> Verdict:
    """Verify the bundle or the site at `target`.

    Raises `RefusedError` where it is neither, `FaultError` where the machine can't read it.
    """
    report = Report()
    check_target(target, wanted, report)
    return report.verdict()


def check_target(target: Path, wanted: Wanted, report: Report) -> None:
    """Verify the bundle or the site at `target` into `report`; raises as `verify_bundle` does."""
    folder = bundle_folder(target)
    site = folder != target
    if site and folder.is_symlink():
        report.wrong(EVIDENCE, "is a link, which is never followed")
        return
    report.above = f"{EVIDENCE}/" if site else ""
    check = _Bundle(folder, wanted, report)
    check.run()
    report.above = ""
    if site:
        check_site(target, check.links, check.signatures, report, check.erased)
    elif check.manifest is not None:
        report.not_checked("The pages: this is the evidence alone, without its site.")


def bundle_folder(target: Path) -> Path:
    """Return the evidence folder that `target` is or, as a site, holds; raises `RefusedError` where it is neither."""
    inner = target / EVIDENCE
    if inner.is_dir() or inner.is_symlink() or (target / SITE).is_file():
        return inner
    if any((target / name).exists() for name in (MANIFEST, SUMMARY, DEPLOYMENTS)):
        return target
    fix = "name a site, or an evidence folder, that assay build wrote"
    raise RefusedError("evidence", "no evidence folder", place=Place(str(target)), fix=fix)


class _Bundle:
    """One evidence folder while it is verified."""

    def __init__(self, folder: Path, wanted: Wanted, report: Report) -> None:
        self.folder, self.wanted, self.report = folder, wanted, report
        self.links: Sequence[Link] = ()
        self.erased: frozenset[str] = frozenset()
        self.manifest: Manifest | None = None
        self.signatures = Signatures(wanted.allowed, "", "", report)

    def run(self) -> None:
        """Check the manifest, then what it lists, then what that says."""
        report = self.report
        manifest = self.manifest = opened_manifest(self.folder, report)
        if self.wanted.expect and report.digest and report.digest != self.wanted.expect:
            report.wrong(MANIFEST, f"has the SHA-256 {report.digest[:12]}…, and {self.wanted.expect[:12]}… is expected")
        if manifest is None:
            return
        present = listed(self.folder)
        check_files(manifest, present, report)
        sound = not report.count
        summary = read_summary(self.folder, report) if not report.is_wrong(SUMMARY) else None
        integrity = summary.integrity if summary is not None else ""
        self.signatures = Signatures(self.wanted.allowed, integrity, manifest.inputs.as_of, report)
        self._chain(manifest)
        self._sign(manifest)
        if summary is None or not sound:
            report.not_checked("What the files say: some of them are not what the manifest says.")
        else:
            self._content(manifest, summary)

    def _chain(self, manifest: Manifest) -> None:
        report = self.report
        if report.is_wrong("chain.jsonl"):
            return
        self.links = check_chain(self.folder, manifest, report)
        follows = self.wanted.follows
        if follows is not None:
            check_follows(follows.digest, follows.before, self.links, report)

    def _sign(self, manifest: Manifest) -> None:
        data = read_bounded(self.folder / MANIFEST, MOST_MANIFEST_BYTES)
        self.signatures.manifest(self.folder, data if data is not None else manifest_text(manifest))
        if self.wanted.allowed is None and not (self.folder / MANIFEST_SIGNATURE).is_file():
            self.report.not_checked("Who made it: the manifest is not signed. Integrity only.")

    def _content(self, manifest: Manifest, summary: Summary) -> None:
        """Look into files that are what the manifest says."""
        report, before = self.report, self.report.count
        structure = Structure(self.folder, report)
        structure.check()
        check_counts(manifest, structure.totals, report)
        check_summary(summary, manifest, structure.totals, report)
        check_forms(self.folder, manifest, summary, report)
        check_refs(self.folder, manifest, report)
        if report.count == before:
            Statements(self.folder, summary, report).check()
        gaps = check_gaps(self.folder, manifest, report, sound=report.count == before)
        self.erased = frozenset(one.id for one in gaps)
        check_kept(self.folder, self.links, report, erased=bool(gaps))
        environments = [environment.name for environment in summary.environments if environment.production]
        check_envelopes(self.folder, environments, self.signatures, report)
