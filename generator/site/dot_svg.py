"""From the engine's SVG to the drawing that is published: only shapes are taken from it, words come from the graph.

Every element and attribute is written anew from a short list of allowed ones, so nothing that an engine may add
(links, scripts, comments, a doctype) can reach a page; a drawing that lacks a node or an edge is refused.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import msgspec

from generator.errors import escape_control
from generator.site.diagram_graph import count_words, mark_counts
from generator.site.dot_run import LayoutError
from generator.site.dot_source import CAPTION_SIZE, LABEL_SIZE, LIGHT, caption, edge_label, full_name, node_lines
from generator.site.texts import gettext as _
from generator.site.texts import ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.site.diagram_graph import DiagramEdge, DiagramGraph, DiagramNode

FONTS = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', Arimo, system-ui, sans-serif"
"""Fonts of the reader's system, those as wide as the layout's first."""

_SPACE = "{http://www.w3.org/2000/svg}"
_GEOMETRY = {
    "path": ("d",),
    "polygon": ("points",),
    "polyline": ("points",),
    "ellipse": ("cx", "cy", "rx", "ry"),
}
_PLAIN = re.compile(r"[0-9MCLHVZSQTAmclhvzsqtae., +-]*")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SLOT = re.compile("\x02([a-z-]+)\x03")
_TOKENS = {colour: name for name, colour in LIGHT.items()}
_BOX_RADIUS = 5.0


class Drawing(msgspec.Struct, frozen=True):
    """A drawing with slots for its colours."""

    template: str
    width: int
    """Pixels."""
    height: int
    """Pixels."""

    def painted(self, palette: Mapping[str, str]) -> str:
        """Return the SVG document with the colours of `palette`."""
        return _SLOT.sub(lambda slot: palette[slot.group(1)], self.template)


def redraw(svg: str, graph: DiagramGraph, *, brisk: bool) -> Drawing:
    """Return the published form of the engine's `svg` of `graph`.

    Raises `LayoutError` where it can't be read, or does not show exactly the nodes and edges of the graph.
    """
    try:
        root = ET.fromstring(svg)  # noqa: S314 - cut out without its doctype, so it can define no entities
    except ET.ParseError as error:
        message = "the layout engine wrote SVG that can't be read"
        raise LayoutError(message) from error
    page = root.find(f"{_SPACE}g")
    if page is None:
        message = "the layout engine drew nothing"
        raise LayoutError(message)
    nodes, edges = _parts(page, "node", "n", len(graph.nodes)), _parts(page, "edge", "e", len(graph.edges))
    names = {node.id: full_name(node) for node in graph.nodes}
    body = [
        *(_edge(part, edge, names, brisk=brisk) for part, edge in zip(edges, graph.edges, strict=True)),
        *(_node(part, node) for part, node in zip(nodes, graph.nodes, strict=True)),
    ]
    return _document(root, page, graph, "\n".join(body))


def _parts(page: ET.Element, kind: str, letter: str, expected: int) -> list[ET.Element]:
    found = {part.get("id", ""): part for part in page.iter(f"{_SPACE}g") if kind in part.get("class", "").split()}
    wanted = [f"{letter}{number}" for number in range(expected)]
    if found.keys() != set(wanted):
        message = f"the layout engine drew {len(found.keys() & set(wanted))} of {expected} {kind}s"
        raise LayoutError(message)
    return [found[key] for key in wanted]


def _document(root: ET.Element, page: ET.Element, graph: DiagramGraph, body: str) -> Drawing:
    sides = [float(number) for number in _NUMBER.findall(root.get("viewBox", ""))]
    shift = re.search(r"translate\((-?[0-9.]+)[ ,]+(-?[0-9.]+)\)", page.get("transform", ""))
    if len(sides) != len("xywh") or shift is None:
        message = "the layout engine drew a page without a size"
        raise LayoutError(message)
    width, height = (int(side + 0.999) for side in sides[2:])
    template = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="{FONTS}" font-size="{LABEL_SIZE}">\n'
        f"<title>{escape(_title(graph))}</title>\n"
        f'<g transform="translate({shift.group(1)} {shift.group(2)})" text-anchor="middle">\n{body}\n</g>\n</svg>\n'
    )
    return Drawing(template, width, height)


def _title(graph: DiagramGraph) -> str:
    contents = _("%(first)s and %(last)s", first=_parts_text(len(graph.nodes)), last=_lines_text(len(graph.edges)))
    marks = [*(node.mark for node in graph.nodes), *(edge.mark for edge in graph.edges)]
    changed = count_words(mark_counts(marks))
    if changed:
        return _("Topology of %(contents)s: %(changes)s", contents=contents, changes=changed)
    return _("Topology of %(contents)s", contents=contents)


def _parts_text(count: int) -> str:
    return ngettext("%(number)s part", "%(number)s parts", count)


def _lines_text(count: int) -> str:
    return ngettext("%(number)s connection", "%(number)s connections", count)


def _node(part: ET.Element, node: DiagramNode) -> str:
    lines = node_lines(node)
    radius = {"component": _BOX_RADIUS, "external": _BOX_RADIUS, "exposure": 999.0}.get(node.role)
    shapes = [_shape(shape, radius) for shape in _shapes(part)]
    texts = list(part.iter(f"{_SPACE}text"))
    if len(texts) != len(lines):
        message = "the layout engine left out a label"
        raise LayoutError(message)
    colours = ["ink", node.mark or "muted"]
    sizes = ["", f' font-size="{CAPTION_SIZE}"']
    words = [
        f"<text{_attributes(text, ('x', 'y'))}{size} fill={_slot(colour)}>{escape(line)}</text>"
        for text, line, size, colour in zip(texts, lines, sizes, colours, strict=False)
    ]
    title = full_name(node) + (f" ({escape_control(caption(node))})" if caption(node) else "")
    return "".join(["<g>", f"<title>{escape(title)}</title>", *shapes, *words, "</g>"])


def _edge(part: ET.Element, edge: DiagramEdge, names: Mapping[str, str], *, brisk: bool) -> str:
    label = edge_label(edge, brisk=brisk)
    colour = edge.mark or "muted"
    words = [
        f'<text{_attributes(text, ("x", "y"))} font-size="{CAPTION_SIZE}" fill={_slot(colour)}>{escape(label)}</text>'
        for text in part.iter(f"{_SPACE}text")
    ]
    if len(words) != (1 if label.strip() else 0):
        message = "the layout engine left out the label of a connection"
        raise LayoutError(message)
    shapes = [_shape(shape, None) for shape in _shapes(part)]
    facts = ", ".join(escape_control(fact) for fact in (edge.how, edge.port, edge.mark) if fact)
    title = f"{names[edge.source]} → {names[edge.target]} ({facts})"
    return "".join(["<g>", f"<title>{escape(title)}</title>", *shapes, *words, "</g>"])


def _shapes(part: ET.Element) -> Iterator[ET.Element]:
    return (shape for shape in part.iter() if shape.tag.removeprefix(_SPACE) in _GEOMETRY)


def _shape(shape: ET.Element, radius: float | None) -> str:
    """Return one shape; a polygon becomes a rectangle with rounded corners where a `radius` is given."""
    name = shape.tag.removeprefix(_SPACE)
    paint = "".join(f" {key}={_paint(shape.get(key, 'none'))}" for key in ("fill", "stroke"))
    pen = _attributes(shape, ("stroke-width", "stroke-dasharray"))
    if radius is None or name != "polygon":
        return f"<{name}{_attributes(shape, _GEOMETRY[name])}{paint}{pen}/>"
    numbers = [float(number) for number in _NUMBER.findall(shape.get("points", ""))]
    left, right, top, bottom = min(numbers[::2]), max(numbers[::2]), min(numbers[1::2]), max(numbers[1::2])
    width, height = right - left, bottom - top
    corner = min(radius, height / 2)
    return f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="{corner:g}"{paint}{pen}/>'


def _attributes(element: ET.Element, names: tuple[str, ...]) -> str:
    """Return those attributes of `element` that it has, as text; refuse one that is not plain geometry."""
    written = []
    for name in names:
        value = element.get(name)
        if value is None:
            continue
        if not _PLAIN.fullmatch(value):
            message = "the layout engine drew a shape that is not plain geometry"
            raise LayoutError(message)
        written.append(f" {name}={quoteattr(value)}")
    return "".join(written)


def _paint(colour: str) -> str:
    token = _TOKENS.get(colour.lower())
    if token is None:
        return '"none"' if colour in {"none", "transparent"} else _slot("line")
    return _slot(token)


def _slot(token: str) -> str:
    return f'"\x02{token}\x03"'
