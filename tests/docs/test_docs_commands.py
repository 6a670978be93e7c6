from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from click.testing import CliRunner

from generator.cli import main
from generator.cli.progress import TerminalProgress
from generator.errors import ExitCode
from generator.pipeline.schemas import published_schemas
from generator.pipeline.showing import build_demo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAPER = "docs/commands.md"


def help_of(*command: str) -> str:
    """Return what a command says of itself on a terminal of 100 columns."""
    told = CliRunner().invoke(main, [*command, "--help"], prog_name="assay", terminal_width=100)
    assert told.exit_code == 0
    return told.output


def test_the_help_of_every_command_is_what_it_says(examples: Callable[[str, str], list[str]]) -> None:
    wanted = [help_of(), *(help_of(name) for name in main.commands)]
    assert sorted(examples(PAPER, "text")) == sorted(wanted)


def test_the_result_of_the_demo_is_the_one_shown(examples: Callable[[str, str], list[str]], tmp_path: Path) -> None:
    (text,) = examples(PAPER, "json")
    shown = json.loads(text)
    outcome = build_demo(tmp_path / "site", None, TerminalProgress(quiet=True), lambda: 0.0)
    assert shown["commit"] == outcome.summary.commit.id
    assert shown["as_of"] == outcome.summary.as_of
    assert shown["deployments"] == outcome.deployments
    assert shown["pages"] == outcome.pages
    assert shown["diagrams"] == outcome.diagrams


def test_every_schema_is_named(paper: Callable[[str], str]) -> None:
    sentence = paper(PAPER).split("The names are ")[1].split(".")[0]
    assert set(sentence.split("`")[1::2]) == set(published_schemas())


def test_versions_are_named_as_the_paper_shows(examples: Callable[[str, str], list[str]], tmp_path: Path) -> None:
    """Every line of the example is run on the demo, with a digest of the demo; no tag is deployed there."""
    build_demo(tmp_path / "site", None, TerminalProgress(quiet=True), lambda: 0.0)
    (text,) = [one for one in examples(PAPER, "sh") if one.startswith("assay show")]
    names = [line.split("#")[0].split()[-1] for line in text.splitlines()]
    summary = json.loads((tmp_path / "site" / "evidence" / "summary.json").read_bytes())
    (digest,) = [one["digest"] for one in summary["environments"] if one["name"] == "production"]
    codes = {}
    for name in names:
        spec = f"production@{digest[:7]}" if re.fullmatch("production@[0-9a-f]{7}", name) else name
        told = CliRunner().invoke(main, ["show", spec, "--evidence", str(tmp_path / "site"), "--format", "json"])
        codes[name] = told.exit_code
    assert len(codes) == 6
    assert {name for name, code in codes.items() if code} == {"production@v1.4.0"}
    assert codes["production@v1.4.0"] == ExitCode.USAGE
