"""Env files; the expected values are what Docker Compose v5.6.1 made of the same lines."""

from __future__ import annotations

import pytest

from generator.readers.compose.env import read_env


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("V=1", "1"),
        ("export  V = 1 ", "1"),
        ("V: colon", "colon"),
        ("V=", ""),
        ("V", None),
        ("V=a#b # no", "a#b"),
        ('V="two # words" # no', "two # words"),
        (r'V="line\nbreak \t \a"', "line\nbreak \t \a"),
        (r'V="q\"uote \$K \\ \x41"', 'q"uote $K \\ \\x41'),
        ("V='$K \\n it\\'s'", "$K \\n it's"),
        ("V='multi\nline'", "multi\nline"),
        ("V=$K/${UNSET}/${UNSET:-d}", "kk/${UNSET}/d"),
        ("V=$$K", "$K"),
        ('V="${K}-x"', "kk-x"),
        ("V=x\\ny", "x\\ny"),
        ("\n# V=0\n\n  V=\ttab\t", "tab"),
        ("V=one\nV=two", "two"),
    ],
)
def test_a_line_is_read_as_compose_reads_it(line: str, value: str | None) -> None:
    assert read_env(line.encode(), ".env", {"K": "kk"}) == ({"V": value}, None)


def test_values_build_on_the_lines_before_and_the_outside_wins() -> None:
    found, problem = read_env(b"A=1\nB=$A\nA.c-d[0]=x\nOUT=in\nC=$OUT", ".env", {"OUT": "o"})
    assert problem is None
    assert found == {"A": "1", "B": "1", "A.c-d[0]": "x", "OUT": "in", "C": "o"}


@pytest.mark.parametrize("line", ["a b=c", "A-!=x", '"Q"=1', 'B="open'])
def test_a_broken_line_keeps_what_stands_before_and_is_told(line: str) -> None:
    found, problem = read_env(f"A=1\n{line}\nC=1\n".encode(), "x.env", {})
    assert found == {"A": "1"}
    assert problem is not None
    assert (problem.code, problem.place.path, problem.place.line) == ("env-syntax", "x.env", 2)


def test_what_is_no_text_is_told() -> None:
    found, problem = read_env(b"A=\xff\xfe", "x.env", {})
    assert (found, problem and problem.code) == ({}, "env-syntax")
