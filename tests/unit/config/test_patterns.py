"""Patterns: what they fit, and that none takes long."""

from __future__ import annotations

import pytest

from generator.config.patterns import Pattern


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("api", "api", True),
        ("api", "API", False),
        ("legacy-*", "legacy-", True),
        ("legacy-*", "new-legacy-1", False),
        ("*-db", "orders-db", True),
        ("a*b*c", "a--b--c", True),
        ("a*b*c", "a--c--b", False),
        ("ab*ba", "aba", False),
        ("*", "", True),
        ("", "", True),
        ("", "a", False),
        ("ports[http]", "ports[http]", True),
        ("ports[http]", "portsh", False),
        ("a?c", "abc", False),
        ("a.c", "abc", False),
    ],
)
def test_only_a_star_is_special(pattern: str, text: str, fits: bool) -> None:  # noqa: FBT001 - a row of a table
    assert Pattern(pattern).fits(text) is fits


@pytest.mark.parametrize(
    ("pattern", "field", "fits"),
    [
        ("env.TIMEOUT", "server.env.TIMEOUT", True),
        ("env.TIMEOUT", "env.TIMEOUT", True),
        ("env.TIMEOUT", "xenv.TIMEOUT", False),
        ("env.*", "server.env.TIMEOUT", True),
        ("TIMEOUT", "server.env.OLD_TIMEOUT", False),
    ],
)
def test_a_field_is_told_by_its_end(pattern: str, field: str, fits: bool) -> None:  # noqa: FBT001 - a row of a table
    assert Pattern(pattern).fits_field(field) is fits


def test_a_hostile_pattern_takes_no_time() -> None:
    assert not Pattern("a*" * 2_000 + "b").fits("a" * 200_000)
