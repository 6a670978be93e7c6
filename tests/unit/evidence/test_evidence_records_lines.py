"""Lines of `records.jsonl`: what stands in them, in which order, and that what is written is read again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest
from jsonschema import Draft202012Validator

from generator.errors import RefusedError
from generator.evidence.delivery_records import RecordLine, sorted_lines
from generator.evidence.reading import RECORDS, Evidence
from generator.evidence.records import FORMAT, CommitRecord
from generator.evidence.schemas import evidence_schemas
from generator.evidence.sealing import Seal
from generator.evidence.store import EvidenceStore
from generator.evidence.summary import Coverage, Summary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LINES = (
    RecordLine("deployment", "run-2", "production", started="2026-03-02T10:00:00Z", status="succeeded"),
    RecordLine("deployment", "run-1", "production", finished="2026-03-01T10:00:00Z", deployment="production-1"),
    RecordLine("incident", "INC-1", "production", detected="2026-02-01T10:00:00Z", deployments=("production-1",)),
    RecordLine("downtime", "W", "production", start="2026-02-01T10:00:00Z", planned=True),
    RecordLine("approval", "A", "integration", at="2026-04-01T10:00:00Z", by="Grace Example"),
    RecordLine("deployment", "run-0", "*", counts=False, problem="It names no environment."),
)


def written(folder: Path, lines: Iterable[RecordLine]) -> Evidence:
    summary = Summary(
        format=FORMAT,
        version="1",
        title="Shop",
        as_of="",
        commit=CommitRecord("", "", ""),
        ref="HEAD",
        environments=(),
        unreadable=(),
        rules=(),
        coverage=Coverage(0, 0, 0, 0, (), (), detected=False, limited=""),
        config_digest="",
        fingerprint_key="repository",
    )
    with EvidenceStore(folder) as store:
        store.records(lines)
        store.close(summary, Seal("0"))
    return Evidence(folder)


def test_lines_are_sorted_by_environment_kind_and_time() -> None:
    names = [line.id for line in sorted_lines(LINES)]
    assert names == ["run-0", "A", "run-1", "run-2", "W", "INC-1"]
    assert sorted_lines(reversed(LINES)) == sorted_lines(LINES)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    assert tuple(written(tmp_path / "evidence", LINES).records()) == LINES


def test_nothing_is_written_of_nothing(tmp_path: Path) -> None:
    evidence = written(tmp_path / "evidence", ())
    assert not (evidence.folder / RECORDS).exists()
    assert list(evidence.records()) == []


def test_a_line_is_short_and_what_its_schema_says(tmp_path: Path) -> None:
    evidence = written(tmp_path / "evidence", LINES)
    validator = Draft202012Validator(evidence_schemas()["record"])
    texts = (evidence.folder / RECORDS).read_bytes().splitlines()
    assert [error.message for text in texts for error in validator.iter_errors(json.loads(text))] == []
    assert json.loads(texts[0]).keys() == {"kind", "id", "environment", "started", "status"}


def test_a_line_that_is_none_is_refused(tmp_path: Path) -> None:
    evidence = written(tmp_path / "evidence", LINES)
    (evidence.folder / RECORDS).write_bytes(b'{"kind":"party","id":"x","environment":"production"}\n')
    with pytest.raises(RefusedError, match=r"records\.jsonl:1"):
        list(evidence.records())


@pytest.mark.parametrize(
    ("said", "time", "linked"),
    [
        ({"kind": "incident", "detected": "b", "restored": "c"}, "b", False),
        ({"kind": "incident", "impact_start": "a", "detected": "b", "deployments": ("p-1",)}, "a", True),
        ({"kind": "deployment", "finished": "c", "deployment": "p-1"}, "c", True),
        ({"kind": "downtime"}, "", False),
    ],
)
def test_time_and_link_of_a_line(said: dict[str, object], time: str, *, linked: bool) -> None:
    line = msgspec.convert({"id": "x", "environment": "p", **said}, RecordLine)
    assert (line.time, line.linked) == (time, linked)
