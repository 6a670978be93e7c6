from __future__ import annotations

import pytest

from generator.site.finding.terms import LONGEST, terms, version_terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Promote cart-api to 1.10.2", ["promote", "cart-api", "cart", "api", "to", "1.10.2", "10"]),
        ("(see #4812)", ["see", "4812"]),
        ("Ärger mit Größe", ["ärger", "mit", "größe"]),
        ("--- !!!", []),
        ("a_b", ["a_b"]),
    ],
)
def test_a_text_is_found_by_its_words_and_their_parts(text: str, found: list[str]) -> None:
    assert list(terms(text)) == found


def test_a_long_word_is_found_by_its_beginning() -> None:
    assert list(terms("x" * 500)) == ["x" * LONGEST]


def test_a_version_is_found_with_and_without_its_v() -> None:
    assert list(version_terms("v1.2.3-RC.1")) == ["v1.2.3-rc.1", "1.2.3-rc.1"]
    assert list(version_terms("vanilla")) == ["vanilla"]
    assert list(version_terms("1\t2\n3")) == ["1 2 3"]
