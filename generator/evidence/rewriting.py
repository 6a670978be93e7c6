"""A bundle written once more, record by record, so that something can be taken out of it for good.

Every record passes through the store that wrote it first. So lists and records that are named by their content get
their names anew, statements are made of what stands there now, and the result is what a build would have written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.errors import Place, RefusedError
from generator.evidence.breaks import VANISHED, read_breaks
from generator.evidence.reading import (
    CHANGES,
    COMPONENTS,
    DEPLOYMENTS,
    METRICS,
    RECORDS,
    SUMMARY,
    Evidence,
    lines_of,
)
from generator.evidence.redaction import REDACTIONS
from generator.evidence.refs import REFS, read_refs
from generator.evidence.sealing import TOLD_OF_CHAIN, Seal
from generator.evidence.store import EvidenceStore
from generator.evidence.summary import UNSIGNED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.evidence.former import Former
    from generator.evidence.manifest import Manifest
    from generator.evidence.people import People

_LISTS = frozenset({"topology", "findings", "drift"})
_NAMED = frozenset({"gates", "results", "triage"})
_LINES = frozenset({"fixed", "ended"})
_PLAIN = frozenset({COMPONENTS, RECORDS, CHANGES, METRICS})
"""Files whose lines are taken over one by one."""
_WHOLE = frozenset({SUMMARY, DEPLOYMENTS, REFS, REDACTIONS, *_PLAIN, *TOLD_OF_CHAIN})
_DEPTH = 3


class _ListLine(msgspec.Struct):
    digest: str
    base: str = ""
    set: dict[str, msgspec.Raw] = {}
    unset: tuple[str, ...] = ()


class _NamedLine(msgspec.Struct):
    digest: str
    record: msgspec.Raw


def rewrite(folder: Path, into: Path, people: People, manifest: Manifest, former: Former | None) -> str:
    """Write the bundle in `folder` into `into` as `people` may be shown; return the digest of its manifest.

    It says of itself what `manifest` says, and follows `former`. Signatures don't come with it. Raises `RefusedError`
    where a file of it can't be read or is none that is known, `FaultError` where the machine can't write.
    """
    _refuse_unknown(manifest)
    summary = msgspec.structs.replace(Evidence(folder).summary, integrity=UNSIGNED)
    with EvidenceStore(into, people) as store:
        copy = _Copy(folder, manifest, store)
        copy.run()
        seal = Seal(
            version=manifest.version,
            config_digest=manifest.config_digest,
            inputs=manifest.inputs,
            engines=manifest.engines,
            counts=manifest.counts,
            refs=manifest.refs,
            named=read_refs(folder),
            former=former,
            breaks=read_breaks(folder),
            vanished=[bytes(record) for record in _records(folder / VANISHED)],
        )
        return store.close(store.shown(summary), seal)


class _Copy:
    """Takes a bundle over into a store, file by file."""

    def __init__(self, folder: Path, manifest: Manifest, store: EvidenceStore) -> None:
        self.folder, self.store = folder, store
        self.names = sorted(manifest.files)
        self.renamed: dict[tuple[str, str], dict[str, str]] = {}
        """By kind and environment: name of a list or record before → now."""

    def run(self) -> None:
        for name in self.names:
            parts = name.split("/")
            if len(parts) == _DEPTH and parts[0] == "objects" and parts[1] != "next":
                self._objects(self.folder / name, parts[1], parts[2].removesuffix(".jsonl"))
        for name in sorted(_PLAIN.intersection(self.names)):
            self.store.take_over(name, _records(self.folder / name))
        self.store.take_over(DEPLOYMENTS, map(self._deployment, lines_of(self.folder / DEPLOYMENTS, dict)))
        for name in self.names:
            if name.startswith("objects/next/"):
                self.store.document(name, self._next(msgspec.json.decode((self.folder / name).read_bytes())))

    def _objects(self, path: Path, kind: str, environment: str) -> None:
        if kind in _LISTS:
            self.renamed[kind, environment] = dict(self._lists(path, kind, environment))
        elif kind in _NAMED:
            self.renamed[kind, environment] = {
                line.digest: self.store.object(kind, environment, line.record) for line in lines_of(path, _NamedLine)
            }
        else:
            for record in _records(path):
                self.store.line(kind, environment, record)

    def _lists(self, path: Path, kind: str, environment: str) -> Iterator[tuple[str, str]]:
        held: set[str] = set()
        for line in lines_of(path, _ListLine):
            gone = line.unset if line.base else held - line.set.keys()
            held = (held - set(gone)) | line.set.keys()
            changed: dict[str, Any] = {**line.set, **dict.fromkeys(gone)}
            # A topology is named by its components, which keep the names that they had.
            yield line.digest, self.store.pack(kind, environment, changed, line.digest if kind == "topology" else None)

    def _name(self, kind: str, environment: str, digest: str) -> str:
        return self.renamed.get((kind, environment), {}).get(digest, digest)

    def _deployment(self, line: dict[str, Any]) -> dict[str, Any]:
        environment = line["environment"]
        for kind in ("findings", "drift", "gates"):
            counts = line.get(kind) or {}
            if counts.get("object"):
                counts["object"] = self._name(kind, environment, counts["object"])
        if line.get("triage"):
            line["triage"] = self._name("triage", environment, line["triage"])
        self._results(line.get("results", ()), environment)
        return line

    def _next(self, record: dict[str, Any]) -> dict[str, Any]:
        self._results(record.get("own_results", ()), record["environment"])
        self._results([one["result"] for one in record.get("results", ())], record["upstream"])
        return record

    def _results(self, results: Any, environment: str) -> None:  # noqa: ANN401 - JSON as it was read
        for result in results:
            if result.get("object"):
                result["object"] = self._name("results", environment, result["object"])


def _refuse_unknown(manifest: Manifest) -> None:
    for name in manifest.files:
        parts = name.split("/")
        known = name in _WHOLE or parts[0] == "statements"
        if parts[0] == "objects" and len(parts) == _DEPTH:
            known = parts[1] in _LISTS | _NAMED | _LINES | {"next"}
        if not known:
            reason = "a file of the bundle that this version does not know; what it holds would be lost"
            raise RefusedError("redact", reason, place=Place(name), fix="use the version of Assay that wrote it")


def _records(path: Path) -> Iterator[msgspec.Raw]:
    """Yield the lines of a file as they are; none where there is no such file."""
    if path.is_file():
        with path.open("rb") as file:
            for line in file:
                yield msgspec.Raw(line.rstrip(b"\n"))
