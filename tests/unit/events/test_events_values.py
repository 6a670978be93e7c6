from __future__ import annotations

import pytest

from generator.events import values
from generator.events.values import LONGEST, Fault


@pytest.mark.parametrize("text", ["2026-03-02T12:00:00Z", "2026-03-02t12:00:00z", "2026-03-02 13:00+01:00"])
def test_times_are_those_of_rfc_3339(text: str) -> None:
    assert values.moment(text) == 1_772_452_800


@pytest.mark.parametrize(
    "text", ["2026-W10-1T12:00:00Z", "20260302T120000Z", "2026-03-02T12:00", "1772452800", "1" * 90]
)
def test_other_ways_to_write_a_time_are_refused(text: str) -> None:
    found = values.moment(text)
    assert isinstance(found, Fault)
    assert "zone" in found.fix


def test_a_time_before_1970_is_refused() -> None:
    assert isinstance(values.moment("1969-12-31T23:59:59Z"), Fault)


def test_free_text_is_cut_and_a_name_is_refused() -> None:
    long = "a" * (LONGEST + 1)
    assert values.free_text(long) == "a" * (LONGEST - 1) + "…"
    assert values.name(long) == Fault(f"has {LONGEST + 1} characters", f"{LONGEST} at most")
    assert values.name("a" * LONGEST) == "a" * LONGEST


def test_control_characters_are_shown_and_lone_bytes_are_refused() -> None:
    assert values.free_text("a\x00b\nc\x1b[2J") == "a\\x00b c\\x1b[2J"
    for clean in (values.free_text, values.name):
        assert isinstance(clean("caf\udce9"), Fault)


def test_commits_are_written_small_and_other_names_stay() -> None:
    assert values.commit("ABCDEF1") == "abcdef1"
    assert values.commit("Production-12") == "Production-12"


@pytest.mark.parametrize(("text", "found"), [("Success", "succeeded"), ("error", "failed"), ("canceled", "cancelled")])
def test_the_words_of_tools_are_understood(text: str, found: str) -> None:
    assert values.status(text) == found


def test_another_status_names_those_that_there_are() -> None:
    found = values.status("succeded")
    assert isinstance(found, Fault)
    assert found.fix == "statuses: succeeded, failed, cancelled"


def test_yes_and_no() -> None:
    assert values.yes_or_no("Yes") is True
    assert values.yes_or_no("0") is False
    assert isinstance(values.yes_or_no("perhaps"), Fault)
