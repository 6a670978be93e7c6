"""Command lines cut into words; the expected ones are what Docker Compose v5.6.1 printed for each line."""

from __future__ import annotations

import pytest

from generator.readers.compose.words import split_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("run  a\nb\tc", ["run", "a", "b", "c"]),
        (r"""a\tb "c\nd" "e\"f" 'g\h'""", ["a\tb", "c\nd", 'e"f', r"g\h"]),
        ("run '' \"\" z", ["run", "", "", "z"]),
        ("""run a"b c"d 'a''b'""", ["run", "ab cd", "ab"]),
        (r"""run "a;b" c\;d `x y` $(x y) z""", ["run", "a;b", "c;d", "`x y`", "$(x y)", "z"]),
        ("echo a; b && c | d", ["echo", "a"]),
        ("run 2>x y", ["run"]),
        ("run a>x y", ["run", "a"]),
        ("run 'open", ["run 'open"]),
    ],
)
def test_a_line_is_cut_as_compose_cuts_it(text: str, expected: list[str]) -> None:
    assert split_words(text) == expected
