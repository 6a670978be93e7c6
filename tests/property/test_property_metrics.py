"""Measures of any small history: they add up, and are what counting by hand comes to."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from support.measured import DAY, environment, kinds, lines, named

from generator.metrics.availability import Availability
from generator.metrics.facts import Arrival, Delivery, Downtime, Incident
from generator.metrics.slices import SPANS
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.evidence.metrics import PeriodMetrics
    from generator.metrics.facts import EnvironmentFacts

AS_OF = 1_767_225_600
"""2026-01-01T00:00:00Z."""
TIMES = st.one_of(st.none(), st.integers(AS_OF - 800 * DAY, AS_OF), st.sampled_from([AS_OF, AS_OF - 7 * DAY]))
COUNTS = ("pending", "failed_apart", "bypasses")
SPREADS = (
    "lead_time", "promotion_lead", "recovery_time", "time_to_null_deploy",
    "time_to_detect", "time_to_triage", "time_to_repair",
)  # fmt: skip


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[Delivery, ...]:
    found = []
    for number in range(1, draw(st.integers(0, 12)) + 1):
        kind = draw(st.sampled_from(Kind))
        components = tuple(sorted(draw(st.sets(st.sampled_from("abc"), max_size=3))))
        arrivals = tuple(
            Arrival(c, "image", draw(st.sampled_from("XYZ")), kind, draw(TIMES), promoted=draw(st.booleans()))
            for c in components
        )
        earlier = st.sets(st.integers(1, number - 1), max_size=2) if number > 1 else st.just(set[int]())
        undone = tuple(sorted(draw(earlier)))
        parts = tuple((n, c) for n in undone for c in components[:1] if draw(st.booleans()))
        found.append(
            Delivery(
                number, f"{number:040x}", draw(TIMES), kind, components, arrivals, undone, parts,
                tuple(sorted(draw(st.sets(st.sampled_from(("I", "J")), max_size=2)))),
                bulk=draw(st.booleans()), bypass=draw(st.booleans()), confirmed=draw(st.booleans()),
                started=draw(TIMES),
            )
        )  # fmt: skip
    return tuple(found)


@st.composite
def histories(draw: st.DrawFn) -> EnvironmentFacts:
    found = draw(deliveries())
    incidents = tuple(
        Incident(
            name, tuple(d.sequence for d in found if name in d.incidents), draw(st.integers(0, len(found))),
            draw(st.sampled_from(["", "a", "b"])), draw(TIMES), draw(TIMES), draw(TIMES), draw(TIMES),
        )
        for name in ("I", "J")
    )  # fmt: skip
    staging = environment(*draw(deliveries()), name="staging", production=False)
    return environment(*found, incidents=incidents, first=staging, teams={"a": "one", "b": "one", "c": "two"})


def _summed(found: Iterable[PeriodMetrics]) -> Counter[str]:
    """Return every count of some lines, added up; what has no date in it is left out by who asks."""
    total: Counter[str] = Counter()
    for line in found:
        total.update({f"kind {name}": n for name, n in kinds(line).items()})
        total.update({f"bulk {name}": n for name, n in msgspec.to_builtins(line.bulk).items()})
        total.update({name: getattr(line, name) for name in COUNTS})
        total.update({f"{name} n": getattr(line, name).n for name in SPREADS})
        total.update({f"{name} of": getattr(line, name).of for name in SPREADS})
        total.update(failed=line.change_fail_rate.count, of=line.change_fail_rate.of, rework=line.rework_rate.count)
    return +total


@given(histories())
def test_periods_of_any_length_add_up_to_the_same(facts: EnvironmentFacts) -> None:
    by_unit = {unit: _summed(lines(facts, AS_OF, unit)) for unit in SPANS if unit not in {"all", "rolling"}}
    assert len({tuple(sorted(counts.items())) for counts in by_unit.values()}) == 1


@given(histories())
def test_months_and_what_has_no_date_are_all_of_it(facts: EnvironmentFacts) -> None:
    months = sum((Counter(kinds(line)) for line in lines(facts, AS_OF, "month")), Counter[str]())
    undated = Counter(d.kind.value for d in facts.deliveries if d.time is None and not d.bulk)
    (whole,) = lines(facts, AS_OF, "all")
    assert months + undated == Counter(kinds(whole))
    of = Counter(d.kind.value for d in facts.deliveries if not d.bulk)
    assert Counter(kinds(whole)) == of
    assert whole.change_fail_rate.of + whole.pending + whole.failed_apart >= whole.change_fail_rate.of
    assert whole.recovery_time.of == whole.change_fail_rate.count


@given(histories())
def test_a_rolling_window_is_what_counting_comes_to(facts: EnvironmentFacts) -> None:
    found = named(lines(facts, AS_OF, "rolling"))
    for name, days in (("7d", 7), ("30d", 30), ("90d", 90), ("365d", 365)):
        within = [d for d in facts.deliveries if d.time is not None and AS_OF - days * DAY < d.time <= AS_OF]
        assert Counter(kinds(found[name])) == Counter(d.kind.value for d in within if not d.bulk)
        assert found[name].bypasses == sum(d.bypass for d in within)


@given(histories())
def test_each_deployment_that_brings_a_change_is_in_one_place(facts: EnvironmentFacts) -> None:
    (line,) = lines(facts, AS_OF, "all")
    bearing = {"initial", "forward", "redo", "roll-forward", "hotfix"}
    bringing = [d for d in facts.deliveries if d.kind.value in bearing and not d.bulk]
    assert line.change_fail_rate.of + line.pending <= len(bringing)
    assert line.change_fail_rate.of + line.pending + line.failed_apart >= len(bringing)


@given(histories())
def test_a_component_never_has_more_than_the_environment(facts: EnvironmentFacts) -> None:
    (whole,) = lines(facts, AS_OF, "all")
    for by in ("component", "team"):
        for line in lines(facts, AS_OF, "all", by=by):
            assert Counter(kinds(line)) <= Counter(kinds(whole))
            assert line.change_fail_rate.count + line.failed_apart <= (
                whole.change_fail_rate.count + whole.failed_apart
            )
            assert line.promotion_lead.of <= whole.promotion_lead.of


@given(histories())
def test_measuring_twice_gives_the_same_bytes(facts: EnvironmentFacts) -> None:
    encoder = msgspec.json.Encoder(order="sorted")
    first, second = ([encoder.encode(line) for line in lines(facts, AS_OF, *SPANS)] for _ in range(2))
    assert first == second


@given(histories())
def test_every_line_lies_where_its_name_says(facts: EnvironmentFacts) -> None:
    for line in lines(facts, AS_OF, "month", "week"):
        began = datetime.fromisoformat(line.start)
        assert began.tzinfo == UTC
        assert line.period == began.strftime("%Y-%m" if line.unit == "month" else "%G-W%V")
        assert line.start <= line.end <= "2026-01-01T00:00:00Z"


INTERVALS = st.lists(
    st.tuples(st.integers(0, 3000), st.one_of(st.none(), st.integers(0, 3000)), st.booleans()), max_size=12
)
MINUTE = 60


@given(INTERVALS, st.integers(0, 3000), st.integers(0, 3000), st.booleans())
def test_downtime_is_the_union_minute_by_minute(
    drawn: list[tuple[int, int | None, bool]],
    start: int,
    end: int,
    office: bool,  # noqa: FBT001 - drawn
) -> None:
    """All in minutes from a Monday; with agreed hours from 01:00 to 04:00 of that Monday and the whole Tuesday."""
    monday, last = 4 * DAY, 2900
    agreed = ((3600, 4 * 3600), (DAY, 2 * DAY)) if office else ()
    downtimes = [
        Downtime(monday + s * MINUTE, monday + e * MINUTE if e is not None else None, planned=planned)
        for s, e, planned in drawn
    ]
    sides: dict[bool, set[int]] = {True: set(), False: set()}
    for s, e, planned in drawn:
        sides[planned].update(range(s, e if e is not None else last))
    hours = {*range(60, 240), *range(1440, 2880)} if office else set(range(3001))
    window = hours & set(range(start, end))
    found = Availability(downtimes, agreed, monday + last * MINUTE).within(
        monday + start * MINUTE, monday + end * MINUTE
    )
    assert found.agreed == MINUTE * len(window - sides[True])
    assert found.down == MINUTE * len((window - sides[True]) & sides[False])
    assert (found.intervals > 0) is (found.down > 0)
