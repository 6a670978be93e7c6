"""Diagrams that are drawn when a page asks for them: a dossier shows few of the many that a site has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from generator.site.diagrams import DiagramResult, Diagrams

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.site.diagrams import DiagramGraph


class Wanted(Diagrams):
    """Remembers every graph that is asked for, and draws none by itself."""

    def __init__(self, folder: Path) -> None:
        """Draw into `folder` what is asked for later."""
        super().__init__(folder)
        self.folder = folder
        self.graphs: dict[str, DiagramGraph] = {}

    def request(self, graph: DiagramGraph) -> str:
        """Remember `graph`; return its digest."""
        digest = graph.digest
        self.graphs.setdefault(digest, graph)
        return digest


class DrawnOnDemand(Mapping[str, DiagramResult]):
    """What became of each diagram, drawn when it is first looked up."""

    def __init__(self, wanted: Wanted) -> None:
        """Draw from the graphs of `wanted`."""
        self._wanted = wanted
        self._drawn: dict[str, DiagramResult] = {}

    def __getitem__(self, name: str) -> DiagramResult:
        if name not in self._drawn:
            one = Diagrams(self._wanted.folder, jobs=1)
            one.request(self._wanted.graphs[name])
            self._drawn.update(one.render_all())
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._wanted.graphs))

    def __len__(self) -> int:
        return len(self._wanted.graphs)
