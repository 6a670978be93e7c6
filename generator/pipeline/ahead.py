"""Reading ahead: git and the readers in a process of their own, while this one judges what they read before.

A history of many commits is read on one core and judged on another. What crosses over is small and plain: commits, and
the readings of files that were not met before. A short history, and a system that can't copy a process cheaply, is read
in turn by the same code; the result is the same.
"""

from __future__ import annotations

import heapq
import multiprocessing
import signal
import sys
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

import msgspec

from generator.errors import AssayError, FaultError, Place, RefusedError
from generator.history.commits import Commit  # noqa: TC001 - batches are decoded by their annotations
from generator.pipeline.faults import fault_of
from generator.pipeline.rendering import Renderer
from generator.readers.reader import Reading  # noqa: TC001 - as above
from generator.timeline.planning import TreeUnits
from generator.timeline.sources import PLANNED

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from multiprocessing.connection import Connection

    from generator.history.blobs import Blobs
    from generator.history.repository import Repository
    from generator.pipeline.tracks import Histories
    from generator.readers.reader import Mask
    from generator.rendering.cache import Cache
    from generator.rendering.engines import Engines
    from generator.timeline.planning import Planned
    from generator.timeline.readings import Readings

CHUNK = 400
"""Commits whose files are asked for at once."""
WORTHWHILE = 2000
"""Commits from which a second process saves more than it costs to start."""
WORTHWHILE_PLANNED = 200
"""The same where units are planned, since they take longer to read."""
MOST_PLANNED = 128
"""Planned units after which a batch ends, however few its commits."""
TOLD_FOUND = 100
"""Readings found on disk after which it is told how far rendering is; each time that an engine is started, too."""
GRACE = 10.0
"""Seconds in which a reading process that is told to end does so by itself."""
_GOOD, _BAD = b"+", b"-"


class Ready(msgspec.Struct, frozen=True, array_like=True):
    """The reading of a file that is a unit of its own."""

    history: int
    """Number of the history whose bindings tell of it."""
    path: str
    place: int
    """Place of its binding among those of the path."""
    blob: str
    reading: Reading


