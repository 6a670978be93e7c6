"""Records that are wrong, hostile or too many: each gets its line, none is lost, none stops the run."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import pytest

from generator.errors import escape_control
from generator.events.checking import contradictions
from generator.events.joining import joined
from generator.events.limits import MAX_BYTES, MAX_PROBLEMS
from generator.events.mapping import Mapping, parse_mapping, shipped_mapping
from generator.events.reading import parse_records

KNOWN = ("production", "staging")
NOW = 1_772_452_800
MANY = 10_000
DOWN = [
    {"environment": "production", "start": f"2026-01-{1 + n % 28:02}T{n % 24:02}:00:00Z", "end": "2026-02-28T00:00:00Z"}
    for n in range(MANY)
]
WRONG = """
deployments:
  - {id: whole, environment: production, commit: abcdef1, finished: 2026-03-01}
  - {id: date, environment: production, finished: 2026-13-45}
  - {id: future, environment: production, finished: 2099-01-01}
  - {id: place, environment: prodction, finished: 2026-03-01}
  - {id: whole, environment: production, commit: abcdef2, finished: 2026-03-01}
incidents:
  - {id: endless, environment: production, detected: 2026-02-01}
  - {id: backwards, environment: production, detected: 2026-02-02, restored: 2026-02-01}
