"""DOT source of a diagram, and the words and colours that its drawing carries.

Names of nodes and edges in the source are numbers; text of the repository stands in labels alone, escaped, and only
so that the engine knows its width: the drawing gets the text again from the graph (see `generator.site.dot_svg`).
"""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

from graphviz import escape
from graphviz.quoting import attr_list

from generator.errors import escape_control
from generator.site.texts import N_
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.site.diagram_graph import DiagramEdge, DiagramGraph, DiagramNode

LAYOUT_FONT = "Arial"
"""The engine embeds metrics of the same widths for it."""
LABEL_SIZE = 13
CAPTION_SIZE = 11
LONGEST_LABEL = 36
"""Characters of a label that are drawn; a longer one loses its middle, and is whole in its tooltip."""
LONGEST_CAPTION = 60
LONGEST_PORT = 18

LIGHT = {
    "ink": "#1f2a36",
    "muted": "#51606f",
    "line": "#64748a",
    "surface": "#f5f7fa",
    "entry": "#e9edf3",
    "entry-line": "#3a4a5c",
    "store": "#faf7f0",
    "store-line": "#857759",
    "outside": "#fefefe",
    "outside-line": "#7a8695",
    "added": "#1a7135",
    "added-surface": "#e7f5ea",
    "removed": "#b3261e",
    "removed-surface": "#fcecea",
    "changed": "#1c5ca8",
    "changed-surface": "#e6eff9",
}
"""Colour of each meaning on a light page. Each value stands once: the drawing is repainted by it."""
DARK = {
    "ink": "#e7ebf0",
    "muted": "#aeb9c6",
    "line": "#8493a5",
    "surface": "#222a33",
    "entry": "#2d3844",
    "entry-line": "#b4c0ce",
    "store": "#2b2820",
    "store-line": "#a8997a",
    "outside": "#181d23",
    "outside-line": "#909cab",
    "added": "#63c585",
    "added-surface": "#17301f",
    "removed": "#f4958c",
    "removed-surface": "#3b1f1d",
    "changed": "#86b7f0",
    "changed-surface": "#1b2f47",
}
"""The same meanings on a dark page."""

_SHAPES = {
    "component": {"shape": "box", "fill": "surface", "line": "line"},
    "exposure": {"shape": "box", "fill": "entry", "line": "entry-line"},
    "config": {"shape": "note", "fill": "store", "line": "store-line"},
    "secret": {"shape": "note", "fill": "store", "line": "store-line"},
    "volume": {"shape": "cylinder", "fill": "store", "line": "store-line"},
    "external": {"shape": "box", "fill": "outside", "line": "outside-line"},
}
ROLE_WORDS = {
    "component": N_("component"),
    "exposure": N_("exposure"),
    "config": N_("config"),
    "secret": N_("secret"),
    "volume": N_("volume"),
    "external": N_("external"),
}
MARK_WORDS = {"added": N_("added"), "removed": N_("removed"), "changed": N_("changed")}
_MARK_SIGNS = {"added": "+", "removed": "\N{MINUS SIGN}", "changed": "~"}
_EDGE_LOOKS = {
    "declared": {"style": "solid", "penwidth": "1.3"},
    "reference": {"style": "solid", "penwidth": "0.8", "arrowhead": "vee"},
    "inferred": {"style": "dashed", "penwidth": "1.1", "arrowhead": "vee"},
    "exposes": {"style": "solid", "penwidth": "1.3", "arrowtail": "dot", "dir": "both"},
}
_COLUMNS_OF_SINGLES = 4


def shorten(text: str, limit: int) -> str:
    """Return `text` in at most `limit` characters, its middle left out: both ends tell names apart."""
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[len(text) - tail :]}"


def full_name(node: DiagramNode) -> str:
    """Return the whole label of a node as one printable line."""
    return escape_control(node.label or node.id) or _("(no name)")


def caption(node: DiagramNode) -> str:
    """Return the words under a label: role, exposure and mark, so that nothing rests on colour or shape alone."""
    if node.caption:
        return node.caption
    words: list[str] = [_(ROLE_WORDS[node.role])] if node.role != "component" else []
    if node.exposed and node.role == "component":
        words.append(_("exposed"))
    if node.mark:
        words.append(f"{_MARK_SIGNS[node.mark]} {_(MARK_WORDS[node.mark])}")
    return " · ".join(words)


def node_lines(node: DiagramNode) -> tuple[str, ...]:
    """Return the lines drawn in a node: its label, and its caption where it has one."""
    label = shorten(full_name(node), LONGEST_LABEL)
    below = caption(node)
    return (label, shorten(escape_control(below), LONGEST_CAPTION)) if below else (label,)


