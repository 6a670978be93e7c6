"""What a component is now, in sentences."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from generator.evidence.summary import Cell
from generator.site.components.histories import Gone, History
from generator.site.components.now import Now, Placed
from generator.site.components.sentence import sentences
from generator.site.components.stays import Lane, Stay
from generator.site.words import Calendar

if TYPE_CHECKING:
    from generator.site.context import Context

AS_OF = 1_774_958_400
DAY = 86_400
ENVIRONMENTS = ("production", "staging", "integration")


def context() -> Context:
    order = tuple(SimpleNamespace(name=name) for name in ENVIRONMENTS)
    return cast("Context", SimpleNamespace(from_production=order, calendar=Calendar("2026-03-31T12:00:00Z")))


def placed(environment: str, version: str, since: str = "2026-03-29T12:00:00Z") -> Placed:
    cell = Cell("cart", "component", "Deployment", "d", version, version, since, f"{environment}-1", "")
    return Placed(cast("Any", SimpleNamespace(name=environment)), cell)


def test_production_comes_first_and_others_where_they_differ() -> None:
    now = Now("cart", placed=[placed("integration", "1.1"), placed("staging", "1.1"), placed("production", "1.0")])
    assert sentences(context(), now, AS_OF) == (
        "It has run 1.0 in production since Sun 2026-03-29 12:00 UTC.",
        "staging has had 1.1 for 2 days.",
        "integration has had 1.1 for 2 days.",
    )


def test_what_is_the_same_is_told_once() -> None:
    now = Now("cart", placed=[placed("integration", "1.0"), placed("staging", "1.0"), placed("production", "1.0")])
    assert sentences(context(), now, AS_OF)[1:] == ("The same version stands in staging and integration.",)


def test_a_component_without_a_version_is_part_of_its_environments() -> None:
    now = Now("cart", placed=[placed("staging", "", ""), placed("production", "", "")])
    assert sentences(context(), now, AS_OF) == (
        "It is part of production, without a version of its own.",
        "It is part of staging too.",
    )


def test_a_record_tells_when_a_version_came() -> None:
    lane = Lane("production", (Stay("1.0", AS_OF - DAY, None, "forward", "production-1"),))
    now = Now("cart", History(lanes=(lane,)), placed=[placed("production", "1.0")])
    assert sentences(context(), now, AS_OF) == ("It has run 1.0 in production since Mon 2026-03-30 12:00 UTC.",)


def test_what_is_removed_says_when_and_what_it_ran() -> None:
    lane = Lane("production", (Stay("1.0", AS_OF - 2 * DAY, AS_OF - DAY, "forward", "production-1", "production-2"),))
    gone = (Gone("staging", "staging-2", ""), Gone("production", "production-2", "2026-03-01T00:00:00Z"))
    assert sentences(context(), Now("cart", History(lanes=(lane,), gone=gone)), AS_OF) == (
        "Removed from production on Mon 2026-03-30 12:00 UTC, when it ran 1.0.",
        "Removed from staging, at a time that is not known.",
    )
