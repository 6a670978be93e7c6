from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, get_args

import msgspec
import pytest

from generator.cli.progress import TerminalProgress
from generator.demo.repository import demo_commits
from generator.evidence.app_changes import AppChangeRecord
from generator.evidence.breaks import Break, Vanished
from generator.evidence.chain import Link
from generator.evidence.delivery_records import RecordCount, RecordFinding, RecordLine
from generator.evidence.gates import GateRow, GateTable
from generator.evidence.manifest import Counted, Inputs, Manifest
from generator.evidence.metrics import MetricsSummary, PeriodMetrics, Share, Spread, Uptime
from generator.evidence.next_release import NextGate, NextRecord, NextResult
from generator.evidence.packs import (
    ComponentRecord,
    DriftEntry,
    EndedRecord,
    ExemptRecord,
    FindingEntry,
    FixedRecord,
    PackLine,
    TopologyEntry,
)
from generator.evidence.reading import Evidence
from generator.evidence.records import (
    ChangeRecord,
    DeclaredRecord,
    DeploymentRecord,
    DriftCounts,
    FindingCounts,
    GateCounts,
    Kind,
    Origin,
)
from generator.evidence.refs import RefRecord
from generator.evidence.results import ResultDetail, ResultItemRecord, ResultRecord
from generator.evidence.schemas import RECORDS
from generator.evidence.summary import Coverage, ExemptionRecord, Summary
from generator.evidence.triage import (
    MOST,
    TriageComponent,
    TriageField,
    TriageGood,
    TriageOrigin,
    TriageRecord,
    TriageSetting,
)
from generator.history.importing import write_repository
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAPER = "docs/evidence.md"
TOLD = (
    DeploymentRecord,
    AppChangeRecord,
    RecordLine,
    RecordCount,
    RecordFinding,
    PeriodMetrics,
    Share,
    Spread,
    Uptime,
    MetricsSummary,
    ChangeRecord,
    Origin,
    PackLine,
    ComponentRecord,
    TopologyEntry,
    FindingEntry,
    DriftEntry,
    Manifest,
    Inputs,
    Counted,
    RefRecord,
    Link,
    Break,
    Vanished,
    Summary,
    DeclaredRecord,
    FindingCounts,
    DriftCounts,
    GateCounts,
    ResultRecord,
    ResultDetail,
    ResultItemRecord,
    GateTable,
    GateRow,
    ExemptRecord,
    ExemptionRecord,
    FixedRecord,
    EndedRecord,
    TriageRecord,
    TriageComponent,
    TriageField,
    TriageSetting,
    TriageOrigin,
    TriageGood,
    NextRecord,
    NextGate,
    NextResult,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo's evidence folder."""
    place = tmp_path_factory.mktemp("evidence")
    write_repository(place / "shop", demo_commits())
    gather(Request(place / "shop"), place / "evidence", TerminalProgress(quiet=True))
    return place / "evidence"


def test_every_field_is_named(paper: Callable[[str], str]) -> None:
    text = paper(PAPER)
    fields = {field for record in TOLD for field in record.__struct_fields__} - {"at"}
    assert [field for field in sorted(fields) if not re.search(rf"[`\"]{field}[`\"]", text)] == []
    assert {"commits", "touching", "elsewhere"} <= set(Coverage.__struct_fields__)


def test_every_file_is_named(folder: Path, named: Callable[[str, str], set[str]]) -> None:
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    environments = {"integration", "staging", "production"}
    general = {re.sub("|".join(environments), "ENVIRONMENT", name) for name in names}
    # The demo's applications have no repositories of their own, and its bundle is the first of its chain.
    elsewhere = {"changes.jsonl", "chain.jsonl", "breaks.jsonl", "vanished.jsonl", "redactions.jsonl"}
    assert named(PAPER, "# The evidence folder") == general | elsewhere


def test_schemas_of_the_table_are_published(rows: Callable[[str, str], list[list[str]]]) -> None:
    told = {cells[-1].strip("`") for cells in rows(PAPER, "# The evidence folder")[1:]} - {"-"}
    assert told == set(RECORDS)


def test_kinds_and_limits_are_those_of_the_code(paper: Callable[[str], str]) -> None:
    text = " ".join(paper(PAPER).split())
    told = text.split("| `kind` | ")[1].split(" ([")[0]
    assert sorted(re.findall(r"`([a-z-]+)`", told)) == sorted(get_args(Kind))
    assert f"Of each kind {MOST} rows are kept." in text


def test_the_example_is_a_deployment_of_the_demo(folder: Path, examples: Callable[[str, str], list[str]]) -> None:
    (text,) = examples(PAPER, "json")
    record = msgspec.json.decode(text, type=DeploymentRecord)
    (written,) = [one for one in Evidence(folder).deployments() if one.id == record.id]
    assert record == written
    assert written.kind == "rollback"


def test_the_files_can_be_checked_by_hand(folder: Path, examples: Callable[[str, str], list[str]]) -> None:
    (command,) = examples(PAPER, "sh")
    subprocess.run(["sh", "-c", command], cwd=folder, check=True)
    path = folder / "deployments.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"rollback", b"roll-out", 1))
    try:
        told = subprocess.run(["sh", "-c", command], cwd=folder, check=False, capture_output=True, text=True)
    finally:
        path.write_bytes(whole)
    assert told.returncode != 0
    assert "deployments.jsonl: FAILED" in told.stdout


def test_digests_can_be_worked_out_without_assay(folder: Path, examples: Callable[[str, str], list[str]]) -> None:
    topology, drift = examples(PAPER, "python")
    for program in (topology, drift):
        subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=folder, check=True)


@pytest.mark.parametrize("kind", ["gates", "results", "triage"])
def test_records_are_named_by_their_digest(folder: Path, kind: str) -> None:
    lines = (folder / "objects" / kind / "production.jsonl").read_text("utf-8").splitlines()
    assert lines
    for line in map(json.loads, lines):
        text = json.dumps(line["record"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest()[:32] == line["digest"]
