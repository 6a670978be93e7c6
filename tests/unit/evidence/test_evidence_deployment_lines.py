"""Single deployments are read by their lines, wherever they stand in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from unit.site.synthetic import write_evidence

from generator.errors import RefusedError
from generator.evidence import deployment_lines
from generator.evidence.deployment_lines import DeploymentLines
from generator.evidence.reading import DEPLOYMENTS, Evidence

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return Evidence(write_evidence(tmp_path_factory.mktemp("lines") / "evidence", 20))


@pytest.mark.parametrize("chunk", [1, 100, 1000, 1 << 20])
def test_each_line_is_found_from_either_side(evidence: Evidence, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployment_lines, "_CHUNK", chunk)
    every = list(evidence.deployments())
    numbers = range(1, len(every) + 1)
    assert DeploymentLines(evidence.folder, len(every)).read(numbers) == every
    assert DeploymentLines(evidence.folder, len(every)).read(numbers[::-1]) == every[::-1]
    assert DeploymentLines(evidence.folder, len(every)).read([7, 3, 7]) == [every[6], every[2], every[6]]


def test_a_file_that_ends_within_a_line_is_read_to_its_end(evidence: Evidence, tmp_path: Path) -> None:
    text = (evidence.folder / DEPLOYMENTS).read_bytes()
    (tmp_path / DEPLOYMENTS).write_bytes(text.removesuffix(b"\n"))
    every = list(evidence.deployments())
    assert DeploymentLines(tmp_path, len(every)).read([1, len(every)]) == [every[0], every[-1]]


def test_where_there_is_no_deployment_there_are_no_lines(tmp_path: Path) -> None:
    assert DeploymentLines(tmp_path, 0).read([]) == []


def test_a_line_that_is_no_deployment_is_named(tmp_path: Path) -> None:
    (tmp_path / DEPLOYMENTS).write_bytes(b'{"id": "a-1"}\n{"id": 2}\n')
    with pytest.raises(RefusedError, match=r"deployments\.jsonl:2"):
        DeploymentLines(tmp_path, 2).read([2])
