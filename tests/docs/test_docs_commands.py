from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from generator.cli import main
from generator.cli.progress import TerminalProgress
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
