"""The paper on checks: its commands run, its policy is the default, its output is that of the demo."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from support.command import assay

from generator.assurance.rule_set import built_in_ids
from generator.cli.check_formats.writing import FORMATS
from generator.config.check import Check
from generator.config.gates import DriftTerms
from generator.config.loading import load_config
from generator.config.schema import BUILT_IN_READERS
from generator.demo.repository import demo_commits
from generator.errors import ExitCode
from generator.history.importing import write_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAPER = "docs/check.md"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("demo") / "shop"
    write_repository(target, demo_commits())
    return target


def test_every_command_runs_on_the_demo(
    demo: Path, examples: Callable[[str, str], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [line.partition("#")[0] for text in examples(PAPER, "sh") for line in text.splitlines()]
    assert len(lines) == 7
    for line in lines:
        done = assay(*shlex.split(line)[1:], "--repo", demo)
        assert done.exit_code in {ExitCode.OK, ExitCode.CHECK_FAILED}, (line, done.stderr)
    names = {"assay.sarif", "summary.md", "assay.xml", "gl-code-quality.json", "check.json"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_the_output_shown_is_that_of_the_demo(demo: Path, examples: Callable[[str, str], list[str]]) -> None:
    (text,) = examples(PAPER, "text")
    assert assay("check", "--next", "--repo", demo).stdout == text


def test_the_policy_shown_is_the_default_but_for_the_drift(examples: Callable[[str, str], list[str]]) -> None:
    (text,) = examples(PAPER, "yaml")
    shown = load_config(text.encode(), "assay.yaml", BUILT_IN_READERS, built_in_ids()).check
    assert shown.drift
    assert shown.model_copy(update={"drift": ()}) == Check()


def test_the_tables_name_every_key_format_and_exit_code(
    named: Callable[[str, str], set[str]], rows: Callable[[str, str], list[list[str]]]
) -> None:
    assert named(PAPER, "## The policy") == set(Check.model_fields)
    assert named(PAPER, "## Formats") == set(FORMATS)
    codes = {int(cells[0]) for cells in rows(PAPER, "# `assay check`: the gate for a pipeline") if cells[0].isdigit()}
    assert codes == {int(code) for code in ExitCode} - {int(ExitCode.VERIFY_FAILED)}
    (drift,) = [cells[1] for cells in rows(PAPER, "## The policy") if cells[0] == "`drift`"]
    assert [key for key in DriftTerms.model_fields if f"`{key}`" not in drift] == []
