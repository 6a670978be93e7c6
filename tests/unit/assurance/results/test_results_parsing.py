from __future__ import annotations

import pytest

from generator.assurance.results.parsing import format_of, parse
from generator.assurance.results.result import MAX_BYTES, Result
from generator.errors import Unreadable


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("\ufeff<?xml version='1.0'?><testsuites/>", "junit"),
        ('{"$schema": "x", "version": "2.1.0", "runs": []}', "sarif"),
        ('{"SchemaVersion": 2}', "trivy"),
        ('{"Checks": [], "Reports": null, "Summary": {}}', "kube-linter"),
        ('{"resources": []}', "kubeconform"),
        ('{"format_version": "1.2", "planned_values": {}}', "terraform-plan"),
        ('{"@level":"info","type":"version","ui":"1.2"}\n{"@level":"info","type":"log"}', "terraform-plan"),
        ('\n  [{"filename": "a", "successes": 1}]', "conftest"),
        ("starting up\nTAP version 14\n1..1\nok", "tap"),
        ("1..1\nok 1", "tap"),
    ],
)
def test_the_content_tells_the_format(text: str, written: str) -> None:
    assert format_of(text.encode(), "report") == written


@pytest.mark.parametrize("text", ["okay, all is well", '{"a": 1}', "{", '"runs"', "all tests passed"])
def test_what_is_no_known_format_says_so(text: str) -> None:
    said = parse("auto", text.encode(), "report")
    assert isinstance(said, Unreadable)
    assert said.code in {"result-format", "result-syntax"}
    assert said.place.path == "report"


def test_a_report_that_is_too_large_is_never_looked_at() -> None:
    said = parse("auto", b"1..1\nok\n" + b"#" * MAX_BYTES, "big.tap")
    assert isinstance(said, Unreadable)
    assert said.code == "result-size"


def test_a_secret_in_a_name_or_message_is_replaced_by_what_the_mask_gives() -> None:
    text = "1..1\nnot ok 1 - logs in with postgres://ada:hunter2@db/shop\n  ---\n  message: password=hunter2\n  ...\n"
    said = parse("tap", text.encode(), "a.tap", mask=lambda value: f"<{len(value)}>")
    assert isinstance(said, Result)
    assert said.items[0].name == "logs in with postgres://<11>@db/shop"
    assert said.items[0].message == "password=<7>"
    assert "hunter2" not in repr(said)


def test_a_secret_at_the_edge_of_what_is_looked_at_does_not_show_half() -> None:
    text = f"1..1\nnot ok 1 - {' ' * 3_980}ghp_{'a1' * 20}\n"
    said = parse("tap", text.encode(), "a.tap")
    assert isinstance(said, Result)
    assert "a1a1" not in repr(said)
