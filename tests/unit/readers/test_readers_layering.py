from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.documents.tree import Mapping, Node, Scalar, leaves
from generator.documents.yaml_text import parse_yaml
from generator.readers.layering import layered_leaves, merge_layers


def roots(*texts: str) -> list[Node]:
    return [parse_yaml(text.encode(), "values.yaml").roots[0] for text in texts]


def told(node: Node) -> dict[str, str]:
    return {name: scalar.text for name, scalar in leaves(node) if not scalar.null}


@pytest.mark.parametrize(
    ("layers", "merged"),
    [
        (["a: 1", "b: 2"], {"a": "1", "b": "2"}),
        (["a: {x: 1, y: 2}", "a: {y: 3}"], {"a.x": "1", "a.y": "3"}),
        (["a: [1, 2]", "a: [3]"], {"a[0]": "3"}),
        (["a: [1, 2]", "a: []"], {"a": "[]"}),
        (["a: {x: 1}", "a: 2"], {"a": "2"}),
        (["a: 1", "a: {x: 2}"], {"a.x": "2"}),
        (["a: {x: 1}", "a: {}"], {"a.x": "1"}),
        (["a: {x: 1, y: 2}", "a: {x: ~}"], {"a.y": "2"}),
        (["a: {x: 1}\nb: 1", "a: null"], {"b": "1"}),
        (["a: {x: 1}", "a: ~", "a: {y: 2}"], {"a.y": "2"}),
        (["a: 1", "b: 1", "a: 2"], {"a": "2", "b": "1"}),
        (["a: 1.10", 'a: "null"'], {"a": "null"}),
        (["a: 1", "[1]"], {"a": "1"}),
        (["a: {}", "a: {}"], {"a": "{}"}),
        (["a: {}", "a: {}", "a: {x: 1}"], {"a.x": "1"}),
    ],
)
def test_later_layers_win_as_in_helm(layers: list[str], merged: dict[str, str]) -> None:
    found = merge_layers(roots(*layers))
    assert told(found) == merged
    assert {name: scalar.text for name, scalar, _ in layered_leaves(roots(*layers)) if not scalar.null} == merged


def test_a_key_that_a_null_took_away_is_gone() -> None:
    assert list(merge_layers(roots("a: 1\nb: 2", "a: ~")).entries) == ["b"]


def test_lines_and_layers_are_told() -> None:
    layers = roots("a: 1\nb:\n  c: 2\n  d: 3\n", "\nb:\n  d: 4\n")
    found = [(name, scalar.text, scalar.line, number) for name, scalar, number in layered_leaves(layers)]
    assert found == [("a", "1", 1, 0), ("b.c", "2", 3, 0), ("b.d", "4", 3, 1)]
    assert merge_layers(layers).lines == {"a": 1, "b": 2}


def test_no_layer_is_an_empty_mapping() -> None:
    assert merge_layers([]).entries == {}
    assert list(layered_leaves([])) == []


def test_inputs_stay_as_they_are() -> None:
    layers = roots("a: {x: {y: 1}, z: 2}", "a: {x: {y: ~, w: 3}}", "a: {x: {w: 4}}")
    before = [told(layer) for layer in layers]
    merge_layers(layers)
    assert [told(layer) for layer in layers] == before


def test_one_file_as_two_layers_is_itself() -> None:
    (layer,) = roots("a: {b: [1, 2]}")
    assert told(merge_layers([layer, layer])) == told(layer)


TREES: st.SearchStrategy[Node] = st.recursive(
    st.sampled_from(["~", "1", "two"]).map(lambda text: Scalar(text, 0)),
    lambda inside: st.dictionaries(st.sampled_from("abc"), inside).map(lambda found: Mapping(found, 0, {})),
    max_leaves=8,
)
MAPPINGS = st.dictionaries(st.sampled_from("abc"), TREES).map(lambda found: Mapping(found, 0, {}))


@given(MAPPINGS, MAPPINGS, MAPPINGS)
def test_merging_step_by_step_is_merging_at_once(one: Mapping, two: Mapping, three: Mapping) -> None:
    def absent_left_out(node: Node) -> object:
        if not isinstance(node, Mapping):
            return node
        return {key: absent_left_out(n) for key, n in node.entries.items() if not (isinstance(n, Scalar) and n.null)}

    at_once = merge_layers([one, two, three])
    assert absent_left_out(merge_layers([merge_layers([one, two]), three])) == absent_left_out(at_once)
