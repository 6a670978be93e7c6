"""Whether the files of an evidence folder fit each other: numbers without a gap, digests that name what is there.

Only files that are what the manifest says are looked into: of a changed one it is told that it changed, and no more.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from generator.evidence.packs import ComponentRecord
from generator.evidence.reading import COMPONENTS, DEPLOYMENTS, pack_path
from generator.evidence.records import DriftCounts, FindingCounts, GateCounts  # noqa: TC001 - lines are decoded by them
from generator.evidence.verifying.lists import ListWalk
from generator.evidence.verifying.named import GATES, NamedRecords
from generator.evidence.verifying.texts import TextError, canonical_lines, decoded
from generator.timeline.declared import deployment_id

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.verifying.verdict import Report

LISTS = ("topology", "findings", "drift")
NAMED = (GATES, "results", "triage")


class _Result(msgspec.Struct):
    object: str = ""


class _Deployment(msgspec.Struct):
    """A line of `deployments.jsonl`, as far as it is checked here."""

    id: str
    environment: str
    sequence: int
    digest: str
    previous_digest: str
    kind: str
    changes: tuple[msgspec.Raw, ...]
    findings: FindingCounts
    drift: DriftCounts | None
    gates: GateCounts
    triage: str | None
    results: tuple[_Result, ...] = ()
    unreadable: int = 0


class Totals(msgspec.Struct):
    """What the deployments of one environment add up to."""

    deployments: int = 0
    changes: int = 0
    stale: int = 0
    """Deployments with files that can't be read."""
    newest: str = ""
    digest: str = ""
    kinds: Counter[str] = msgspec.field(default_factory=Counter)


