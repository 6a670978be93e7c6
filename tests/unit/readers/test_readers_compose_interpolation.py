"""Variables in compose files by Compose's rules."""

from __future__ import annotations

import pytest

from generator.readers.compose.interpolation import Use, interpolate, uses

VALUES = {"A": "1", "EMPTY": "", "B_2": "two"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$A-${B_2}", "1-two"),
        ("$$A $${A}", "$A ${A}"),
        ("$UNSET/${UNSET}", "${UNSET}/${UNSET}"),
        ("${UNSET:-d} ${UNSET-d} ${EMPTY:-d} ${EMPTY-d} ${A:-d}", "d d d  1"),
        ("${UNSET:+y} ${UNSET+y} ${EMPTY:+y} ${EMPTY+y} ${A:+y}", "   y y"),
        ("${UNSET:?say so} ${UNSET?say so} ${A:?x}", "${UNSET} ${UNSET} 1"),
        ("${UNSET:-${A}} ${UNSET:-${OTHER:-${B_2}}}", "1 two"),
        ("${UNSET:-a:b}", "a:b"),
        ("${EMPTY}|", "|"),
        ("${} $ ${1} ${A", "${} $ ${1} ${A"),
        ("100% $1", "100% $1"),
    ],
)
def test_a_text_is_filled_in(text: str, expected: str) -> None:
    assert interpolate(text, VALUES) == expected


def test_deep_nesting_ends() -> None:
    depth = 5_000
    assert interpolate("${U:-" * depth + "}" * depth, {})
    assert list(uses("${U:-" * depth + "}" * depth))


def test_the_uses_of_variables_tell_whether_a_default_stands_beside() -> None:
    found = set(uses("$A ${B:-$C} ${D?no} ${E:+$F} $$G"))
    bare = {Use(name, bare=True) for name in "ACDF"}
    assert found == bare | {Use("B", bare=False), Use("E", bare=False)}