def edge_label(edge: DiagramEdge, *, brisk: bool) -> str:
    """Return the words on an edge: its port and mark; none where the layout must be `brisk`, for want of room."""
    if brisk:
        return ""
    sign = _MARK_SIGNS.get(edge.mark, "")
    port = shorten(escape_control(edge.port), LONGEST_PORT)
    return f"{sign} {port or _(MARK_WORDS[edge.mark])}" if edge.mark else port


def is_blank(text: str) -> bool:
    """Tell whether the engine would draw nothing for `text`."""
    return not text.strip()


def dot_source(graph: DiagramGraph, *, brisk: bool = False) -> str:
    """Return the DOT source of `graph`; `brisk` asks for straight edges and less search, for larger graphs."""
    return "".join([*_header(brisk=brisk), *_nodes(graph), *_edges(graph, brisk=brisk), *_rows(graph), "}\n"])


def _header(*, brisk: bool) -> Iterator[str]:
    yield "digraph topology {\n"
    settings = {
        "rankdir": "LR",
        "newrank": "true",
        "bgcolor": "transparent",
        "charset": "UTF-8",
        "nodesep": "0.28",
        "ranksep": "0.6",
        "fontname": LAYOUT_FONT,
    }
    if brisk:
        settings |= {"splines": "line", "nslimit": "2", "nslimit1": "2", "mclimit": "0.3"}
    yield f"graph{attr_list(attributes=settings)}\n"
    yield f"node{attr_list(attributes={'fontname': LAYOUT_FONT, 'fontsize': str(LABEL_SIZE), 'height': '0.3'})}\n"
    yield f"edge{attr_list(attributes={'fontname': LAYOUT_FONT, 'fontsize': str(CAPTION_SIZE), 'arrowsize': '0.7'})}\n"


def _nodes(graph: DiagramGraph) -> Iterator[str]:
    for number, node in enumerate(graph.nodes):
        look = _SHAPES[node.role]
        styles = ["filled"]
        attributes = {
            "id": f"n{number}",
            "label": _quoted("\n".join(_for_width(line) for line in node_lines(node))),
            "shape": look["shape"],
            "fillcolor": LIGHT[f"{node.mark}-surface" if node.mark else look["fill"]],
            "color": LIGHT[node.mark or ("entry-line" if node.exposed else look["line"])],
            "penwidth": "2" if node.mark == "added" else "1.1",
            "margin": "0.17,0.05" if node.role == "exposure" else "0.16,0.09",
        }
        if node.mark == "removed" or (node.role == "external" and not node.mark):
            styles.append("dashed")
        if node.mark == "changed" and look["shape"] == "box":
            attributes["peripheries"] = "2"
        elif node.mark == "changed":
            attributes["penwidth"] = "2"
        yield f"n{number}{attr_list(attributes=attributes | {'style': ','.join(styles)})}\n"


def _edges(graph: DiagramGraph, *, brisk: bool) -> Iterator[str]:
    numbers = {node.id: number for number, node in enumerate(graph.nodes)}
    for number, edge in enumerate(graph.edges):
        look = dict(_EDGE_LOOKS[edge.how])
        if edge.mark == "removed":
            look["style"] = "dashed"
        if edge.mark in {"added", "changed"}:
            look["penwidth"] = "2"
        attributes = look | {"id": f"e{number}", "color": LIGHT[edge.mark or "line"]}
        label = edge_label(edge, brisk=brisk)
        if not is_blank(label):
            attributes["label"] = _quoted(f" {_for_width(label)} ")
        yield f"n{numbers[edge.source]} -> n{numbers[edge.target]}{attr_list(attributes=attributes)}\n"


def _rows(graph: DiagramGraph) -> Iterator[str]:
    """Yield invisible edges that set nodes without any edge in rows, which else stand in one tall column."""
    joined = {end for edge in graph.edges for end in (edge.source, edge.target)}
    singles = [number for number, node in enumerate(graph.nodes) if node.id not in joined]
    columns = min(_COLUMNS_OF_SINGLES, math.ceil(math.sqrt(len(singles))))
    rows = [singles[start : start + columns] for start in range(0, len(singles), max(columns, 1))]
    for row in rows:
        if len(row) > 1:
            yield f"{_chain(row)} [style=invis weight=50]\n"
    if len(rows) > 1:
        yield f"{{ rank=same {_chain([row[0] for row in rows])} [style=invis] }}\n"


def _chain(numbers: Iterable[int]) -> str:
    return " -> ".join(f"n{number}" for number in numbers)


def _for_width(text: str) -> str:
    """Return `text` with letters the engine has no metrics for replaced by one as wide."""
    return "".join("W" if unicodedata.east_asian_width(char) in "WF" else char for char in text)


def _quoted(text: str) -> str:
    """Return `text` as a label that is drawn literally: no markup, no escapes, no character references."""
    lines = (escape(line.replace("&", "&amp;")) for line in text.split("\n"))
    return "\\n".join(lines)
