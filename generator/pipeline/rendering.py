"""Planned units read: rendered in a pool where an engine is needed, each distinct input once, kept on disk."""

from __future__ import annotations

import errno
import hashlib
import inspect
import os
import zlib
from collections import OrderedDict
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from contextvars import Context, copy_context
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import msgspec

import generator
from generator.errors import FaultError, Unreadable
from generator.readers.reader import Reading, SourceFile
from generator.readers.validation.schemas import schemas_version
from generator.rendering.export import UnsafePathError, exported
from generator.rendering.hazards import hazard
from generator.rendering.jobs import Rendered
from generator.rendering.programs import STOP

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from generator.history.blobs import Blobs
    from generator.readers.reader import Mask
    from generator.rendering.cache import Cache
    from generator.rendering.engines import Engines
    from generator.rendering.jobs import Engine, InputFile, Job
    from generator.timeline.planning import Planned
    from generator.timeline.readings import Readings

KEPT = 1024
"""Readings of planned units that are kept in memory: an environment comes back to few of them."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
TOGETHER = 16
"""Units without an engine from which on the readings of one batch are kept on disk, as one entry."""
_READING_ROOMS = ("documents", "model", "readers", "rendering")
_WORDS = "errors.py"
"""Makes the sentences of problems, which are part of a reading."""
_PROBE = "assay"


class Renderer:
    """Reads planned units. Its results depend on the plans alone, not on what was met before or is kept."""

    def __init__(self, blobs: Blobs, readings: Readings, mask: Mask, engines: Engines, cache_: Cache | None) -> None:
        """Take contents from `blobs`; keep what needed an engine in `cache_`, where there is one."""
        self._blobs, self._readings, self._mask, self._engines, self._cache = blobs, readings, mask, engines, cache_
        self._kept: OrderedDict[str, Reading] = OrderedDict()
        self._decoder = msgspec.msgpack.Decoder(Reading)
        self._list_decoder = msgspec.msgpack.Decoder(list[Reading])
        self._lost = False
        """Whether the content of a file could not be had: what came of it holds for this repository alone."""
        self._encoder = msgspec.msgpack.Encoder()
        self._hazards: dict[tuple[str, str], Unreadable | None] = {}
        self._workers = os.cpu_count() or 1
        self.rendered = 0
        """Jobs that an engine was started for."""
        self.found = 0
        """Readings of rendered units that were found on disk."""

    def read(self, planned: Iterable[Planned]) -> Generator[tuple[str, Reading]]:
        """Yield (key, reading) for each distinct unit of `planned`."""
        todo: dict[str, list[Planned]] = {}
        plain: list[Planned] = []
        for one in {p.key: p for p in planned}.values():
            known = self._known(one)
            if known is not None:
                yield one.key, known
            elif one.plan.job is None or one.plan.problems:
                plain.append(one)
            else:
                todo.setdefault(one.plan.job.digest(), []).append(one)
        for one, reading in zip(plain, self._plain(plain), strict=True):
            yield one.key, self._keep(one, reading)
        with closing(self._rendered({d: ones[0] for d, ones in todo.items()})) as pool:
            for digest, rendered in pool:
                for one in todo[digest]:
                    reading = self._keep(one, self._made(one, rendered))
                    if self._cache is not None and not _passing(rendered):
                        self._cache.put(self._cache_key(one), self._encoder.encode(reading))
                    yield one.key, reading

    def _plain(self, plain: list[Planned]) -> list[Reading]:
        """Return the readings of units that need no engine, in their order; many of them are kept as one entry.

        One by one they would be read from disk as slowly as from git; together they take a third of the time.
        """
        cache = self._cache if len(plain) >= TOGETHER else None
        key = hashlib.sha256("".join(map(self._cache_key, plain)).encode()).hexdigest() if cache else ""
        data = cache.get(key) if cache else None
        if cache and data is not None:
            try:
                known = self._list_decoder.decode(zlib.decompress(data))
            except (msgspec.DecodeError, zlib.error):
                known = []
            if len(known) == len(plain):
                return known
            cache.drop(key)
        self._blobs.fetch(file.blob for one in plain if not one.plan.problems for file in one.plan.files)
        self._lost = False
        readings = [self._made(one, None) for one in plain]
        if cache and not self._lost:
            cache.put(key, zlib.compress(self._encoder.encode(readings), 1))
        return readings

    def _known(self, one: Planned) -> Reading | None:
        if one.key in self._kept:
            self._kept.move_to_end(one.key)
            return self._kept[one.key]
        if self._cache is None or one.plan.job is None:
            return None
        key = self._cache_key(one)
        data = self._cache.get(key)
        if data is None:
            return None
        try:
            reading = self._decoder.decode(data)
        except msgspec.DecodeError:
            # Sound, but of another form: made anew as if it were not there.
            self._cache.drop(key)
            return None
        self.found += 1
        return self._keep(one, reading)

    def _keep(self, one: Planned, reading: Reading) -> Reading:
        self._kept[one.key] = reading
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return reading

    def _made(self, one: Planned, rendered: Rendered | None) -> Reading:
        files = []
        lost = []
        for file in one.plan.files:
            content = self._blobs.get(file.blob, file.path)
            if isinstance(content, Unreadable):
                lost.append(content)
                self._lost = True
            else:
                files.append(SourceFile(file.path, content))
        return self._readings.read_planned(one, files, lost, rendered)

    def _rendered(self, ones: dict[str, Planned]) -> Generator[tuple[str, Rendered]]:
        """Render in a pool, with no more contents in memory than the pool has work for."""
        if not ones:
            return
        waiting: dict[Future[Rendered], str] = {}
        with ThreadPoolExecutor(self._workers, thread_name_prefix="assay-render") as pool, _ended(waiting) as context:
            for digest, one in ones.items():
                job = one.plan.job
                if job is None:
                    continue
                contents = self._contents(job)
                if isinstance(contents, Rendered):
                    yield digest, contents
                    continue
                self.rendered += 1
                engine = self._engines.get(job.engine)
                waiting[pool.submit(context.copy().run, _render, engine, job, contents)] = digest
                if len(waiting) >= 2 * self._workers:
                    yield from _finished(waiting)
            while waiting:
                yield from _finished(waiting)

    def _contents(self, job: Job) -> dict[str, bytes] | Rendered:
        contents = {}
        self._blobs.fetch(file.blob for file in job.files)
        for file in job.files:
            data = self._blobs.get(file.blob, file.path)
            if isinstance(data, Unreadable):
                return Rendered(code=data.code, failure=f"{file.path}: {data.reason}", fix=data.fix)
            danger = self._hazard(file, data)
            if danger is not None:
                place = f"{file.path}:{danger.place.line}" if danger.place.line else file.path
                return Rendered(code=danger.code, failure=f"{place}: {danger.reason}", fix=danger.fix)
            contents[file.path] = data
        return contents

    def _hazard(self, file: InputFile, data: bytes) -> Unreadable | None:
        """Return why no engine is given a file; each content is looked at once."""
        key = (file.blob, Path(file.path).suffix)
        if key not in self._hazards:
            self._hazards[key] = hazard(data, file.path)
        return self._hazards[key]

    def _cache_key(self, one: Planned) -> str:
        """Return the name of a reading on disk: its input, the code and schemas, and the key of fingerprints."""
        reader = _source_digest(type(one.source.reader))
        parts = (one.key, code_digest(), reader, schemas_version(), self._mask(_PROBE))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _passing(rendered: Rendered) -> bool:
    """Return whether a failure is of this machine or moment, and may be none the next time."""
    return rendered.code in {"engine-missing", "engine-timeout", "machine", "missing-object"}


@contextmanager
def _ended(waiting: dict[Future[Rendered], str]) -> Iterator[Context]:
    """Give a context to render in; what runs and waits in it is ended where nobody wants its results any more."""
    stop = Event()
    context = copy_context()
    context.run(STOP.set, stop.is_set)
    try:
        yield context
    except BaseException:
        stop.set()
        for future in waiting:
            future.cancel()
        raise


def _finished(waiting: dict[Future[Rendered], str]) -> Iterator[tuple[str, Rendered]]:
    for done in wait(waiting, return_when=FIRST_COMPLETED).done:
        yield waiting.pop(done), done.result()


def _render(engine: Engine, job: Job, contents: dict[str, bytes]) -> Rendered:
    try:
        with exported(job, contents) as export:
            return engine.render(job, export, contents)
    except UnsafePathError as fault:
        return Rendered(code="outside", failure=f"{fault} is not a path that an export can have")
    except FileExistsError as fault:
        return Rendered(code="engine-failed", failure=f"two files of one name: {Path(str(fault.filename)).name}")
    except (NotADirectoryError, IsADirectoryError):
        return Rendered(code="engine-failed", failure="a file and a folder of one name")
    except OSError as fault:
        if fault.errno in _NO_ROOM:
            # Every other version would fail alike, and the old site says more than one without any.
            fix = "free some space in the folder for temporary files, then build again"
            raise FaultError("no-space", fault.strerror or "no space left", fix=fix) from fault
        return Rendered(code="machine", failure=fault.strerror or "the export could not be written")


@cache
def code_digest() -> str:
    """Return the SHA-256 of the code that makes readings: what was made by other code is not taken from disk."""
    # The version speaks for an installation that has no source files to be looked at.
    found = hashlib.sha256(version("assay").encode() + b"\0")
    top = Path(str(generator.__file__)).parent
    for room in _READING_ROOMS:
        for file in sorted((top / room).rglob("*.py")):
            found.update(file.read_bytes() + b"\0")
    if (top / _WORDS).is_file():
        found.update((top / _WORDS).read_bytes())
    return found.hexdigest()


@cache
def _source_digest(reader: type) -> str:
    """Return the SHA-256 of the module of a reader, which may be of another package."""
    try:
        file = inspect.getsourcefile(reader)
        return hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""
    except (OSError, TypeError):
        return ""  # of a package that is not kept as files