class Structure:
    """One pass over the deployments of a folder, with their lists and records beside them."""

    def __init__(self, folder: Path, report: Report) -> None:
        """Tell `report` what does not fit in `folder`."""
        self.folder, self.report = folder, report
        self.totals: dict[str, Totals] = {}
        self._components: set[bytes] = set()
        self._lists: dict[tuple[str, str], ListWalk] = {}
        self._named: dict[tuple[str, str], NamedRecords | None] = {}
        self._broken: set[str] = set()

    def check(self) -> None:
        """Check everything."""
        before = self.report.count
        self._read_components()
        decoder = msgspec.json.Decoder(_Deployment)
        try:
            for number, text in canonical_lines(self.folder / DEPLOYMENTS):
                self._deployment(number, decoded(decoder, text, number))
        except TextError as error:
            self.report.wrong(DEPLOYMENTS, str(error))
            return
        self._ends()
        if self.report.count == before:
            number = sum(total.deployments for total in self.totals.values())
            self.report.checked(
                f"{number} deployments follow one another, and their topologies, findings, drift, gates, results and"
                " verdicts are those that they name."
            )

    def _read_components(self) -> None:
        decoder = msgspec.json.Decoder(ComponentRecord)
        try:
            for number, text in canonical_lines(self.folder / COMPONENTS):
                digest = decoded(decoder, text, number).digest.encode()
                if digest in self._components:
                    self.report.wrong(COMPONENTS, f"line {number} holds a component state once more")
                self._components.add(digest)
        except TextError as error:
            self.report.wrong(COMPONENTS, str(error))
            self._broken.add(COMPONENTS)

    def _deployment(self, number: int, line: _Deployment) -> None:
        total = self.totals.setdefault(line.environment, Totals())
        if line.sequence != total.deployments + 1:
            reason = f"is number {line.sequence} of `{line.environment}`, after number {total.deployments}"
            raise TextError(number, reason)
        if line.id != deployment_id(line.environment, line.sequence):
            raise TextError(number, f"has the id {line.id!r}, which is not that of its number and environment")
        if line.previous_digest != total.digest:
            raise TextError(number, f"{line.id} follows another version than that of the deployment before it")
        total.deployments += 1
        total.changes += len(line.changes)
        total.stale += line.unreadable > 0
        total.newest, total.digest = line.id, line.digest
        total.kinds[line.kind] += 1
        self._walk_lists(number, line)
        self._look_up(number, line)

    def _walk_lists(self, number: int, line: _Deployment) -> None:
        self._advance("topology", line, line.digest)
        findings = self._advance("findings", line, line.findings.object)
        if findings is not None:
            self._same(number, line, "findings", _counts(line.findings), findings)
        drift = self._advance("drift", line, line.drift.object) if line.drift is not None else None
        if drift is not None:
            self._same(number, line, "drift", _counts(line.drift), drift)

    def _advance(self, kind: str, line: _Deployment, digest: str) -> dict[str, int] | None:
        """Go on to the list of a deployment; return how many entries of each sort it has, `None` where it is broken."""
        path = pack_path(kind, line.environment)
        if path in self._broken or (kind == "topology" and COMPONENTS in self._broken):
            return None
        walk = self._lists.get((kind, line.environment))
        if walk is None:
            components = self._components if kind == "topology" else None
            walk = self._lists[kind, line.environment] = ListWalk(self.folder / path, components)
        try:
            walk.advance(digest)
        except TextError as error:
            self.report.wrong(path, f"{error} ({line.id})")
            self._broken.add(path)
            return None
        return {name: count for name, count in walk.counts.items() if count}

    def _same(self, number: int, line: _Deployment, what: str, told: dict[str, int], found: dict[str, int]) -> None:
        if told != found:
            reason = f"{line.id}: its {what} are told as {_words(told)}, and their list holds {_words(found)}"
            self.report.wrong(DEPLOYMENTS, f"line {number} {reason}")

    def _look_up(self, number: int, line: _Deployment) -> None:
        wanted = [(GATES, line.gates.object), ("triage", line.triage or "")]
        wanted += [("results", result.object) for result in line.results]
        for kind, digest in wanted:
            records = self._records(kind, line.environment) if digest else None
            if records is None:
                continue
            if not records.ask(digest):
                path = pack_path(kind, line.environment)
                self.report.wrong(path, f"has no record {digest[:12]}…, which {line.id} names")
            elif kind == GATES:
                self._same(number, line, "gates", _counts(line.gates), records.counts(digest))

    def _records(self, kind: str, environment: str) -> NamedRecords | None:
        key = (kind, environment)
        if key not in self._named:
            path = pack_path(kind, environment)
            try:
                self._named[key] = NamedRecords(self.folder / path, kind)
            except TextError as error:
                self.report.wrong(path, str(error))
                self._named[key] = None
        return self._named[key]

    def _ends(self) -> None:
        """See that nothing is there that no deployment has."""
        for (kind, environment), walk in self._lists.items():
            path = pack_path(kind, environment)
            try:
                if path not in self._broken:
                    walk.end()
            except TextError as error:
                self.report.wrong(path, str(error))
        for kind in (*LISTS, *NAMED):
            known = self._lists if kind in LISTS else self._named
            for file in sorted((self.folder / "objects" / kind).glob("*.jsonl")):
                if (kind, file.stem) not in known:
                    self._unnamed(kind, file.stem)
        for (kind, environment), records in self._named.items():
            for number, digest in records.unasked() if records is not None else ():
                if not self._next_names(environment, digest):
                    self.report.wrong(pack_path(kind, environment), f"line {number} is a record that nothing names")

    def _unnamed(self, kind: str, environment: str) -> None:
        if kind in NAMED:
            self._records(kind, environment)
        else:
            self.report.wrong(pack_path(kind, environment), "is of an environment that has no such deployment")

    def _next_names(self, environment: str, digest: str) -> bool:
        """Return whether what waits for an environment names a record: results of a release that is not made yet."""
        for file in sorted((self.folder / "objects" / "next").glob("*.json")):
            if environment and digest.encode() in file.read_bytes():
                return True
        return False


def _counts(record: Any) -> dict[str, int]:  # noqa: ANN401 - one of three records of counts
    found = msgspec.structs.asdict(record)
    return {name: count for name, count in found.items() if name != "object" and count}


def _words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"
