"""What each format shows, and what it leaves out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest
from support.check_reports import finding, report

from generator.cli.check_formats.markdown import LONGEST, cut
from generator.cli.check_formats.sarif import MOST
from generator.cli.check_formats.writing import FORMATS, asked_formats, write
from generator.errors import FaultError, UsageError
from generator.pipeline.schemas import published_schemas

if TYPE_CHECKING:
    from pathlib import Path


def test_every_failure_says_what_to_do() -> None:
    made = report("mend it")
    assert FORMATS["text"](made).count("    do: mend it\n") == 2, "the rule and the gate"
    assert FORMATS["github"](made).count("%0ADo: mend it") == 3
    assert FORMATS["junit"](made).count("Do: mend it") == 3
    assert sum("Do: mend it" in row["description"] for row in json.loads(FORMATS["gitlab"](made))) == 3
    results = json.loads(FORMATS["sarif"](made))["runs"][0]["results"]
    assert sum("Do: mend it" in result["message"]["text"] for result in results) == 3


def test_waived_findings_are_suppressions_in_sarif_and_no_annotations() -> None:
    made = report("x", (finding("x", waived=True),))
    results = json.loads(FORMATS["sarif"](made))["runs"][0]["results"]
    (first, *_) = [result["suppressions"] for result in results if result["suppressions"]]
    assert first[0]["justification"] == "x (x, through 2030-01-01)"
    assert first[0]["location"]["physicalLocation"]["region"] == {"startLine": 3}
    assert "some-rule" not in FORMATS["github"](made)
    assert "some-rule" not in FORMATS["gitlab"](made)


def test_json_keeps_to_its_published_schema() -> None:
    shown = json.loads(FORMATS["json"](report("x")))
    jsonschema.validate(shown, published_schemas()["check-report"])
    shown["cases"][0]["verdict"] = "unknown"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(shown, published_schemas()["check-report"])


def test_passed_rules_are_test_cases_too() -> None:
    assert '<testcase classname="assay.staging" name="other-rule"/>' in FORMATS["junit"](report("x"))


def test_a_summary_is_never_too_long() -> None:
    many = tuple(finding("x" * 300, "warning", number=n) for n in range(4_000))
    made = FORMATS["markdown"](report("x", many))
    assert len(made.encode()) <= LONGEST
    last = made.rstrip("\n").split("\n")[-1]
    assert last.endswith("lines are left out here: a summary holds 1,000,000 bytes.")
    kept = len(made.split("\n")) - 3
    assert f"{kept + int(last.split(' ')[0])}" == last.split(" ")[2]


def test_what_fits_is_not_cut() -> None:
    assert cut(["a", "b"]) == "a\nb\n"
    assert "left out" in cut(["a" * 300, "b"], 400)


def test_the_worst_results_stay_where_there_are_too_many() -> None:
    many = tuple(finding("x", "note", number=n) for n in range(MOST))
    run = json.loads(FORMATS["sarif"](report("x", (*many, finding("bad", number=MOST)))))["runs"][0]
    assert len(run["results"]) == MOST
    assert run["results"][0]["message"]["text"].startswith("production: bad")
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"].endswith("results are left out, the least bad ones.")


@pytest.mark.parametrize(
    ("given", "shown", "files"),
    [
        ((), "text", []),
        (("sarif=a.sarif", "junit=b.xml"), "text", ["sarif a.sarif", "junit b.xml"]),
        (("github", "sarif=a=b"), "github", ["sarif a=b"]),
    ],
)
def test_formats_go_where_they_are_told(given: tuple[str, ...], shown: str, files: list[str]) -> None:
    found = asked_formats(given)
    assert (found[0], [f"{name} {path}" for name, path in found[1]]) == (shown, files)


@pytest.mark.parametrize("given", [("yaml",), ("sarif=",), ("text", "json")])
def test_formats_that_cannot_be_are_usage_errors(given: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        asked_formats(given)


def test_a_file_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(FaultError) as caught:
        write(report("x"), [("json", tmp_path / "nowhere" / "a.json")])
    assert caught.value.code == "write"
