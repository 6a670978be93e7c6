"""The project's papers, as tests look at them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| (.+?) \|", re.MULTILINE)


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
