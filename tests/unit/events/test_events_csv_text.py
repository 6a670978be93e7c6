from __future__ import annotations

import pytest

from generator.events.csv_text import CsvText


def read(text: str) -> tuple[list[tuple[object, int]], list[tuple[int, str]]]:
    found = CsvText(text, "x.csv")
    items: list[tuple[object, int]] = [(item.value, item.line) for item in found.items()]
    return items, [(problem.place.line, problem.reason) for problem in found.problems]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "a;b\r\n1;2\r\n", "A\tB\n1\t2", "\n\na,b\n\n1,2\n,\n"])
def test_separators_and_ends_of_lines_are_seen(text: str) -> None:
    items, problems = read(text)
    assert [value for value, _ in items] == [{"a": "1", "b": "2"}]
    assert not problems


def test_names_of_columns_are_made_alike() -> None:
    items, _ = read("Cause assigned,  Fixed-By \n1,2\n")
    assert items == [({"cause_assigned": "1", "fixed_by": "2"}, 2)]


def test_a_row_begins_where_its_first_cell_does() -> None:
    items, _ = read('a,b\n"one\ntwo",2\n3,4\n')
    assert items == [({"a": "one\ntwo", "b": "2"}, 2), ({"a": "3", "b": "4"}, 4)]


def test_a_broken_row_costs_itself() -> None:
    items, problems = read('a,b\n"1"x,2\n3,4\n5,6,7\n')
    assert items == [({"a": "3", "b": "4"}, 3)]
    assert [line for line, _ in problems] == [2, 4]
    assert problems[1][1] == "3 cells under 2 columns"


def test_a_quote_that_is_never_closed_names_the_lines_that_it_costs() -> None:
    items, problems = read('a,b\n1,2\n"3,4\n5,6\n')
    assert len(items) == 1
    (problem,) = problems
    assert problem[0] == 3
    assert problem[1].startswith("lines 3 to 4")


def test_a_column_that_stands_twice_costs_the_file() -> None:
    assert read("a,a\n1,2\n") == ([], [(1, "the column `a` stands twice")])


def test_short_rows_leave_the_rest_empty() -> None:
    assert read("a,b\n1\n") == ([({"a": "1"}, 2)], [])
