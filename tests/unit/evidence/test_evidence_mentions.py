from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.evidence.mentions import Names, words_of

NAMES = ("Priya Raman", "Will", "Jean-Luc Picard", "山田太郎", "Zoë O'Neil", "dependabot[bot]")


@pytest.fixture
def names() -> Names:
    found = Names()
    for name in NAMES:
        found.add(name, "*")
    return found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("by Priya Raman.", "by *."),
        ("priya  RAMAN, priya.raman", "*, *"),
        ("Priya Ramanujan and Supriya Raman", "Priya Ramanujan and Supriya Raman"),
        ("Will it, will it? Willpower, Will-o-wisp, free_Will", "* it, will it? Willpower, Will-o-wisp, free_Will"),
        ("jean-luc picard; Luc Picard", "*; Luc Picard"),
        ("担当は山田太郎です", "担当は*です"),
        (unicodedata.normalize("NFD", "Zoë O'Neil"), "*"),
        ("Priya, who is no Raman", "Priya, who is no Raman"),
        ("x Priya Ra…", "x *…"),
        ("x Priya Ra...", "x Priya Ra..."),
        ("", ""),
    ],
)
def test_names_are_found_as_whole_words(names: Names, text: str, shown: str) -> None:
    assert names.replaced(text) == shown


def test_names_of_one_word_are_left_where_they_are_not_asked_for(names: Names) -> None:
    assert names.replaced("Will and Priya Raman", alone=False) == "Will and *"


def test_the_longer_of_two_names_is_found() -> None:
    names = Names()
    names.add("Ada", "1")
    names.add("Ada Lovelace", "2")
    assert names.replaced("Ada Lovelace, Ada") == "2, 1"


def test_a_text_without_names_stays_as_it_is(names: Names) -> None:
    decomposed = unicodedata.normalize("NFD", "Café")
    assert names.replaced(decomposed) == decomposed
    assert Names().replaced("anything") == "anything"


@given(st.text(st.characters(codec="utf-8"), max_size=30), st.text(st.characters(codec="utf-8"), max_size=30))
def test_a_name_between_any_two_texts_is_found(before: str, after: str) -> None:
    names = Names()
    names.add("Priya Raman", "*")
    assert "Priya Raman" not in names.replaced(f"{before} Priya Raman {after}")


def test_words_of_a_name_are_compared_without_case() -> None:
    assert words_of("PRIYA  raman") == words_of("Priya Raman")
    assert words_of("Will") != words_of("will"), "one word may be a word of the language"
    assert words_of(" ,. ") == ()