"""


def test_every_wrong_record_has_its_line_and_none_is_lost() -> None:
    records, problems = parse_records(WRONG.encode(), "records.yaml", "auto")
    found = contradictions(joined([records]), KNOWN, NOW)
    assert [(problem.place.line, problem.code) for problem in problems] == [(4, "record-value")]
    assert [(one.line, one.id, one.counts) for one in found] == [
        (5, "future", False),
        (6, "place", False),
        (7, "whole", False),
        (9, "endless", True),
        (10, "backwards", False),
    ]
    assert {event.id for event in records.deployments} == {"whole", "future", "place"}
    assert {event.id for event in records.incidents} == {"endless", "backwards"}
    assert all(one.fix and "\n" not in one.message for one in found)


@pytest.mark.parametrize("form", ["yaml", "csv", "json", "jsonl"])
def test_ten_thousand_overlapping_downtimes_take_about_a_second(form: str) -> None:
    texts = {
        "yaml": "downtime:\n" + "".join(f"- {{{', '.join(f'{k}: {v}' for k, v in one.items())}}}\n" for one in DOWN),
        "csv": "environment,start,end\n" + "".join(",".join(one.values()) + "\n" for one in DOWN),
        "json": json.dumps({"downtime": DOWN}),
        "jsonl": "\n".join(json.dumps(one) for one in DOWN),
    }
    start = time.process_time()
    records, problems = parse_records(texts[form].encode(), f"downtime.{form}", "auto")
    found = contradictions(joined([records]), KNOWN, NOW)
    assert time.process_time() - start < 3
    assert len(records.downtimes) == MANY
    assert not problems
    assert not found


DEEP = {
    "brackets": b"[" * 1_000_000,
    "objects": b'{"downtime":' * 100_000,
    "closed": b"[" * 100_000 + b"]" * 100_000,
    "in a record": b'{"record": "downtime", "environment": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "lines": (b'{"a":' * 20_000 + b"\n") * 20,
    "in an event": b'{"context": {}, "subject": {"id": "a", "content": ' + b'{"a":' * 900 + b"1" + b"}" * 902,
}


@pytest.mark.parametrize("data", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize("form", ["json", "yaml", "cdevents", "csv"])
def test_what_is_nested_deep_ends_no_run(data: bytes, form: str) -> None:
    start = time.process_time()
    records, problems = parse_records(data, "a", form)  # type: ignore[arg-type]  # one of the formats, as a text
    assert time.process_time() - start < 5
    assert problems
    assert not records.downtimes


@pytest.mark.parametrize("name", ["github-deployments", "pagerduty"])
@pytest.mark.parametrize("data", DEEP.values(), ids=DEEP)
def test_nor_does_a_deep_export(data: bytes, name: str) -> None:
    assert not parse_records(data, "a.json", "auto", shipped_mapping(name))[0].deployments


def test_depth_just_below_the_limit_is_only_a_wrong_value() -> None:
    text = b'{"record": "downtime", "environment": ' + b"[" * 400 + b"]" * 400 + b', "start": "2026-01-01"}'
    _, (problem,) = parse_records(text, "a.json", "auto")
    assert problem.reason == "`environment` is no single value"


def test_a_huge_field_costs_its_record_or_is_cut() -> None:
    huge = "x" * 1_000_000
    rows = [
        {"record": "incident", "id": "a", "environment": "production", "title": huge},
        {"record": "incident", "id": huge, "environment": "production"},
    ]
    records, (problem,) = parse_records("\n".join(map(json.dumps, rows)).encode(), "a.jsonl", "auto")
    assert len(records.incidents[0].title) == 500
    assert problem.reason == "`id`: has 1000000 characters"
    text = f"id,environment,title\na,production,{huge}\nb,production,short\n"
    records, (problem,) = parse_records(text.encode(), "incidents.csv", "auto")
    assert [event.id for event in records.incidents] == ["b"]
    assert problem.place.line == 2


HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://example.org")',
    "@SUM(1)",
    "{{7*7}}",
    "[x](javascript:1)",
    "a\x1b[2J\x07b",
    "a\u202eb",
    "a\x00b",
    "../../etc/passwd",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_hostile_text_is_text_and_control_characters_are_shown(text: str, form: str) -> None:
    row = {"id": text, "environment": text, "title": text, "component": text}
    cells = ",".join('"' + value.replace('"', '""') + '"' for value in row.values())
    data = json.dumps([row]) if form == "json" else f"{','.join(row)}\n{cells}\n"
    records, problems = parse_records(data.encode(), f"incidents.{form}", "auto")
    assert not problems
    (event,) = records.incidents
    assert {event.id, event.environment, event.title, event.component} == {escape_control(text)}
    for one in contradictions(records, KNOWN, NOW):
        assert one.message.isprintable()


def test_hostile_keys_types_and_names_are_shown_on_one_line() -> None:
    hostile = "\x1b[2J\n<script>"
    texts: list[tuple[str, object]] = [
        ("a.json", {"deployments": [{hostile: 1}]}),
        ("a.json", {"deployments": [], hostile: []}),
        ("a.json", {"record": hostile}),
        ("deployments.json", [{"environment": "p", "status": hostile, "finished": hostile, "verified": hostile}]),
        ("a.json", {"context": {"id": "a", "source": "b", "type": hostile, "timestamp": "c", "version": "d"}}),
    ]
    for path, value in texts:
        _, problems = parse_records(json.dumps(value).encode(), path, "auto")
        assert problems
        assert all(f"{problem.reason}{problem.fix}".isprintable() for problem in problems)


@pytest.mark.parametrize("path", ["incidents.csv", "incidents.jsonl"])
def test_bytes_that_are_no_text_cost_what_they_stand_in(path: str) -> None:
    rows = {
        "incidents.csv": b"id,environment,title\na,p,caf\xe9\nb,p,fine\nc\xff,p,x\n",
        "incidents.jsonl": b'{"id": "a", "environment": "p", "title": "caf\xe9"}\n{"id": "b", "environment": "p"}\n'
        b'{"id": "c\xff", "environment": "p"}\n',
    }
    records, problems = parse_records(rows[path], path, "auto")
    assert [event.id for event in records.incidents] == ["b"]
    assert len(problems) == 2
    assert all("no text" in problem.reason for problem in problems)


@pytest.mark.parametrize(
    "data",
    [
        b"\x00" * 1000,
        b"\xff\xfe\x00",
        b"\xff\xfe" + b"\x00\xd8" * 9,
        b"\xfe\xff\xd8",
        b"PK\x03\x04\x00\xff",
        b"\x80" * 99,
    ],
)
@pytest.mark.parametrize("path", ["a.csv", "a.json", "a.yaml", "a", "downtime.csv"])
def test_what_is_no_text_at_all_ends_no_run(data: bytes, path: str) -> None:
    records, _ = parse_records(data, path, "auto")
    assert not records.downtimes


@pytest.mark.parametrize(
    "mapping",
    [b"\x00", b"record: downtime\nfields: &a {environment: *a}", b"[" * 5000, b"a: " * 5000, b"\xff\xfe", b"- " * 300],
)
def test_a_hostile_mapping_is_unreadable(mapping: bytes) -> None:
    assert not isinstance(parse_mapping(mapping, "m.yaml"), Mapping)


KEYS = ", ".join(f'"k{number}": 1' for number in range(200_000))
MASSES = {
    "a key again at the end": ("a.json", f'{{{KEYS}, "k199999": 2}}'),
    "unknown keys": ("deployments.json", f"[{{{KEYS}}}]"),
    "unknown sections": ("a.json", f'{{"deployments": [], {KEYS}}}'),
    "unknown kinds": ("a.jsonl", "\n".join(f'{{"record": "k{number}"}}' for number in range(200_000))),
    "unknown statuses": (
        "deployments.jsonl",
        "\n".join(f'{{"environment": "p", "status": "k{number}"}}' for number in range(100_000)),
    ),
    "types": (
        "a.jsonl",
        "\n".join(
            f'{{"context": {{"id": "a", "source": "b", "timestamp": "c", "version": "d", "type": "t{number}"}},'
            f' "subject": {{"id": "e", "content": {{}}}}}}'
            for number in range(50_000)
        ),
    ),
    "columns": ("downtime.csv", ",".join(f"k{number}" for number in range(1_000_000))),
    "columns again": ("downtime.csv", "environment" + ",environment" * 1_000_000),
}


@pytest.mark.parametrize("name", MASSES)
def test_masses_of_what_is_wrong_are_told_in_a_bounded_list(name: str) -> None:
    path, text = MASSES[name]
    start = time.process_time()
    _, problems = parse_records(text.encode(), path, "auto")
    assert time.process_time() - start < 15
    assert 1 <= len(problems) <= MAX_PROBLEMS + 1
    if len(problems) > MAX_PROBLEMS:
        assert problems[-1].reason.endswith("more things in this file can't be taken")


def test_masses_of_unknown_environments_take_bounded_time() -> None:
    rows = "".join(f"environment-{number},2026-01-01,2026-01-02\n" for number in range(50_000))
    records, _ = parse_records(f"environment,start,end\n{rows}".encode(), "downtime.csv", "auto")
    start = time.process_time()
    found = contradictions(records, [f"production-{number}" for number in range(100)], NOW)
    assert time.process_time() - start < 15
    assert len(found) == 50_000
    assert all(one.fix for one in found)


def test_a_mapping_with_masses_of_ways_is_unreadable() -> None:
    ways = ", ".join(["a"] * 101)
    text = f"record: downtime\nfields: {{environment: [{ways}], start: b}}"
    assert not isinstance(parse_mapping(text.encode(), "m.yaml"), Mapping)


def test_the_largest_files_take_bounded_time_and_memory() -> None:
    program = """
import resource, sys
from generator.events.reading import parse_records
lines = {"objects": b"{}\\n", "open": b"{\\n", "quotes": b'a,"b"c\\n', "swallowed": b'"\\n,a', "commas": b",,,\\n"}
line = lines[sys.argv[1]]
size = 16 * 1024 * 1024
parse_records((line * (size // len(line)))[:size], "downtime." + ("csv" if line[:1] in b'a",' else "jsonl"), "auto")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # the unit is the one that the program prints, kilobytes
    for name in ("objects", "open", "quotes", "swallowed", "commas"):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", program, name], capture_output=True, check=True, timeout=60)
        assert time.perf_counter() - start < 20, name
        assert int(done.stdout) < 1_000_000, name
    assert MAX_BYTES == 16 * 1024 * 1024
