from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.events.json_text import JsonText

if TYPE_CHECKING:
    from generator.events.rows import Item


def read(text: str) -> tuple[list[Item], list[tuple[int, str]]]:
    found = JsonText(text, "x.json")
    items = list(found.items())
    return items, [(problem.place.line, problem.reason) for problem in found.problems]


@pytest.mark.parametrize(
    "text",
    ['[{"a": "1"},\n{"a": "2"}]', '{"a": "1"}\n{"a": "2"}\n', '[{"a": "1"}]\n[{"a": "2"}]', '\n{"a": 1} {"a": 2}'],
)
def test_values_are_found_however_they_stand(text: str) -> None:
    items, problems = read(text)
    assert [item.value for item in items] == [{"a": "1"}, {"a": "2"}]
    assert not problems


def test_each_value_has_its_line() -> None:
    items, _ = read('[\n\n{"a": 1},\n{\n"a": 2},\n\n{}\n]')
    assert [item.line for item in items] == [3, 4, 7]


def test_numbers_stay_as_they_are_written() -> None:
    items, _ = read('[1.10, 1e400, 123456789012345678901234567890, NaN, true, null, "010"]')
    assert [item.value for item in items] == [
        "1.10",
        "1e400",
        "123456789012345678901234567890",
        "NaN",
        True,
        None,
        "010",
    ]


def test_a_broken_line_costs_itself() -> None:
    items, problems = read('{"a": 1}\n{"a": \n{"a": 3}\nwhat\n{"a": 4} {"a": 5}\n{"a": 6}')
    assert [item.value for item in items] == [{"a": "1"}, {"a": "3"}, {"a": "6"}]
    assert [line for line, _ in problems] == [2, 4, 5]
    assert problems[2][1] == "more than one value on a line"


def test_a_line_that_is_no_json_is_told() -> None:
    items, problems = read('{"a": 1}\nwhat\n{"a": 2}')
    assert len(items) == 2
    assert problems == [(2, "Expecting value")]


def test_a_broken_array_keeps_what_stands_before() -> None:
    items, problems = read('[{"a": 1},\n{"a": },\n{"a": 3}]')
    assert [item.value for item in items] == [{"a": "1"}]
    assert problems == [(2, "Expecting value")]


def test_a_broken_object_over_several_lines_is_one_problem_that_names_its_line() -> None:
    items, problems = read('{\n  "a": [\n    1,\n  ],\n  "b": 2\n}')
    assert not items
    (problem,) = problems
    assert problem[0] == 1
    assert problem[1].endswith("on line 4")


def test_a_key_that_stands_twice_is_told() -> None:
    items, problems = read('{"a": 1, "a": 2}\n{"a": 3}')
    assert len(items) == 1
    assert problems == [(1, "key 'a' stands twice in one object")]


def test_an_array_is_found_inside() -> None:
    text = '{"other": {"x": [1]},\n "data": {"all": [\n{"a": 1},\n{"a": 2}]}}'
    found = JsonText(text, "x.json").within(("data", "all"))
    assert found is not None
    assert [item.line for item in found] == [3, 4]


def test_of_several_pages_none_is_the_whole() -> None:
    assert JsonText('{"all": [1]} {"all": [2]}', "x.json").within(("all",)) is None
    assert JsonText('{"all": 1}', "x.json").within(("all",)) is None
    assert JsonText('{"all": [1]', "x.json").within(("all",)) is None
    assert JsonText("[]", "x.json").within(("all",)) is None
