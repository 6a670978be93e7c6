"""The evidence folder, written: the only owner of its files until the manifest closes it."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING, Any, Self

import msgspec

from generator.errors import FaultError, Place
from generator.evidence.manifest import write_manifest
from generator.evidence.packs import SNAPSHOT_EVERY, ComponentRecord, PackLine
from generator.evidence.reading import COMPONENTS, DEPLOYMENTS, SUMMARY, pack_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.evidence.records import DeploymentRecord
    from generator.evidence.summary import Summary

_BUFFER = 1 << 18
_KEY_SIZE = 16


class _Pack:
    """One `objects/KIND/ENVIRONMENT.jsonl` while it grows."""

    def __init__(self, file: IO[bytes], encoder: msgspec.json.Encoder) -> None:
        self._file, self._encoder = file, encoder
        self._entries: dict[str, Any] = {}
        self._parts: dict[str, bytes] = {}
        self._order: list[str] = []
        self._since_snapshot = 0
        self.digest = ""

    def write(self, changed: Mapping[str, Any | None], digest: str | None) -> str:
        """Append the list with `changed` applied (`None` takes an entry away); return the digest of the whole list.

        A list that is as it was adds no line.
        """
        changed = {k: v for k, v in changed.items() if v is not None or k in self._entries}
        if self.digest and not changed and digest in {None, self.digest}:
            return self.digest
        for key, entry in changed.items():
            if entry is None:
                del self._entries[key], self._parts[key]
            else:
                self._entries[key] = entry
                if digest is None:
                    data = key.encode() + b"\0" + self._encoder.encode(entry)
                    self._parts[key] = hashlib.sha256(data).digest()[:_KEY_SIZE]
                else:
                    self._parts[key] = b""
        name = digest if digest is not None else self._list_digest()
        self._append(name, changed)
        self.digest = name
        return name

    def _list_digest(self) -> str:
        return hashlib.sha256(b"".join(sorted(self._parts.values()))).hexdigest()[:32]

    def _append(self, name: str, changed: Mapping[str, Any | None]) -> None:
        if not self.digest or self._since_snapshot >= SNAPSHOT_EVERY:
            line = PackLine(digest=name, set=dict(sorted(self._entries.items())))
            self._since_snapshot = 0
        else:
            came = {k: v for k, v in sorted(changed.items()) if v is not None}
            gone = tuple(sorted(k for k, v in changed.items() if v is None))
            line = PackLine(digest=name, base=self.digest, set=came, unset=gone)
            self._since_snapshot += 1
        self._file.write(self._encoder.encode(line) + b"\n")


class EvidenceStore:
    """Writes one evidence folder; use as a context manager. Raises `FaultError` where the machine can't write."""

    def __init__(self, folder: Path) -> None:
        """Write into `folder`, which is made and must not hold anything yet."""
        self.folder = folder
        self._encoder = msgspec.json.Encoder(order="sorted")
        self._files: list[IO[bytes]] = []
        self._packs: dict[tuple[str, str], _Pack] = {}
        self._components: set[bytes] = set()
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

    def _open(self, name: str) -> IO[bytes]:
        path = self.folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("wb", buffering=_BUFFER)
        except OSError as fault:
            raise FaultError("write", str(fault), place=Place(str(path))) from fault
        self._files.append(file)
        return file

    def component(self, digest: str, record: ComponentRecord) -> None:
        """Write a component state, once."""
        self._components.add(bytes.fromhex(digest))
        self._component_file.write(self._encoder.encode(record) + b"\n")

    def has_component(self, digest: str) -> bool:
        """Return whether that component state is written already."""
        return bytes.fromhex(digest) in self._components

    def pack(self, kind: str, environment: str, changed: Mapping[str, Any | None], digest: str | None = None) -> str:
        """Append a list of one kind and environment as its difference to the last one; return its digest.

        Without `digest` the list is named by its own entries.
        """
        pack = self._packs.get((kind, environment))
        if pack is None:
            pack = self._packs[kind, environment] = _Pack(self._open(pack_path(kind, environment)), self._encoder)
        return pack.write(changed, digest)

    def deployment(self, record: DeploymentRecord) -> None:
        """Append one deployment."""
        self._deployment_file.write(self._encoder.encode(record) + b"\n")

    def close(self, summary: Summary, refs: Mapping[str, str]) -> str:
        """Write the summary and the manifest, which closes the folder; return the manifest's digest."""
        path = self.folder / SUMMARY
        try:
            for file in self._files:
                file.close()
            path.write_bytes(msgspec.json.format(self._encoder.encode(summary), indent=1) + b"\n")
        except OSError as fault:
            raise FaultError("write", str(fault), place=Place(str(path))) from fault
        return write_manifest(self.folder, refs, summary)
