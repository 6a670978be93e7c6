from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.assurance.results.parsing import parse
from generator.assurance.results.result import Result
from generator.errors import Unreadable

if TYPE_CHECKING:
    from generator.config.results import FailsAt


def log(*results: dict[str, Any], **more: object) -> dict[str, Any]:
    rules = [
        {"id": "W1"},
        {"id": "E1", "defaultConfiguration": {"level": "error"}, "shortDescription": {"text": "Bad"}},
    ]
    driver = {"name": "Scanner", "semanticVersion": "2.0.1", "rules": rules}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": list(results), **more}]}


def read(data: dict[str, Any], fails_at: FailsAt = "error") -> Result:
    said = parse("sarif", json.dumps(data).encode(), "scan.sarif", fails_at=fails_at)
    assert isinstance(said, Result), said
    return said


def test_levels_come_from_the_finding_or_its_rule() -> None:
    place = {"physicalLocation": {"artifactLocation": {"uri": "src/a%20b.py"}, "region": {"startLine": 7}}}
    said = read(
        log(
            {"ruleId": "W1", "message": {"text": "maybe"}},
            {"ruleIndex": 1, "locations": [place]},
            {"ruleId": "E1", "level": "note", "message": {"text": "small"}},
            {"rule": {"id": "E1"}, "message": {"text": "again"}},
        )
    )
    assert [(item.level, item.name, item.message, item.path, item.line) for item in said.items] == [
        ("error", "E1", "again", "", 0),
        ("error", "E1", "Bad", "src/a b.py", 7),
        ("warning", "W1", "maybe", "", 0),
        ("note", "E1", "small", "", 0),
    ]
    assert (said.outcome, said.tool) == ("failed", "Scanner 2.0.1")


def test_the_level_from_which_on_it_fails_is_configured() -> None:
    warned = log({"ruleId": "W1", "message": {"text": "maybe"}})
    assert [read(warned).outcome, read(warned, "warning").outcome] == ["passed", "failed"]
    noted = log({"ruleId": "W1", "level": "note"})
    assert [read(noted, "warning").outcome, read(noted, "note").outcome] == ["passed", "failed"]


def test_nothing_found_is_a_pass_and_nothing_scanned_is_none() -> None:
    assert read(log()).outcome == "passed"
    assert read({"version": "2.1.0", "runs": []}).reason == "no test ran"
    assert read({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "S"}}}]}).outcome == "missing"


def test_a_tool_that_did_not_end_has_failed() -> None:
    assert read(log(invocations=[{"executionSuccessful": False}])).outcome == "failed"


def test_what_is_suppressed_gone_or_passed_is_no_error() -> None:
    said = read(
        log(
            {"ruleId": "E1", "suppressions": [{"kind": "external"}]},
            {"ruleId": "E1", "baselineState": "absent"},
            {"ruleId": "E1", "kind": "pass"},
            {"ruleId": "E1", "kind": "notApplicable"},
            {"ruleId": "E1", "kind": "review"},
        )
    )
    counts = said.counts
    assert (counts.passed, counts.skipped, counts.warnings, counts.errors, said.outcome) == (1, 2, 1, 0, "passed")
    pending = read(log({"ruleId": "E1", "suppressions": [{"kind": "external", "status": "underReview"}]}))
    assert pending.outcome == "failed"


def test_the_worst_five_thousand_are_kept_and_all_are_counted() -> None:
    notes = [{"ruleId": "W1", "level": "note", "message": {"text": f"{n}"}} for n in range(29_999)]
    said = read(log(*notes, {"ruleId": "E1"}))
    assert (len(said.items), said.left_out, said.counts.total) == (5_000, 25_000, 30_000)
    assert said.items[0].level == "error"


def test_other_versions_and_shapes_are_unreadable() -> None:
    for text, code in (
        ('{"version": "2.0.0", "runs": []}', "result-version"),
        ('{"version": "3.0", "runs": []}', "result-version"),
        ('{"runs": []}', "result-shape"),
        ('{"version": "2.1.0", "runs": [{}]}', "result-shape"),
        ('{"version": "2.1.0", "runs": [', "result-syntax"),
        ("[" * 100_000, "result-shape"),
        ('{"version": "2.1.0", "x": ' + "[" * 400_000, "result-syntax"),
        ('{"version": "2.1.0", "runs": [' + "{}," * 600_000, "result-size"),
    ):
        said = parse("sarif", text.encode(), "scan.sarif")
        assert isinstance(said, Unreadable)
        assert said.code == code
