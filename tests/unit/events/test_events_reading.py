from __future__ import annotations

import pytest

from generator.events import limits
from generator.events.limits import MAX_BYTES
from generator.events.reading import parse_records

COMMIT = "c0ffee1234567"


def test_a_note_is_of_the_commit_that_it_is_on() -> None:
    text = b"deployments: [{environment: p}, {environment: p, commit: abcdef1}]\nincidents: [{id: i, environment: p}]\n"
    records, problems = parse_records(text, f"refs/notes/x:{COMMIT}", "auto", note_of=COMMIT)
    assert not problems
    assert [event.commit for event in records.deployments] == [COMMIT, "abcdef1"]
    assert records.incidents[0].deployment == COMMIT


def test_an_approval_in_a_note_still_names_what_it_approves() -> None:
    records, problems = parse_records(b"{record: approval, environment: p, by: Ada}", "n", "auto", note_of=COMMIT)
    assert not problems
    assert records.approvals[0].commit == COMMIT


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("note", b'{"record": "downtime", "environment": "p", "start": "2026-01-01"}'),
        ("note", b"record: downtime\nenvironment: p\nstart: 2026-01-01"),
        ("note", b"record,environment,start\ndowntime,p,2026-01-01"),
        ("wide.csv", "\ufeffrecord,environment,start\ndowntime,p,2026-01-01".encode("utf-16-le")),
        ("D.JSON", b'\xef\xbb\xbf[{"record": "downtime", "environment": "p", "start": "2026-01-01"}]'),
    ],
)
def test_the_form_is_told_by_the_name_else_by_the_beginning(name: str, data: bytes) -> None:
    records, problems = parse_records(data, name, "auto")
    assert not problems
    assert len(records.downtimes) == 1


def test_a_form_that_is_told_wins_over_the_name() -> None:
    records, _ = parse_records(b"record,environment,start\ndowntime,p,2026-01-01", "x.json", "csv")
    assert len(records.downtimes) == 1


@pytest.mark.parametrize("name", ["x.yaml", "x.json", "x.csv", "x.jsonl", "x"])
def test_an_empty_file_holds_nothing(name: str) -> None:
    records, problems = parse_records(b"", name, "auto")
    assert not problems
    assert not records.deployments


def test_a_file_that_is_too_large_is_not_read() -> None:
    _, (problem,) = parse_records(b" " * (MAX_BYTES + 1), "x.json", "auto")
    assert problem.code == "too-large"


def test_entries_over_the_limit_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_RECORDS", 2)
    text = b"environment,start\np,2026-01-01\np,2026-01-02\np,2026-01-03\np,2026-01-04\n"
    records, (problem,) = parse_records(text, "downtime.csv", "auto")
    assert len(records.downtimes) == 2
    assert (problem.code, problem.place.line) == ("record-limit", 4)


def test_problems_are_in_the_order_of_their_lines() -> None:
    text = b'environment,start\np,soon\n"p"x,1\np,later\n'
    _, problems = parse_records(text, "downtime.csv", "auto")
    assert [problem.place.line for problem in problems] == [2, 3, 4]
