from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from generator.model.component import How, Role, component
from generator.model.graph import Graph, articulation_points, component_graph, cycles, shortest_cycle
from generator.model.topology import Connection, Topology

ROOT = Path(__file__).parents[3]


def topology(*edges: str, selected: dict[str, tuple[str, ...]] | None = None) -> Topology:
    """Return a topology from edges `a>b`; `Service/x` is an exposure, `ConfigMap/x` a config."""
    pairs = [tuple(edge.split(">")) for edge in edges]
    ids = {id_ for pair in pairs for id_ in pair} | {id_ for ids in (selected or {}).values() for id_ in ids}
    roles = {"Service": Role.EXPOSURE, "ConfigMap": Role.CONFIG}
    nodes = {
        id_: component(id_, roles.get(id_.partition("/")[0], Role.COMPONENT), "Deployment")
        for id_ in sorted(ids)
        if not id_.startswith("external/")
    }
    connections = frozenset(Connection(source, target, How.REFERENCE) for source, target in pairs)
    return Topology(components=nodes, connections=connections, selected=selected or {}, dangling=())


def test_resources_and_hosts_are_no_nodes() -> None:
    graph = component_graph(
        topology("a>b", "a>ConfigMap/shop", "b>ConfigMap/shop", "b>external/mail.example", "Service/web>a")
    )
    assert list(graph.nodes) == ["a", "b"]
    assert list(graph.edges) == [("a", "b")]


def test_an_edge_to_an_exposure_leads_to_what_is_behind_it() -> None:
    graph = component_graph(topology("a>Service/b", selected={"Service/b": ("b1", "b2")}))
    assert list(graph.edges) == [("a", "b1"), ("a", "b2")]


def test_a_component_does_not_depend_on_itself() -> None:
    graph = component_graph(topology("a>Service/a", "a>a", selected={"Service/a": ("a",)}))
    assert not graph.edges


def test_the_middle_of_a_chain_is_an_articulation_point() -> None:
    assert articulation_points(component_graph(topology("a>b", "b>c"))) == {"b": ("a", "c")}


def test_directions_do_not_matter_for_articulation() -> None:
    assert articulation_points(component_graph(topology("b>a", "b>c"))) == {"b": ("a", "c")}


def test_a_ring_has_no_articulation_point() -> None:
    assert articulation_points(component_graph(topology("a>b", "b>c", "a>c"))) == {}


def test_each_side_of_an_articulation_point_is_named_once() -> None:
    found = articulation_points(component_graph(topology("m>a", "m>b", "a>b", "m>x")))
    assert found == {"m": ("a", "x")}


def test_articulation_points_are_those_of_networkx() -> None:
    graph, _ = large(60, 80)
    assert set(articulation_points(graph)) == set(nx.articulation_points(nx.Graph(graph.edges)))


def test_cycles_are_groups_that_reach_each_other() -> None:
    graph = component_graph(topology("c>a", "a>b", "b>c", "c>d", "x>y", "y>x", "d>e"))
    assert cycles(graph) == (("a", "b", "c"), ("x", "y"))


NODES = st.sampled_from([f"n{number}" for number in range(9)])


@given(st.sets(st.tuples(NODES, NODES), max_size=30))
def test_cycles_are_those_of_networkx(edges: set[tuple[str, str]]) -> None:
    nodes = {node for edge in edges for node in edge}
    expected = [tuple(sorted(group)) for group in nx.strongly_connected_components(nx.DiGraph(edges)) if len(group) > 1]
    assert cycles(Graph(nodes, edges)) == tuple(sorted(expected))


def test_the_library_of_graphs_is_loaded_for_articulation_points_alone() -> None:
    script = "import sys; from generator.model import graph; import generator.pipeline.building; "
    script += "made = graph.Graph(['a', 'b'], [('a', 'b'), ('b', 'a')]); found = graph.cycles(made); "
    script += "before = 'networkx' in sys.modules; graph.articulation_points(made); "
    script += "print(found, before, 'networkx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "(('a', 'b'),) False True\n"


def test_no_cycle_in_a_diamond() -> None:
    assert cycles(component_graph(topology("a>b", "a>c", "b>d", "c>d"))) == ()


def test_the_shortest_way_round_is_named() -> None:
    graph = component_graph(topology("a>b", "b>c", "c>d", "d>a", "c>a", "a>out"))
    assert shortest_cycle(graph, ("a", "b", "c", "d")) == ("a", "b", "c")


def test_of_equally_short_ways_the_first_in_order_is_taken() -> None:
    graph = component_graph(topology("a>z", "z>a", "a>b", "b>a"))
    assert shortest_cycle(graph, ("a", "b", "z")) == ("a", "b")


def test_answers_do_not_depend_on_the_order_of_edges() -> None:
    edges = ["a>b", "b>c", "c>a", "c>d", "d>e", "e>f", "f>e"]
    first = component_graph(topology(*edges))
    second = component_graph(topology(*reversed(edges)))
    assert list(first.edges) == list(second.edges)
    assert list(articulation_points(first).items()) == list(articulation_points(second).items())
    assert cycles(first) == cycles(second)


def large(nodes: int, edges: int) -> tuple[Graph, Topology]:
    chance = random.Random(7)  # noqa: S311 - a fixed seed makes a fixed graph, nothing is secret
    names = [f"c{number:04}" for number in range(nodes)]
    made = topology(*{f"{chance.choice(names)}>{chance.choice(names)}" for _ in range(edges)})
    return component_graph(made), made


def test_a_thousand_components_take_no_noticeable_time() -> None:
    _, made = large(1000, 3000)
    started = time.perf_counter()
    graph = component_graph(made)
    assert articulation_points(graph)
    assert all(shortest_cycle(graph, members) for members in cycles(graph))
    assert time.perf_counter() - started < 1.0  # about 0.03 s on an idle machine
