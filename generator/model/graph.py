"""Questions about a topology as a graph: what depends on what, where it would fall apart, where it goes in circles.

Every answer is in a fixed order, whatever order the topology's sets were built in.
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.model.component import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.model.topology import Topology


_KEPT = 32
"""Graphs whose answers are kept."""


class Graph:
    """Which node leads to which. Compared by identity, and not to be changed once it is made."""

    __slots__ = ("_following", "edges", "nodes")

    def __init__(self, nodes: Iterable[str], edges: Iterable[tuple[str, str]]) -> None:
        """Make a graph of these nodes, and of edges between them."""
        self.nodes, self.edges = tuple(sorted(nodes)), tuple(sorted(edges))
        self._following: dict[str, list[str]] = {node: [] for node in self.nodes}
        for source, target in self.edges:
            self._following[source].append(target)

    def successors(self, node: str) -> Sequence[str]:
        """Return the nodes that `node` leads to, sorted."""
        return self._following[node]

    def turned(self) -> Graph:
        """Return the graph with its edges in the other direction."""
        return Graph(self.nodes, [(target, source) for source, target in self.edges])


def component_graph(topology: Topology) -> Graph:
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
# graph: graphs and answers are kept by content.
@lru_cache(maxsize=_KEPT)
def _graph(nodes: frozenset[str], edges: frozenset[tuple[str, str]]) -> Graph:
    return Graph(nodes, edges)


@lru_cache(maxsize=_KEPT)
def articulation_points(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    """Return the nodes whose loss would split the graph taken without directions, sorted.

    Each comes with one direct neighbour in every part that only it holds together, sorted. Takes time linear in
    nodes and edges.
    """
    # A tenth of a second that one more release without a new way through the system need not pay.
    import networkx as nx  # noqa: PLC0415

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
def cycles(graph: Graph) -> tuple[tuple[str, ...], ...]:
    """Return the groups of nodes that all reach each other (strongly connected, two or more), each sorted.

    By the algorithm of Kosaraju and Sharir, here rather than by a library: every run asks, and would load that.
    """
    ended: list[str] = []
    seen: set[str] = set()
    for node in graph.nodes:
        ended += _reached(graph, node, seen)
    turned = graph.turned()
    seen = set()
    groups = [_reached(turned, node, seen) for node in reversed(ended)]
    return tuple(sorted(tuple(sorted(group)) for group in groups if len(group) > 1))


def _reached(graph: Graph, start: str, seen: set[str]) -> list[str]:
    """Return the nodes that `start` leads to and that were not `seen`, which they are now; each after its successors.

    That is, after those of them that it did not itself follow from.
    """
    if start in seen:
        return []
    seen.add(start)
    ended: list[str] = []
    way = [(start, iter(graph.successors(start)))]
    while way:
        node, following = way[-1]
        found = next((one for one in following if one not in seen), None)
        if found is None:
            ended.append(node)
            way.pop()
        else:
            seen.add(found)
            way.append((found, iter(graph.successors(found))))
    return ended


def shortest_cycle(graph: Graph, members: tuple[str, ...]) -> tuple[str, ...]:
    """Return a shortest way round from the first of `members`, a group of `cycles`, without naming it again at the end.

    Of several equally short ones it is the one whose steps come first in order.
    """
    start, inside = members[0], frozenset(members)
    came_from: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for following in graph.successors(node):
            if following == start:
                path = [node]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                return tuple(reversed(path))
            if following in inside and following not in came_from:
                came_from[following] = node
                queue.append(following)
    return (start,)
