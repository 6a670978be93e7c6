from __future__ import annotations

import pytest

from generator.documents.formats import parse
from generator.documents.tree import leaves, text


def _leaves(data: str, path: str) -> dict[str, tuple[str, int]]:
    found = parse(data.encode(), path)
    assert found.problem is None
    (root,) = found.roots
    return {name: (scalar.text, scalar.line) for name, scalar in leaves(root)}


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("a.yaml", "a: 1\nb:\n  c: x\n", {"a": ("1", 1), "b.c": ("x", 3)}),
        (
            "a.json",
            '{\n "a": 1.50,\n "b": {"c": true, "d": null}\n}',
            {"a": ("1.50", 2), "b.c": ("true", 3), "b.d": ("null", 3)},
        ),
        (
            "a.json",
            '{\n\t"a": 1.50,\n\t"b": 007.0e1}'.replace("007.0e1", "7.0e1"),
            {"a": ("1.50", 0), "b": ("7.0e1", 0)},
        ),
        ("a.toml", "a = 1.50\n[b]\nc = true\n", {"a": ("1.50", 0), "b.c": ("true", 0)}),
        ("prod.env", "A=1\n# no\nexport B='x y'\n", {"A": ("1", 1), "B": ("x y", 3)}),
        (".env.production", "A=\n", {"A": ("", 1)}),
        ("image_tag", "tag: 010\n", {"tag": ("010", 1)}),
    ],
)
def test_each_format_keeps_the_raw_text(path: str, data: str, expected: dict[str, tuple[str, int]]) -> None:
    found = _leaves(data, path)
    assert {name: value for name, (value, _) in found.items()} == {name: value for name, (value, _) in expected.items()}
    for name, (_, line) in expected.items():
        assert not line or found[name][1] == line


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("a.json", '{"a": 1,\n "a": 2}', "yaml-duplicate-key"),
        ("a.json", '{\t"a": 1,\n\t"a": 2}', "yaml-duplicate-key"),
        ("a.json", "{\t" + '"a": [' * 5_000, "yaml-depth"),
        ("a.json", '{\t"a":\n', "json-syntax"),
        ("a.toml", "a = \n", "toml-syntax"),
        ("a.toml", b"a = '\xff'\n", "toml-syntax"),
        ("a.env", "A=1\n=\n", "env-syntax"),
        ("a.env", b"A=\xff\n", "env-syntax"),
        ("a.yaml", b"\xff\xfe\xff", "yaml-syntax"),
    ],
)
def test_a_fault_is_a_problem_and_no_exception(path: str, data: str | bytes, code: str) -> None:
    found = parse(data if isinstance(data, bytes) else data.encode(), path)
    assert found.problem is not None
    assert found.problem.code == code
    assert found.problem.place.path == path


def test_items_are_named_by_what_they_are() -> None:
    data = "l:\n- {name: a, v: 1}\n- {key: b, value: 2}\n- {id: c, v: 3}\n- x\n- {name: a, v: 4}\n- []\n"
    names = list(_leaves(data, "a.yaml"))
    assert names == [
        "l[a].name",
        "l[a].v",
        "l[b].key",
        "l[b].value",
        "l[c].id",
        "l[c].v",
        "l[3]",
        "l[4].name",
        "l[4].v",
        "l[5]",
    ]


@pytest.mark.parametrize(
    "data", ["l: [{key: b, v: 2}]", "apiKeys: [{key: b, value: 2}]", "a: {tokens: [{key: b, value: 2}]}"]
)
def test_a_key_that_may_be_a_secret_is_no_name(data: str) -> None:
    assert all("[0]" in name for name in _leaves(data, "a.yaml"))


def test_an_absent_value_is_told_from_the_word() -> None:
    (root,) = parse(b"a: null\nb: 'null'\nc:\nd: ~\ne: ''\n", "a.yaml").roots
    assert {name: scalar.null for name, scalar in leaves(root)} == {
        "a": True,
        "b": False,
        "c": True,
        "d": True,
        "e": False,
    }
    assert (text(root, "a"), text(root, "b"), text(root, "x", "y")) == ("", "null", "")


def test_merge_keys_and_aliases_are_followed() -> None:
    data = "base: &b {x: 1, y: 1}\nmine: {<<: *b, y: 2}\nlist: {<<: [*b, {z: 3}]}\n"
    found = {name: value for name, (value, _) in _leaves(data, "a.yaml").items()}
    assert found["mine.x"] == "1"
    assert found["mine.y"] == "2"
    assert found["list.z"] == "3"


def test_a_quoted_merge_sign_is_a_key_and_a_tagged_one_merges() -> None:
    assert _leaves('"<<": plain\n', "a.yaml") == {"<<": ("plain", 1)}
    assert _leaves("a: &a {x: 1}\nb:\n  !!merge <<: *a\n", "a.yaml")["b.x"] == ("1", 1)
    assert parse(b"<<: plain\n", "a.yaml").problem is not None


def test_comments_formatting_and_order_change_no_value() -> None:
    one = _leaves("a: 1  # why\nb: {c: x, d: [1, 2]}\n", "a.yaml")
    other = _leaves("# why\nb:\n  d:\n  - 1\n  - '2'\n  c: \"x\"\na: 1\n", "a.yaml")
    assert {n: v for n, (v, _) in one.items()} == {n: v for n, (v, _) in other.items()}
