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


def newest(text: str) -> list[int]:
    """Return numbers told the newest first, as they grow."""
    first, *steps = numbers(text) or [0]
    return list(accumulate(steps, lambda last, step: last - step, initial=first))[::-1] if text else []


def signed(text: str) -> list[int]:
    return [-(value + 1) // 2 if value % 2 else value // 2 for value in numbers(text)]


def script(path: Path) -> Any:  # noqa: ANN401 - JSON
    text = path.read_text("ascii")
    return json.loads(text[text.index("=", text.index(").") if text.startswith("(") else 0) + 1 :].rstrip(";\n"))


def lines(folder: Path, letter: str) -> list[list[str]]:
    """Return every line of the shards of one kind, in their order."""
    directory = script(folder / "directory.js")
    names = {"t": directory["words"][1], "i": directory["ids"][1]}
    if letter not in names:
        at = "cvrd".index(letter)
        names[letter] = [f"{letter}{number}" for number in range(-(-directory["counts"][at] // directory["shard"]))]
    return [line.split("\t") for name in names[letter] for line in script(folder / f"{name}.js").split("\n")]
