"""`assay pdf`: what it names, what it refuses, and where it writes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.cli.progress import TerminalProgress
from generator.demo.repository import demo_commits
from generator.history.importing import write_repository
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gather the evidence of the demo."""
    folder = tmp_path_factory.mktemp("demo")
    write_repository(folder / "shop", demo_commits())
    gather(Request(folder / "shop"), folder / "evidence", TerminalProgress(quiet=True))
    return folder / "evidence"


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["pdf", *arguments])


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("production-9999", "its deployments are 1 to"),
        ("prodction-12", "did you mean production-12"),
        ("integration-3", "is no release: integration is no production environment"),
        ("2026-13", "is no period"),
        ("1999-01", "nothing was released in 1999-01"),
        ("<script>", "there is no release or period"),
    ],
)
def test_a_name_that_means_nothing_is_refused_in_one_line(evidence: Path, target: str, told: str) -> None:
    result = _run(target, "--evidence", str(evidence))
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_changed_evidence_makes_no_dossier(evidence: Path, tmp_path: Path) -> None:
    shutil.copytree(evidence, tmp_path / "evidence")
    with (tmp_path / "evidence" / "deployments.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n")
    result = _run("production-12", "--evidence", str(tmp_path / "evidence"))
    assert result.exit_code == 6
    assert "deployments.jsonl" in result.stderr


def test_two_places_at_once_are_refused(tmp_path: Path) -> None:
    result = _run("2026", "--evidence", str(tmp_path), "--site", str(tmp_path))
    assert result.exit_code == 2
    assert "two places" in result.stderr


def test_a_folder_without_evidence_is_refused(tmp_path: Path) -> None:
    assert _run("2026", "--site", str(tmp_path)).exit_code == 4


def test_a_release_is_written(evidence: Path, tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    output = tmp_path / "release.pdf"
    result = _run("production@latest", "--evidence", str(evidence), "--output", str(output))
    assert result.exit_code == 0, result.output
    assert output.read_bytes().startswith(b"%PDF-")
    assert result.stdout == f"Wrote {output}\n"
    assert _run("2026-02", "--evidence", str(evidence), "--output", str(tmp_path / "no" / "x.pdf")).exit_code == 5
