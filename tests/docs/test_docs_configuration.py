from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema
import pytest

from generator.assurance.rule_set import built_in_ids
from generator.config.check import Check
from generator.config.closed import seconds
from generator.config.declared import Trailers
from generator.config.expected import Expected
from generator.config.freezing import Freeze
from generator.config.gates import CONDITIONS, ApprovalTerms, DriftTerms, FindingsTerms, Gate
from generator.config.loading import load_config
from generator.config.metrics import AgreedHours, Availability, Metrics, Teams
from generator.config.model_entries import OPTIONS
from generator.config.published_schema import config_schema
from generator.config.records import RecordSource
from generator.config.results import ResultSource
from generator.config.schema import BUILT_IN_READERS, Config, Environment, IgnoreRule, ModelSource
from generator.config.site import Site
from generator.config.user_rules import UserRule, Where
from generator.errors import ConfigErrors

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.config.closed import Closed

PAPER = "docs/configuration.md"
PARTS: tuple[type[Closed], ...] = (
    Config,
    Environment,
    IgnoreRule,
    Trailers,
    Expected,
    UserRule,
    Where,
    ResultSource,
    RecordSource,
    Metrics,
    Availability,
    AgreedHours,
    Teams,
    Gate,
    ApprovalTerms,
    DriftTerms,
    FindingsTerms,
    Freeze,
    Check,
    Site,
)


def keys_of(part: type[Closed]) -> set[str]:
    """Return the keys as they are written in the file."""
    return {field.alias or name for name, field in part.model_fields.items()}


def test_every_example_loads_and_keeps_to_the_schema(
    examples: Callable[[str, str], list[str]], as_in_editors: Callable[[str], object]
) -> None:
    for text in examples(PAPER, "yaml"):
        load_config(text.encode(), "assay.yaml", BUILT_IN_READERS, built_in_ids())
        jsonschema.validate(as_in_editors(text), config_schema())


def test_examples_use_every_key(examples: Callable[[str, str], list[str]]) -> None:
    written = "\n".join(examples(PAPER, "yaml"))
    keys = {*OPTIONS, *BUILT_IN_READERS}.union(*(keys_of(part) for part in PARTS))
    assert [key for key in sorted(keys - {"reader"}) if f"{key}:" not in written] == []


def test_the_tables_name_every_key_and_no_other(named: Callable[[str, str], set[str]]) -> None:
    assert named(PAPER, "## Keys of the file") == set(Config.model_fields)
    assert named(PAPER, "## Keys of an environment") == set(Environment.model_fields)
    options = set(ModelSource.model_fields) - {"reader", "templates"}
    assert options == set(OPTIONS)
    assert named(PAPER, "## Keys of a `model` entry") == options | BUILT_IN_READERS
    parts: dict[str, type[Closed]] = {
        "## Keys of an `ignore` entry": IgnoreRule,
        "## Keys of `trailers`": Trailers,
        "## Keys of an `expected` entry": Expected,
        "## Keys of a `rules` entry": UserRule,
        "## Keys of `where`": Where,
        "## Keys of a `results` entry": ResultSource,
        "## Records": RecordSource,
        "## Metrics": Metrics,
        "### Keys of `availability`": Availability,
        "### Keys of an `agreed` entry": AgreedHours,
        "### Keys of `teams`": Teams,
        "## Keys of a `gates` entry": Gate,
        "## Check": Check,
        "## Site": Site,
    }
    for heading, part in parts.items():
        assert named(PAPER, heading) == keys_of(part), heading


def test_the_conditions_of_a_gate_are_named(paper: Callable[[str], str]) -> None:
    sentence = paper(PAPER).split("An entry has exactly one condition: ")[1].split(".")[0]
    assert tuple(sentence.split("`")[1::2]) == CONDITIONS


def test_defaults_are_those_that_the_tables_tell(paper: Callable[[str], str]) -> None:
    text = paper(PAPER)
    for key, told in (("ref", "`HEAD`"), ("bulk", "10"), ("authors", "`names`")):
        assert Config.model_fields[key].default == (int(told) if told.isdigit() else told.strip("`"))
        row = next(line for line in text.splitlines() if line.startswith(f"| `{key}` |"))
        assert row.endswith(f"| {told} |")


def test_defaults_of_parts_are_those_that_the_tables_tell(rows: Callable[[str, str], list[list[str]]]) -> None:
    top = {cells[0].strip("`"): cells[-1] for cells in rows(PAPER, "## Keys of the file")}
    assert Config.model_fields["bulk_window"].default == seconds(top["bulk_window"].strip("`"))
    assert Config.model_fields["declarations"].default == (top["declarations"].strip("`"),)
    for cells in rows(PAPER, "## Keys of `trailers`")[1:]:
        assert Trailers.model_fields[cells[0].strip("`")].default == tuple(cells[-1].split("`")[1::2])
    for heading, part in (("## Keys of a `rules` entry", UserRule), ("## Keys of a `results` entry", ResultSource)):
        told = {cells[0].strip("`"): cells[-1].split("`")[1] for cells in rows(PAPER, heading) if "`" in cells[-1]}
        assert told
        for key, default in told.items():
            assert str(part.model_fields[key].default).lower() == default


def test_what_is_not_there_yet_is_told_as_unknown() -> None:
    text = "signing: []\nenvironments: {production: {tickets: x}}\nmodel: [{kubernetes: a/{environment}}]\n"
    with pytest.raises(ConfigErrors) as caught:
        load_config(text.replace("a/{environment}", '"a/{environment}"').encode(), "assay.yaml", BUILT_IN_READERS)
    told = str(caught.value)
    assert [key for key in ("signing", "tickets") if f"the key `{key}` is not known here" not in told] == []
