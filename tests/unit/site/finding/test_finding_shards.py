"""A sorted list is cut the same way, however it came together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.site.finding import shards
from generator.site.finding.gathering import Terms, units
from generator.site.finding.shards import first_of, lines_of, spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@pytest.fixture(autouse=True, scope="module")
def _short() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "LEAST", 40)
        patch.setattr(shards, "LARGEST", 90)
        patch.setattr(shards, "FIT", 4)
        yield


def gathered(entries: Sequence[tuple[int, Sequence[str]]], start: int) -> Terms:
    found = Terms()
    for number, (kind, terms) in enumerate(entries, start):
        found.add(kind, number, terms)
    return found


TERMS = st.lists(st.text('abü"\\<\U0001d4d0\uff21', min_size=1, max_size=5), max_size=6)
ENTRIES = st.lists(st.tuples(st.integers(0, 3), TERMS), max_size=30)


@given(ENTRIES, st.integers(0, 30), st.integers(0, 30))
def test_a_list_that_grew_is_the_list_made_at_once(entries: list[tuple[int, list[str]]], one: int, two: int) -> None:
    first, second = sorted((one, two))
    parts = entries[:first], entries[first:second], entries[second:]
    grown: list[bytes] = []
    done = 0
    for part in parts:
        grown = spread("t", grown, gathered(part, done))
        done += len(part)
    assert grown == spread("t", [], gathered(entries, 0))
    lines = [line for made in grown for line in lines_of(made)]
    terms = [line.split("\t")[0] for line in lines]
    assert terms == sorted({term for _kind, some in entries for term in some}, key=units)
    assert [first_of(made) for made in grown] == [lines_of(made)[0].split("\t")[0] for made in grown]


def test_a_term_that_comes_in_between_leaves_shards_further_on_alone() -> None:
    every = [(0, [f"{number:06}"]) for number in range(0, 4000, 2)]
    before = spread("t", [], gathered(every, 0))
    after = spread("t", before, gathered([(0, ["001999"])], len(every)))
    assert len(before) > 200
    assert 0 < len(set(after) - set(before)) < 10
    assert all(len(lines_of(made)) < 20 for made in before)
