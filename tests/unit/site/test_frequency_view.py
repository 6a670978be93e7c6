"""Deployment frequency: every unit with its counts, and the newest periods of each."""

from pathlib import Path

import msgspec
from unit.site.synthetic import write_evidence

from generator.evidence.reading import Evidence
from generator.evidence.summary import EnvironmentSummary, PeriodCounts, PeriodSeries
from generator.site.frequency_view import MOST_PERIODS, frequency
from generator.site.listing_views import KINDS


def environment(tmp_path: Path, *series: PeriodSeries) -> EnvironmentSummary:
    known = Evidence(write_evidence(tmp_path / "evidence", 5)).summary.environments[-1]
    return msgspec.structs.replace(known, measures=msgspec.structs.replace(known.measures, series=series), bulks=2)


def test_a_rate_is_shown_with_both_counts_and_empty_periods_count(tmp_path: Path) -> None:
    weeks = (
        PeriodCounts("2026-W01", forward=3, rollback=1),
        PeriodCounts("2026-W02"),
        PeriodCounts("2026-W03", redo=2),
    )
    total = PeriodCounts("", forward=3, rollback=1, redo=2)
    found = frequency(environment(tmp_path, PeriodSeries("week", 3, "2026-W01", "2026-W03", total, weeks)))
    assert found is not None
    (row,) = found.units
    assert (row.name, row.deployments, row.rate) == ("week", "6", "2.00 = 6 / 3")
    assert dict(zip(KINDS, row.kinds, strict=True)) == {
        "forward": "3", "rollback": "1", "redo": "2",
        "roll-forward": "", "hotfix": "", "initial": "", "redeploy": "", "gap": "",
    }  # fmt: skip
    assert [(r.name, r.deployments) for r in found.lists[0].rows] == [("2026-W03", "2"), ("2026-W01", "4")]
    assert found.bulk == "2"


def test_only_the_newest_periods_are_listed_and_the_rest_is_counted(tmp_path: Path) -> None:
    days = tuple(PeriodCounts(f"2026-{n:03d}", forward=1) for n in range(MOST_PERIODS + 5))
    total = PeriodCounts("", forward=len(days))
    found = frequency(environment(tmp_path, PeriodSeries("day", 200, "a", "b", total, days)))
    assert found is not None
    assert (len(found.lists[0].rows), found.lists[0].left) == (MOST_PERIODS, 5)
    assert found.lists[0].rows[0].name == days[-1].period


def test_an_environment_without_dated_deployments_has_no_frequency(tmp_path: Path) -> None:
    assert frequency(environment(tmp_path)) is None
