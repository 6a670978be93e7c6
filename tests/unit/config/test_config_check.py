"""`check:` of assay.yaml: its defaults, its short forms, and what it refuses."""

from __future__ import annotations

import pytest

from generator.config.check import Check
from generator.config.gates import DriftTerms
from generator.config.loading import load_config
from generator.config.schema import BUILT_IN_READERS, Config, config_digest
from generator.errors import ConfigErrors

START = "environments: {staging: {path: s}, production: {path: p, upstream: staging}}\n"


def loaded(text: str) -> Config:
    return load_config((START + text).encode(), "assay.yaml", BUILT_IN_READERS)


def test_without_a_word_errors_gates_and_what_cannot_be_read_fail() -> None:
    assert loaded("").check == Check(
        fail_on="error", environments=(), gates=True, drift=(), new_only=True, unreadable="fail"
    )


def test_one_limit_may_stand_without_a_list() -> None:
    one = loaded("check: {drift: {most: 2, classes: ahead, older_than: 30d}}\n").check.drift
    assert one == loaded("check: {drift: [{most: 2, classes: [ahead], older_than: 30d}]}\n").check.drift
    assert one == (DriftTerms(most=2, classes=("ahead",), older_than="30d"),)


def test_one_environment_may_stand_without_a_list() -> None:
    assert loaded("check: {environments: staging}\n").check.environments == ("staging",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("check: {environments: stagin}\n", "`stagin` is no environment of this file"),
        ("check: {fail_on: fatal}\n", "fail_on"),
        ("check: {fails_on: error}\n", "`fails_on` is not known here"),
        ("check: {drift: {most: -1}}\n", "drift"),
        ("check: {unreadable: never}\n", "unreadable"),
    ],
)
def test_a_slip_is_refused_with_its_line(text: str, told: str) -> None:
    with pytest.raises(ConfigErrors) as caught:
        loaded(text)
    (line,) = str(caught.value).splitlines()
    assert line.startswith("error[config] assay.yaml:2:")
    assert told in line


def test_what_fails_a_check_changes_no_evidence() -> None:
    assert config_digest(loaded("check: {fail_on: never, gates: false}\n")) == config_digest(loaded(""))
