from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.assurance.results.parsing import parse
from generator.assurance.results.result import Result
from generator.errors import Unreadable

if TYPE_CHECKING:
    from generator.config.results import FailsAt


def read(text: str, fails_at: FailsAt = "error") -> Result:
    said = parse("terraform-plan", text.encode(), "plan.json", fails_at=fails_at)
    assert isinstance(said, Result), said
    return said


def code(text: str) -> str:
    said = parse("terraform-plan", text.encode(), "plan.json")
    assert isinstance(said, Unreadable), said
    return said.code


def plan(*changes: tuple[str, list[str]], **more: object) -> str:
    found = [{"address": a, "change": {"actions": b, "after": {"password": "hunter2"}}} for a, b in changes]
    start = {"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {}}
    return json.dumps({**start, "resource_changes": found, **more})


def stream(*lines: dict[str, Any]) -> str:
    start = {"@level": "info", "@message": "Begin", "type": "version", "terraform": "1.9.0", "ui": "1.2"}
    return "\n".join(json.dumps({"@level": "info", "@message": "", **line}) for line in (start, *lines))


SUMMARY = {"type": "change_summary", "changes": {"add": 1, "operation": "plan"}}


def change(address: str, action: str) -> dict[str, Any]:
    return {"type": "planned_change", "change": {"resource": {"addr": address}, "action": action}}


def test_a_shown_plan_tells_what_would_be_changed() -> None:
    text = plan(("a.new", ["create"]), ("a.gone", ["delete"]), ("a.other", ["delete", "create"]), ("a.same", ["no-op"]))
    said = read(text)
    assert [(item.level, item.name, item.message) for item in said.items] == [
        ("warning", "a.gone", "will be deleted"),
        ("warning", "a.other", "will be replaced"),
        ("note", "a.new", "will be created"),
    ]
    assert (said.outcome, said.tool, said.counts.total) == ("passed", "terraform 1.9.0", 3)
    assert read(text, "warning").outcome == "failed"


def test_a_plan_that_changes_nothing_passed_and_one_with_errors_failed() -> None:
    assert read(plan()).outcome == "passed"
    assert read(plan(errored=True)).outcome == "failed"
    assert read(plan(checks=[{"status": "fail", "address": {"to_display": "check.up"}}])).items[0].name == "check.up"


def test_what_is_no_plan_is_unreadable() -> None:
    assert code('{"format_version": "1.0", "values": {}}') == "result-shape"
    assert code('{"format_version": "2.0", "planned_values": {}}') == "result-version"
    assert code(plan()[:-4]) == "result-syntax"


def test_lines_of_a_plan() -> None:
    said = read(stream(change("a.b", "replace"), change("a.c", "noop"), SUMMARY))
    assert [(item.level, item.name) for item in said.items] == [("warning", "a.b")]
    assert (said.outcome, said.tool) == ("passed", "terraform 1.9.0")


def test_an_error_on_the_way_fails() -> None:
    place = {"filename": "main.tf", "start": {"line": 3}}
    fault = {"severity": "error", "summary": "No such thing", "detail": "Look again.", "range": place}
    said = read(stream({"type": "diagnostic", "@level": "error", "diagnostic": fault}))
    assert said.outcome == "failed"
    assert (said.items[0].message, said.items[0].path, said.items[0].line) == (
        "No such thing: Look again.",
        "main.tf",
        3,
    )


def test_lines_that_are_cut_short_are_unreadable() -> None:
    assert code(stream(change("a.b", "create"))) == "result-syntax"
    assert code(stream(change("a.b", "create"), SUMMARY) + '\n{"type": "outp') == "result-syntax"
