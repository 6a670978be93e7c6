from __future__ import annotations

import re
from itertools import pairwise

import pytest

from generator.site.diagram_graph import DiagramEdge, DiagramNode, diagram_graph
from generator.site.dot_source import DARK, LIGHT, dot_source, edge_label, node_lines, shorten


def part(**other: object) -> DiagramNode:
    values: dict[str, object] = {"id": "a", "label": "cart", "role": "component", "mark": ""} | other
    return DiagramNode(**values)  # type: ignore[arg-type]  # the tests name each field by its own type


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""
    brightness = []
    for colour in (one, other):
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        brightness.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(brightness) + 0.05) / (min(brightness) + 0.05)


@pytest.mark.parametrize(("palette", "ground"), [(LIGHT, "#ffffff"), (DARK, "#14181d")])
def test_words_and_lines_can_be_told_from_their_ground(palette: dict[str, str], ground: str) -> None:
    surfaces = [palette[name] for name in ("surface", "entry", "store", "outside")]
    for surface in [*surfaces, ground]:
        assert contrast(palette["ink"], surface) > 7
        assert contrast(palette["muted"], surface) >= 4.5
    for mark in ("added", "removed", "changed"):
        assert contrast(palette[mark], palette[f"{mark}-surface"]) >= 4.5
        assert contrast(palette[mark], ground) >= 4.5
        assert contrast(palette["ink"], palette[f"{mark}-surface"]) > 7
    for line in ("line", "entry-line", "store-line", "outside-line"):
        assert contrast(palette[line], ground) >= 3


def test_every_colour_means_one_thing() -> None:
    assert len(set(LIGHT.values())) == len(LIGHT)
    assert LIGHT.keys() == DARK.keys()


def test_a_mark_has_a_word() -> None:
    assert node_lines(part(mark="added")) == ("cart", "+ added")
    assert node_lines(part(role="secret", mark="removed")) == ("cart", "secret · \N{MINUS SIGN} removed")
    assert node_lines(part(exposed=True)) == ("cart", "exposed")
    assert node_lines(part()) == ("cart",)


@pytest.mark.parametrize(
    ("port", "mark", "label"),
    [("80", "", "80"), ("", "", ""), ("80", "added", "+ 80"), ("", "changed", "~ changed")],
)
def test_an_edge_shows_its_port_and_mark(port: str, mark: str, label: str) -> None:
    edge = DiagramEdge("a", "b", "declared", port, mark)  # type: ignore[arg-type]  # from a table of texts
    assert edge_label(edge, brisk=False) == label
    assert edge_label(edge, brisk=True) == ""


def test_a_nameless_part_is_named() -> None:
    assert node_lines(part(label="", id="web")) == ("web",)
    assert node_lines(part(label="", id="")) == ("(no name)",)


def test_shortening_keeps_both_ends() -> None:
    assert shorten("abcdefghij", 10) == "abcdefghij"
    assert shorten("abcdefghijk", 10) == "abcde…hijk"


def test_the_source_asks_for_new_ranks_and_says_nothing_of_a_link() -> None:
    source = dot_source(diagram_graph([part(label='"];URL="x')], []))
    assert "newrank=true" in source
    assert r'label="\"];URL=\"x"' in source
    assert not re.search(r"\b(URL|href|image|tooltip)=", source.replace(r";URL=\"x", ""))


def test_parts_without_connections_stand_in_rows() -> None:
    source = dot_source(diagram_graph([part(id=str(number)) for number in range(9)], []))
    rows = re.findall(r"^(n\d(?: -> n\d)*) \[style=invis weight=50\]$", source, re.MULTILINE)
    assert rows == ["n0 -> n1 -> n2", "n3 -> n4 -> n5", "n6 -> n7 -> n8"]
    assert all(len(a) == len(b) for a, b in pairwise(rows))
