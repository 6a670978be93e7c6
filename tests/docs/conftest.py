"""The project's papers, as tests look at them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| (.+?) \|", re.MULTILINE)


class _CoreLoader(yaml.SafeLoader):
    """Reads YAML as editors do, by the core schema of YAML 1.2: a date is a text, and so is `off`."""


_CoreLoader.yaml_implicit_resolvers = {
    first: [
        (tag, re.compile("true|false") if tag.endswith(":bool") else pattern)
        for tag, pattern in resolvers
        if not tag.endswith(":timestamp")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.fixture
def paper() -> Callable[[str], str]:
    """Return a function that gives the text of a paper by its path."""
    return lambda name: (ROOT / name).read_text("utf-8")


@pytest.fixture
def examples(paper: Callable[[str], str]) -> Callable[[str, str], list[str]]:
    """Return a function that gives the examples of one language in a paper; there is at least one."""

    def found(name: str, language: str) -> list[str]:
        blocks = [text for mark, text in _FENCE.findall(paper(name)) if mark == language]
        assert blocks, f"{name} has no example in {language}"
        return blocks

    return found


@pytest.fixture
def named(paper: Callable[[str], str]) -> Callable[[str, str], set[str]]:
    """Return a function that gives the code words in the first column of the tables below a heading of a paper."""

    def found(name: str, heading: str) -> set[str]:
        below = f"\n{paper(name)}".split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]
        return {word for cell in _ROW.findall(below) for word in re.findall(r"`([^`]+)`", cell)}

    return found


@pytest.fixture
def as_in_editors() -> Callable[[str], object]:
    """Return a function that reads YAML as an editor does that is given the published schema."""
    return lambda text: yaml.load(text, _CoreLoader)  # noqa: S506 - a safe loader with fewer kinds of values


@pytest.fixture
def rows(paper: Callable[[str], str]) -> Callable[[str, str], list[list[str]]]:
    """Return a function that gives the cells of the rows of the tables below a heading, without their first line."""

    def found(name: str, heading: str) -> list[list[str]]:
        below = f"\n{paper(name)}".split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]
        lines = [line for line in below.splitlines() if line.startswith("| ")]
        return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]

    return found