class Event(msgspec.Struct, frozen=True, array_like=True):
    """One step of one history."""

    history: int
    commit: Commit
    """With the changes that belong to an environment, those of planned units included."""


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Some steps in order, and what of their files was not read before; without steps, only how far rendering is."""

    events: tuple[Event, ...]
    readings: tuple[Ready, ...]
    planned: dict[str, Reading]
    """Readings of the planned units that these steps bring, by their keys."""
    tally: Tally


class Tally(msgspec.Struct, frozen=True, array_like=True):
    """What rendering came to so far; no page depends on it."""

    rendered: int = 0
    """Renderings that an engine was started for."""
    found: int = 0
    """Readings of renderings that were found on disk."""
    damaged: int = 0
    """Of the cache: entries that were thrown away."""
    unwritable: bool = False
    """Whether the cache could not be written."""
    engines: tuple[str, ...] = ()
    """Programs that render, with their versions, sorted."""


class _Fault(msgspec.Struct, frozen=True):
    code: str
    reason: str
    fix: str
    place: Place
    refused: bool


@dataclass(frozen=True)
class Source:
    """What is read: histories, the files that are meant in each, and how they are read."""

    repository: Repository
    histories: Histories
    readings: Callable[[Blobs, Mask], Readings]
    """Makes what keeps readings by their content."""
    mask: Mask
    engines: Engines
    cache: Cache | None
    after: str = ""
    """Full id of the commit that the one history is read from; empty for its beginning."""


def batches(source: Source) -> Generator[Batch]:
    """Yield the steps of `source` in batches, in their order, read ahead where that is worthwhile.

    Raises what reading raises.
    """
    found = source.histories.all
    slow = any(history.bindings.tree_sources for history in found)
    steps = sum(history.track.length for history in found)
    if steps < (WORTHWHILE_PLANNED if slow else WORTHWHILE) or sys.platform != "linux":
        yield from _in_turn(source)
        return
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    worker = context.Process(target=_send, args=(here, there, source), name="assay-read", daemon=True)
    worker.start()
    there.close()
    try:
        yield from _received(here)
    finally:
        here.close()
        worker.terminate()
        worker.join(GRACE)
        worker.kill()
        worker.join()


def _in_turn(source: Source) -> Generator[Batch]:
    with source.repository.blobs() as blobs:
        yield from _Reading(source, blobs).batches()


class _Reading:
    """One pass over all histories, on the reading side."""

    def __init__(self, source: Source, blobs: Blobs) -> None:
        self._source, self._blobs = source, blobs
        self._histories = source.histories.all
        self._kept = source.readings(blobs, source.mask)
        self._renderer = Renderer(blobs, self._kept, source.mask, source.engines, source.cache)
        version = source.engines.version
        self._units = [
            TreeUnits(history.bindings.tree_sources, blobs, version) if history.bindings.tree_sources else None
            for history in self._histories
        ]
        if source.after and self._units[0] is not None:
            # What units there were, so that those are told that differ.
            self._units[0].take(source.repository.whole(source.after))

    def batches(self) -> Iterator[Batch]:
        """Yield the steps in batches; while engines render, also batches without steps, which tell how far they are."""
        steps = self._steps()
        while True:
            events: list[Event] = []
            planned: list[Planned] = []
            for number, commit in islice(steps, CHUNK):
                events.append(Event(number, self._planned(number, commit, planned)))
                if len(planned) >= MOST_PLANNED:
                    break
            if not events:
                return
            wanted = dict.fromkeys(self._wanted(events))
            self._blobs.fetch(blob for _, _, _, blob in wanted)
            readings = tuple(self._read(wanted))
            read: dict[str, Reading] = {}
            yield from self._render(planned, read)
            yield Batch(tuple(events), readings, read, self._tally())

    def _render(self, planned: Iterable[Planned], read: dict[str, Reading]) -> Iterator[Batch]:
        """Put the readings of planned units into `read`, and tell now and then how far that is."""
        renderer = self._renderer
        rendered, found = renderer.rendered, renderer.found
        # Closed at once where nobody listens any more: programs may run.
        with closing(renderer.read(planned)) as readings:
            for key, reading in readings:
                read[key] = reading
                if renderer.rendered > rendered or renderer.found >= found + TOLD_FOUND:
                    rendered, found = renderer.rendered, renderer.found
                    yield Batch((), (), {}, self._tally())

    def _steps(self) -> Iterator[tuple[int, Commit]]:
        """Yield each step with the number of its history, in the order of all of them."""
        streams = [history.track.commits(history.bindings.pathspecs) for history in self._histories]
        places = self._source.histories.places
        if places is None:
            yield from ((0, commit) for commit in streams[0])
            return
        ordered = [
            _ordered(number, stream, dict(zip(history.track.ids, found, strict=True)))
            for number, (history, stream, found) in enumerate(zip(self._histories, streams, places, strict=True))
        ]
        for _, number, commit in heapq.merge(*ordered, key=itemgetter(0)):
            yield number, commit

    def _planned(self, number: int, commit: Commit, planned: list[Planned]) -> Commit:
        """Return a step with the changes that its planned units come to, and none that belongs nowhere."""
        units = self._units[number]
        if units is None:
            return commit
        changes, found = units.take(commit)
        planned += found
        bindings = self._histories[number].bindings
        own = [change for change in commit.changes if bindings.of(change.path) or bindings.declares(change.path)]
        return msgspec.structs.replace(commit, changes=(*own, *changes))

    def _wanted(self, events: Iterable[Event]) -> Iterator[tuple[int, str, int, str]]:
        """Yield the files that are units of their own and were not read yet."""
        for event in events:
            bindings = self._histories[event.history].bindings
            for change in event.commit.changes:
                if change.blob and change.mode.startswith("100") and PLANNED not in change.path:
                    for place, binding in enumerate(bindings.of(change.path)):
                        if not binding.reader.whole_environment and not self._kept.known(binding, change.blob):
                            yield event.history, change.path, place, change.blob

    def _read(self, wanted: Iterable[tuple[int, str, int, str]]) -> Iterator[Ready]:
        for number, path, place, blob in wanted:
            binding = self._histories[number].bindings.of(path)[place]
            # A file of the same content may have been read a moment ago, for another environment.
            if not self._kept.known(binding, blob):
                yield Ready(number, path, place, blob, self._kept.read(binding, ((path, blob),)))

    def _tally(self) -> Tally:
        cache, renderer = self._source.cache, self._renderer
        return Tally(
            renderer.rendered,
            renderer.found,
            cache.damaged if cache else 0,
            not cache.writable if cache else False,
            self._source.engines.used(),
        )


def _ordered(number: int, stream: Iterator[Commit], places: dict[str, int]) -> Iterator[tuple[int, int, Commit]]:
    for commit in stream:
        yield places[commit.id], number, commit


def _send(here: Connection, there: Connection, source: Source) -> None:
    """Be the worker: send each batch, and at last whether all went well."""
    here.close()
    # The other end decides when to stop, also where a key at the terminal interrupts both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    encoder = msgspec.msgpack.Encoder()
    try:
        with closing(_in_turn(source)) as found:
            for batch in found:
                there.send_bytes(_GOOD + encoder.encode(batch))
        there.send_bytes(_GOOD)
    except BrokenPipeError:
        return  # nobody listens any more
    except Exception as error:  # noqa: BLE001 - told by the other process, in one line like any other fault
        fault = error if isinstance(error, AssayError) else fault_of(error)
        refused = isinstance(fault, RefusedError)
        there.send_bytes(_BAD + encoder.encode(_Fault(fault.code, fault.reason, fault.fix, fault.place, refused)))


def _leave(number: int, frame: object) -> None:
    """End the process as an exception does, so that no engine and no temporary folder is left."""
    del frame
    sys.exit(128 + number)


def _received(here: Connection) -> Iterator[Batch]:
    decoder = msgspec.msgpack.Decoder(Batch)
    while True:
        try:
            message = here.recv_bytes()
        except EOFError:
            reason = "the process that reads the history ended early"
            raise FaultError("worker", reason, fix="look for a shortage of memory, then build again") from None
        if message[:1] == _BAD:
            raise _error(msgspec.msgpack.decode(message[1:], type=_Fault))
        if len(message) == len(_GOOD):
            return
        yield decoder.decode(memoryview(message)[1:])


def _error(fault: _Fault) -> AssayError:
    kind = RefusedError if fault.refused else FaultError
    return kind(fault.code, fault.reason, fix=fault.fix, place=fault.place)
