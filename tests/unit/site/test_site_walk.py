from pathlib import Path

import msgspec
import pytest

from generator.evidence.packs import ComponentRecord, PackLine, TopologyEntry
from generator.evidence.reading import Replay
from generator.site.walk import MOST_PART_NODES, Standing, moved, part_rows

RECORDS = {
    name: ComponentRecord(digest=name, id=name, role=role, kind="Deployment", fields=())
    for name, role in (("a1", "component"), ("a2", "component"), ("b1", "component"), ("s1", "exposure"))
}


def edge(source: str, target: str, how: str = "inferred") -> TopologyEntry:
    return TopologyEntry(source=source, target=target, how=how, port="80")


def standing(folder: Path, *lines: PackLine) -> Standing:
    path = folder / "production.jsonl"
    path.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    return Standing(Replay(path, TopologyEntry), RECORDS)


def plain(**entries: TopologyEntry) -> dict[str, object]:
    return {key: msgspec.to_builtins(entry) for key, entry in entries.items()}


FIRST = PackLine(
    digest="1",
    set={
        "c a": {"component": "a1"},
        "c b": {"component": "b1"},
        "c s": {"component": "s1"},
        **plain(**{"e a -> b": edge("a", "b"), "x s -> a": edge("s", "a", "exposes")}),
    },
)


def test_a_changed_component_is_drawn_with_its_neighbours_alone(tmp_path: Path) -> None:
    walked = standing(tmp_path, FIRST, PackLine(digest="2", base="1", set={"c b": {"component": "a2"}}))
    walked.advance("1")
    walked.advance("2")
    graph = walked.changed()
    assert graph is not None
    assert [(node.id, node.mark) for node in graph.nodes] == [("a", ""), ("b", "changed")]
    assert [(line.source, line.target, line.mark) for line in graph.edges] == [("a", "b", "")]
    assert walked.is_same_shape()


def test_what_comes_and_goes_is_marked_and_the_removed_part_stays_in_the_picture(tmp_path: Path) -> None:
    last = PackLine(
        digest="2", base="1", set=plain(**{"e b -> s": edge("b", "s")}), unset=("c a", "e a -> b", "x s -> a")
    )
    walked = standing(tmp_path, FIRST, last)
    walked.advance("1")
    walked.advance("2")
    graph = walked.changed()
    assert graph is not None
    assert {(node.id, node.mark) for node in graph.nodes} == {("a", "removed"), ("b", ""), ("s", "")}
    assert {(line.source, line.target, line.mark) for line in graph.edges} == {
        ("a", "b", "removed"),
        ("b", "s", "added"),
        ("s", "a", "removed"),
    }
    assert not walked.is_same_shape()
    assert [entry.source for entry in walked.connections()] == ["b"]


def test_an_entry_set_to_what_it_was_is_no_change(tmp_path: Path) -> None:
    again = PackLine(digest="2", base="1", set={"c b": {"component": "a2"}, **plain(**{"e a -> b": edge("a", "b")})})
    walked = standing(tmp_path, FIRST, again)
    walked.advance("1")
    walked.advance("2")
    assert set(walked.came) == set(walked.went) == {"c b"}


def test_what_leads_to_a_component_exposes_it(tmp_path: Path) -> None:
    walked = standing(tmp_path, FIRST)
    walked.advance("1")
    assert [node.id for node in walked.whole().nodes if node.exposed] == ["a"]


def test_a_changed_part_that_is_too_large_has_no_picture(tmp_path: Path) -> None:
    many = {f"c n{number}": {"component": "a1"} for number in range(MOST_PART_NODES + 1)}
    walked = standing(tmp_path, PackLine(digest="1", set=many))
    walked.advance("1")
    assert walked.changed() is None
    assert len(walked.whole().nodes) == MOST_PART_NODES + 1


def test_nothing_that_changed_has_no_picture(tmp_path: Path) -> None:
    walked = standing(tmp_path, FIRST)
    walked.advance("1")
    walked.advance("1")
    assert walked.changed() is None


def test_the_table_of_the_part_has_what_changed_first(tmp_path: Path) -> None:
    walked = standing(tmp_path, FIRST, PackLine(digest="2", base="1", set={"c b": {"component": "a2"}}))
    walked.advance("1")
    walked.advance("2")
    graph = walked.changed()
    assert graph is not None
    assert [(row.id, row.mark, row.reaches) for row in part_rows(graph)] == [("b", "changed", ()), ("a", "", ("b",))]


@pytest.mark.parametrize("digest", ["1"])
def test_moved_gives_what_the_replay_gives_where_everything_differs(tmp_path: Path, digest: str) -> None:
    path = tmp_path / "one.jsonl"
    path.write_bytes(msgspec.json.encode(FIRST) + b"\n")
    came, went = moved(Replay(path, TopologyEntry), digest)
    assert set(came) == set(FIRST.set)
    assert went == {}
