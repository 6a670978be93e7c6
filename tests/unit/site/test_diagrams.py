from __future__ import annotations

import re
import stat
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from generator.errors import FaultError
from generator.site.diagrams import DiagramEdge, DiagramGraph, DiagramNode, Diagrams, diagram_graph
from generator.site.dot_run import find_engine

if TYPE_CHECKING:
    from pathlib import Path

SPACE = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "title", "g", "text", "path", "polygon", "polyline", "rect", "ellipse"}
PLACES = {"role", "width", "height", "viewBox", "transform", "x", "y", "rx", "ry", "cx", "cy", "d", "points"}
LOOKS = {"font-family", "font-size", "text-anchor", "fill", "stroke", "stroke-width", "stroke-dasharray"}
HOSTILE = (
    '"];URL="javascript:1',
    "<b>bold</b>",
    "<<TABLE><TR><TD HREF='javascript:1'>x</TD></TR></TABLE>>",
    "two\nlines",
    "\\N \\G \\l \\",
    "&#106;avascript &lt;",
    "</text><script>alert(1)</script>",
    "]]>--><!--",
    "{a|b}",
    " ",
)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own output, from this test


def node(name: str, group: str = "") -> DiagramNode:
    return DiagramNode(name, name, "component", "", group=group)


def edge(source: str, target: str) -> DiagramEdge:
    return DiagramEdge(source, target, "declared", "8080", "")


def pair(name: str = "cart") -> DiagramGraph:
    return diagram_graph([node("checkout"), node(name)], [edge("checkout", name)])


def complete(count: int, groups: int = 0) -> DiagramGraph:
    names = [f"service-{number:03}" for number in range(count)]
    nodes = [node(name, f"team {at % groups}" if groups else "") for at, name in enumerate(names)]
    return diagram_graph(nodes, [edge(a, b) for a in names for b in names if a != b])


def program(folder: Path, script: str) -> list[str]:
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return [str(path)]


def words(path: Path) -> list[str]:
    return [text.text or "" for text in parsed(path.read_text()).iter(f"{SPACE}text")]


def test_a_graph_is_drawn_for_light_and_dark_pages(tmp_path: Path) -> None:
    diagrams = Diagrams(tmp_path / "new" / "folder")
    digest = diagrams.request(pair())
    result = diagrams.render_all()[digest]
    light, dark = (tmp_path / "new" / "folder" / f"{digest}{end}" for end in (".svg", ".dark.svg"))
    assert (result.state, result.reason) == ("drawn", "")
    root = parsed(light.read_text())
    assert (root.get("width"), root.get("height")) == (str(result.width), str(result.height))
    assert words(light) == words(dark) == ["8080", "cart", "checkout"]
    assert light.read_text() != dark.read_text()


def test_the_same_graph_is_drawn_once(tmp_path: Path) -> None:
    diagrams = Diagrams(tmp_path)
    assert diagrams.request(pair()) == diagrams.request(pair())
    assert len(diagrams.render_all()) == 1


def test_nothing_requested_starts_nothing(tmp_path: Path) -> None:
    assert Diagrams(tmp_path / "x", dot=["/no/such/program"]).render_all() == {}
    assert not (tmp_path / "x").exists()


def test_batches_give_the_bytes_of_single_runs_whatever_the_number_of_jobs(tmp_path: Path) -> None:
    graphs = [pair(f"service-{number}") for number in range(70)]
    batched = Diagrams(tmp_path / "batched", jobs=3)
    for graph in graphs:
        batched.request(graph)
    batched.render_all()
    for graph in graphs[::23]:
        single = Diagrams(tmp_path / "single", jobs=1)
        digest = single.request(graph)
        single.render_all()
        name = f"{digest}.svg"
        assert (tmp_path / "batched" / name).read_bytes() == (tmp_path / "single" / name).read_bytes()
    assert len(list((tmp_path / "batched").iterdir())) == 140


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_drawn_literally(tmp_path: Path, text: str) -> None:
    diagrams = Diagrams(tmp_path)
    nodes = [DiagramNode("a", text, "config", "changed"), DiagramNode(text, "b", "component", "")]
    digest = diagrams.request(diagram_graph(nodes, [DiagramEdge("a", text, "inferred", text[:18], "added")]))
    assert diagrams.render_all()[digest].state == "drawn"
    svg = (tmp_path / f"{digest}.svg").read_text()
    assert not re.search(r"<!|<\?|<script|<a\b|<image", svg)
    elements = list(parsed(svg).iter())
    assert {element.tag.removeprefix(SPACE) for element in elements} <= TAGS
    assert {name for element in elements for name, _ in element.items()} <= PLACES | LOOKS
    shown = text.replace("\n", "\\n")
    label = shown if len(shown) <= 36 else f"{shown[:18]}…{shown[-17:]}"
    assert label in words(tmp_path / f"{digest}.svg")


