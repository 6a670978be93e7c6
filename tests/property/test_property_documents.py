from __future__ import annotations

import json
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.documents.formats import parse
from generator.documents.tree import Mapping, Node, Scalar, Sequence, leaves
from generator.documents.yaml_text import parse_yaml
from generator.errors import one_line

NAMES = ["a.yaml", "a.json", "a.toml", "a.env", "artifact_tag"]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)
TREES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=12
)
YAML_LIKE = st.lists(
    st.sampled_from(
        [
            "a: ",
            "- ",
            "&x ",
            "*x",
            "<<: ",
            "{",
            "}",
            "[",
            "]",
            "\n",
            "  ",
            "? ",
            "| ",
            "'",
            '"',
            "!!int ",
            "---\n",
            "b",
            "{{ ",
        ]
    )
).map("".join)


@given(st.binary(max_size=300), st.sampled_from(NAMES))
def test_no_bytes_make_a_parser_raise(data: bytes, name: str) -> None:
    found = parse(data, name)
    assert found.problem is None or found.problem.reason


@given(st.text(max_size=200) | YAML_LIKE)
@settings(max_examples=300)
def test_no_text_makes_yaml_raise(content: str) -> None:
    found = parse_yaml(content.encode("utf-8", "surrogatepass"), "a.yaml")
    if found.problem is not None:
        assert one_line(found.problem.reason) == found.problem.reason or found.problem.reason


def _plain(node: Node) -> Any:  # noqa: ANN401 - a tree of any shape
    match node:
        case Scalar():
            return node.text
        case Mapping():
            return {key: _plain(child) for key, child in node.entries.items()}
        case Sequence():
            return [_plain(child) for child in node.items]


@given(st.dictionaries(WORDS, TREES, max_size=4))
def test_json_and_yaml_of_a_tree_read_the_same(tree: dict[str, Any]) -> None:
    as_json = parse(json.dumps(tree, ensure_ascii=False).encode(), "a.json")
    as_yaml = parse(yaml.safe_dump(tree, default_style='"', allow_unicode=True).encode(), "a.yaml")
    assert (as_json.problem, as_yaml.problem) == (None, None)
    assert _plain(as_json.roots[0]) == _plain(as_yaml.roots[0]) == tree


@given(st.dictionaries(WORDS, TREES, max_size=4))
def test_paths_of_leaves_are_distinct_for_names_without_marks(tree: dict[str, Any]) -> None:
    (root,) = parse(json.dumps(tree).encode(), "a.json").roots
    names = [name for name, _ in leaves(root)]
    assert all(isinstance(name, str) for name in names)
    assert bool(names)
