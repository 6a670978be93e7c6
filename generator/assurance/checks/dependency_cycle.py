"""Rule: components that need each other in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import Family, GraphRule, Level
from generator.model.graph import component_graph, cycles, shortest_cycle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.topology import Topology

_SHOWN = 6
"""Components of a circle that a message names."""


def check(topology: Topology) -> Iterator[Finding]:
    """Find groups of components that all depend on each other, one finding a group, on its first member."""
    graph = component_graph(topology)
    for members in cycles(graph):
        way = shortest_cycle(graph, members)
        steps = [*way, way[0]] if len(way) <= _SHOWN else [*way[:_SHOWN], "…", way[0]]
        more = f", in a group of {len(members)} that all depend on each other" if len(members) > len(way) else ""
        yield RULE.about(topology.components[members[0]], f"{way[0]} depends on itself: {' → '.join(steps)}{more}")


RULE = GraphRule(
    id="dependency-cycle",
    level=Level.NOTE,
    family=Family.REFERENCES,
    title="Components that depend on each other in a circle",
    why=(
        "None of them can be released first without meeting an older version of the others, a cold start may never "
        "finish, and a fault in one comes back to it through the rest."
    ),
    fix="Release them together and in versions that understand each other, or turn one of the calls into an event.",
    example="cart → pricing → promotions → cart",
    source="Acyclic Dependencies Principle; strongly connected components by the algorithm of Tarjan",
    values=frozenset(),
    check=check,
)
