"""The history of every environment, walked once from oldest to newest beside its topologies.

Holds one topology an environment at a time. Both passes over the evidence use it: the first collects what pages need
to know of each other and which diagrams to draw, the second writes the pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from generator.site.diagrams import DiagramEdge, DiagramNode, diagram_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.evidence.packs import ComponentRecord, TopologyEntry
    from generator.evidence.reading import Evidence, Replay
    from generator.evidence.records import DeploymentRecord
    from generator.site.diagram_graph import How, Mark, Role
    from generator.site.diagrams import DiagramGraph

MOST_PART_NODES = 40
"""Nodes of a changed part up to which it is drawn; above, its table and the whole topology say it better."""
Entry = TypeVar("Entry")
ROLES = frozenset({"component", "exposure", "config", "secret", "volume", "external"})
WAYS = frozenset({"declared", "reference", "inferred", "exposes"})


RESOURCES = frozenset({"config", "secret", "volume"})
OUTWARD_TYPES = frozenset({"LoadBalancer", "NodePort"})


def _is_outward(record: ComponentRecord) -> bool:
    """Return whether an exposure can be reached from outside: any kind but a service that is for the inside only."""
    if record.kind != "Service":
        return record.role == "exposure"
    return any(
        aspect == "exposure" and name == "spec.type" and value in OUTWARD_TYPES for aspect, name, value in record.fields
    )


def moved(replay: Replay[Entry], digest: str) -> tuple[Mapping[str, Entry], Mapping[str, Entry]]:
    """Advance `replay`; return what came or changed and what went or changed, without what was set to what it was."""
    came, went = replay.advance(digest)
    same = {key for key, entry in came.items() if went.get(key) == entry}
    if not same:
        return came, went
    return {k: v for k, v in came.items() if k not in same}, {k: v for k, v in went.items() if k not in same}


class PartRow(NamedTuple):
    """One node of the changed part, for the table beside its picture."""

    id: str
    role: str
    mark: str
    """`added`, `removed`, `changed`, or empty for a neighbour."""
    reaches: tuple[str, ...]
    """Nodes that it calls or uses, sorted."""


class Standing:
    """The topology of one environment as it stands at the deployment last walked to."""

    def __init__(self, replay: Replay[TopologyEntry], components: Mapping[str, ComponentRecord]) -> None:
        """Stand before the first deployment."""
        self._replay = replay
        self._components = components
        self._edges: dict[str, dict[str, TopologyEntry]] = {}
        self.edges_version = 0
        """Grows whenever a connection comes, goes or changes."""
        self.connection_count = 0
        self.exposing_count = 0
        """How many of the connections lead from an exposure to what it exposes."""
        self.nodes: dict[str, TopologyEntry] = {}
        """Entries of nodes by the id of the node."""
        self.artifacts: dict[str, tuple[str, ...]] = {}
        """What each node with an artifact runs, by the id of the node."""
        self.came: Mapping[str, TopologyEntry] = {}
        self.went: Mapping[str, TopologyEntry] = {}

    def advance(self, digest: str) -> None:
        """Go to the topology named `digest`."""
        self.came, self.went = moved(self._replay, digest)
        for key, entry in self.went.items():
            self._drop(key, entry)
        for key, entry in self.came.items():
            self._add(key, entry)

    def go_to(self, line: int) -> None:
        """Go to the topology in this line of the environment's list, from 1, whatever lies between."""
        if not self._replay.go_to(line):
            return
        self.came, self.went = {}, {}
        self.nodes, self.artifacts, self._edges = {}, {}, {}
        self.connection_count = self.exposing_count = 0
        self.edges_version += 1
        for key, entry in self._replay.entries.items():
            self._add(key, entry)

    def record(self, entry: TopologyEntry) -> ComponentRecord | None:
        """Return what the node of an entry is; `None` where the evidence does not hold it."""
        return self._components.get(entry.component)

    def connections(self) -> list[TopologyEntry]:
        """Return every connection, sorted."""
        found = {key: entry for edges in self._edges.values() for key, entry in edges.items()}
        return [found[key] for key in sorted(found)]

    def is_same_shape(self) -> bool:
        """Return whether the last step left nodes, roles and connections as they were."""
        if self.came.keys() != self.went.keys():
            return False
        return all(self._shape(self.came[key]) == self._shape(self.went[key]) for key in self.came)

    def whole(self) -> DiagramGraph:
        """Return the graph of the whole topology, without marks.

        A picture shows what reaches what. Services that only lead from one component to another, and resources that
        nothing refers to, would hide that: the table beside it has them.
        """
        left = {name for name, entry in self.nodes.items() if not self._is_drawn(name, entry)}
        nodes = [self._node(name, entry, "") for name, entry in self.nodes.items() if name not in left]
        edges = [self._edge(e, "") for e in self.connections() if e.source not in left and e.target not in left]
        return diagram_graph(nodes, edges)

    def changed(self) -> DiagramGraph | None:
        """Return the changed part with its direct neighbours; `None` where nothing changed or it is too much."""
        marks = self._marks()
        if not (self.came or self.went) or len(marks) > MOST_PART_NODES:
            return None
        edges = self._part_edges(marks)
        ends = {end for entry, _ in edges for end in (entry.source, entry.target)}
        inner = {end for end in ends - marks.keys() if self._leads_inside(end)}
        edges = [(entry, mark) for entry, mark in edges if entry.source not in inner]
        shown = sorted((ends - inner) | marks.keys())
        if len(shown) > MOST_PART_NODES:
            return None
        gone = {key[2:]: entry for key, entry in self.went.items() if key.startswith("c ")}
        nodes = [self._node(name, self.nodes.get(name) or gone.get(name), marks.get(name, "")) for name in shown]
        return diagram_graph(nodes, [self._edge(entry, mark) for entry, mark in edges])

    def _marks(self) -> dict[str, Mark]:
        marks: dict[str, Mark] = {}
        for key in self.went:
            if key.startswith("c "):
                marks[key[2:]] = "removed"
        for key in self.came:
            if key.startswith("c "):
                marks[key[2:]] = "changed" if key in self.went else "added"
        return marks

    def _part_edges(self, marks: Mapping[str, Mark]) -> list[tuple[TopologyEntry, Mark]]:
        edges: dict[str, tuple[TopologyEntry, Mark]] = {}
        for name in marks:
            for key, entry in self._edges.get(name, {}).items():
                edges[key] = (entry, "")
        for key, entry in self.went.items():
            if not key.startswith("c "):
                edges[key] = (entry, "removed")
        for key, entry in self.came.items():
            if not key.startswith("c "):
                edges[key] = (entry, "changed" if key in self.went else "added")
        return [edges[key] for key in sorted(edges)]

    def _shape(self, entry: TopologyEntry) -> tuple[str, ...]:
        record = self._components.get(entry.component)
        outward = "outward" if record is not None and _is_outward(record) else ""
        return (record.role if record else "", outward, entry.source, entry.target, entry.how, entry.port)

    def _is_drawn(self, name: str, entry: TopologyEntry) -> bool:
        record = self.record(entry)
        if record is not None and record.role in RESOURCES:
            return name in self._edges
        return not self._leads_inside(name)

    def _leads_inside(self, name: str) -> bool:
        """Return whether a node is an exposure for others inside only, and leads somewhere."""
        entry = self.nodes.get(name)
        record = self.record(entry) if entry else None
        return record is not None and record.role == "exposure" and not _is_outward(record) and name in self._edges

    def _node(self, name: str, entry: TopologyEntry | None, mark: Mark) -> DiagramNode:
        record = self.record(entry) if entry else None
        role = record.role if record else "external"
        exposed = any(self._exposes(edge, name) for edge in self._edges.get(name, {}).values())
        return DiagramNode(name, name, cast("Role", role if role in ROLES else "component"), mark, exposed)

    def _exposes(self, edge: TopologyEntry, name: str) -> bool:
        entry = self.nodes.get(edge.source) if edge.how == "exposes" and edge.target == name else None
        record = self.record(entry) if entry else None
        return record is not None and _is_outward(record)

    def _edge(self, entry: TopologyEntry, mark: Mark) -> DiagramEdge:
        how = cast("How", entry.how if entry.how in WAYS else "declared")
        return DiagramEdge(entry.source, entry.target, how, entry.port, mark)

    def _add(self, key: str, entry: TopologyEntry) -> None:
        if key.startswith("c "):
            self.nodes[key[2:]] = entry
            record = self.record(entry)
            runs = [value for aspect, _, value in record.fields if aspect == "artifact" and value] if record else []
            if runs:
                self.artifacts[key[2:]] = tuple(dict.fromkeys(runs))
            return
        self.edges_version += 1
        self.connection_count += 1
        self.exposing_count += entry.how == "exposes"
        for end in (entry.source, entry.target):
            self._edges.setdefault(end, {})[key] = entry

    def _drop(self, key: str, entry: TopologyEntry) -> None:
        if key.startswith("c "):
            self.nodes.pop(key[2:], None)
            self.artifacts.pop(key[2:], None)
            return
        self.edges_version += 1
        self.connection_count -= 1
        self.exposing_count -= entry.how == "exposes"
        for end in (entry.source, entry.target):
            edges = self._edges.get(end, {})
            edges.pop(key, None)
            if not edges:
                self._edges.pop(end, None)


class Step(NamedTuple):
    """One deployment with the topology that it led to."""

    record: DeploymentRecord
    standing: Standing
    """Valid until the next step."""


def walk(evidence: Evidence, components: Mapping[str, ComponentRecord], environments: Iterable[str]) -> Iterator[Step]:
    """Yield the deployments of `environments`, oldest first, each with its topology."""
    standings = {name: Standing(evidence.topologies(name), components) for name in environments}
    for record in evidence.deployments():
        standing = standings.get(record.environment)
        if standing is not None:
            standing.advance(record.digest)
            yield Step(record, standing)


def part_rows(graph: DiagramGraph) -> tuple[PartRow, ...]:
    """Return the changed part as a table: what changed first, then its neighbours."""
    reaches: dict[str, list[str]] = {}
    for edge in graph.edges:
        reaches.setdefault(edge.source, []).append(edge.target)
    rows = (
        PartRow(node.id, node.role, node.mark, tuple(sorted(set(reaches.get(node.id, ()))))) for node in graph.nodes
    )
    return tuple(sorted(rows, key=lambda row: (not row.mark, row.id)))
