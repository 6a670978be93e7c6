from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner

from generator.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
PAPER = "docs/publishing.md"


@pytest.fixture
def inputs() -> dict[str, str]:
    """Return the inputs of the action with their defaults."""
    action = yaml.safe_load((ROOT / "ci" / "github" / "action.yml").read_text("utf-8"))
    return {name: one["default"] for name, one in action["inputs"].items()}


def test_every_file_that_it_names_is_there_and_every_file_is_named(named: Callable[[str, str], set[str]]) -> None:
    told = named(PAPER, "# Publishing from a pipeline") - {"publish.yml"}
    assert [name for name in sorted(told) if not (ROOT / name).is_file()] == []
    there = {path for path in (ROOT / "ci").rglob("*") if path.is_file() and path.parent.name != "steps"}
    left = {path for path in there if path.name not in {"publish.yml", "Dockerfile.dockerignore"}}
    assert {str(path.relative_to(ROOT)) for path in left} == {name for name in told if name.startswith("ci/")}


def test_the_inputs_and_their_defaults_are_those_of_the_action(
    rows: Callable[[str, str], list[list[str]]], inputs: dict[str, str]
) -> None:
    table = [row for row in rows(PAPER, "## GitHub") if row[0].startswith("`")]
    assert {row[0].strip("`"): row[1].strip("`-") for row in table} == inputs


def test_the_outputs_are_those_of_the_action(paper: Callable[[str], str]) -> None:
    action = yaml.safe_load((ROOT / "ci" / "github" / "action.yml").read_text("utf-8"))
    found = re.search(r"Its outputs are (.*?), the SHA-256", " ".join(paper(PAPER).split()))
    assert found
    assert re.findall(r"`([a-z-]+)`", found[1]) == list(action["outputs"])


def test_the_inputs_of_the_component_are_named(paper: Callable[[str], str], inputs: dict[str, str]) -> None:
    header = (ROOT / "ci" / "gitlab" / "templates" / "assay.yml").read_text("utf-8").split("\n---\n")[0]
    component = set(yaml.safe_load(header)["spec"]["inputs"])
    below = paper(PAPER).split("\n## GitLab\n")[1].split("\n### ")[0]
    assert [name for name in sorted(component) if f"`{name}`" not in below] == []
    assert component - set(inputs) == {"image", "stage", "job", "steps"}


def test_the_examples_in_yaml_are_read(examples: Callable[[str, str], list[str]]) -> None:
    steps, include, hook = (yaml.safe_load(text) for text in examples(PAPER, "yaml"))
    assert steps[0]["with"]["fetch-depth"] == 0
    assert (ROOT / include["include"][0]["file"].lstrip("/")).is_file()
    (known,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["repos"][0]["hooks"][0]["id"] == known["id"]


def test_the_options_of_commands_are_there(paper: Callable[[str], str]) -> None:
    told = re.findall(r"\bassay (build|check|verify|sign|redact)\b([^\n`]*)", paper(PAPER))
    assert {command for command, _ in told} == {"build", "check", "verify", "sign", "redact"}
    for command, rest in told:
        known = CliRunner().invoke(main, [command, "--help"]).stdout
        assert [name for name in re.findall(r"--[a-z-]+", rest) if f" {name} " not in known.replace("\n", " ")] == []
