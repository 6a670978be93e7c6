from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
import yaml

from generator.errors import Unreadable
from generator.events.mapping import SHIPPED, parse_mapping
from generator.events.reading import parse_records
from generator.events.schemas import NAMES, make_schemas, record_schemas, schema_text


def test_the_published_schemas_are_those_of_the_forms() -> None:
    folder = files("generator.events") / "schema"
    for name, schema in make_schemas().items():
        assert (folder / f"{name}.schema.json").read_text("utf-8") == schema_text(schema), "run `make schemas`"
    assert set(make_schemas()) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_they_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(record_schemas()[name])


GOOD = [
    {"deployments": [{"environment": "p", "finished": "2026-01-01", "verified": True, "version": "1.10"}]},
    {"downtime": [{"environment": "p", "start": "2026-01-01T00:00:00Z", "end": None}], "incidents": None},
    {"record": "incident", "id": "i", "environment": "p"},
    [{"record": "approvals", "environment": "p", "commit": "abcdef1", "by": "Ada"}],
]
BAD = [
    {"deployments": [{"environment": "p", "finishd": "2026-01-01"}]},
    {"deployments": [{"commit": "abcdef1"}]},
    {"downtime": [{"environment": "p", "start": "soon"}]},
    {"outages": []},
    {"record": "incident", "environment": "p"},
    {"record": "nothing", "environment": "p"},
    {"deployments": [{"environment": "p", "status": "great"}]},
]


@pytest.mark.parametrize(("value", "good"), [*((one, True) for one in GOOD), *((one, False) for one in BAD)])
def test_schema_and_reading_agree(value: object, good: bool) -> None:  # noqa: FBT001 - a case of a table
    validator = jsonschema.Draft202012Validator(record_schemas()["records"])
    assert validator.is_valid(value) is good
    _, problems = parse_records(json.dumps(value).encode(), "x.json", "auto")
    assert (not problems) is good


@pytest.mark.parametrize("name", SHIPPED)
def test_mappings_of_the_package_fit_their_schema(name: str) -> None:
    text = (files("generator.events") / "mappings" / f"{name}.yaml").read_text("utf-8")
    jsonschema.Draft202012Validator(record_schemas()["mapping"]).validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    "mapping",
    [
        {"record": "downtime", "fields": {"environment": "a"}},
        {"record": "downtime", "fields": {"environment": "a", "start": "b", "nothing": "c"}},
        {"record": "downtime", "fields": {"environment": {"prefix": "a"}, "start": "b"}},
        {"record": "other", "fields": {"environment": "a", "start": "b"}},
        {"fields": {"environment": "a", "start": "b"}},
    ],
)
def test_a_mapping_that_is_refused_does_not_fit_either(mapping: dict[str, object]) -> None:
    assert not jsonschema.Draft202012Validator(record_schemas()["mapping"]).is_valid(mapping)
    assert isinstance(parse_mapping(json.dumps(mapping).encode(), "m.yaml"), Unreadable)
