"""The key `expected`: what it refuses, and how it joins what models declare."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from generator.config.expected import Expected, expected_of, unknown_environments
from generator.model.expectation import expected_reason


def _entry(**keys: str) -> Expected:
    return Expected.model_validate({"reason": "more traffic", **keys})


def _path(component: str, field: str) -> tuple[str, str, str]:
    return (component, "config", field)


@pytest.mark.parametrize(
    "keys",
    [
        {"component": "web"},
        {"component": "web", "reason": " "},
        {"component": "web", "reason": "two\nlines"},
        {"component": "web env.X", "reason": "more traffic"},
        {"component": "", "reason": "more traffic"},
        {"component": "web", "environment": "pro duction", "reason": "more traffic"},
        {"environment": "production", "reason": "more traffic"},
        {"component": "web", "owner": "Ada", "reason": "more traffic"},
        {"component": "w" * 501, "reason": "more traffic"},
    ],
)
def test_what_is_refused(keys: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Expected.model_validate(keys)


def test_a_field_is_told_by_its_end_and_its_brackets_are_its_own() -> None:
    declared = expected_of("production", [_entry(component="web", field="ports[http].nodePort")])
    assert expected_reason(_path("web", "spec.ports[http].nodePort"), declared) == "more traffic"
    assert expected_reason(_path("web", "ports[http].nodePort"), declared) == "more traffic"
    assert expected_reason(_path("web", "spec.portsh.nodePort"), declared) == ""
    assert expected_reason(_path("api", "ports[http].nodePort"), declared) == ""


def test_a_component_alone_is_all_of_it() -> None:
    declared = expected_of("production", [_entry(component="waf*")])
    assert expected_reason(_path("waf-2", "anything"), declared) == "more traffic"


def test_only_the_environments_that_it_names() -> None:
    entries = [
        _entry(component="waf", environment="prod*"),
        _entry(component="waf", environment="test", reason="other"),
    ]
    assert expected_of("production", entries) == {"waf *": "more traffic"}
    assert expected_of("test", entries) == {"waf *": "other"}
    assert expected_of("staging", entries) == {}
    assert unknown_environments(entries, {"production": 1, "staging": 1}) == [(1, "test")]


def test_of_two_with_the_same_patterns_the_first_counts() -> None:
    entries = [_entry(component="waf"), _entry(component="waf", reason="other")]
    assert expected_of("production", entries) == {"waf *": "more traffic"}
