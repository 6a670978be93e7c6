"""How often an environment was deployed to: every unit of time with its counts, and the newest periods of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.records import attribute
from generator.site.listing_views import KINDS
from generator.site.texts import N_, decimal, number
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from generator.evidence.summary import EnvironmentSummary, PeriodCounts, PeriodSeries

UNITS = (N_("hour"), N_("day"), N_("week"), N_("month"), N_("quarter"), N_("year"))
"""Units of the evidence, here for the catalogue."""
MOST_PERIODS = 60
"""Newest periods of one unit that a page lists; the record has the rest."""


class FrequencyRow(NamedTuple):
    """One unit of time, or one period of it."""

    name: str
    deployments: str
    rate: str
    """Deployments over periods, with both counts; empty for a single period."""
    kinds: tuple[str, ...]
    """Count of each of `KINDS`; empty where there was none."""


class PeriodList(NamedTuple):
    """The newest periods of one unit that have deployments, newest first."""

    unit: str
    rows: tuple[FrequencyRow, ...]
    left: int


class Frequency(NamedTuple):
    """Deployment frequency of one environment."""

    span: str
    """First and last day that are counted."""
    units: tuple[FrequencyRow, ...]
    lists: tuple[PeriodList, ...]
    bulk: str
    """How many bulk deployments there were beside those that are counted."""


def frequency(env: EnvironmentSummary) -> Frequency | None:
    """Return how often `env` was deployed to; `None` where it never was, or no deployment has a date."""
    series = env.measures.series
    if not series:
        return None
    day = next((s for s in series if s.unit == "day"), series[0])
    return Frequency(
        span=_("%(first)s to %(last)s", first=day.first, last=day.last),
        units=tuple(_unit(s) for s in series),
        lists=tuple(_list(s) for s in series if s.unit not in {"month", "year"}),
        bulk=number(env.bulks),
    )


def _unit(series: PeriodSeries) -> FrequencyRow:
    total = _total(series.total)
    rate = f"{decimal(total / series.periods, 2)} = {number(total)} / {number(series.periods)}"
    return FrequencyRow(series.unit, number(total), rate, _kinds(series.total))


def _list(series: PeriodSeries) -> PeriodList:
    counts = [count for count in reversed(series.counts) if _total(count)]
    rows = tuple(FrequencyRow(c.period, number(_total(c)), "", _kinds(c)) for c in counts[:MOST_PERIODS])
    return PeriodList(series.unit, rows, len(counts) - len(rows))


def _total(counts: PeriodCounts) -> int:
    return sum(getattr(counts, attribute(kind)) for kind in KINDS)


def _kinds(counts: PeriodCounts) -> tuple[str, ...]:
    return tuple(number(getattr(counts, attribute(kind))) if getattr(counts, attribute(kind)) else "" for kind in KINDS)
