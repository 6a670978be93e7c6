"""What a diagram shows, as values: its nodes and edges in a fixed order, its digest, and its grouped form."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Literal

import msgspec

from generator.site.texts import N_, ngettext, number
from generator.site.texts import gettext as _
from generator.site.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Role = Literal["component", "exposure", "config", "secret", "volume", "external"]
Mark = Literal["", "added", "removed", "changed"]
How = Literal["declared", "reference", "inferred", "exposes"]

_MARKS: tuple[Mark, ...] = ("added", "removed", "changed")
_PLURALS: dict[Role, str] = {
    "component": N_("components"),
    "exposure": N_("exposures"),
    "config": N_("configs"),
    "secret": N_("secrets"),
    "volume": N_("volumes"),
    "external": N_("externals"),
}
_WORDS = {"added": N_("added"), "removed": N_("removed"), "changed": N_("changed")}


class DiagramNode(msgspec.Struct, frozen=True, order=True):
    """One part of a topology."""

    id: str
    label: str
    """What a person calls it; the id stands in where this is empty. Any text: it is drawn literally."""
    role: Role
    mark: Mark
    """What happened to it; empty where nothing did."""
    exposed: bool = False
    """True where something outside can reach it."""
    group: str = ""
    """What it is drawn under where a graph is too large for single parts; empty: its role."""
    caption: str = ""
    """Words under the label in place of those made from role and mark; set by `grouped`."""


class DiagramEdge(msgspec.Struct, frozen=True, order=True):
    """A directed connection between two nodes, by their ids."""

    source: str
    target: str
    how: How
    port: str
    mark: Mark


class DiagramGraph(msgspec.Struct, frozen=True):
    """Nodes and edges, sorted and without duplicates: made by `diagram_graph`, never by hand."""

    nodes: tuple[DiagramNode, ...]
    edges: tuple[DiagramEdge, ...]

    @property
    def digest(self) -> str:
        """Name of the diagram: 32 hexadecimal digits of the SHA-256 of its canonical encoding."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:32]


def diagram_graph(nodes: Iterable[DiagramNode], edges: Iterable[DiagramEdge]) -> DiagramGraph:
    """Return the graph in its one normal form.

    Of nodes with the same id the first in sorted order stays. An edge to an id that no node has gets a node of the
    role `external`, so that nothing known is left out.
    """
    known: dict[str, DiagramNode] = {}
    for node in sorted(nodes):
        known.setdefault(node.id, node)
    lines = tuple(sorted(set(edges)))
    for end in sorted({end for edge in lines for end in (edge.source, edge.target)} - known.keys()):
        known[end] = DiagramNode(end, end, "external", "")
    return DiagramGraph(tuple(known[key] for key in sorted(known)), lines)


def by_group(node: DiagramNode) -> str:
    """Return the name a node is grouped under: its group, else its role."""
    return node.group or by_role(node)


def by_role(node: DiagramNode) -> str:
    """Return the role of a node in the plural, as the name of its group."""
    return _(_PLURALS[node.role])


def grouped(graph: DiagramGraph, key: Callable[[DiagramNode], str]) -> DiagramGraph:
    """Return the graph with one node a group: each with how many parts it holds and what happened to them.

    Connections between two groups become one edge with their number; those within a group are counted in its words.
    """
    home = {node.id: key(node) for node in graph.nodes}
    members: dict[str, list[DiagramNode]] = defaultdict(list)
    for node in graph.nodes:
        members[home[node.id]].append(node)
    within = Counter(home[edge.source] for edge in graph.edges if home[edge.source] == home[edge.target])
    between: dict[tuple[str, str], list[DiagramEdge]] = defaultdict(list)
    for edge in graph.edges:
        ends = (home[edge.source], home[edge.target])
        if ends[0] != ends[1]:
            between[ends].append(edge)
    return diagram_graph(
        (_group_node(name, parts, within[name]) for name, parts in members.items()),
        (_group_edge(ends, edges) for ends, edges in between.items()),
    )


def count_words(counts: Mapping[str, int]) -> str:
    """Return counts as words, `2 added, 1 removed`, leaving out what is zero."""
    return ", ".join(f"{number(counts[word])} {_(_WORDS.get(word, word))}" for word in counts if counts[word])


def mark_counts(marks: Iterable[Mark]) -> dict[str, int]:
    """Return how often each mark stands, in the order added, removed, changed."""
    counted = Counter(marks)
    return {mark: counted[mark] for mark in _MARKS}


def _shared_mark(marks: list[Mark]) -> Mark:
    """Return the mark that all share; `changed` where only some have one, or they differ."""
    kinds = set(marks)
    if len(kinds) == 1:
        return marks[0]
    return "changed"


def _size(count: int, role: str) -> str:
    """Return how many parts of a role a group has, in words; of no role where they are of several."""
    words = {
        "component": counted(count, "component"),
        "exposure": counted(count, "exposure"),
        "config": counted(count, "config"),
        "secret": counted(count, "secret"),
        "volume": counted(count, "volume"),
        "external": counted(count, "external"),
    }
    return words.get(role) or counted(count, "part")


def _group_node(name: str, parts: list[DiagramNode], within: int) -> DiagramNode:
    roles = {part.role for part in parts}
    role: Role = parts[0].role if len(roles) == 1 else "component"
    words = [_size(len(parts), role if len(roles) == 1 else "")]
    if within:
        words.append(ngettext("%(number)s connection inside", "%(number)s connections inside", within))
    marks = count_words(mark_counts(part.mark for part in parts))
    return DiagramNode(
        id=name,
        label=name,
        role=role,
        mark=_shared_mark([part.mark for part in parts]),
        exposed=any(part.exposed for part in parts),
        caption=", ".join([*words, marks] if marks else words),
    )


def _group_edge(ends: tuple[str, str], edges: list[DiagramEdge]) -> DiagramEdge:
    ways = {edge.how for edge in edges}
    how: How = edges[0].how if len(ways) == 1 else "declared"
    count = f"\N{MULTIPLICATION SIGN} {len(edges):,}"
    return DiagramEdge(ends[0], ends[1], how, count, _shared_mark([edge.mark for edge in edges]))
