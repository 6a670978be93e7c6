"""A bundle held against git: its evidence made anew from the same inputs, and compared file by file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.errors import AssayError, RefusedError, UsageError
from generator.evidence.former import open_former
from generator.evidence.manifest import read_manifest
from generator.evidence.reading import MANIFEST, Evidence
from generator.evidence.refs import REFS, read_refs
from generator.evidence.sealing import TOLD_OF_CHAIN
from generator.evidence.verifying.bundle import bundle_folder, check_target
from generator.evidence.verifying.differing import differences
from generator.evidence.verifying.verdict import Report
from generator.history.pinned import not_there, pin
from generator.history.repository import open_repository
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.evidence.manifest import Manifest
    from generator.evidence.refs import RefRecord
    from generator.evidence.summary import Summary
    from generator.evidence.verifying.bundle import Wanted
    from generator.evidence.verifying.verdict import Verdict
    from generator.history.repository import Repository
    from generator.pipeline.request import Progress

OWN_KEY = "own"
_MOST_REFS = 20


@dataclass(frozen=True, slots=True)
class Again(Request):
    """A run that repeats another one: it says of its integrity what that one said, and signs nothing."""

    told: str = ""
    """What the evidence says of its integrity."""

    @property
    def integrity(self) -> str:
        """What the report says of its own integrity."""
        return self.told


def verify(target: Path, wanted: Wanted, request: Request | None, progress: Progress) -> Verdict:
    """Verify the bundle or site at `target`; with `request` also against the repository that it names.

    Of `request` only what the manifest can't tell counts: the repository, the configuration, what was imported, and
    the programs. Raises `RefusedError` where there is nothing to verify or the repository can't be read, `UsageError`
    where something is missing that the bundle was made with, `FaultError` where the machine fails.
    """
    report = Report()
    check_target(target, wanted, report)
    if request is None:
        report.not_checked("Whether git makes this evidence: no --repo.")
    elif report.digest:
        folder = bundle_folder(target)
        report.above = f"{folder.name}/" if folder != target else ""
        _Recount(folder, request, report).check(progress)
    return report.verdict()


class _Recount:
    """One bundle while it is held against git."""

    def __init__(self, folder: Path, request: Request, report: Report) -> None:
        self.folder, self.request, self.report = folder, request, report

    def check(self, progress: Progress) -> None:
        try:
            manifest, refs = read_manifest(self.folder), read_refs(self.folder)
            summary = Evidence(self.folder).summary
        except RefusedError as fault:
            self.report.not_checked(f"Whether git makes this evidence: it can't be read ({fault.reason}).")
            return
        _refuse_missing(manifest, summary, self.request)
        repository = open_repository(self.request.repository, allow_shallow=manifest.inputs.allow_shallow)
        self._tell_moved(repository, refs)
        with tempfile.TemporaryDirectory(prefix="assay-verify-") as place:
            pinned = self._pinned(repository, manifest, refs, Path(place) / "repository")
            if pinned is None:
                return
            made = Path(place) / "evidence"
            gather(self._again(manifest, summary, pinned), made, progress)
            self._compare(manifest, made)

    def _pinned(
        self, repository: Repository, manifest: Manifest, refs: dict[str, RefRecord], place: Path
    ) -> Path | None:
        """Return a repository whose refs stand where they stood; `None` where it lacks what they name."""
        commit = manifest.inputs.commit
        if not commit:
            return repository.git_dir
        wanted = {name: ref.object for name, ref in refs.items()}
        gone = not_there(repository.git_dir, [commit, *wanted.values(), *manifest.refs.values()])
        if commit in gone or set(gone) & set(manifest.refs.values()):
            self.report.wrong(MANIFEST, f"was made from {gone[0][:12]}, which the repository does not have")
            return None
        lost = sorted(name for name, identity in wanted.items() if identity in gone)
        for name in lost[:_MOST_REFS]:
            self.report.wrong(REFS, f"{name} names {wanted[name][:12]}, which the repository does not have")
        kept = {name: identity for name, identity in wanted.items() if name not in lost}
        head = refs["HEAD"].commit if "HEAD" in refs else commit
        return pin(repository.git_dir, kept, head, place)

    def _tell_moved(self, repository: Repository, refs: dict[str, RefRecord]) -> None:
        """Tell which tags stand elsewhere now than when the bundle was made: that is no fault of the bundle."""
        now = repository.tag_objects()
        moved = sorted(
            name
            for name, ref in refs.items()
            if name.startswith("refs/tags/") and ref.object != now.get(name, ("", ""))[0]
        )
        for name in moved[:_MOST_REFS]:
            what = "was moved since" if name in now else "is gone from the repository"
            self.report.note(f"{name} {what}: the bundle has it at {refs[name].object[:12]}.")
        if len(moved) > _MOST_REFS:
            self.report.note(f"{len(moved) - _MOST_REFS} further tags were moved or are gone.")

    def _again(self, manifest: Manifest, summary: Summary, repository: Path) -> Request:
        inputs = manifest.inputs
        own = {field: getattr(self.request, field) for field in Request.__slots__}
        own |= {
            "repository": repository,
            "ref": self.request.ref or (inputs.ref if inputs.ref != "HEAD" else ""),
            "as_of": int(datetime.fromisoformat(inputs.as_of).timestamp()) if inputs.as_of else None,
            "limit": inputs.limit,
            "allow_shallow": inputs.allow_shallow,
            "previous": self._previous(),
            "signing": None,
        }
        return Again(**own, told=summary.integrity)

    def _previous(self) -> Path | None:
        """Return the bundle itself as the one before: what git makes again takes its place, with its chain."""
        try:
            open_former(self.folder)
        except AssayError:
            return None
        return self.folder

    def _compare(self, manifest: Manifest, made: Path) -> None:
        before = self.report.count
        again = read_manifest(made)
        names = {name for name in manifest.files.keys() | again.files.keys() if name not in TOLD_OF_CHAIN}
        for name in sorted(names):
            if manifest.files.get(name) != again.files.get(name):
                for mismatch in differences(self.folder, made, name):
                    self.report.wrong(mismatch.path, mismatch.reason)
        for field, here, there in _told_otherwise(manifest, again):
            self.report.wrong(MANIFEST, f"{field} is {here!r}, and git makes {there!r}")
        if self.report.count == before:
            self.report.checked(f"Git makes the same evidence, byte for byte: {len(names)} files.")
        elif manifest.version != version("assay"):
            reason = f"made by Assay {manifest.version}, and this is {version('assay')}"
            self.report.note(f"The bundle was {reason}: what differs may be the version's; verify with that one.")
        if TOLD_OF_CHAIN & manifest.files.keys():
            self.report.not_checked("What is kept of earlier bundles: git can't tell it, the chain does.")


def _told_otherwise(manifest: Manifest, again: Manifest) -> Iterator[tuple[str, object, object]]:
    """Yield what the two manifests say otherwise beside files and their places in the chain."""
    for name in ("version", "config_digest", "engines", "refs"):
        here, there = getattr(manifest, name), getattr(again, name)
        if here != there:
            yield name, here, there
    for part in ("inputs", "counts"):
        one, other = (msgspec.to_builtins(getattr(each, part)) for each in (manifest, again))
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                yield f"{part}.{name}", one.get(name), other.get(name)


def _refuse_missing(manifest: Manifest, summary: Summary, request: Request) -> None:
    """Raise `UsageError` where the bundle was made with something that is not given now."""
    inputs = manifest.inputs
    given = (
        ("--results", inputs.results, request.results),
        ("--records", inputs.records, request.records),
        ("--live", inputs.live, request.live),
        ("--application", inputs.application, request.applications),
        ("--keys", inputs.keys, request.keys),
    )
    for option, told, here in given:
        if told and not here:
            reason = f"the bundle was made with {option}, and to make it again takes the same"
            raise UsageError("inputs", reason, fix=f"give {option} as the build had it")
    if summary.fingerprint_key == OWN_KEY and not request.fingerprint_key:
        fix = "set ASSAY_FINGERPRINT_KEY as the build had it"
        raise UsageError("inputs", "the bundle was made with a key of its own for fingerprints of secrets", fix=fix)
