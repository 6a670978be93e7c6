from __future__ import annotations

from generator.site.diagram_graph import (
    DiagramEdge,
    DiagramNode,
    by_group,
    by_role,
    count_words,
    diagram_graph,
    grouped,
    mark_counts,
)


def node(name: str, **other: object) -> DiagramNode:
    values: dict[str, object] = {"id": name, "label": name, "role": "component", "mark": ""} | other
    return DiagramNode(**values)  # type: ignore[arg-type]  # the tests name each field by its own type


def edge(source: str, target: str, **other: object) -> DiagramEdge:
    values: dict[str, object] = {"source": source, "target": target, "how": "declared", "port": "", "mark": ""} | other
    return DiagramEdge(**values)  # type: ignore[arg-type]  # the tests name each field by its own type


def test_order_and_duplicates_do_not_change_the_digest() -> None:
    nodes, edges = [node("a"), node("b"), node("c")], [edge("a", "b"), edge("b", "c")]
    assert (
        diagram_graph(nodes, edges).digest
        == diagram_graph([*nodes[::-1], node("a")], [*edges[::-1], edge("a", "b")]).digest
    )


def test_every_field_changes_the_digest() -> None:
    digests = {
        diagram_graph([part], [line]).digest
        for part in (node("a"), node("a", label="x"), node("a", mark="added"), node("a", exposed=True))
        for line in (edge("a", "a"), edge("a", "a", how="inferred"), edge("a", "a", port="1"))
    }
    assert len(digests) == 12
    assert {len(digest) for digest in digests} == {32}


def test_an_edge_to_an_unknown_node_brings_an_external_one() -> None:
    graph = diagram_graph([node("a")], [edge("a", "db.example")])
    assert [(part.id, part.role) for part in graph.nodes] == [("a", "component"), ("db.example", "external")]


def test_grouping_keeps_every_count() -> None:
    nodes = [node(name, group=name[0]) for name in ("a1", "a2", "a3", "b1")]
    graph = grouped(diagram_graph(nodes, [edge("a1", "a2"), edge("a1", "b1"), edge("a2", "b1")]), by_group)
    assert [(part.id, part.caption) for part in graph.nodes] == [
        ("a", "3 components, 1 connection inside"),
        ("b", "1 component"),
    ]
    assert [(line.source, line.target, line.port) for line in graph.edges] == [("a", "b", "\N{MULTIPLICATION SIGN} 2")]


def test_a_group_is_changed_where_one_of_its_parts_is() -> None:
    nodes = [node("a", group="g", mark="added"), node("b", group="g"), node("c", group="h", mark="added")]
    graph = grouped(diagram_graph(nodes, []), by_group)
    assert [part.mark for part in graph.nodes] == ["changed", "added"]
    assert graph.nodes[0].caption == "2 components, 1 added"


def test_without_a_group_the_role_takes_its_place() -> None:
    nodes = [node("a", group="g"), node("c", role="config")]
    graph = diagram_graph(nodes, [])
    assert [by_group(part) for part in graph.nodes] == ["g", "configs"]
    assert [by_role(part) for part in graph.nodes] == ["components", "configs"]


def test_counts_leave_out_zeros() -> None:
    assert count_words(mark_counts(["added", "added", "", "changed"])) == "2 added, 1 changed"
    assert count_words(mark_counts([])) == ""
