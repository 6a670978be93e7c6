"""What is gathered from deployments one by one, kept from one report to the next so that only new ones are read.

A fold takes every deployment in, oldest first, and can say at any time how it stands, as plain data. That state is kept
in the cache together with the digest of the lines that it has taken in. The next report begins with it where its own
`deployments.jsonl` begins with the very same lines, and everything else that the fold depends on is the same; else
the fold begins at the beginning. What comes out is the same either way.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

import msgspec

from generator.errors import Place, RefusedError
from generator.evidence.cached import read_sealed, write_sealed
from generator.evidence.memo import Memo
from generator.evidence.reading import DEPLOYMENTS
from generator.evidence.records import DeploymentRecord
from generator.evidence.stamps import code_stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from generator.evidence.reading import Evidence

RENEW = 512
"""Deployments after which a state is written anew: to write it costs as much as to take in some hundreds."""
_CHUNK = 1 << 20
_NONE = hashlib.sha256().digest()
_FILES = "files"
"""Where it is kept what files of the site are known by."""


class NotKept(Exception):  # noqa: N818 - no fault: the fold begins at the beginning then
    """What a fold was to go on from is not what it was."""


class Fold(Protocol):
    """What is gathered from deployments, oldest first."""

    def take(self, line: int, record: DeploymentRecord) -> None:
        """Take in the next deployment, which stands in this line, from 1."""

    def state(self) -> Any:  # noqa: ANN401 - plain data of the type that `Folds.bring` is told
        """Return how it stands, as data that msgspec can write and read: nothing of it may change later."""


AnyFold = TypeVar("AnyFold", bound=Fold)
Held = TypeVar("Held")


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """A state as it is kept."""

    base: bytes
    """Digest of everything that it depends on beside the deployments."""
    lines: int
    """How many deployments it has taken in."""
    size: int
    """Bytes of these lines."""
    digest: bytes
    """SHA-256 of these lines."""
    state: bytes


class Learned(msgspec.Struct, frozen=True, array_like=True):
    """What is to be kept for the next report, from a copy of the process that makes this one."""

    states: dict[str, _Kept]
    memos: dict[str, dict[bytes, bytes]]
    """What was asked of each memo."""


class _Mark(NamedTuple):
    """What tells a file from others without reading it, and its SHA-256."""

    size: int
    time: int
    """Nanoseconds since 1970."""
    number: int
    """Its number on the disk."""
    digest: bytes


class Folds:
    """The folds of one report. Without a `memory` each begins at the beginning, and none is kept."""

    def __init__(
        self, evidence: Evidence, memory: Path | None = None, base: bytes = b"", site: Path | None = None
    ) -> None:
        """Read the deployments of `evidence`; states are kept in the folder `memory`.

        `base` stands for everything that folds depend on beside the deployments: settings, and what the summary says of
        environments; the code is added. `site` is the folder of the former site, to go on from files in it.
        """
        self._path, self._memory, self._site = evidence.folder / DEPLOYMENTS, memory, site
        self.base = hashlib.sha256(code_stamp() + b"\0" + base).digest()
        """Digest of everything that folds depend on beside the deployments."""
        self._digests = {0: hashlib.sha256()}
        self._left: dict[str, _Kept] = {}
        self._memos: dict[str, Memo] = {}
        self._size = self._path.stat().st_size if self._path.exists() else 0
        self._former_marks: dict[str, _Mark] | None = None
        self._marks: dict[str, _Mark] = {}

    def bring(self, name: str, state: Any, begin: Callable[[Any], AnyFold]) -> AnyFold:  # noqa: ANN401 - a type
        """Return the fold called `name` as it stands after the newest deployment.

        `state` is the type of its state; `begin` is called with one to go on from, and raises `NotKept` where it can't,
        or with `None`. Raises `RefusedError` where a line is no deployment.
        """
        kept = self._kept(name)
        fold = None
        if kept is not None:
            with suppress(NotKept, msgspec.MsgspecError, UnicodeError):
                fold = begin(msgspec.msgpack.decode(kept.state, type=state))
        if kept is None or fold is None:
            kept, fold = _Kept(self.base, 0, 0, _NONE, b""), begin(None)
        lines = kept.lines
        for number, record in self._deployments(kept):
            fold.take(number, record)
            lines = number
        if self._memory is not None and (lines - kept.lines >= RENEW or not kept.state):
            digest = self._digest(self._size)
            self._left[name] = _Kept(self.base, lines, self._size, digest, msgspec.msgpack.encode(fold.state()))
        return fold

    def former(self, path: str, size: int, digest: bytes, target: IO[bytes]) -> hashlib._Hash:
        """Begin the file `target` with the first `size` bytes of the file `path` of the former site.

        Return their SHA-256, to be gone on with; raises `NotKept` where it is not `digest`.
        """
        if self._site is None:
            raise NotKept(path)
        found = hashlib.sha256()
        try:
            with (self._site / path).open("rb") as file:
                left = size
                while left and (data := file.read(min(left, _CHUNK))):
                    found.update(data)
                    target.write(data)
                    left -= len(data)
        except OSError as fault:
            raise NotKept(path) from fault
        if left or found.digest() != digest:
            raise NotKept(path)
        return found

    def memo(self, name: str) -> Memo:
        """Return the memo called `name`: what was made with the same code and settings."""
        if name not in self._memos:
            path = self._memory / f"{name}.memo" if self._memory is not None else None
            self._memos[name] = Memo(path, self.base)
        return self._memos[name]

    def carry(self, path: str, digest: bytes, target: Path) -> bool:
        """Put the file `path` of the former site at `target`, if it has the SHA-256 `digest`; return whether it was.

        The file is then not to be written to: it may be the very file of the former site. What a file was found or
        `noted` to hold is kept, and not read again as long as its size, time and place on the disk are the same.
        """
        if self._site is None:
            return False
        source = os.path.join(self._site, path)  # noqa: PTH118 - thousands of small files: a third of their time
        try:
            mark = self._marked(path, source)
            if mark is None or mark.digest != digest:
                return False
            try:
                os.link(source, target)
            except OSError:
                # Another disk, or a system without links of this kind.
                target.unlink(missing_ok=True)
                shutil.copyfile(source, target)
                mark = _mark(target, digest)
        except OSError:
            return False
        if mark is not None:
            self._marks[path] = mark
        return True

    def note(self, path: str, digest: bytes, written: Path) -> None:
        """Note that the file `written`, which is to be `path` in the site, has the SHA-256 `digest`."""
        with suppress(OSError):
            mark = _mark(written, digest)
            if mark is not None:
                self._marks[path] = mark

    @property
    def known(self) -> dict[str, str]:
        """SHA-256 of each file that was carried or noted, by its path in the site."""
        return {path: mark.digest.hex() for path, mark in self._marks.items()}

    def reach(self) -> tuple[int, bytes]:
        """Return how many bytes the deployments are, and their SHA-256."""
        return self._size, self._digest(self._size)

    def begins(self, size: int, digest: bytes) -> bool:
        """Return whether the first `size` bytes of the deployments have the SHA-256 `digest`."""
        return size <= self._size and self._digest(size) == digest

    def learned(self) -> Learned:
        """Return what is to be kept for the next report as far as it is known, for `learn` of another process."""
        return Learned(self._left, {name: memo.asked for name, memo in self._memos.items()})

    def learn(self, learned: Learned) -> None:
        """Keep for the next report what a copy of this process `learned` of the same deployments."""
        self._left.update(learned.states)
        for name, asked in learned.memos.items():
            self.memo(name).learn(asked)

    def keep(self) -> None:
        """Write what is to be kept for the next report, where that is possible."""
        for memo in self._memos.values():
            memo.keep()
        for name, kept in self._left.items():
            self._write(f"{name}.fold", msgspec.msgpack.encode(kept))
        self._write(_FILES, msgspec.msgpack.encode(self._marks))

    def _write(self, name: str, data: bytes) -> None:
        if self._memory is not None:
            write_sealed(self._memory / name, data)

    def _read(self, name: str, kind: type[Held]) -> Held | None:
        """Return what was kept as `name`; `None` where nothing was, or it is damaged."""
        data = read_sealed(self._memory / name) if self._memory is not None else None
        if data is None:
            return None
        try:
            return msgspec.msgpack.decode(data, type=kind)
        except msgspec.MsgspecError:
            return None

    def _marked(self, path: str, source: str) -> _Mark | None:
        """Return the mark of the file `source`, `path` in the former site; `None` where it is no plain file."""
        if self._former_marks is None:
            self._former_marks = self._read(_FILES, dict[str, _Mark]) or {}
        known = self._former_marks.get(path)
        mark = _mark(source, known.digest if known is not None else b"")
        if mark is None or mark == known:
            return mark
        with open(source, "rb") as file:  # noqa: PTH123 - as above
            return mark._replace(digest=hashlib.file_digest(file, "sha256").digest())

    def _kept(self, name: str) -> _Kept | None:
        """Return the state that was kept under `name`, if it is of deployments and settings like these."""
        kept = self._read(f"{name}.fold", _Kept)
        if kept is None or kept.base != self.base or kept.size > self._size:
            return None
        return kept if self._digest(kept.size) == kept.digest else None

    def _digest(self, size: int) -> bytes:
        """Return the SHA-256 of the first `size` bytes of the deployments."""
        if size not in self._digests:
            known = max(at for at in self._digests if at <= size)
            found, left = self._digests[known].copy(), size - known
            with self._path.open("rb") as file:
                file.seek(known)
                while left and (data := file.read(min(left, _CHUNK))):
                    found.update(data)
                    left -= len(data)
            self._digests[size] = found
        return self._digests[size].digest()

    def _deployments(self, kept: _Kept) -> Iterator[tuple[int, DeploymentRecord]]:
        """Yield the deployments that follow those of `kept`, each with its line."""
        if not self._path.exists():
            return
        decoder = msgspec.json.Decoder(DeploymentRecord)
        with self._path.open("rb") as file:
            file.seek(kept.size)
            for number, line in enumerate(file, kept.lines + 1):
                try:
                    yield number, decoder.decode(line)
                except msgspec.DecodeError as fault:
                    place = Place(str(self._path), number)
                    raise RefusedError("evidence", str(fault), place=place, fix="build it again") from fault


def _mark(path: Path | str, digest: bytes) -> _Mark | None:
    """Return the mark of a file that has this SHA-256; `None` for anything but a plain file."""
    found = os.lstat(path)
    return _Mark(found.st_size, found.st_mtime_ns, found.st_ino, digest) if stat.S_ISREG(found.st_mode) else None
