"""Records as nobody should write them: each gets its line, none is lost, and none stops the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.manifests import CONFIG, deployment
from support.replay import Silent, write_trees

from generator.errors import ExitCode
from generator.evidence.reading import Evidence
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.delivery_records import RecordLine

MANY = 10_000


def read(place: Path, files: dict[str, str]) -> tuple[Evidence, ExitCode]:
    repository = write_trees(place / "repository", [{"assay.yaml": CONFIG, "deploy/api.yaml": deployment()}])
    (place / "records").mkdir()
    for name, text in files.items():
        (place / "records" / name).write_text(text, "utf-8", errors="surrogateescape")
    outcome = gather(Request(repository, records=place / "records"), place / "evidence", Silent())
    return Evidence(place / "evidence"), outcome.exit_code


def by_id(evidence: Evidence) -> dict[str, list[RecordLine]]:
    found: dict[str, list[RecordLine]] = {}
    for line in evidence.records():
        found.setdefault(line.id, []).append(line)
    return found


INCIDENTS = """incidents:
- {id: date, environment: production, detected: 2024-13-45}
- {id: future, environment: production, detected: 2099-01-01T00:00:00Z, restored: 2099-01-01T01:00:00Z}
- {id: unknown, environment: nowhere, detected: 2024-01-01T10:00:00Z, restored: 2024-01-01T11:00:00Z}
- {id: twice, environment: production, detected: 2024-01-01T10:00:00Z, restored: 2024-01-01T11:00:00Z}
- {id: twice, environment: production, detected: 2024-01-01T09:00:00Z, restored: 2024-01-01T11:00:00Z}
- {id: endless, environment: production, detected: 2024-01-01T10:00:00Z}
"""


def test_each_bad_incident_gets_its_line(tmp_path: Path) -> None:
    evidence, code = read(tmp_path, {"incidents.yaml": INCIDENTS})
    lines = by_id(evidence)
    assert code is ExitCode.UNREADABLE
    assert [(row.line, row.path) for row in evidence.summary.unreadable] == [(2, "incidents.yaml")], "the date"
    assert sorted(lines) == ["endless", "future", "twice", "unknown"]
    assert {name: [line.counts for line in found] for name, found in lines.items()} == {
        "endless": [True],
        "future": [False],
        "twice": [False, True],
        "unknown": [False],
    }
    told = {(one.finding.subject, one.finding.level, one.finding.line) for one in evidence.summary.record_findings}
    assert told == {
        ("future", "warning", 3),
        ("unknown", "warning", 4),
        ("twice", "warning", 6),
        ("endless", "note", 7),
    }


def test_ten_thousand_overlapping_downtimes_are_all_there(tmp_path: Path) -> None:
    rows = [f"w{n},production,2024-01-01T0{n % 10}:00:00Z,2024-01-01T11:00:00Z" for n in range(MANY)]
    evidence, code = read(tmp_path, {"downtime.csv": "\n".join(["id,environment,start,end", *rows])})
    assert code is ExitCode.OK
    assert len(by_id(evidence)) == MANY
    (count,) = evidence.summary.records
    assert (count.kind, count.records, count.left_out) == ("downtime", MANY, 0)


@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "a: &a [*a]", "deployments: 7", "incidents:\n- 1\n- [2]", "\x00\x01", "\udcff\udcfe: x", "- {id: x"],
)
def test_a_file_that_is_none_costs_itself_alone(tmp_path: Path, text: str) -> None:
    good = "downtime:\n- {id: w, environment: production, start: 2024-01-01T10:00:00Z, end: 2024-01-01T11:00:00Z}\n"
    evidence, code = read(tmp_path, {"bad.yaml": text, "bad.json": text, "good.yaml": good})
    assert code is ExitCode.UNREADABLE
    assert {row.path for row in evidence.summary.unreadable} == {"bad.yaml", "bad.json"}
    assert list(by_id(evidence)) == ["w"]


@pytest.mark.parametrize("mark", ["<script>alert(1)</script>", "{{7*7}}", "\u202eevil", "a\tb"])
def test_names_are_data(tmp_path: Path, mark: str) -> None:
    keys = ("id", "environment", "deployment", "title")
    said = ", ".join(f'{key}: "{mark}"' for key in keys)
    text = f'incidents:\n- {{{said}, fixed_by: "--output=x"}}\n'
    evidence, _ = read(tmp_path, {"incidents.yaml": text})
    (line,) = evidence.records()
    assert not line.counts
    assert "is no environment" in line.problem
    assert line.problem.isprintable()
