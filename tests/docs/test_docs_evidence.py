from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.cli.progress import TerminalProgress
from generator.demo.repository import demo_commits
from generator.evidence.manifest import Manifest
from generator.evidence.packs import ComponentRecord, DriftEntry, FindingEntry, PackLine, TopologyEntry
from generator.evidence.reading import Evidence
from generator.evidence.records import ChangeRecord, DeploymentRecord, Origin
from generator.evidence.summary import Coverage, Summary
from generator.history.importing import write_repository
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAPER = "docs/evidence.md"
TOLD = (
    DeploymentRecord,
    ChangeRecord,
    Origin,
    PackLine,
    ComponentRecord,
    TopologyEntry,
    FindingEntry,
    DriftEntry,
    Manifest,
    Summary,
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
    told = named(PAPER, "# The evidence folder") - {"summary", "deployment", "component", "object", "manifest"}
    assert told == general


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
