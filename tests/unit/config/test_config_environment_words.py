from __future__ import annotations

import pytest

from generator.config.environment_words import in_order, rank, span, upstreams, variant


def test_words_tell_the_order_of_promotion() -> None:
    names = ["production", "canary", "pre-production", "staging", "uat", "qa", "test", "integration", "dev"]
    assert in_order(names) == names[::-1]
    assert upstreams(["live", "dev", "stage"]) == {"dev": "", "stage": "dev", "live": "stage"}


def test_variants_come_from_their_own_kind() -> None:
    names = ["prod-eu", "prod-us", "staging-us", "staging-eu", "dev"]
    assert upstreams(names) == {
        "dev": "",
        "staging-eu": "dev",
        "staging-us": "dev",
        "prod-eu": "staging-eu",
        "prod-us": "staging-us",
    }
    assert variant("prod-eu") == "eu"


def test_names_that_tell_nothing_have_no_upstream_and_are_none() -> None:
    assert upstreams(["prod", "blue", "staging"]) == {"blue": "", "staging": "", "prod": "staging"}


@pytest.mark.parametrize(
    "name", ["test-data", "integration-tests", "live-reload", "reproduction", "device", "apps", ""]
)
def test_other_words_are_no_environments(name: str) -> None:
    assert rank(name) is None


@pytest.mark.parametrize(
    ("stem", "word"),
    [("values-staging", "staging"), ("pre-production", "pre-production"), ("values", None), ("qa.values", "qa")],
)
def test_the_word_in_a_file_name(stem: str, word: str | None) -> None:
    found = span(stem)
    assert (stem[slice(*found)] if found else None) == word
