"""The measures in the summary of an environment: the same numbers as in `metrics.jsonl`, in the shape of charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.counts import KindCounts
from generator.evidence.facts import seconds
from generator.evidence.records import attribute
from generator.evidence.summary import Duration, Measures, PeriodCounts, PeriodSeries, YearCounts
from generator.metrics.periods import UNITS, count, period
from generator.metrics.slices import SPARSE
from generator.metrics.tally import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.evidence.metrics import PeriodMetrics, Spread
    from generator.evidence.summary import EnvironmentSummary
    from generator.metrics.periods import Unit

_KINDS = tuple(attribute(kind.value) for kind in KINDS)


def summed(environment: EnvironmentSummary, lines: Iterable[PeriodMetrics]) -> EnvironmentSummary:
    """Return `environment` with the measures that its `lines` of `metrics.jsonl` tell."""
    whole: PeriodMetrics | None = None
    by_unit: dict[Unit, list[PeriodMetrics]] = {unit: [] for unit in UNITS}
    for line in lines:
        if line.by == "environment" and line.unit == "all":
            whole = line
        elif line.by == "environment" and line.unit in by_unit:
            by_unit[line.unit].append(line)
    if whole is None:
        return environment
    years = by_unit["year"]
    months = [(line.period, line.promotion_lead) for line in by_unit["month"]]
    return msgspec.structs.replace(
        environment,
        years=tuple(YearCounts(line.period, _all_kinds(line)) for line in years),
        measures=Measures(
            velocity_to_rollback=whole.velocity_to_rollback,
            promotion_lead=_duration(whole.promotion_lead),
            series=tuple(_series(unit, whole, found, _total(years)) for unit, found in by_unit.items())
            if years
            else (),
            promotion_lead_by_month=tuple(
                (month, lead.n, lead.median_seconds or 0, lead.p90_seconds or 0) for month, lead in months if lead.n
            ),
        ),
    )


def _series(unit: Unit, whole: PeriodMetrics, lines: Sequence[PeriodMetrics], total: PeriodCounts) -> PeriodSeries:
    first, last = seconds(whole.start) or 0, seconds(whole.end) or 0
    counts = (_counts(line.period, (line,)) for line in lines)
    sparse = unit in SPARSE
    return PeriodSeries(
        unit,
        count(first, last, unit),
        period(first, unit),
        period(last, unit),
        total,
        tuple(one for one in counts if not sparse or any(getattr(one, name) for name in (*_KINDS, "bulk"))),
    )


def _total(years: Sequence[PeriodMetrics]) -> PeriodCounts:
    """Return all that has a date: every dated deployment is in a year."""
    return _counts("", years)


def _counts(name: str, lines: Sequence[PeriodMetrics]) -> PeriodCounts:
    kinds = {kind: sum(getattr(line.kinds, kind) for line in lines) for kind in _KINDS}
    bulk = sum(getattr(line.bulk, kind) for line in lines for kind in _KINDS)
    return PeriodCounts(name, **kinds, bulk=bulk, bypass=sum(line.bypasses for line in lines))


def _all_kinds(line: PeriodMetrics) -> KindCounts:
    """Return deployments by kind, bulk ones among them."""
    return KindCounts(**{kind: getattr(line.kinds, kind) + getattr(line.bulk, kind) for kind in _KINDS})


def _duration(lead: Spread) -> Duration:
    return Duration(lead.n, lead.of, lead.median_seconds, lead.p90_seconds, "" if lead.n else lead.reason)
