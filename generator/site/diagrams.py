"""Topology diagrams: requested while pages are made, then each distinct one is drawn once, for light and dark pages.

A graph that is too large to read or too slow to lay out is drawn with one node a group; where that fails too, its
page shows the table alone, with the reason. What becomes of a graph follows from its size wherever the engine keeps
well within its time, so that a slower machine gives the same pages.
"""

from __future__ import annotations

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
from generator.site.dot_run import LayoutError, find_engine, lay_out
from generator.site.dot_source import DARK, LIGHT, dot_source
from generator.site.dot_svg import Drawing, redraw
from generator.site.texts import gettext as _
from generator.site.texts import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

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


class DiagramResult(msgspec.Struct, frozen=True):
    """What became of a requested graph."""

    state: Literal["drawn", "grouped", "table"]
    """`drawn` whole, `grouped` with one node a group, or `table`: there is no picture."""
    width: int
    """Pixels; 0 without a picture."""
    height: int
    """Pixels; 0 without a picture."""
    reason: str
    """Why it is not drawn whole, as a sentence; empty where it is."""


class _Attempt(msgspec.Struct, frozen=True):
    """One way to draw a graph."""

    graph: DiagramGraph
    brisk: bool
    state: Literal["drawn", "grouped"]


class Diagrams:
    """The diagrams of a site, drawn into one folder as `DIGEST.svg` and `DIGEST.dark.svg`."""

    def __init__(self, folder: Path, *, dot: Sequence[str] | None = None, jobs: int = 2, timeout: float = 10.0) -> None:
        """Draw into `folder` (made when needed) with `jobs` runs at a time and at most `timeout` seconds a graph.

        `dot` is the command of another layout engine that takes `-Tsvg` and DOT on its standard input.
        """
        self._folder = folder
        self._dot = tuple(dot or ())
        self._jobs = max(jobs, 1)
        self._timeout = timeout
        self._requested: dict[str, DiagramGraph] = {}

    def request(self, graph: DiagramGraph) -> str:
        """Ask for a drawing of `graph` and return its digest; the same graph asked for again is drawn once."""
        digest = graph.digest
        self._requested.setdefault(digest, graph)
        return digest

    def render_all(self) -> Mapping[str, DiagramResult]:
        """Draw every distinct graph requested so far, and return what became of each, by digest.

        Raises `FaultError` where the engine can't be started, `OSError` where the folder can't be written.
        """
        if not self._requested:
            return {}
        command = self._dot or find_engine()
        self._folder.mkdir(parents=True, exist_ok=True)
        small = [digest for digest in sorted(self._requested) if _is_small(self._requested[digest])]
        large = sorted(self._requested.keys() - set(small))
        with ThreadPoolExecutor(self._jobs) as pool:
            # Large ones first: they take longest. Each speaks the language of the build that asks.
            works = [pool.submit(copy_context().run, self._draw_one, command, digest) for digest in large]
            works += [
                pool.submit(copy_context().run, self._draw_batch, command, small[start : start + _BATCH])
                for start in range(0, len(small), _BATCH)
            ]
            try:
                results = {digest: result for work in works for digest, result in work.result().items()}
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return {digest: results[digest] for digest in sorted(results)}

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
