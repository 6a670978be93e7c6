"""What ended, as a register tells it, and what stands at a moment."""

from __future__ import annotations

import pytest
from support.sides import Side, setting

from generator.assurance.drift import DriftClass, DriftRegister
from generator.assurance.ended import DriftSnapshot, Ended, EndedItems, snapshot
from generator.assurance.exemptions import Exemptions
from generator.declarations.entries import Acceptance, Declarations


class _Watched:
    """Two environments, their register and what it tells."""

    def __init__(self) -> None:
        """Start with nothing on either side, and an acceptance of LATER until the second 300."""
        self.up, self.here, self.items = Side(), Side(), EndedItems()
        exemptions = Exemptions()
        entry = Acceptance("api", "Ada", "soon", 300, "LATER")
        exemptions.set(Declarations(acceptances=(entry,)), "declared", 0)
        self.register = DriftRegister(self.up, self.here, exemptions.of("production"), self.items)

    def step(self, time: int | None, up: dict[str, str] | None, here: dict[str, str] | None) -> list[Ended]:
        """Return what ended at a commit at which the component `api` is as given on each side."""
        self.up.put("api", setting("api", **up) if up is not None else None)
        self.here.put("api", setting("api", **here) if here is not None else None)
        self.register.update(["api", "rest"], f"at {time}", time)
        return list(self.items.drain())


@pytest.fixture
def watched() -> _Watched:
    found = _Watched()
    found.up.put("rest", setting("rest"))
    found.here.put("rest", setting("rest"))
    return found


def test_what_ended_is_told_once_with_its_last_values(watched: _Watched) -> None:
    assert watched.step(60, {"SIZE": "1"}, {"SIZE": "2"}) == []
    assert watched.step(120, {"SIZE": "1"}, {"SIZE": "3"}) == []
    (ended,) = watched.step(180, {"SIZE": "3"}, {"SIZE": "3"})
    assert ended == Ended(
        "api", "config", "SIZE", DriftClass.CONFIG, "1", "3", "at 60", 60, "at 180", 180,
        accepted=False, expected="", absent=False,
    )  # fmt: skip
    assert ended.age == 120
    assert watched.step(240, {"SIZE": "3"}, {"SIZE": "3"}) == []
    assert (watched.items.begun, watched.items.ends) == (1, 1)


def test_a_component_that_went_away_is_no_equality(watched: _Watched) -> None:
    watched.step(60, {"SIZE": "1"}, {"SIZE": "2"})
    (ended,) = watched.step(120, {"SIZE": "1"}, None)
    assert (ended.field, ended.absent) == ("SIZE", True)
    (ended,) = watched.step(180, {"SIZE": "1"}, {"SIZE": "1"})
    assert (ended.field, ended.absent) == ("component", False)


def test_a_side_that_went_away_is_no_equality(watched: _Watched) -> None:
    watched.step(60, {"SIZE": "1"}, {"SIZE": "2"})
    watched.here.put("rest", None)
    assert [e.absent for e in watched.step(120, {"SIZE": "1"}, None)] == [True]
    assert not watched.register.assessed


def test_an_accepted_one_says_so(watched: _Watched) -> None:
    watched.step(60, {"LATER": "1"}, {"LATER": "2"})
    (ended,) = watched.step(120, {"LATER": "1"}, {"LATER": "1"})
    assert ended.accepted


def test_without_a_time_there_is_no_age(watched: _Watched) -> None:
    watched.step(None, {"SIZE": "1"}, {"SIZE": "2"})
    (ended,) = watched.step(60, {"SIZE": "1"}, {"SIZE": "1"})
    assert ended.age is None


def test_what_stands_at_the_end_of_a_month(watched: _Watched) -> None:
    watched.step(60, {"A": "1", "LATER": "1"}, {"A": "2", "LATER": "2"})
    watched.step(120, {"A": "1", "LATER": "1", "B": "1"}, {"A": "2", "LATER": "2"})
    watched.step(200, {"A": "1", "LATER": "1", "B": "1"}, {"A": "2", "LATER": "2", "C": "1"})
    assert snapshot(watched.register, 260) == DriftSnapshot(0, 0, 1, 2, 1, 0, oldest=200, median=140)
    later = snapshot(watched.register, 300)
    assert (later.config, later.accepted, later.oldest, later.median) == (2, 0, 240, 180)


def test_where_nothing_counts_there_is_no_age(watched: _Watched) -> None:
    watched.step(60, {"A": "1"}, {"A": "1"})
    assert snapshot(watched.register, 300) == DriftSnapshot(0, 0, 0, 0, 0, 0, None, None)
