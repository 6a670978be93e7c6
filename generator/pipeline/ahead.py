"""Reading ahead: git and the readers in a process of their own, while this one judges what they read before.

A history of many commits is read on one core and judged on another. What crosses over is small and plain: commits, and
the readings of files that were not met before. A short history, and a system that can't copy a process cheaply, is read
in turn by the same code; the result is the same.
"""

from __future__ import annotations

import multiprocessing
import sys
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from generator.errors import AssayError, FaultError, Place, RefusedError
from generator.history.commits import Commit  # noqa: TC001 - batches are decoded by their annotations
from generator.readers.reader import Reading  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

    from generator.history.blobs import Blobs
    from generator.history.commits import Chain
    from generator.history.repository import Repository
    from generator.readers.reader import Mask
    from generator.timeline.bindings import Bindings
    from generator.timeline.readings import Readings

CHUNK = 400
"""Commits whose files are asked for at once."""
WORTHWHILE = 2000
"""Commits from which a second process saves more than it costs to start."""
_GOOD, _BAD = b"+", b"-"


class Ready(msgspec.Struct, frozen=True, array_like=True):
    """The reading of a file that is a unit of its own."""

    path: str
    place: int
    """Place of its binding among those of the path."""
    blob: str
    reading: Reading


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Some commits in order, and what of their files was not read before."""

    commits: tuple[Commit, ...]
    readings: tuple[Ready, ...]


class _Fault(msgspec.Struct, frozen=True):
    code: str
    reason: str
    fix: str
    place: Place
    refused: bool


@dataclass(frozen=True)
class Source:
    """What is read: a chain of commits, the files that are meant, and how they are read."""

    repository: Repository
    chain: Chain
    bindings: Bindings
    readings: Callable[[Blobs, Mask], Readings]
    """Makes what keeps readings by their content."""
    mask: Mask


def batches(source: Source) -> Iterator[Batch]:
    """Yield the history of `source` in batches, oldest first, read ahead where that is worthwhile.

    Raises what reading raises.
    """
    if source.chain.length < WORTHWHILE or sys.platform != "linux":
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
        worker.join()


def _in_turn(source: Source) -> Iterator[Batch]:
    with source.repository.blobs() as blobs:
        kept = source.readings(blobs, source.mask)
        commits = source.chain.commits(source.bindings.pathspecs)
        while chunk := tuple(islice(commits, CHUNK)):
            wanted = dict.fromkeys(_wanted(chunk, source.bindings, kept))
            blobs.fetch(blob for _, _, blob in wanted)
            yield Batch(chunk, tuple(_read(wanted, source.bindings, kept)))


def _wanted(commits: Iterable[Commit], bindings: Bindings, readings: Readings) -> Iterator[tuple[str, int, str]]:
    """Yield the files that are units of their own and were not read yet."""
    for commit in commits:
        for change in commit.changes:
            if change.blob and change.mode.startswith("100"):
                for place, binding in enumerate(bindings.of(change.path)):
                    if not binding.reader.whole_environment and not readings.known(binding, change.blob):
                        yield change.path, place, change.blob


def _read(wanted: Iterable[tuple[str, int, str]], bindings: Bindings, readings: Readings) -> Iterator[Ready]:
    for path, place, blob in wanted:
        binding = bindings.of(path)[place]
        # A file of the same content may have been read a moment ago, for another environment.
        if not readings.known(binding, blob):
            yield Ready(path, place, blob, readings.read(binding, ((path, blob),)))


def _send(here: Connection, there: Connection, source: Source) -> None:
    """Be the worker: send each batch, and at last whether all went well."""
    here.close()
    encoder = msgspec.msgpack.Encoder()
    try:
        for batch in _in_turn(source):
            there.send_bytes(_GOOD + encoder.encode(batch))
        there.send_bytes(_GOOD)
    except AssayError as fault:
        refused = isinstance(fault, RefusedError)
        there.send_bytes(_BAD + encoder.encode(_Fault(fault.code, fault.reason, fault.fix, fault.place, refused)))
    except BrokenPipeError:
        return  # nobody listens any more


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
