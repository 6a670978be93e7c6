from __future__ import annotations

import importlib.util
import logging
import sys
import time

import msgspec
import pytest
from support.planned import plan_and_read

from generator.readers.reader import Reading, Unit
from generator.readers.tosca.reader import ToscaReader

HEAD = "tosca_definitions_version: tosca_simple_yaml_1_3\n"
CANARY = "hunter2canary"
GOOD = (
    HEAD
    + """imports: [types.yaml]
node_types: {A: {derived_from: B, properties: {x: {type: string, default: "1"}}}}
topology_template:
  inputs: {tag: {type: string, default: "1.10"}}
  node_templates:
    web:
      type: A
      properties: {y: {concat: [{get_input: tag}, {get_property: [SELF, x]}]}}
      requirements: [{host: web}, {db: {node: db, relationship: {type: C}}}]
      capabilities: {e: {properties: {port: 80}}}
  policies: [{p: {type: P, targets: [web]}}]
"""
).encode()


def read(data: str | bytes, **more: str) -> Reading:
    files: dict[str, str | bytes] = {"p.yaml": data, "types.yaml": HEAD}
    files |= {path.replace("_DOT_", "."): text for path, text in more.items()}
    plan, reading = plan_and_read(ToscaReader(), files, "p.yaml", Unit("production", layers=("in.yaml",)))
    assert set(plan.problems) <= set(reading.problems)
    return reading


def node(*properties: str) -> str:
    return HEAD + "topology_template: {node_templates: {a: {type: X, properties: {" + ", ".join(properties) + "}}}}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "a: [", "yaml-syntax"),
        (HEAD + "a: 1\na: 2\n", "yaml-duplicate-key"),
        ("[1]", "tosca-shape"),
        ("tosca_definitions_version: tosca_2_0\ntopology_template: {}", "tosca-version"),
        ("tosca_definitions_version: [1]\ntopology_template: {}", "tosca-version"),
        (HEAD + "imports: [none.yaml]\ntopology_template: {}", "tosca-import"),
        (HEAD + "a: " + "[" * 200, "yaml-depth"),
    ],
)
def test_what_cannot_be_read_is_one_problem_with_a_code(text: str, expected: str) -> None:
    reading = read(text)
    assert [problem.code for problem in reading.problems] == [expected]
    assert reading.components == ()


def test_what_is_not_tosca_is_passed_over_and_types_alone_are_nothing() -> None:
    assert [note.code for note in read("a: 1").notes] == ["not-tosca"]
    assert read(HEAD + "node_types: {}") == Reading()


def test_an_archive_is_not_opened() -> None:
    plan, _ = plan_and_read(ToscaReader(), {"a.csar": b"PK\x03\x04"}, "a.csar")
    assert [problem.code for problem in plan.problems] == ["tosca-csar"]


def test_truncated_or_broken_anywhere_never_raises() -> None:
    assert read(GOOD).problems == ()
    for place in range(0, len(GOOD), 7):
        read(GOOD[:place])
        read(GOOD[:place] + b"\xff" + GOOD[place:])
        read(GOOD[:place] + b"[" + GOOD[place + 1 :])
        read(GOOD[:place] + b": " + GOOD[place + 1 :])


def test_odd_shapes_never_raise() -> None:
    text = """topology_template:
  node_templates: {a: 1, b: [x], c: {type: [1], requirements: {x: y}, interfaces: [1], artifacts: [a]}}
  policies: 1
  groups: [1, {a: 2}]
  inputs: [a]
  outputs: {a: 1}
  substitution_mappings: [1]
imports: {a: b}
node_types: [1]
"""
    assert [component.id for component in read(HEAD + text).components] == ["c", "p"]


@pytest.mark.parametrize(
    "doubled",
    [
        "{{concat: [{{get_property: [SELF, p{0}]}}, {{get_property: [SELF, p{0}]}}]}}",
        "[{{get_property: [SELF, p{0}]}}, {{get_property: [SELF, p{0}]}}]",
    ],
)
def test_functions_that_double_each_other_stay_small(doubled: str) -> None:
    started = time.monotonic()
    assert read(node("p0: ab", *(f"p{n + 1}: {doubled.format(n)}" for n in range(60)))).components
    assert time.monotonic() - started < 20


def test_types_that_derive_from_each_other_end_and_are_told() -> None:
    text = (
        HEAD
        + "node_types: {A: {derived_from: B}, B: {derived_from: A}}\n"
        + "topology_template: {node_templates: {a: {type: A}}}\n"
    )
    (note,) = read(text).notes
    assert (note.code, note.place.line) == ("tosca-invalid", 2)


def test_a_check_without_an_end_is_stopped() -> None:
    types = "node_types: {tosca.nodes.Root: {derived_from: tosca.nodes.Compute}}\n"
    profiled = sys.getprofile()
    (note,) = read(HEAD + types + "topology_template: {node_templates: {a: {type: tosca.nodes.Compute}}}").notes
    assert (note.code, note.reason) == ("tosca-not-checked", "tosca-parser did not come to an end with it")
    assert sys.getprofile() is profiled


def test_another_profile_is_read_and_not_checked() -> None:
    text = GOOD.replace(b"tosca_simple_yaml_1_3", b"tosca_simple_profile_for_nfv_1_0_0")
    reading = read(text)
    assert [component.id for component in reading.components] == ["p", "policy/p", "web"]
    assert [note.code for note in reading.notes] == ["tosca-not-checked"]


def test_findings_of_the_check_are_notes_without_values(capfd: pytest.CaptureFixture[str]) -> None:
    text = (
        HEAD
        + "topology_template:\n  inputs: {n: {type: integer, default: CANARY}, open: {type: string}}\n"
        + "  node_templates:\n    a: {type: tosca.nodes.Compute, properties: {wrong: CANARY}}\n    b: {type: Nothing}\n"
    )
    reading = read(text.replace("CANARY", CANARY), in_DOT_yaml=f"n: {CANARY}")
    assert {note.code for note in reading.notes} == {"tosca-invalid"}
    assert any('"wrong"' in note.reason for note in reading.notes)
    assert CANARY not in msgspec.json.encode(reading.notes).decode()
    assert "".join(capfd.readouterr()) == ""
    assert not logging.getLogger("tosca").disabled


def test_a_good_template_has_no_findings() -> None:
    text = HEAD + "topology_template: {node_templates: {a: {type: tosca.nodes.Compute}}}"
    assert read(text).notes == ()


def test_a_pattern_is_not_tried_on_a_value() -> None:
    text = (
        HEAD
        + "node_types: {A: {derived_from: tosca.nodes.Root, properties: {x: {type: string, constraints: "
        + "[{pattern: '(a+)+$'}]}}}}\n"
        + f"topology_template: {{node_templates: {{a: {{type: A, properties: {{x: {'a' * 40}!}}}}}}}}\n"
    )
    started = time.monotonic()
    assert read(text).notes == ()
    assert time.monotonic() - started < 20


def test_without_the_library_the_template_is_read_and_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    reading = read(HEAD + "topology_template: {node_templates: {a: {type: tosca.nodes.Compute}}}")
    assert [component.id for component in reading.components] == ["a", "p"]
    assert [(note.code, note.fix) for note in reading.notes] == [("tosca-not-checked", "install assay[tosca]")]
