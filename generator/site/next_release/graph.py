"""The picture of what would change: production now, with what would come marked in it."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.evidence.next_release import NextRecord
    from generator.evidence.packs import TopologyEntry
    from generator.evidence.reading import Evidence
    from generator.site.diagrams import DiagramGraph, Diagrams
    from generator.site.index import Index
    from generator.site.walk import Standing


def next_graph(standing: Standing, record: NextRecord) -> DiagramGraph | None:
    """Return the changed part with its neighbours; `None` where nothing would change or it is too much to draw."""
    changed = {f"c {change.component}" for change in record.changes if change.field != "connection"}
    nodes = {key: entry for key in sorted(changed) if (entry := standing.nodes.get(key[2:])) is not None}
    then = copy(standing)
    then.came, then.went = nodes | _edges(record.edges_came), nodes | _edges(record.edges_went)
    return then.changed()


def request_next(evidence: Evidence, index: Index, diagrams: Diagrams) -> None:
    """Ask for the picture of every release that nobody made yet."""
    for environment in evidence.summary.environments:
        record = evidence.next_release(environment.name) if environment.production else None
        standing = index.newest.get(environment.name)
        if record is not None and standing is not None and record.state == "waits":
            graph = next_graph(standing, record)
            if graph is not None:
                diagrams.request(graph)


def _edges(entries: tuple[TopologyEntry, ...]) -> dict[str, TopologyEntry]:
    return {f"e {e.source} -> {e.target}{f' :{e.port}' if e.port else ''}": e for e in entries}
