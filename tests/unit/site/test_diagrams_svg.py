from __future__ import annotations

import pytest

from generator.site.diagram_graph import DiagramNode, diagram_graph
from generator.site.dot_run import LayoutError, find_engine, lay_out
from generator.site.dot_source import DARK, LIGHT, dot_source
from generator.site.dot_svg import redraw

GRAPH = diagram_graph([DiagramNode("a", "cart", "component", "changed")], [])
PAGE = (
    '<svg viewBox="0 0 60 40" xmlns="http://www.w3.org/2000/svg"><g transform="translate(4 36)">'
    '<g id="n0" class="node">{}<text x="1" y="2">cart</text><text x="1" y="2">~ changed</text></g></g></svg>'
)


def engine_page() -> str:
    (page,) = lay_out(find_engine(), [dot_source(GRAPH)], timeout=5)
    return page


def test_a_changed_part_has_two_borders() -> None:
    assert redraw(engine_page(), GRAPH, brisk=False).template.count("<rect") == 2


def test_the_dark_drawing_differs_in_colours_alone() -> None:
    drawing = redraw(engine_page(), GRAPH, brisk=False)
    dark = drawing.painted(DARK)
    for name, colour in DARK.items():
        dark = dark.replace(f'"{colour}"', f'"{LIGHT[name]}"')
    assert dark == drawing.painted(LIGHT)


def test_a_colour_in_a_name_is_not_repainted() -> None:
    graph = diagram_graph([DiagramNode("a", LIGHT["ink"], "component", "")], [])
    (page,) = lay_out(find_engine(), [dot_source(graph)], timeout=5)
    assert f">{LIGHT['ink']}</text>" in redraw(page, graph, brisk=False).painted(DARK)


@pytest.mark.parametrize(
    "extra",
    [
        '<a href="javascript:1"><path d="M0,0"/></a>',
        "<script>1</script>",
        '<image href="x"/>',
        '<path d="M0,0" onclick="1" style="fill:url(x)"/>',
        "<!-- x -->",
        "<foreignObject>x</foreignObject>",
    ],
)
def test_what_an_engine_adds_is_left_out(extra: str) -> None:
    drawn = redraw(PAGE.format(extra), GRAPH, brisk=False).painted(LIGHT)
    for word in ("href", "script", "image", "onclick", "style", "<!--", "foreign"):
        assert word not in drawn


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<svg", "can't be read"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "drew nothing"),
        (PAGE.format("").replace('id="n0"', 'id="n7"'), "drew 0 of 1 nodes"),
        (PAGE.format("").replace('<text x="1" y="2">cart</text>', ""), "left out a label"),
        (PAGE.format("").replace("translate(4 36)", ""), "without a size"),
        (PAGE.format('<path d="url(x)"/>'), "not plain geometry"),
        (PAGE.format("&bomb;"), "can't be read"),
    ],
)
def test_a_drawing_that_is_not_sound_is_refused(page: str, reason: str) -> None:
    with pytest.raises(LayoutError, match=reason):
        redraw(page, GRAPH, brisk=False)
