from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from generator.events.cdevents import CUSTOM, TYPES
from generator.events.forms import FORMS
from generator.events.limits import MAX_BYTES, MAX_PROBLEMS, MAX_PROBLEMS_OF_RECORD, MAX_RECORDS
from generator.events.mapping import SHIPPED, Mapping, parse_mapping, shipped_mapping
from generator.events.reading import parse_records
from generator.events.values import LONGEST, STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from generator.events.entries import Records

PAPER = "docs/records.md"
EXAMPLES = Path(__file__).parents[2] / "examples" / "records"
_CODE = re.compile(r"`([^`]+)`")


def codes(text: str) -> list[str]:
    return _CODE.findall(text)


def test_keys_of_the_table_are_those_of_the_forms(paper: Callable[[str], str]) -> None:
    lines = [line.strip("|").split(" | ") for line in paper(PAPER).splitlines() if line.startswith("| `")][:4]
    assert [codes(cells[0])[0] for cells in lines] == [form.word for form in FORMS.values()]
    for cells, form in zip(lines, FORMS.values(), strict=True):
        assert codes(cells[2]) == [key.name for key in form.keys.values() if key.required]
        assert sorted(codes(cells[3])) == sorted(key.name for key in form.keys.values() if not key.required)


def test_the_yaml_of_the_paper_is_read_as_it_stands(examples: Callable[[str, str], list[str]]) -> None:
    plain, mapping = examples(PAPER, "yaml")
    records, problems = parse_records(plain.encode(), "records.yaml", "auto")
    assert not problems
    assert [len(getattr(records, form.attribute)) for form in FORMS.values()] == [1, 1, 1, 1]
    assert records.incidents[0].restored
    assert isinstance(parse_mapping(mapping.encode(), "m.yaml"), Mapping)
    assert mapping in (EXAMPLES / "outages-mapping.yaml").read_text("utf-8")


def test_the_csv_of_the_paper_is_read_as_it_stands(examples: Callable[[str, str], list[str]]) -> None:
    (text,) = examples(PAPER, "csv")
    records, problems = parse_records(text.encode(), "all.csv", "auto")
    assert not problems
    assert (len(records.deployments), len(records.incidents)) == (1, 1)


def test_the_event_of_the_paper_is_read_as_it_stands(examples: Callable[[str, str], list[str]]) -> None:
    (text,) = examples(PAPER, "json")
    records, problems = parse_records(text.encode(), "event.json", "auto")
    assert not problems
    assert (records.deployments[0].version, records.deployments[0].component) == ("1.9.2", "checkout")


def test_the_note_of_the_paper_is_read_as_it_stands(examples: Callable[[str, str], list[str]]) -> None:
    note, _ = examples(PAPER, "sh")
    text = note.split('"')[1]
    records, problems = parse_records(text.encode(), "refs/notes/deployments:1a2b", "auto", note_of="1a2b3c4d5e6f")
    assert not problems
    assert records.deployments[0].commit == "1a2b3c4d5e6f"


def test_types_and_custom_data_are_those_that_are_read(paper: Callable[[str], str]) -> None:
    below = paper(PAPER).split("## CDEvents")[1].split("\n## ")[0]
    told = [name for line in below.splitlines() if line.startswith("| `") for name in codes(line.split(" | ")[0])]
    assert sorted(told) == sorted(name.partition(".")[2] for name in TYPES)
    listed = below.split("in the subject's content:")[1].split(". Each is")[0]
    assert codes(listed) == list(CUSTOM)


def test_limits_words_and_mappings_are_those_that_there_are(
    paper: Callable[[str], str], named: Callable[[str, str], set[str]]
) -> None:
    text = " ".join(paper(PAPER).split())
    assert f"at most {MAX_BYTES >> 20} MB and {MAX_RECORDS:,} entries" in text
    assert f"{LONGEST} characters of a value" in text
    assert f"{MAX_PROBLEMS:,} things are told with their lines, {MAX_PROBLEMS_OF_RECORD} of one record" in text
    assert all(f"`{status}`" in text for status in STATUSES)
    assert set(SHIPPED) <= named(PAPER, "## Exports of other tools")


MAPPED = {
    "github-deployments.json": "github-deployments",
    "github-issues.json": "github-issues",
    "gitlab-deployments.json": "gitlab-deployments",
    "outages.csv": "outages-mapping.yaml",
    "pagerduty.json": "pagerduty",
}
COUNTS = {
    "cdevents.jsonl": (2, 1, 1, 1),
    "deployments.csv": (3, 0, 0, 0),
    "github-deployments.json": (3, 0, 0, 0),
    "github-issues.json": (0, 2, 0, 0),
    "gitlab-deployments.json": (2, 0, 0, 0),
    "outages.csv": (0, 0, 2, 0),
    "pagerduty.json": (0, 2, 0, 0),
    "records.yaml": (2, 1, 2, 1),
}


def example(name: str) -> Records:
    mapping = None
    if name in MAPPED:
        found = shipped_mapping(MAPPED[name]) or parse_mapping((EXAMPLES / MAPPED[name]).read_bytes(), MAPPED[name])
        assert isinstance(found, Mapping)
        mapping = found
    records, problems = parse_records((EXAMPLES / name).read_bytes(), name, "auto", mapping)
    assert not problems, name
    return records


def test_every_example_is_read_as_a_whole(subtests: pytest.Subtests) -> None:
    assert sorted(path.name for path in EXAMPLES.iterdir()) == sorted([*COUNTS, "outages-mapping.yaml"])
    for name, counts in COUNTS.items():
        with subtests.test(name):
            records = example(name)
            assert tuple(len(getattr(records, form.attribute)) for form in FORMS.values()) == counts
            assert not records.unplaced
            assert not records.unbegun
            assert not records.duplicates


def test_exports_tell_what_their_tools_mean() -> None:
    github = example("github-deployments.json").deployments
    gitlab = example("gitlab-deployments.json").deployments
    assert (github[0].started, github[0].finished) == (gitlab[0].started, gitlab[0].finished)
    assert [event.status for event in github] == ["succeeded", "failed", ""]
    assert [event.status for event in gitlab] == ["succeeded", "cancelled"]
    assert github[2].finished is None
    issues = example("github-issues.json").incidents
    assert [(event.id, event.environment, event.restored is None) for event in issues] == [
        ("7", "production", False),
        ("8", "staging", True),
    ]
    assert [event.severity for event in example("pagerduty.json").incidents] == ["P1", "low"]


def test_events_and_people_tell_the_same_of_one_incident() -> None:
    told, event = (example(name).incidents[0] for name in ("records.yaml", "cdevents.jsonl"))
    for field in ("id", "title", "component", "deployment", "fixed_by", "impact_start", "detected", "cause_assigned"):
        assert getattr(told, field) == getattr(event, field), field
    assert json.loads((EXAMPLES / "pagerduty.json").read_text("utf-8"))["more"] is False
