"""Reading what `generator.site.finding` writes, as the scripts of the site do."""

from __future__ import annotations

import json
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from generator.site.finding.packing import ALPHABET

if TYPE_CHECKING:
    from pathlib import Path


def numbers(text: str) -> list[int]:
    found, value, unit = [], 0, 1
    for sign in text:
        digit = ALPHABET.index(sign)
        value += (digit % 32) * unit
        unit *= 32
        if digit < 32:
            found.append(value)
            value, unit = 0, 1
    return found


def steps(text: str) -> list[int]:
    return list(accumulate(numbers(text)))


def signed(text: str) -> list[int]:
    return [-(value + 1) // 2 if value % 2 else value // 2 for value in numbers(text)]


def script(path: Path) -> Any:  # noqa: ANN401 - JSON
    text = path.read_text("ascii")
    return json.loads(text[text.index("=", text.index(").") if text.startswith("(") else 0) + 1 :].rstrip(";\n"))


def lines(folder: Path, letter: str) -> list[list[str]]:
    """Return every line of the shards of one kind, in their order."""
    paths = sorted(folder.glob(f"{letter}[0-9]*.js"), key=lambda path: int(path.stem[1:]))
    return [line.split("\t") for path in paths for line in script(path).split("\n")]
