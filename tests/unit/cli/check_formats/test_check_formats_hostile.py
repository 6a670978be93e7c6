"""No text of a repository gets out of its place in any format: no markup, no control character, no command."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import markdown as renderer
import pytest
from defusedxml import ElementTree
from hypothesis import example, given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from support.check_reports import HOSTILE, report

from generator.cli.check_formats.plain import log_safe, plain
from generator.cli.check_formats.writing import FORMATS
from generator.errors import escape_control

SCHEMAS = Path(__file__).parents[3] / "data" / "schemas"
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=60),
    st.lists(st.sampled_from([*HOSTILE, " ", "#", "]", ":"]), max_size=4).map("".join),
)
OURS = {
    *("h2", "h3", "p", "ul", "li", "blockquote", "strong", "code"),
    *("table", "thead", "tbody", "tr", "th", "td", "em"),
}


def every_text(test: Any) -> Any:  # noqa: ANN401 - a decorator of tests
    """Run a test on each hostile text, and on any other."""
    for text in HOSTILE:
        test = example(text)(test)
    return settings(max_examples=40, deadline=None)(given(TEXTS)(test))


def commands(log: str) -> list[tuple[str, str, str]]:
    """Return the commands that a runner finds in a log: name, properties, message; as its two parsers look for them."""
    found = []
    for line in log.splitlines():
        if line.lstrip().startswith("::"):
            head, _, message = line.lstrip()[2:].partition("::")
            name, _, properties = head.partition(" ")
            found.append((name, properties, message))
        elif "##[" in line or "##vso[" in line:
            found.append(("old", "", line))
    return found


def read_back(text: str) -> str:
    """Return what the runner makes of an escaped text."""
    for number, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(number, character)
    return text


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_character_is_printable(name: str) -> None:
    @every_text
    def holds(text: str) -> None:
        assert [c for c in FORMATS[name](report(text)) if c != "\n" and not c.isprintable()] == []

    holds()


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"github"}))
def test_no_text_becomes_a_command_of_a_runner(name: str) -> None:
    @every_text
    def holds(text: str) -> None:
        assert commands(FORMATS[name](report(text))) == []

    holds()


@every_text
def test_annotations_are_those_of_the_report_and_no_others(text: str) -> None:
    found = commands(FORMATS["github"](report(text)))
    assert [name for name, _, _ in found] == ["error", "error", "warning", "error"]
    for _, properties, message in found:
        parts = [part.partition("=") for part in properties.split(",")]
        named = {key: read_back(value) for key, _, value in parts}
        assert len(named) == len(parts)
        assert set(named) <= {"file", "line", "title"}
        if "file" in named:
            assert named["file"] == log_safe(escape_control(text))
        told = read_back(message).split("\n")
        assert told[0] == log_safe(plain(text))
        assert told[1:] in ([], [log_safe(f"Do: {plain(text)}")])


@every_text
def test_junit_is_read_back_as_it_was_written(text: str) -> None:
    written = FORMATS["junit"](report(text))
    root = ElementTree.fromstring(written)
    cases = {(c.get("classname"), c.get("name")): c for c in root.iter("testcase")}
    assert len(cases) == 6
    failed = cases["assay.production", f"gate {plain(text)}".strip()].find("failure")
    assert failed is not None
    assert failed.get("message") == plain(text)
    assert "]]>" not in written
    assert {e.tag for e in root.iter()} == {
        *("testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"),
    }
    assert root.get("failures") == "2"


@cache
def sarif_schema() -> jsonschema.Draft4Validator:
    schema = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_bytes())
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


@every_text
def test_sarif_keeps_to_its_schema(text: str) -> None:
    log = json.loads(FORMATS["sarif"](report(text)))
    assert [str(e.message) for e in sarif_schema().iter_errors(log)] == []
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9/\-._~%]*", uri), "a relative address, nothing of it is a scheme"
    assert [len(r["suppressions"]) for r in run["results"]].count(1) == 2


def test_the_junit_schema_takes_it(tmp_path: Path) -> None:
    xmlschema = pytest.importorskip("xmlschema")
    schema = xmlschema.XMLSchema(str(SCHEMAS / "jenkins-junit.xsd"))
    for number, text in enumerate(HOSTILE):
        file = tmp_path / f"{number}.xml"
        file.write_text(FORMATS["junit"](report(text)), "utf-8")
        schema.validate(str(file))


def test_another_reader_counts_the_same(tmp_path: Path) -> None:
    file = tmp_path / "j.xml"
    file.write_text(FORMATS["junit"](report("x")), "utf-8")
    suites = {suite.name: suite for suite in JUnitXml.fromfile(str(file))}
    counts = {name: (s.tests, s.failures, s.errors, s.skipped) for name, s in suites.items()}
    assert counts == {"staging": (1, 0, 0, 0), "production": (4, 2, 0, 2), "repository": (1, 0, 1, 0)}


@every_text
def test_code_quality_has_what_gitlab_asks_for(text: str) -> None:
    rows = json.loads(FORMATS["gitlab"](report(text)))
    assert len({row["fingerprint"] for row in rows}) == len(rows) == 4
    for row in rows:
        assert set(row) == {"check_name", "description", "fingerprint", "severity", "location"}
        assert row["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert row["location"]["path"]
        assert row["location"]["lines"]["begin"] >= 1


@every_text
def test_markdown_holds_no_markup_but_ours(text: str) -> None:
    page = renderer.markdown(FORMATS["markdown"](report(text)), extensions=["tables"])
    assert set(re.findall(r"<(\w+)", page)) <= OURS
    assert re.findall(r"<\w+ [^>]*(?:href|src|on\w+)=", page) == []


@every_text
def test_json_says_what_was_found(text: str) -> None:
    shown = json.loads(FORMATS["json"](report(text.encode("utf-8", "replace").decode())))
    assert shown["format"] == "assay-check/1"
    assert shown["notes"] == [text.encode("utf-8", "replace").decode()]
