"""Questions about a topology as a graph: what depends on what, where it would fall apart, where it goes in circles.

Every answer is in a fixed order, whatever order the topology's sets were built in.
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING

import networkx as nx

from generator.model.component import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.model.topology import Topology


_KEPT = 32
"""Graphs whose answers are kept."""


def component_graph(topology: Topology) -> nx.DiGraph[str]:
    """Return which component depends on which: the nodes are components proper, without resources and hosts.

    An edge to an exposure becomes an edge to each component behind it. A component that refers to itself (its own
    public address, say) does not depend on itself.
    """
    proper = frozenset(id_ for id_, found in topology.components.items() if found.role is Role.COMPONENT)
    edges = frozenset(
        (connection.source, target)
        for connection in topology.connections
        if connection.source in proper
        for target in topology.selected.get(connection.target, (connection.target,))
        if target in proper and target != connection.source
    )
    return _graph(proper, edges)


# Replicas and versions change a hundred times as often as who depends on whom, and several rules ask about the same
# graph: graphs and answers are kept by content. They are frozen, so that nobody changes what is kept.
@lru_cache(maxsize=_KEPT)
def _graph(nodes: frozenset[str], edges: frozenset[tuple[str, str]]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(nodes))
    graph.add_edges_from(sorted(edges))
    nx.freeze(graph)
    return graph


@lru_cache(maxsize=_KEPT)
def articulation_points(graph: nx.DiGraph[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the nodes whose loss would split the graph taken without directions, sorted.

    Each comes with one direct neighbour in every part that only it holds together, sorted. Takes time linear in
    nodes and edges.
    """
    sides: dict[str, list[str]] = {}
    undirected: nx.Graph[str] = nx.Graph(graph.edges)
    for block in nx.biconnected_component_edges(undirected):
        nearest: dict[str, str] = {}
        for one, other in block:
            nearest[one] = min(other, nearest.get(one, other))
            nearest[other] = min(one, nearest.get(other, one))
        for node, neighbour in nearest.items():
            sides.setdefault(node, []).append(neighbour)
    return {node: tuple(sorted(sides[node])) for node in sorted(sides) if len(sides[node]) > 1}


@lru_cache(maxsize=_KEPT)
def cycles(graph: nx.DiGraph[str]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of nodes that all reach each other (strongly connected, two or more), each sorted."""
    groups: Iterable[set[str]] = nx.strongly_connected_components(graph)
    return tuple(sorted(tuple(sorted(group)) for group in groups if len(group) > 1))


def shortest_cycle(graph: nx.DiGraph[str], members: tuple[str, ...]) -> tuple[str, ...]:
    """Return a shortest way round from the first of `members`, a group of `cycles`, without naming it again at the end.

    Of several equally short ones it is the one whose steps come first in order.
    """
    start, inside = members[0], frozenset(members)
    came_from: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for following in sorted(graph.successors(node)):
            if following == start:
                path = [node]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                return tuple(reversed(path))
            if following in inside and following not in came_from:
                came_from[following] = node
                queue.append(following)
    return (start,)
