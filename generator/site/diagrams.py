"""Topology diagrams: requested while pages are made, then each distinct one is drawn once, for light and dark pages.

A graph that is too large to read or too slow to lay out is drawn with one node a group; where that fails too, its
page shows the table alone, with the reason. What becomes of a graph follows from its size wherever the engine keeps
well within its time, so that a slower machine gives the same pages.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Literal

import msgspec

from generator.site.diagram_graph import (
    DiagramEdge,
    DiagramGraph,
    DiagramNode,
    by_group,
    by_role,
    diagram_graph,
    grouped,
)
from generator.site.diagram_result import DiagramResult
from generator.site.dot_run import LayoutError, engine_version, find_engine, lay_out
from generator.site.dot_source import DARK, LIGHT, dot_source
from generator.site.dot_svg import Drawing, redraw
from generator.site.texts import gettext as _
from generator.site.texts import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.site.carrying import Carrying

__all__ = ["DiagramEdge", "DiagramGraph", "DiagramNode", "DiagramResult", "Diagrams", "diagram_graph"]

MOST_NODES = 150
"""Nodes of a graph above which it is drawn in groups."""
MOST_EDGES = 400
_FINE_NODES = 60
"""Nodes up to which edges are curved around nodes and carry their ports: measured at 0.1 s a graph."""
_FINE_EDGES = 120
_BATCH = 32
"""Graphs a run of the engine: saves its start, and a failure costs little."""
_BATCH_EDGES = 60
"""Edges of a graph that goes with others; a larger one has a run of its own."""
_SHARES = (0.4, 0.25, 0.15, 0.1)
"""Parts of the time of a graph that its attempts may take, in turn."""


class _Attempt(msgspec.Struct, frozen=True):
    """One way to draw a graph."""

    graph: DiagramGraph
    brisk: bool
    state: Literal["drawn", "grouped"]


class Diagrams:
    """The diagrams of a site, drawn into one folder as `DIGEST.svg` and `DIGEST.dark.svg`."""

    def __init__(
        self,
        folder: Path,
        *,
        dot: Sequence[str] | None = None,
        jobs: int = 2,
        timeout: float = 10.0,
        carrying: Carrying | None = None,
        base: bytes = b"",
    ) -> None:
        """Draw into `folder` (made when needed) with `jobs` runs at a time and at most `timeout` seconds a graph.

        `dot` is the command of another layout engine that takes `-Tsvg` and DOT on its standard input. Diagrams of the
        former site come over by `carrying`, where the engine is our own and `base` is the same: what else they are
        drawn from.
        """
        self._folder = folder
        self._dot = tuple(dot or ())
        self._jobs = max(jobs, 1)
        self._timeout = timeout
        self._requested: dict[str, DiagramGraph] = {}
        self._carrying = carrying
        self._former: dict[str, DiagramResult] = {}
        self._recalled: set[str] = set()
        self.base = hashlib.sha256(f"{self._dot or engine_version()} {timeout}\0".encode() + base).digest()
        """Digest of all that diagrams are drawn from beside their graphs."""
        if carrying is not None and carrying.grounds is not None and carrying.grounds.pictures == self.base:
            self._former = carrying.grounds.drawn

    def request(self, graph: DiagramGraph) -> str:
        """Ask for a drawing of `graph` and return its digest; the same graph asked for again is drawn once."""
        digest = graph.digest
        self._requested.setdefault(digest, graph)
        return digest

    def recall(self, names: Iterable[str]) -> bool:
        """Ask for diagrams of the former site by name; return whether it has every one, else none is asked for."""
        asked = set(names)
        if not all(self._is_there(name) for name in asked):
            return False
        self._recalled |= asked
        return True

    def _is_there(self, name: str) -> bool:
        known = self._former.get(name)
        if known is None or self._carrying is None:
            return False
        return known.state == "table" or self._carrying.has_picture(name)

    def render_all(self) -> Mapping[str, DiagramResult]:
        """Draw every distinct graph requested so far, and return what became of each, by digest.

        Those that the former site has come from there. Raises `FaultError` where the engine can't be started, `OSError`
        where the folder can't be written.
        """
        there = self._recalled | {name for name in self._requested if self._is_there(name)}
        results = {name: self._former[name] for name in there}
        if there and self._carrying is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name in sorted(there):
                if results[name].state != "table":
                    self._carrying.takes_picture(name, self._folder)
        results |= self._drawn({name: graph for name, graph in self._requested.items() if name not in there})
        return {digest: results[digest] for digest in sorted(results)}

    def _drawn(self, wanted: Mapping[str, DiagramGraph]) -> dict[str, DiagramResult]:
        if not wanted:
            return {}
        command = self._dot or find_engine()
        self._folder.mkdir(parents=True, exist_ok=True)
        small = [digest for digest in sorted(wanted) if _is_small(wanted[digest])]
        large = sorted(wanted.keys() - set(small))
        with ThreadPoolExecutor(self._jobs) as pool:
            # Large ones first: they take longest. Each speaks the language of the build that asks.
            works = [pool.submit(copy_context().run, self._draw_one, command, digest) for digest in large]
            works += [
                pool.submit(copy_context().run, self._draw_batch, command, small[start : start + _BATCH])
                for start in range(0, len(small), _BATCH)
            ]
            try:
                return {digest: result for work in works for digest, result in work.result().items()}
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _draw_batch(self, command: Sequence[str], digests: Sequence[str]) -> dict[str, DiagramResult]:
        graphs = [self._requested[digest] for digest in digests]
        try:
            pages = lay_out(command, [dot_source(graph) for graph in graphs], timeout=self._timeout * _SHARES[0])
            drawings = [redraw(page, graph, brisk=False) for page, graph in zip(pages, graphs, strict=True)]
        except LayoutError:
            return {name: result for digest in digests for name, result in self._draw_one(command, digest).items()}
        return {
            digest: self._keep(digest, drawing, "drawn", "") for digest, drawing in zip(digests, drawings, strict=True)
        }

    def _draw_one(self, command: Sequence[str], digest: str) -> dict[str, DiagramResult]:
        graph = self._requested[digest]
        reason = _too_large(graph)
        for attempt, share in zip(_attempts(graph), _SHARES, strict=False):
            try:
                source = dot_source(attempt.graph, brisk=attempt.brisk)
                (page,) = lay_out(command, [source], timeout=self._timeout * share)
                drawing = redraw(page, attempt.graph, brisk=attempt.brisk)
            except LayoutError as error:
                reason = reason or f"{error}".capitalize()
                continue
            return {digest: self._keep(digest, drawing, attempt.state, reason if attempt.state == "grouped" else "")}
        return {digest: DiagramResult("table", 0, 0, reason or _("There is nothing to draw"))}

    def _keep(self, digest: str, drawing: Drawing, state: Literal["drawn", "grouped"], reason: str) -> DiagramResult:
        for name, palette in ((f"{digest}.svg", LIGHT), (f"{digest}.dark.svg", DARK)):
            (self._folder / name).write_text(drawing.painted(palette), encoding="utf-8", newline="\n")
        return DiagramResult(state, drawing.width, drawing.height, reason)


def _fits(graph: DiagramGraph) -> bool:
    return 0 < len(graph.nodes) <= MOST_NODES and len(graph.edges) <= MOST_EDGES


def _is_fine(graph: DiagramGraph) -> bool:
    return len(graph.nodes) <= _FINE_NODES and len(graph.edges) <= _FINE_EDGES


def _is_small(graph: DiagramGraph) -> bool:
    return _fits(graph) and _is_fine(graph) and len(graph.edges) <= _BATCH_EDGES


def _attempts(graph: DiagramGraph) -> Iterator[_Attempt]:
    """Yield the ways to draw `graph`, best first; none where it has no nodes."""
    if _fits(graph):
        if _is_fine(graph):
            yield _Attempt(graph, brisk=False, state="drawn")
        yield _Attempt(graph, brisk=True, state="drawn")
    ways: tuple[Callable[[DiagramNode], str], ...] = (by_group, by_role)
    for way in ways:
        smaller = grouped(graph, way)
        if 1 < len(smaller.nodes) < len(graph.nodes) and _fits(smaller):
            yield _Attempt(smaller, brisk=not _is_fine(smaller), state="grouped")


def _too_large(graph: DiagramGraph) -> str:
    if _fits(graph) or not graph.nodes:
        return ""
    return _(
        "%(parts)s parts and %(connections)s connections are more than a diagram can show (%(most_parts)s and"
        " %(most_connections)s)",
        parts=number(len(graph.nodes)),
        connections=number(len(graph.edges)),
        most_parts=number(MOST_NODES),
        most_connections=number(MOST_EDGES),
    )
