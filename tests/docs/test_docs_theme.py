"""docs/theme.md: its example holds, and it names every colour, option and block that there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from generator.assurance.rule_set import built_in_ids
from generator.cli import main
from generator.config.loading import load_config
from generator.config.schema import BUILT_IN_READERS
from generator.config.site import Site
from generator.errors import UsageError
from generator.site.contrast import palette
from generator.site.own import TOKENS, colour_style

if TYPE_CHECKING:
    from collections.abc import Callable

PAPER = "docs/theme.md"
ROOT = Path(__file__).parents[2]
CSS = (ROOT / "site_src" / TOKENS).read_text("utf-8")


def test_the_example_is_a_site_that_people_can_read(examples: Callable[[str, str], list[str]]) -> None:
    (text,) = examples(PAPER, "yaml")
    config = load_config(text.encode(), "assay.yaml", BUILT_IN_READERS, built_in_ids())
    assert set(config.site.model_fields_set) == set(Site.model_fields)
    assert "--assay-accent: #0a5c36" in colour_style(CSS, config.site.colours, "assay.yaml")


def test_the_refusal_is_as_it_is_told(examples: Callable[[str, str], list[str]]) -> None:
    (told,) = examples(PAPER, "text")
    with pytest.raises(UsageError) as caught:
        colour_style(CSS, {"accent": "#9adfb9"}, "assay.yaml")
    assert str(caught.value) == told.strip()


def test_every_colour_is_named() -> None:
    text = (ROOT / PAPER).read_text("utf-8")
    named = set(re.findall(r"`([a-z][a-z0-9-]*)`", text))
    for stem in ("chart-heat", "chart-tint"):
        assert {f"{stem}-1", f"{stem}-4"} <= named
    assert {name for name in palette(CSS).light if not re.match("chart-(heat|tint)", name)} <= named


def test_every_key_option_and_block_is_there(named: Callable[[str, str], set[str]]) -> None:
    assert named(PAPER, "## In assay.yaml") >= set(Site.model_fields)
    text = (ROOT / PAPER).read_text("utf-8")
    told = CliRunner().invoke(main, ["build", "--help"]).output
    assert all(option in told and option in text for option in ("--pages", "--language", "--overlay"))
    ours = (ROOT / "site_src/overrides/main.html").read_text("utf-8")
    assert all(f"| `{block}` |" in text for block in re.findall(r"{% block (\w+) %}", ours))
