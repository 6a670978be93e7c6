"""The evidence folder, written: the only owner of its files until the manifest closes it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Self

import msgspec

from generator.errors import FaultError, Place
from generator.evidence.beginnings import copy_beginning
from generator.evidence.canonical import canonical
from generator.evidence.manifest import file_digest
from generator.evidence.next_release import next_path
from generator.evidence.packs import SNAPSHOT_EVERY, ComponentRecord, PackLine
from generator.evidence.reading import CHANGES, COMPONENTS, DEPLOYMENTS, METRICS, RECORDS, SUMMARY, Evidence, pack_path
from generator.evidence.redaction import lay_redactions
from generator.evidence.sealing import close_bundle, lay_history
from generator.evidence.statements import NOTHING_STATED, Stated, write_statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from generator.evidence.app_changes import AppChangeRecord
    from generator.evidence.delivery_records import RecordLine
    from generator.evidence.next_release import NextRecord
    from generator.evidence.people import People
    from generator.evidence.records import DeploymentRecord
    from generator.evidence.sealing import Seal
    from generator.evidence.summary import Summary

_BUFFER = 1 << 18
_MODULUS = 1 << 256


class PackMemory(NamedTuple):
    """A list of one kind and environment, as it stands."""

    entries: Mapping[str, bytes]
    sums: Mapping[str, int]
    sum: int
    since_snapshot: int
    digest: str


class StoreMemory(NamedTuple):
    """What was written of an evidence folder at some moment, and what has to be known to write on."""

    sizes: Mapping[str, int]
    """Bytes of each file by its path."""
    components: frozenset[bytes]
    objects: Mapping[tuple[str, str], frozenset[str]]
    packs: Mapping[tuple[str, str], PackMemory]


class Begun(NamedTuple):
    """An evidence folder that holds at least what `memory` tells of, to be taken over."""

    folder: Path
    memory: StoreMemory
    stated: Mapping[str, int] | None
    """Bytes of each environment's statements on the deployments that `memory` tells of; `None` to write them anew."""


class _Pack:
    """One `objects/KIND/ENVIRONMENT.jsonl` while it grows; entries are kept as the text that is written."""

    def __init__(self, file: IO[bytes], encoder: msgspec.json.Encoder, text_of: Callable[[Any], bytes]) -> None:
        self._file, self._encoder, self._text_of = file, encoder, text_of
        self._entries: dict[str, bytes] = {}
        self._sums: dict[str, int] = {}
        self._sum = 0
        self._since_snapshot = 0
        self.digest = ""

    def write(self, changed: Mapping[str, Any | None], digest: str | None) -> str:
        """Append the list with `changed` applied (`None` takes an entry away); return the digest of the whole list.

        A list that is as it was adds no line.
        """
        if not changed and self.digest and digest in {None, self.digest}:
            return self.digest
        came: dict[str, msgspec.Raw] = {}
        gone: list[str] = []
        for key, entry in changed.items():
            if entry is not None:
                text = self._text_of(entry)
                if self._entries.get(key) == text:
                    continue
                self._entries[key] = text
                came[key] = msgspec.Raw(text)
                if digest is None:
                    self._count(key, text)
            elif self._entries.pop(key, None) is not None:
                gone.append(key)
                self._sum -= self._sums.pop(key, 0)
        if digest is None:
            digest = (self._sum % _MODULUS).to_bytes(32, "big").hex()[:32]
        if came or gone or digest != self.digest:
            self._append(digest, came, gone)
        self.digest = digest
        return digest

    def memory(self) -> PackMemory:
        """Return what it knows of the list as it stands."""
        return PackMemory(dict(self._entries), dict(self._sums), self._sum, self._since_snapshot, self.digest)

    def recall(self, memory: PackMemory) -> None:
        """Go on from `memory`."""
        self._entries, self._sums = dict(memory.entries), dict(memory.sums)
        self._sum, self._since_snapshot, self.digest = memory.sum, memory.since_snapshot, memory.digest

    def _count(self, key: str, text: bytes) -> None:
        """Follow the sum of the entries' digests, which names the list: one more entry costs one more hash."""
        value = int.from_bytes(hashlib.sha256(key.encode() + b"\0" + text).digest(), "big")
        self._sum += value - self._sums.get(key, 0)
        self._sums[key] = value

    def _append(self, name: str, came: Mapping[str, Any], gone: list[str]) -> None:
        if not self.digest or self._since_snapshot >= SNAPSHOT_EVERY:
            line = PackLine(digest=name, set={key: msgspec.Raw(text) for key, text in sorted(self._entries.items())})
            self._since_snapshot = 0
        else:
            line = PackLine(digest=name, base=self.digest, set=dict(sorted(came.items())), unset=tuple(sorted(gone)))
            self._since_snapshot += 1
        self._file.write(self._encoder.encode(line) + b"\n")


