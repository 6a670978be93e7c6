from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.events.mapping import Mapping, parse_mapping
from generator.events.reading import parse_records

if TYPE_CHECKING:
    from generator.events.entries import Records

INCIDENTS = """
record: incident
items: data.list
where: {labels.name: [incident], pull_request: []}
fields:
  id: number
  environment: {from: [environment.name, labels.name], prefix: "env:", values: {live: production}, default: staging}
  severity: {from: state, values: {open: ""}}
  detected: [seen, created_at]
"""
FOUND = {"number": 7, "labels": [{"name": "incident"}], "created_at": "2026-03-02T10:00:00Z"}


def read(items: object, text: str = INCIDENTS, path: str = "x.json") -> tuple[Records, list[tuple[int, str]]]:
    mapping = parse_mapping(text.encode(), "m.yaml")
    assert isinstance(mapping, Mapping), mapping
    data = items if isinstance(items, bytes) else json.dumps({"data": {"list": items}}, indent=0).encode()
    records, problems = parse_records(data, path, "auto", mapping)
    return records, [(problem.place.line, problem.reason) for problem in problems]


def test_keys_come_from_where_the_mapping_says() -> None:
    labels = [{"name": "incident"}, {"name": "env:live"}]
    records, problems = read([FOUND | {"labels": labels, "state": "open", "seen": "2026-03-02T09:00:00Z"}])
    assert not problems
    (event,) = records.incidents
    assert (event.id, event.environment, event.severity) == ("7", "production", "")
    assert event.detected == 1_772_442_000


def test_the_default_stands_where_no_way_leads_to_a_value() -> None:
    records, _ = read([FOUND])
    assert records.incidents[0].environment == "staging"


def test_entries_for_which_the_conditions_do_not_hold_are_left_out() -> None:
    records, problems = read([FOUND | {"pull_request": {"url": "x"}}, FOUND | {"labels": []}, {}, FOUND])
    assert len(records.incidents) == 1
    assert not problems


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"created_at": "soon"}, "`seen or created_at`: `soon` is no time"),
        ({"number": None}, "a record of `incidents` without `number`"),
        ({"number": {"a": 1}}, "`number` is no single value"),
    ],
)
def test_what_is_wrong_names_the_key_of_the_export(change: dict[str, object], said: str) -> None:
    records, problems = read([FOUND, FOUND | change])
    assert len(records.incidents) == 1
    assert [reason for _, reason in problems] == [said]
    assert problems[0][0] > 4


def test_an_entry_that_is_no_mapping_is_told() -> None:
    assert read(["a"])[1] == [(4, "an entry of the export that is no mapping")]


def test_a_list_that_is_not_there_is_told() -> None:
    assert read(b'{"data": {"items": []}}')[1] == [(1, "no list stands at `data.list`")]


def test_pages_behind_one_another_are_all_read() -> None:
    pages = "\n".join(json.dumps({"data": {"list": [FOUND | {"number": number}]}}) for number in (1, 2, 3))
    records, problems = read(pages.encode())
    assert not problems
    assert [event.id for event in records.incidents] == ["1", "2", "3"]


def test_pages_put_into_one_array_are_all_read() -> None:
    text = INCIDENTS.replace("items: data.list\n", "")
    records, _ = read(json.dumps([[FOUND], [FOUND | {"number": 8}]]).encode(), text)
    assert [event.id for event in records.incidents] == ["7", "8"]


def test_yaml_and_csv_are_exports_too() -> None:
    planned = "{from: kind, values: {work: yes}}"
    text = f"record: downtime\nfields: {{environment: {{default: p}}, start: began, planned: {planned}}}"
    for path, data in (("a.yaml", b"- {began: 2026-01-01, kind: work}"), ("a.csv", b"Began,Kind\n2026-01-01,work\n")):
        records, problems = read(data, text, path)
        assert not problems
        assert records.downtimes[0].planned
