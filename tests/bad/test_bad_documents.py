"""YAML that is a bomb, broken, or means something else to other parsers (rows 28 to 37)."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

import pytest
from support.manifests import CONFIG, deployment
from support.replay import gathered, write_trees

from generator.documents.formats import parse
from generator.documents.tree import leaves, text
from generator.documents.yaml_text import MAX_BYTES, parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

ALIASES = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
MERGES = "m0: &m0 {k: v}\n" + "".join(f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], k{n}: v}}\n" for n in range(1, 26))
MEGABYTES_256 = 256 * 1024


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        pytest.param(ALIASES, "yaml-size", 0, id="alias bomb of 10^10"),
        pytest.param(MERGES, "yaml-size", 0, id="merge-key bomb of 25 levels"),
        pytest.param("[" * 50_000, "yaml-depth", 1, id="50,000 nested lists"),
        pytest.param("{a: " * 50_000, "yaml-depth", 1, id="50,000 nested mappings"),
        pytest.param("a: 1\nb: 2\na: 3\n", "yaml-duplicate-key", 3, id="duplicate key"),
        pytest.param("a:\n\tb: 1\n", "yaml-syntax", 2, id="tab"),
        pytest.param("a: 1\nb: !unknown 2\n", "yaml-tag", 2, id="unknown tag"),
        pytest.param("a: !!python/object/apply:os.system [ls]\n", "yaml-tag", 1, id="python object"),
        pytest.param("a: &a [*a]\n", "yaml-alias", 1, id="alias to itself"),
        pytest.param("a: *nothing\n", "yaml-alias", 1, id="alias to nothing"),
        pytest.param("a: 1\n<<: 2\n", "yaml-merge", 0, id="merge of a scalar"),
        pytest.param("? [a]\n: 1\n", "yaml-key", 1, id="key that is a list"),
        pytest.param("a: \x00\n", "yaml-syntax", 0, id="control character"),
        pytest.param("a: [\n", "yaml-syntax", 2, id="never closed"),
    ],
)
def test_a_bad_file_is_a_problem_with_its_line(content: str, code: str, line: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    found = parse_yaml(content.encode(), "deploy/a.yaml")
    assert time.perf_counter() - begin < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES_256
    assert found.problem is not None
    assert found.problem.code == code
    assert found.problem.place.path == "deploy/a.yaml"
    if line:
        assert found.problem.place.line == line


def test_a_duplicate_key_names_both_lines() -> None:
    problem = parse_yaml(b"a: 1\nb: 2\na: 3\n", "a.yaml").problem
    assert problem is not None
    assert "line 1" in problem.reason
    assert problem.place.line == 3


def test_merge_keys_of_a_few_levels_are_followed() -> None:
    found = parse_yaml("".join(MERGES.splitlines(keepends=True)[:8]).encode(), "a.yaml")
    assert found.problem is None
    assert text(found.roots[0], "m7", "k") == "v"


def test_a_merge_bomb_that_grows_is_a_problem() -> None:
    wide = ", ".join(f"k{n}: &v{n} [{'x,' * 500}]" for n in range(100))
    content = f"base: &base {{{wide}}}\n" + "".join(f"m{n}: {{<<: *base}}\nn{n}: *base\n" for n in range(100))
    found = parse_yaml(content.encode(), "a.yaml")
    assert found.problem is not None
    assert found.problem.code == "yaml-size"


@pytest.mark.parametrize(
    "raw", ["no", "010", "1:30", "3.10", "1_000", "0x_", "2001-99-99", "0o7", ".inf", "1e3", "Yes", "2001-01-01", "1.0"]
)
def test_the_raw_text_is_kept(raw: str) -> None:
    found = parse_yaml(f"a: {raw}\n".encode(), "a.yaml")
    assert found.problem is None
    assert text(found.roots[0], "a") == raw


def test_a_template_is_no_fault() -> None:
    found = parse_yaml(b"{{- if .Values.on }}\nkind: {{ .Values.kind }}\n{{- end }}\n", "a.yaml")
    assert found.problem is not None
    assert found.problem.code == "template"


def test_the_documents_before_a_broken_one_are_kept() -> None:
    found = parse_yaml(b"a: 1\n---\nb: 2\n---\nc: [\n", "a.yaml")
    assert [[p for p, _ in leaves(root)] for root in found.roots] == [["a"], ["b"]]
    assert found.problem is not None
    assert found.problem.place.line == 6


def test_a_file_larger_than_the_limit_is_a_problem() -> None:
    found = parse(b"x" * (MAX_BYTES + 1), "a.json")
    assert found.problem is not None
    assert found.problem.code == "too-large"


@pytest.mark.parametrize("content", [ALIASES, "[" * 50_000, "a: 1\na: 2\n", "a: !!python/object:os.system {}\n"])
def test_the_run_goes_on_beside_a_bad_file(content: str, tmp_path: Path) -> None:
    trees = [
        {"deploy/api.yaml": deployment(), "deploy/bad.yaml": content},
        {"deploy/api.yaml": deployment(image="a:2")},
    ]
    found = gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", CONFIG)
    assert found.kinds("production") == ["initial", "forward"]
    assert [u.path for u in found.evidence.summary.unreadable] == ["deploy/bad.yaml"]
    assert found.outcome.exit_code == 3


def test_a_template_among_manifests_is_a_note_and_exit_0(tmp_path: Path) -> None:
    trees = [{"deploy/api.yaml": deployment(), "deploy/t.yaml": "kind: {{ .Values.kind }}\n"}]
    found = gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", CONFIG)
    assert [(u.level, u.code) for u in found.evidence.summary.unreadable] == [("note", "template")]
    assert found.outcome.exit_code == 0


def test_two_of_three_documents_are_kept(tmp_path: Path) -> None:
    content = f"{deployment('one')}---\n{deployment('two')}---\nkind: [\n"
    found = gathered(write_trees(tmp_path / "repository", [{"deploy/a.yaml": content}]), tmp_path / "evidence", CONFIG)
    assert [c.component for c in found.evidence.summary.environments[0].cells] == ["one", "two"]
    assert found.outcome.exit_code == 3