class EvidenceStore:
    """Writes one evidence folder; use as a context manager. Raises `FaultError` where the machine can't write."""

    def __init__(self, folder: Path, people: People | None = None) -> None:
        """Write into `folder`, which is made and must not hold anything yet; `people` say how people are shown."""
        self.folder, self._people = folder, people
        self._encoder = msgspec.json.Encoder(order="sorted")
        self._files: list[IO[bytes]] = []
        self._packs: dict[tuple[str, str], _Pack] = {}
        self._components: set[bytes] = set()
        self._objects: dict[tuple[str, str], set[str]] = {}
        self._lines: dict[tuple[str, str], IO[bytes]] = {}
        self._begun: Begun | None = None
        self._remembered = 0
        self._digested: dict[str, tuple[int, str]] = {}
        """Size and SHA-256 of files as they were when `digest` was called, by their path in the folder."""
        self.stated: dict[str, int] = {}
        """Bytes of each environment's statements, once it is closed, on what `memory` was asked for last."""
        try:
            folder.mkdir(parents=True)
        except OSError as fault:
            raise FaultError("write", str(fault), place=Place(str(folder))) from fault
        self._component_file = self._open(COMPONENTS)
        self._deployment_file = self._open(DEPLOYMENTS)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close every file; what a fault left half written is no evidence, since it has no manifest."""
        for file in self._files:
            if not file.closed:
                file.close()

    def _text(self, record: Any) -> bytes:  # noqa: ANN401 - anything that JSON can hold
        """Return a record as it is written: no line gets into a file by another way."""
        text = self._encoder.encode(record)
        if self._people is None or not self._people.touches(text):
            return text
        return self._encoder.encode(self._people.record(msgspec.json.decode(text)))

    def shown(self, summary: Summary) -> Summary:
        """Return a summary as it is written."""
        return msgspec.json.decode(self._text(summary), type=type(summary)) if self._people is not None else summary

    def _open(self, name: str) -> IO[bytes]:
        path = self.folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("ab", buffering=_BUFFER)
        except OSError as fault:
            raise FaultError("write", str(fault), place=Place(str(path))) from fault
        self._files.append(file)
        return file

    def _pack(self, kind: str, environment: str) -> _Pack:
        pack = self._packs.get((kind, environment))
        if pack is None:
            pack = self._packs[kind, environment] = _Pack(
                self._open(pack_path(kind, environment)), self._encoder, self._text
            )
        return pack

    def memory(self) -> StoreMemory:
        """Return what another store needs to go on from here: copies, since this one goes on too."""
        self.flush()
        files = [path for path in sorted(self.folder.rglob("*")) if path.is_file()]
        sizes = {path.relative_to(self.folder).as_posix(): path.stat().st_size for path in files}
        self._remembered = sizes[DEPLOYMENTS]
        return StoreMemory(
            sizes,
            frozenset(self._components),
            {key: frozenset(known) for key, known in self._objects.items()},
            {key: pack.memory() for key, pack in self._packs.items()},
        )

    def go_on(self, begun: Begun) -> None:
        """Take over what another store wrote, before anything is written."""
        memory, self._begun = begun.memory, begun
        try:
            for name, size in sorted(memory.sizes.items()):
                copy_beginning(begun.folder / name, self.folder / name, size)
        except OSError as fault:
            raise FaultError("write", str(fault), place=Place(str(self.folder))) from fault
        self._components, self._objects = set(memory.components), {k: set(v) for k, v in memory.objects.items()}
        for (kind, environment), state in memory.packs.items():
            self._pack(kind, environment).recall(state)

    def component(self, digest: str, record: ComponentRecord) -> None:
        """Write a component state, once."""
        self._components.add(bytes.fromhex(digest))
        self._component_file.write(self._text(record) + b"\n")

    def has_component(self, digest: str) -> bool:
        """Return whether that component state is written already."""
        return bytes.fromhex(digest) in self._components

    def pack(self, kind: str, environment: str, changed: Mapping[str, Any | None], digest: str | None = None) -> str:
        """Append a list of one kind and environment as its difference to the last one; return its digest.

        Without `digest` the list is named by its own entries.
        """
        return self._pack(kind, environment).write(changed, digest)

    def object(self, kind: str, environment: str, record: msgspec.Struct | msgspec.Raw) -> str:
        """Write a record of its own to `objects/KIND/ENVIRONMENT.jsonl`, each distinct one once; return its digest."""
        text = self._text(record)
        digest = hashlib.sha256(text).hexdigest()[:32]
        known = self._objects.setdefault((kind, environment), set())
        if digest not in known:
            known.add(digest)
            self.line(kind, environment, {"digest": digest, "record": msgspec.Raw(text)})
        return digest

    def line(self, kind: str, environment: str, record: Any) -> None:  # noqa: ANN401 - anything that JSON can hold
        """Append a line to `objects/KIND/ENVIRONMENT.jsonl`."""
        file = self._lines.get((kind, environment))
        if file is None:
            file = self._lines[kind, environment] = self._open(pack_path(kind, environment))
        file.write(self._text(record) + b"\n")

    def deployment(self, record: DeploymentRecord) -> None:
        """Append one deployment."""
        self._deployment_file.write(self._text(record) + b"\n")

    def records(self, lines: Iterable[RecordLine]) -> None:
        """Write what records tell, in the order given; without any there is no file."""
        file: IO[bytes] | None = None
        for line in lines:
            file = self._open(RECORDS) if file is None else file
            file.write(self._text(line) + b"\n")

    def app_changes(self, lines: Iterable[AppChangeRecord]) -> None:
        """Write what deployments brought of applications' own histories; the file is there also without any."""
        file = self._open(CHANGES)
        for line in lines:
            file.write(self._text(line) + b"\n")

    def next_release(self, record: NextRecord) -> None:
        """Write what would come to one production environment."""
        self.document(next_path(record.environment), record)

    def document(self, name: str, record: Any) -> None:  # noqa: ANN401 - anything that JSON can hold
        """Write a file that is one record."""
        self._open(name).write(canonical(self._text(record)) + b"\n")

    def take_over(self, name: str, records: Iterable[Any]) -> None:
        """Write what another bundle's file `name` holds, a line a record, with every field that stands in them."""
        opened = {COMPONENTS: self._component_file, DEPLOYMENTS: self._deployment_file}
        file = opened.get(name) or self._open(name)
        for record in records:
            file.write(self._text(record) + b"\n")

    def flush(self) -> None:
        """See that everything handed in so far can be read from the folder."""
        try:
            for file in self._files:
                file.flush()
        except OSError as fault:
            raise FaultError("write", str(fault), place=Place(str(self.folder))) from fault

    def digest(self) -> None:
        """Digest the lines handed in so far, so that `close` reads again only files that grew since."""
        self.flush()
        for file in self._files:
            path = Path(file.name)
            size = path.stat().st_size
            self._digested[path.relative_to(self.folder).as_posix()] = size, file_digest(path)

    def metrics(self, lines: Iterable[bytes]) -> None:
        """Write delivery measures, as canonical JSON, in the order given."""
        file = self._open(METRICS)
        for line in lines:
            text = self._text(msgspec.Raw(line))
            file.write((line if text == line else canonical(text)) + b"\n")

    def close(self, summary: Summary, seal: Seal) -> str:
        """Write the summary and the manifest, which closes the folder; return the manifest's digest."""
        path = self.folder / SUMMARY
        try:
            for file in self._files:
                file.close()
            path.write_bytes(canonical(self._text(summary)) + b"\n")
        except OSError as fault:
            raise FaultError("write", str(fault), place=Place(str(path))) from fault
        self.stated = write_statements(Evidence.unfinished(self.folder, summary), self._stated(), self._remembered)
        lay_history(self.folder, replace(seal, vanished=[self._text(msgspec.Raw(line)) for line in seal.vanished]))
        if self._people is not None and self._people.erased:
            lay_redactions(self.folder, self._people.erased.redactions)
        return close_bundle(self.folder, seal, self._digested)

    def _stated(self) -> Stated:
        begun = self._begun
        if begun is None or begun.stated is None:
            return NOTHING_STATED
        return Stated(begun.folder, begun.memory.sizes[DEPLOYMENTS], begun.stated)
