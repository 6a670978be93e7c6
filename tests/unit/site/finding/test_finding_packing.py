from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from unit.site.finding.found import newest, numbers, signed

from generator.site.finding.packing import cell, literal, packed, packed_newest, packed_signed

NUMBERS = st.lists(st.integers(0, 2**40))


@given(NUMBERS)
def test_numbers_come_back(values: list[int]) -> None:
    assert numbers(packed(values)) == values


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_numbers_of_any_sign_come_back(values: list[int]) -> None:
    assert signed(packed_signed(values)) == values


@given(st.sets(st.integers(0, 2**30)), st.integers(0, 9))
def test_growing_numbers_come_back_also_where_some_were_told_before(values: set[int], cut: int) -> None:
    every = sorted(values)
    whole = packed_newest(every)
    assert newest(whole) == every
    assert packed_newest(every[cut:], packed_newest(every[:cut])) == whole


def test_a_step_of_less_than_32_is_one_character() -> None:
    assert len(packed_newest(range(0, 31 * 33, 31))) == len(range(0, 31 * 33, 31)) + 1


@given(st.text())
def test_a_literal_can_neither_end_its_script_nor_leave_ascii(text: str) -> None:
    made = literal(text)
    assert made.isascii()
    assert "<" not in made


def test_a_cell_holds_no_tab_and_no_line_end() -> None:
    assert cell(" a\tb\nc ") == "a b c"
