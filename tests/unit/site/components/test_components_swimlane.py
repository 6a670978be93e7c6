"""The drawing of versions over time: places, steps down, and what is left out."""

from __future__ import annotations

from generator.site.components.stays import Lane, Stay
from generator.site.components.swimlane import BARS_DRAWN, MOST_LANES, swimlane

DAY = 86_400
NOW = 1_774_958_400


def lane(*stays: Stay, environment: str = "production", rollbacks: int = 0) -> Lane:
    return Lane(environment, stays, rollbacks=rollbacks)


def three() -> tuple[Stay, ...]:
    return (
        Stay("1.4.0", NOW - 100 * DAY, NOW - 60 * DAY, "forward", "production-1"),
        Stay("1.5.0", NOW - 60 * DAY, NOW - 50 * DAY, "forward", "production-2"),
        Stay("1.4.0", NOW - 50 * DAY, None, "rollback", "production-3"),
    )


def test_bars_stand_where_their_time_is() -> None:
    drawn = swimlane([lane(*three(), rollbacks=1)], NOW, lambda name: f"releases/{name}.html")
    assert [(bar.left, bar.width) for bar in drawn.lanes[0].bars] == [("0", "40"), ("40", "10"), ("50", "50")]
    assert drawn.lanes[0].bars[2].page == "releases/production-3.html"
    assert drawn.says == "2 versions in 1 environment, 1 rollback."


def test_a_rollback_is_a_step_down_on_the_same_ground() -> None:
    drawn = swimlane([lane(three()[1], environment="staging"), lane(*three())], NOW, str)
    first, second, back = drawn.lanes[1].bars
    assert [bar.back for bar in (first, second, back)] == [False, False, True]
    assert first.tint == back.tint != second.tint == drawn.lanes[0].bars[0].tint
    assert drawn.back
    assert back.stands
    assert not first.stands


def test_the_axis_has_months_or_days_that_have_room() -> None:
    months = [tick.text for tick in swimlane([lane(*three())], NOW, str).ticks]
    assert months == ["2026-01", "2026-02", "2026-03"]
    days = swimlane([lane(Stay("1", NOW - 5 * DAY, None, "initial", "p-1"))], NOW, str).ticks
    assert [tick.text for tick in days] == ["03-27", "03-28", "03-29", "03-30"]
    assert all(float(tick.left) <= 86 for tick in days)


def test_a_long_history_is_drawn_from_its_newest_versions() -> None:
    stays = [Stay(f"1.{n}", NOW - (100 - n) * DAY, NOW - (99 - n) * DAY, "forward", f"p-{n}") for n in range(100)]
    drawn = swimlane([lane(*stays, environment=f"region-{n}") for n in range(MOST_LANES + 3)], NOW, str)
    assert len(drawn.lanes) == MOST_LANES
    assert {len(one.bars) for one in drawn.lanes} == {BARS_DRAWN}
    assert any(note.startswith("Drawn from 2026-03-") for note in drawn.notes)
    assert "Of 15 environments 12 are drawn." in drawn.notes


def test_one_version_at_the_time_of_the_report_is_drawn() -> None:
    drawn = swimlane([lane(Stay("1", NOW, None, "initial", "p-1"))], NOW, str)
    assert [(bar.left, bar.width) for bar in drawn.lanes[0].bars] == [("100", "0")]


def test_years_long_past_and_far_ahead_are_drawn() -> None:
    far = (Stay("1", 0, 250_000_000_000, "initial", "p-1"), Stay("2", 250_000_000_000, None, "forward", "p-2"))
    assert len(swimlane([lane(*far)], NOW, str).ticks) <= 20


def test_a_component_without_versions_says_so() -> None:
    assert swimlane((), NOW, str).says == "No version of it was seen."


def test_long_and_hidden_names_are_shown_as_they_are() -> None:
    drawn = swimlane([lane(Stay("\u202e" + "x" * 200, NOW - DAY, None, "initial", "p-1"))], NOW, str)
    bar = drawn.lanes[0].bars[0]
    assert bar.version.startswith("\\u202e")
    assert len(bar.version) == 60
    assert bar.long
