from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

from generator.config.loading import load_config
from generator.config.model_entries import OPTIONS
from generator.config.published_schema import config_schema
from generator.config.schema import BUILT_IN_READERS, Config, Environment, IgnoreRule, ModelSource
from generator.errors import ConfigErrors

if TYPE_CHECKING:
    from collections.abc import Callable

PAPER = "docs/configuration.md"


def test_every_example_loads_and_keeps_to_the_schema(examples: Callable[[str, str], list[str]]) -> None:
    for text in examples(PAPER, "yaml"):
        load_config(text.encode(), "assay.yaml", BUILT_IN_READERS)
        jsonschema.validate(yaml.safe_load(text), config_schema())


def test_examples_use_every_key(examples: Callable[[str, str], list[str]]) -> None:
    written = "\n".join(examples(PAPER, "yaml"))
    keys = {*Config.model_fields, *Environment.model_fields, *IgnoreRule.model_fields, *OPTIONS, *BUILT_IN_READERS}
    assert [key for key in sorted(keys - {"reader"}) if f"{key}:" not in written] == []


def test_the_tables_name_every_key_and_no_other(named: Callable[[str, str], set[str]]) -> None:
    assert named(PAPER, "## Keys of the file") == set(Config.model_fields)
    assert named(PAPER, "## Keys of an environment") == set(Environment.model_fields)
    options = set(ModelSource.model_fields) - {"reader", "templates"}
    assert options == set(OPTIONS)
    assert named(PAPER, "## Keys of a `model` entry") == options | BUILT_IN_READERS
    assert named(PAPER, "## Keys of an `ignore` entry") == set(IgnoreRule.model_fields)


def test_defaults_are_those_that_the_tables_tell(paper: Callable[[str], str]) -> None:
    text = paper(PAPER)
    for key, told in (("ref", "`HEAD`"), ("bulk", "10"), ("authors", "`names`")):
        assert Config.model_fields[key].default == (int(told) if told.isdigit() else told.strip("`"))
        row = next(line for line in text.splitlines() if line.startswith(f"| `{key}` |"))
        assert row.endswith(f"| {told} |")


def test_what_is_not_there_yet_is_told_as_unknown() -> None:
    text = "gates: []\nenvironments: {production: {acceptances: x}}\nmodel: [{kubernetes: a/{environment}}]\n"
    with pytest.raises(ConfigErrors) as caught:
        load_config(text.replace("a/{environment}", '"a/{environment}"').encode(), "assay.yaml", BUILT_IN_READERS)
    told = str(caught.value)
    assert [key for key in ("gates", "acceptances") if f"the key `{key}` is not known here" not in told] == []
