from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.config.loading import load_config
from generator.config.schema import BUILT_IN_READERS
from generator.readers.reader import SourceFile, Unit
from generator.readers.registry import reader

if TYPE_CHECKING:
    from collections.abc import Callable

PAPER = "docs/readers.md"
FINGERPRINT = "secret:5f1c0a9be2d4"


def fields(name: str, unit: Unit, text: str) -> str:
    """Return what a reader makes of a file, in the form of the paper."""
    reading = reader(name).read(unit, [SourceFile("checkout.yaml", text.encode())], lambda _: FINGERPRINT)
    assert not reading.problems
    lines = []
    for component in reading.components:
        lines.append(component.id)
        lines += [f"  {field.aspect}  {field.name} = {field.value}" for field in component.fields]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("name", "place", "unit"),
    [("kubernetes", 0, Unit("")), ("values", 1, Unit("", "checkout", artifact=("image.tag",)))],
)
def test_an_example_becomes_what_the_paper_says(
    name: str, place: int, unit: Unit, examples: Callable[[str, str], list[str]]
) -> None:
    files = [text for text in examples(PAPER, "yaml") if not text.startswith("# assay.yaml")]
    assert fields(name, unit, files[place]) == examples(PAPER, "text")[place]


def test_the_configuration_of_the_example_loads(examples: Callable[[str, str], list[str]]) -> None:
    (text,) = [text for text in examples(PAPER, "yaml") if text.startswith("# assay.yaml")]
    (source,) = load_config(text.encode(), "assay.yaml", BUILT_IN_READERS).model
    assert source.compiled().match("charts/production/checkout.yaml")
    assert source.artifact == ("image.tag",)