def test_a_long_name_loses_its_middle_and_is_whole_in_its_title(tmp_path: Path) -> None:
    name = "x" * 150 + "y" * 150
    diagrams = Diagrams(tmp_path)
    digest = diagrams.request(diagram_graph([node(name)], []))
    diagrams.render_all()
    root = parsed((tmp_path / f"{digest}.svg").read_text())
    assert words(tmp_path / f"{digest}.svg") == ["x" * 18 + "…" + "y" * 17]
    assert name in [title.text for title in root.iter(f"{SPACE}title")]


def test_too_many_connections_are_drawn_in_groups(tmp_path: Path) -> None:
    diagrams = Diagrams(tmp_path)
    digest = diagrams.request(complete(40, groups=4))
    result = diagrams.render_all()[digest]
    assert result.state == "grouped"
    assert result.reason.startswith("40 parts and 1,560 connections are more than")
    assert "10 components, 90 connections inside" in words(tmp_path / f"{digest}.svg")


def test_without_groups_the_table_stands_alone(tmp_path: Path) -> None:
    diagrams = Diagrams(tmp_path)
    digest = diagrams.request(complete(40))
    result = diagrams.render_all()[digest]
    assert (result.state, result.width, result.height) == ("table", 0, 0)
    assert result.reason
    assert list(tmp_path.iterdir()) == []


def test_an_empty_graph_has_a_reason(tmp_path: Path) -> None:
    diagrams = Diagrams(tmp_path)
    digest = diagrams.request(diagram_graph([], []))
    assert diagrams.render_all()[digest].reason == "There is nothing to draw"


def test_an_engine_that_fails_leaves_the_table_with_its_reason(tmp_path: Path) -> None:
    script = "echo '<svg viewBox=\"0 0 1 1\"><g/></svg>'; exit 1"
    diagrams = Diagrams(tmp_path / "out", dot=program(tmp_path, script))
    digest = diagrams.request(pair())
    result = diagrams.render_all()[digest]
    assert (result.state, result.reason) == ("table", "The layout engine ended with status 1")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_drawing_that_lacks_a_node_is_refused_even_with_status_0(tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g transform="translate(4 4)"></g></svg>'
    diagrams = Diagrams(tmp_path / "out", dot=program(tmp_path, f"echo '{svg}'"))
    digest = diagrams.request(pair())
    assert diagrams.render_all()[digest].reason == "The layout engine drew 0 of 2 nodes"


def test_a_slow_engine_is_ended(tmp_path: Path) -> None:
    diagrams = Diagrams(tmp_path / "out", dot=program(tmp_path, "sleep 60"), timeout=0.5)
    digest = diagrams.request(pair())
    result = diagrams.render_all()[digest]
    assert result.state == "table"
    assert result.reason.startswith("The layout engine took more than")


def test_an_engine_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    diagrams = Diagrams(tmp_path / "out", dot=["/no/such/dot"])
    diagrams.request(pair())
    with pytest.raises(FaultError, match="diagram-engine"):
        diagrams.render_all()


def test_one_bad_graph_of_a_batch_costs_only_itself(tmp_path: Path) -> None:
    engine = f"""
file=$(mktemp)
trap 'rm -f $file' EXIT
cat > $file
grep -q poison $file && exit 1
{find_engine()[0]} -Tsvg < $file"""
    diagrams = Diagrams(tmp_path / "out", dot=program(tmp_path, engine))
    bad, good = diagrams.request(pair("poison")), diagrams.request(pair("cart"))
    results = diagrams.render_all()
    assert (results[bad].state, results[good].state) == ("table", "drawn")
