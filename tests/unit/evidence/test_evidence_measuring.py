"""`metrics.jsonl` and the summary: which lines are kept, in which order, and that they agree."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pytest
from support.measured import at, delivery, environment, lines
from support.replay import DAY, START
from support.values import replay

from generator.config.metrics import Metrics
from generator.evidence.counts import KindCounts
from generator.evidence.delivery_records import RecordLine
from generator.evidence.facts import facts_of
from generator.evidence.measuring import (
    WRITTEN,
    WRITTEN_PARTS,
    measured_again,
    open_failures,
    period_metrics,
    settings_in,
    write_metrics,
)
from generator.evidence.reading import Evidence
from generator.evidence.sealing import Seal
from generator.evidence.store import EvidenceStore
from generator.history.commits import rfc3339
from generator.metrics.tally import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from support.replay import Gathered

    from generator.evidence.metrics import PeriodMetrics


@pytest.fixture(scope="module")
def kept(demo: Gathered) -> list[PeriodMetrics]:
    return list(demo.evidence.metrics())


def test_lines_stand_in_their_order(demo: Gathered, kept: list[PeriodMetrics]) -> None:
    names = [environment.name for environment in demo.evidence.summary.environments]
    subjects = ("environment", "component", "team")
    windows = ("7d", "30d", "90d", "365d")

    def order(line: PeriodMetrics) -> tuple[object, ...]:
        when = windows.index(line.period) if line.unit == "rolling" else line.start
        return names.index(line.environment), subjects.index(line.by), line.subject, WRITTEN.index(line.unit), when

    assert [order(line) for line in kept] == sorted(map(order, kept))
    assert len({(line.environment, line.by, line.subject, line.unit, line.period) for line in kept}) == len(kept)


def test_parts_are_kept_of_production_alone_and_by_long_periods(demo: Gathered, kept: list[PeriodMetrics]) -> None:
    parts = [line for line in kept if line.by != "environment"]
    assert {line.environment for line in parts} == {"production"}
    assert {line.unit for line in parts} == set(WRITTEN_PARTS)
    components = {line.subject for line in parts if line.by == "component"}
    assert {cell.component for cell in demo.evidence.summary.environments[-1].cells} <= components
    assert not any(name.startswith("ConfigMap/") for name in components)


def test_what_is_measured_again_from_the_folder_is_what_it_holds(demo: Gathered) -> None:
    again = measured_again(demo.evidence, facts_of(demo.evidence))
    assert list(again) == list(demo.evidence.metrics())


def test_the_summary_says_what_its_lines_say(demo: Gathered, kept: list[PeriodMetrics]) -> None:
    for one in demo.evidence.summary.environments:
        own = [line for line in kept if line.environment == one.name and line.by == "environment"]
        whole = own[0]
        assert one.measures.velocity_to_rollback == whole.velocity_to_rollback
        lead = one.measures.promotion_lead
        assert (lead.n, lead.of, lead.median_seconds, lead.p90_seconds) == (
            whole.promotion_lead.n, whole.promotion_lead.of,
            whole.promotion_lead.median_seconds, whole.promotion_lead.p90_seconds,
        )  # fmt: skip
        for series in one.measures.series:
            found = {line.period: line for line in own if line.unit == series.unit}
            for counts in series.counts:
                line = found[counts.period]
                assert (counts.forward, counts.rollback, counts.bypass) == (
                    line.kinds.forward, line.kinds.rollback, line.bypasses,
                )  # fmt: skip
        years = {line.period: line for line in own if line.unit == "year"}
        assert {year.year for year in one.years} == set(years)
        assert sum(sum(msgspec.to_builtins(year.kinds).values()) for year in one.years) == one.deployments


def test_open_failures_are_those_of_the_summary(demo: Gathered) -> None:
    settings = settings_in(demo.evidence.summary)
    assert open_failures(facts_of(demo.evidence), settings) == demo.evidence.summary.metrics.failures


def test_any_cut_can_be_asked_for(demo: Gathered) -> None:
    settings = settings_in(demo.evidence.summary)
    facts = facts_of(demo.evidence)
    days = list(period_metrics(facts, settings, by="component", units=("day",)))
    assert {line.environment for line in days} == {one.name for one in facts}
    wholes = Counter(
        {
            (line.environment, line.subject): sum(msgspec.to_builtins(line.kinds).values())
            for line in period_metrics(facts, settings, by="component", units=("all",))
        }
    )
    summed: Counter[tuple[str, str]] = Counter()
    for line in days:
        summed[line.environment, line.subject] += sum(msgspec.to_builtins(line.kinds).values())
    assert +summed == +wholes


def test_only_recent_days_and_hours_are_kept(tmp_path: Path) -> None:
    """Four deployments a hundred days apart, up to the report: the first is of the day 400 days before it."""
    found = replay(tmp_path, [f"p/a=A{n}" if n % 100 == 0 else f"p/a=A{n // 100 * 100} #{n}" for n in range(401)])
    own = [line for line in found.evidence.metrics() if line.environment == "production" and line.by == "environment"]
    days, hours = ([line for line in own if line.unit == unit] for unit in ("day", "hour"))
    assert (len(days), len(hours)) == (366, 31)
    assert days[0].start == rfc3339((START + 35 * DAY) // DAY * DAY)
    assert sum(line.kinds.forward for line in own if line.unit == "month") == 4


def test_downtime_that_goes_on_is_listed(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/a=A", "p/a=B"])
    line = RecordLine("downtime", "D-1", "production", start=rfc3339(START + DAY // 2))
    with EvidenceStore(tmp_path / "again") as store:
        for record in found.deployments:
            store.deployment(record)
        store.records([line])
        summary = write_metrics(store, found.evidence.summary, Metrics())
        store.close(summary, Seal("0"))
    (down,) = Evidence(tmp_path / "again").summary.metrics.downtimes
    assert (down.id, down.environment, down.since, down.seconds) == (
        "D-1", "production", rfc3339(START + DAY // 2), DAY // 2,
    )  # fmt: skip
    whole = next(m for m in Evidence(tmp_path / "again").metrics() if m.environment == "production")
    assert whole.availability is not None
    assert whole.availability.down_seconds == DAY // 2


def test_settings_come_back_from_the_summary(demo: Gathered) -> None:
    settings, metrics = settings_in(demo.evidence.summary), demo.evidence.summary.metrics
    assert settings.as_of == at(demo.evidence.summary.as_of[:-1])
    assert (settings.profile, settings.small) == (metrics.profile, metrics.small)
    assert settings.observation == metrics.observation_seconds > 0


def test_kinds_stand_in_one_order() -> None:
    """Counts are put into evidence by their places."""
    assert [kind.value.replace("-", "_") for kind in KINDS] == list(KindCounts.__struct_fields__)


def test_a_line_without_anything_is_short() -> None:
    found = lines(environment(delivery(1, "initial", "2020-01-01", "A")), "2026-01-01 00:00", "month")
    told = msgspec.to_builtins(found[5])
    assert {"kinds", "bulk", "velocity_to_rollback", "pending", "cut"}.isdisjoint(told)
    assert len(msgspec.json.encode(found[5])) < 1400
