"""What Assay says of the histories in `tests/histories`, as text that a person can check line by line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.replay import HISTORIES, Gathered, gathered, write_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.evidence.records import ChangeRecord, DeploymentRecord

GOLDEN = Path(__file__).parent
CASES = sorted(p.name for p in HISTORIES.iterdir() if p.is_dir())
REFRESH = "ASSAY_REFRESH"


@pytest.mark.parametrize("case", CASES)
def test_a_history_is_told_as_before(case: str, tmp_path: Path) -> None:
    repository = write_case(tmp_path / "repository", case)
    found = gathered(repository, tmp_path / "evidence", HISTORIES / case / "assay.yaml")
    told = "\n".join(_told(found)) + "\n"
    golden = GOLDEN / f"{case}.txt"
    if os.environ.get(REFRESH):
        golden.write_text(told, "utf-8")
    assert told == golden.read_text("utf-8"), f"if this is wanted: {REFRESH}=1 pytest tests/golden"


def test_every_golden_has_its_history() -> None:
    assert sorted(p.stem for p in GOLDEN.glob("*.txt")) == CASES


def _told(found: Gathered) -> Iterator[str]:
    yield f"exit {int(found.outcome.exit_code)}"
    for lost in found.evidence.summary.unreadable:
        yield f"{lost.level}[{lost.code}] {lost.environment} {lost.path}:{lost.line} since {lost.at}: {lost.reason}"
    for summary in found.evidence.summary.environments:
        yield ""
        yield f"# {summary.name}{'' if summary.present else ' (not there now)'}"
        drift = found.evidence.drift(summary.name)
        for one in found.of(summary.name):
            yield from _deployment(one)
            if one.drift is not None:
                drift.advance(one.drift.object)
                for entry in drift.entries.values():
                    sides = f"{entry.upstream} upstream, {entry.value} here"
                    yield f"    drift {entry.drift}: {entry.component} {entry.field}: {sides}, since {entry.since_at}"
        for finding in summary.findings:
            where = f"{finding.path}:{finding.line}"
            yield f"finding {finding.level}[{finding.rule}] {where} since {finding.since_at}: {finding.message}"


def _deployment(one: DeploymentRecord) -> Iterator[str]:
    told = [("bulk", one.bulk), ("bypass", one.bypass), ("partial", one.partial)]
    told += [(f"by values {one.observed}", bool(one.observed)), *((name, True) for name in one.incidents)]
    marks = "".join(f", {name}" for name, on in told if on)
    yield f"{one.id} {one.commit.committed_at} {one.commit.subject!r}: {one.kind}, {one.confidence}{marks}"
    for reason in one.reasons:
        yield f"    because {reason}"
    for change in one.changes:
        what = f"{change.component} {change.aspect} {change.field}: {change.old} -> {change.new}"
        yield f"    {change.kind} {what}{_source(change)}"


def _source(change: ChangeRecord) -> str:
    parts = [f", {change.validation}"] if change.validation != "not assessed" else []
    if change.origin is not None:
        parts.append(f" from {change.origin.deployment} after {change.origin.soak_seconds} s")
    if change.returns_to:
        parts.append(f", returns to {change.returns_to}")
    if change.culprit:
        parts.append(f", culprit {change.culprit}")
    return "".join(parts)
