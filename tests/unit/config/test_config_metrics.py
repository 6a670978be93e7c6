from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from generator.config.metrics import DAYS, AgreedHours, Availability, Metrics
from generator.config.published_schema import config_schema


def agreed(**said: object) -> AgreedHours:
    return AgreedHours.model_validate(said)


def test_without_a_word_every_hour_counts() -> None:
    assert agreed() == AgreedHours(days=DAYS, start=0, end=86_400)
    assert Metrics.model_validate({}).availability == Availability()


@pytest.mark.parametrize(
    ("days", "meant"),
    [
        ("mon-fri", ("mon", "tue", "wed", "thu", "fri")),
        ("fri-mon", ("mon", "fri", "sat", "sun")),
        (["sun", "Tue", "sun"], ("tue", "sun")),
        (["mon-tue", "sat"], ("mon", "tue", "sat")),
    ],
)
def test_days_are_names_and_spans(days: object, meant: tuple[str, ...]) -> None:
    assert agreed(days=days).days == meant


def test_times_of_day_are_seconds_since_midnight() -> None:
    found = agreed(**{"from": "06:30", "to": "24:00"})
    assert (found.start, found.end) == (23_400, 86_400)


@pytest.mark.parametrize(("written", "kept"), [("99.9", "99.9"), ("99.95 %", "99.95"), ("100", "100"), ("1", "1")])
def test_a_target_is_kept_as_it_was_written(written: str, kept: str) -> None:
    assert Availability.model_validate({"target": written}).target == kept


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"from": "25:00"}, "`25:00` is no time of day"),
        ({"from": "6 am"}, "`6 am` is no time of day"),
        ({"from": "24:01"}, "`24:01` is no time of day"),
        ({"from": "08:00", "to": "08:00"}, "`from` is not before `to`"),
        ({"days": "monday"}, "`monday` is no day of the week"),
        ({"days": ["mon-"]}, "`mon-` is no day of the week"),
    ],
)
def test_what_is_no_hour_of_the_week_is_refused(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(reason)):
        agreed(**said)


@pytest.mark.parametrize("target", ["0", "0.999", "100.1", "99,9", "-1", "1e2", "99.99999999", "often"])
def test_what_is_no_share_is_refused(target: str) -> None:
    with pytest.raises(ValidationError, match="is no availability in per cent"):
        Availability.model_validate({"target": target})


def test_editors_take_what_is_read_and_refuse_what_is_not() -> None:
    schema = config_schema() | {"$ref": "#/$defs/Availability"}
    schema = {key: schema[key] for key in ("$defs", "$ref")}
    hours = {"days": ["mon-fri", "sun"], "from": "06:00", "to": "24:00"}
    jsonschema.validate({"target": 99.9, "agreed": [hours]}, schema)
    for wrong in ({"target": 0}, {"target": 0.999}, {"agreed": [{"days": "monday"}]}, {"agreed": [{"from": "25:00"}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)
