from __future__ import annotations

import importlib.util
import time

import pytest
from support.planned import plan_and_read

from generator.readers.reader import Reading, Unit
from generator.readers.terraform.reader import TerraformReader
from generator.readers.terraform.syntax import MAX_BYTES, MAX_WORDS, parse_terraform

GOOD = b"""
variable "tag" { default = "1.10" }
locals { x = { a = [1, "${var.tag}"], b = <<EOT
text ${var.tag}
EOT
} }
resource "a" "b" {
  x = local.x.a[0] + 1
  y = "a %{ if var.tag == "x" }b%{ endif }"
}
module "m" { source = "./m" }
"""


def read(data: bytes | str, name: str = "main.tf", **more: str) -> Reading:
    files: dict[str, str | bytes] = {f"d/{name}": data, "d/m/main.tf": ""}
    files |= {path.replace("__", "/").replace("_DOT_", "."): text for path, text in more.items()}
    plan, reading = plan_and_read(TerraformReader(), files, "d", Unit("production", layers=("d/p.tfvars",)))
    assert set(plan.problems) <= set(reading.problems)
    return reading


def code(reading: Reading) -> str:
    (problem,) = reading.problems
    assert reading.components == ()
    assert problem.place.path.startswith("d")
    return problem.code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"\xff\xfe\x00", "hcl-syntax"),
        (b"a = \x00", "hcl-syntax"),
        (b'resource "a" "b" {', "hcl-syntax"),
        (b"a = <<EOT\nnever ends", "hcl-syntax"),
        (b'a = "${b', "hcl-syntax"),
        (b"a = 1\na = 2\n", "hcl-duplicate"),
        (b'resource "a" "b" {}\nresource "a" "b" {}\n', "terraform-duplicate"),
        (b"a {\n" * 200 + b"}\n" * 200, "hcl-depth"),
        (b"a = " + b"[" * 300 + b"]" * 300, "hcl-depth"),
        (b"a " + b'"b" ' * 300 + b"{}", "hcl-depth"),
        (b"a = <<E\n" + b"\n" * 5000, "hcl-blank"),
        (b"#" + b"a" * MAX_BYTES, "too-large"),
        (b"a = [" + b"1," * (MAX_WORDS // 2) + b"]", "too-large"),
        (b'module "m" { source = "../../x" }', "terraform-outside"),
        (b'module "m" { source = "./none" }', "terraform-module"),
        (b'module "m" { source = "./" }', "terraform-size"),
        (
            b"locals {\n  a = [" + b"1," * 1990 + b"]\n" + b"".join(b"  b%d = local.a\n" % i for i in range(40)) + b"}",
            "terraform-size",
        ),
    ],
)
def test_what_cannot_be_read_is_one_problem_with_a_code(text: bytes, expected: str) -> None:
    assert code(read(text)) == expected


def test_a_fault_names_its_line() -> None:
    place = read("a = 1\nb = [\n  ,,\n]\n").problems[0].place
    assert (place.path, place.line) == ("d/main.tf", 3)
    assert read("a = 1\nb = 1\na = 1\n").problems[0].place.line == 3


def test_truncated_anywhere_never_raises() -> None:
    assert read(GOOD).problems == ()
    for end in range(0, len(GOOD), 3):
        read(GOOD[:end])
        read(GOOD[end:])


def test_a_broken_byte_anywhere_never_raises() -> None:
    for place in range(0, len(GOOD), 5):
        for byte in (b"{", b'"', b"\xff", b"${"):
            read(GOOD[:place] + byte + GOOD[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "[]", "1", '{"resource": 1}', '{"resource": [[{"a": {"b": [1]}}]]}', '{"locals": [1]}']
)
def test_json_of_any_shape_never_raises(text: str) -> None:
    read(text, "main.tf.json")


def test_json_that_is_broken_is_a_problem() -> None:
    assert code(read('{"resource": ', "main.tf.json")).startswith(("yaml", "json"))
    assert code(read("[1]", "main.tf.json")) == "terraform-shape"


def test_a_broken_file_of_values_keeps_the_state() -> None:
    assert code(read('variable "a" {}', d__p_DOT_tfvars="a = [")) == "hcl-syntax"


@pytest.mark.parametrize(
    "doubled", ["[local.l{0}, local.l{0}]", '"${{local.l{0}}}${{local.l{0}}}"', "{{ a = local.l{0}, b = local.l{0} }}"]
)
def test_values_that_double_each_other_stay_small(doubled: str) -> None:
    lines = "".join(f"  l{number + 1} = {doubled.format(number)}\n" for number in range(60))
    started = time.monotonic()
    reading = read(f'locals {{\n  l0 = "ab"\n{lines}}}\nresource "a" "b" {{\n  x = local.l60\n}}\n')
    assert reading.components
    assert time.monotonic() - started < 20


def test_modules_that_call_one_another_twice_end() -> None:
    calls = 'module "a" { source = "../n" }\nmodule "b" { source = "../n" }\n'
    main = 'module "m" { source = "./m" }'
    files = {f"d__m{number}__main_DOT_tf": calls.replace("/n", f"/m{number + 1}") for number in range(18)}
    files["d__m18__main_DOT_tf"] = ""
    assert code(read(main.replace("./m", "./m0"), **files)) == "terraform-size"


def test_without_the_parser_the_reader_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    (problem,) = read("a = 1").problems
    assert (problem.code, problem.fix) == ("engine-missing", "install assay[terraform]")


def test_the_raw_text_of_numbers_and_words_is_kept() -> None:
    (root,) = parse_terraform(b"a = 1.10\nb = 010\nc = 1e3\nd = -1.50\ne = true\nf = null\n", "x.tfvars").roots
    entries = getattr(root, "entries", {})
    assert {name: node.text for name, node in entries.items()} == {
        "a": "1.10",
        "b": "010",
        "c": "1e3",
        "d": "-1.50",
        "e": "true",
        "f": "null",
    }
