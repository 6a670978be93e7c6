"""What the trailers of a message say."""

from __future__ import annotations

import pytest

from generator.config.declared import Trailers
from generator.declarations.trailers import MOST_NAMES, NOTHING_SAID, Trailer, TrailerReader


def test_trailers_are_found_by_what_they_mean_in_any_case() -> None:
    said = TrailerReader(Trailers()).said(
        (
            ("ROLLBACK-OF", "production-3"),
            ("Fixes-deployment", "abcdef0"),
            ("hotfix", "yes"),
            ("Promoted-From", "staging@abcdef0"),
            ("Reviewed-by", "Grace Example"),
            ("Approved-by", "Ada Example"),
            ("Signed-off-by", "Nobody"),
        )
    )
    assert said.rollback_of == (("ROLLBACK-OF", "production-3"),)
    assert said.fixes == (("Fixes-deployment", "abcdef0"),)
    assert said.hotfix == (("hotfix", "yes"),)
    assert said.promoted_from == (("Promoted-From", "staging@abcdef0"),)
    assert [trailer.value for trailer in said.approvals] == ["Grace Example", "Ada Example"]


def test_trailers_that_mean_nothing_say_nothing() -> None:
    assert TrailerReader(Trailers()).said((("Change-Id", "I1"), ("Bug", "T1"))) is NOTHING_SAID
    assert TrailerReader(Trailers(hotfix=())).said((("Hotfix", "yes"),)) is NOTHING_SAID


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("abcdef0", ("abcdef0",)),
        ("abcdef0, production-3", ("abcdef0", "production-3")),
        ("abcdef0 (Promote cart, 2024-03-07)", ("abcdef0",)),
        ("", ()),
        ("(nothing)", ()),
        ("a " * 50, ("a",) * MOST_NAMES),
    ],
)
def test_a_value_names_one_or_several(value: str, names: tuple[str, ...]) -> None:
    assert Trailer("Rollback-of", value).names == names


def test_yes_and_no_are_told_from_anything_else() -> None:
    words = {"yes": True, "TRUE": True, "1": True, "no": False, "False": False, "0": False, "maybe": None, "": None}
    assert {word: Trailer("Hotfix", word).yes for word in words} == words
