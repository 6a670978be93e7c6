from __future__ import annotations

import pytest

from generator.errors import (
    AssayError,
    ConfigErrors,
    ExitCode,
    FaultError,
    Place,
    RefusedError,
    UsageError,
    VerifyError,
    escape_control,
    one_line,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 漢", "plain é 漢"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\u202eb", "a\\u202eb"),
        ("\udcff", "\\udcff"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_control_characters_are_shown(text: str, shown: str) -> None:
    assert escape_control(text) == shown
    assert escape_control(text).isprintable()


def test_a_text_is_folded_to_one_line() -> None:
    assert one_line("  a\r\n b\x00c ") == "a b\\x00c"
    assert one_line("x" * 500) == "x" * 399 + "…"
    assert one_line("x" * 400) == "x" * 400


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place(), ""),
        (Place("a.yaml"), "a.yaml"),
        (Place("a.yaml", 3), "a.yaml:3"),
        (Place("a.yaml", 3, 7, "0123456789abcdef"), "a.yaml:3:7 @0123456789ab"),
        (Place(commit="0123456789abcdef"), "@0123456789ab"),
        (Place("a\nb", 1), "a\\nb:1"),
        (Place("", 3, 7), ""),
        (Place("a.yaml", 0, 7), "a.yaml"),
    ],
)
def test_a_place_leaves_out_what_is_unknown(place: Place, shown: str) -> None:
    assert str(place) == shown


def test_an_error_is_one_line_with_its_place_and_what_to_do() -> None:
    error = RefusedError("ref", "no commit\nis so named", fix="name\none", place=Place("a\n.yaml", 2, 1))
    assert str(error) == "error[ref] a\\n.yaml:2:1: no commit is so named (name one)"
    assert str(AssayError("x", "why")) == "error[x]: why"


@pytest.mark.parametrize(
    ("kind", "code"),
    [(AssayError, 4), (RefusedError, 4), (UsageError, 2), (FaultError, 5), (VerifyError, 6)],
)
def test_every_error_has_its_exit_code(kind: type[AssayError], code: int) -> None:
    assert kind("x", "y").exit_code == code
    assert code in set(ExitCode)


def test_every_error_of_a_file_is_told() -> None:
    errors = ConfigErrors([AssayError("config", "one"), AssayError("config", "two")])
    assert str(errors).splitlines() == ["error[config]: one", "error[config]: two"]
    assert errors.exit_code == 4
