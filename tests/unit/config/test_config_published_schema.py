from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from generator.config.published_schema import config_schema


def valid(value: Any, schema: dict[str, Any] | None = None) -> bool:  # noqa: ANN401 - any JSON
    return Draft202012Validator(schema or config_schema()).is_valid(value)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(config_schema())


@pytest.mark.parametrize(
    "value",
    [
        {"environments": {"a": {"path": "x"}, "b": {"path": ["x", "y"], "upstream": "a", "production": True}}},
        {"environments": {"a": None}, "model": [{"values": "{environment}/x", "artifact": "image_tag"}]},
        {"environments": {"a": {}}, "model": [{"explicit": "model.yaml", "settings": "{environment}.yaml"}]},
        {"title": "x", "ref": "main", "bulk": 5, "authors": "none", "environments": {"a": {"path": "x"}}},
    ],
)
def test_what_the_loader_takes_is_valid(value: object) -> None:
    assert valid(value)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"environments": {}},
        {"environments": {"A": {"path": "x"}}},
        {"environments": {"a": {"pth": "x"}}},
        {"environments": {"a": {"path": "x"}}, "bulk": 1},
        {"environments": {"a": {"path": "x"}}, "authors": "emails"},
        {"environments": {"a": {}}, "model": [{"values": "{environment}", "explicit": "y"}]},
        {"environments": {"a": {}}, "model": [{"values": []}]},
        {"environments": {"a": {}}, "model": [{"artifact": "x"}]},
        {"environments": {"a": {}}, "model": [{"nomad": "x"}]},
    ],
)
def test_what_the_loader_refuses_is_not(value: object) -> None:
    assert not valid(value)


def test_readers_of_other_packages() -> None:
    value = {"environments": {"a": {"path": "x", "reader": "nomad"}}, "model": [{"nomad": "jobs"}]}
    assert valid(value, config_schema(frozenset({"nomad"})))


def test_every_key_is_described() -> None:
    schema = config_schema()
    for part in (schema, *schema["$defs"].values()):
        assert all(value.get("description") for value in part["properties"].values())
