"""The Trends page: charts of each environment, whether its months rise or fall, and other bodies' definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.evidence.facts import seconds
from generator.evidence.metrics import Spread
from generator.site.chart_availability import availability_chart
from generator.site.chart_calendar import calendar_chart
from generator.site.chart_components import fail_rate_by_component_chart
from generator.site.chart_lead import lead_distribution_chart
from generator.site.chart_recovery import recovery_chart
from generator.site.charts import kinds_by_month_chart, lead_by_month_chart, lead_words, velocity_chart
from generator.site.components.histories import NOTHING
from generator.site.components.swimlane import swimlane
from generator.site.frequency_view import frequency
from generator.site.listing_views import KINDS
from generator.site.names import anchor, component_page
from generator.site.outages import outages
from generator.site.profiles_view import profile_tables
from generator.site.texts import gettext as _
from generator.site.texts import ngettext
from generator.site.words import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.evidence.delivery_records import RecordLine
    from generator.evidence.metrics import Trend
    from generator.evidence.samples import Samples
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.chart import Chart
    from generator.site.components.swimlane import Swimlane
    from generator.site.context import Context
    from generator.site.frequency_view import Frequency
    from generator.site.measured import EnvironmentMeasures
    from generator.site.outages import Outages
    from generator.site.profiles_view import ProfileTable

CHARTED = 6
"""Environments whose charts the page has: those of production first."""
SWIMLANES = 3
"""Components, those with most deployments, whose versions the page draws."""
_MEASURES = ("lead-time", "promotion-lead")


class TrendLine(NamedTuple):
    """Whether one measure rises or falls."""

    measure: str
    verdict: str
    words: str
    """What the verdict rests on."""


class TrendSection(NamedTuple):
    """The charts of one environment."""

    environment: str
    anchor: str
    trends: tuple[TrendLine, ...]
    charts: tuple[Chart, ...]
    drift: str
    """Where the charts of its drift are; empty where it has none."""
    frequency: Frequency | None
    kinds: tuple[str, ...]
    outages: Outages | None
    """Downtime and incidents; `None` where no record tells of any."""


class TrendsView(NamedTuple):
    """The page."""

    sections: tuple[TrendSection, ...]
    left: str
    """Environments that are not charted; empty where all are."""
    swimlanes: tuple[tuple[str, str, Swimlane], ...]
    """(component, its page, its versions over time)."""
    swimlanes_say: str
    profiles: tuple[ProfileTable, ...]


def trends_view(context: Context) -> TrendsView:
    """Return the page, production first."""
    every = context.from_production
    names = [shown(env.name) for env in every[CHARTED:]]
    busiest = _busiest(context)
    told = [line for line in context.evidence.records() if line.kind in {"downtime", "incident"}]
    return TrendsView(
        sections=tuple(_section(context, env, told) for env in every[:CHARTED]),
        left=ngettext(
            "%(number)s more environment without charts here: %(names)s.",
            "%(number)s more environments without charts here: %(names)s.",
            len(names),
            names=listed(names, 5),
        )
        if names
        else "",
        swimlanes=_swimlanes(context, busiest),
        swimlanes_say=ngettext(
            "The %(number)s component with most deployments.",
            "The %(number)s components with most deployments.",
            len(busiest),
        )
        if busiest
        else "",
        profiles=profile_tables(context.summary.metrics, [env.name for env in every]),
    )


def _section(context: Context, env: EnvironmentSummary, told: Sequence[RecordLine]) -> TrendSection:
    measures = context.measured.of(env.name)
    charts = _of_production if env.production else _of_any
    return TrendSection(
        environment=env.name,
        anchor=anchor(f"trends-{env.name}"),
        trends=tuple(trend_line(trend) for trend in context.summary.metrics.trends if trend.environment == env.name),
        charts=tuple(charts(context, env, measures)),
        drift=f"drift.html#{anchor(f'drift-{env.name}')}" if env.drift_over_time else "",
        frequency=frequency(env),
        kinds=KINDS,
        outages=outages(context, env.name, told),
    )


def _of_any(context: Context, env: EnvironmentSummary, measures: EnvironmentMeasures) -> Iterator[Chart]:
    yield velocity_chart(measures)
    yield kinds_by_month_chart(measures)
    if env.upstream:
        yield lead_by_month_chart(measures, "promotion-lead")
    yield calendar_chart(measures, context.summary.as_of)


def _of_production(context: Context, env: EnvironmentSummary, measures: EnvironmentMeasures) -> Iterator[Chart]:
    samples = context.samples.get(env.name)
    yield velocity_chart(measures)
    yield kinds_by_month_chart(measures)
    yield calendar_chart(measures, context.summary.as_of)
    yield fail_rate_by_component_chart(measures)
    if samples is not None:
        spread = measures.whole.recovery_time if measures.whole is not None else Spread(0, 0)
        yield recovery_chart(env.name, samples.failures, spread, as_of=_as_of(context), small=measures.small)
        for measure in _MEASURES:
            chart = _distribution(measures, measure, samples)
            yield chart
            if chart.svg:
                yield lead_by_month_chart(measures, measure)
    yield availability_chart(measures)


def _distribution(measures: EnvironmentMeasures, measure: str, samples: Samples) -> Chart:
    title, says = lead_words(measures, measure)
    cases, spread = samples.lead_times, Spread(0, 0)
    if measures.whole is not None:
        spread = measures.whole.lead_time
    if measure == "promotion-lead":
        cases = samples.promotion_leads
        spread = measures.whole.promotion_lead if measures.whole is not None else spread
    return lead_distribution_chart(
        measure, measures.environment, cases, spread, title=title, says=f"{says}.", small=measures.small
    )


def _as_of(context: Context) -> int:
    """Return the report time, seconds since 1970 UTC; 0 where there is none, and so nothing to draw."""
    return seconds(context.summary.as_of) or 0


def trend_line(trend: Trend) -> TrendLine:
    """Return a trend in words; one that was not assessed has its reason."""
    if trend.p_value is None:
        return TrendLine(trend.measure, trend.verdict, trend.reason)
    p = "p < 0.001" if trend.p_value < 0.001 else f"p = {trend.p_value:.3f}"  # noqa: PLR2004 - what three places show
    months = _("n = %(months)s", months=counted(trend.months, "month"))
    return TrendLine(trend.measure, trend.verdict, f"Mann\N{EN DASH}Kendall, {p}, {months}")


def _busiest(context: Context) -> list[str]:
    """Return the components with most deployments to production."""
    totals: dict[str, int] = {}
    for env in context.productions:
        for line in context.measured.of(env.name).components:
            total = sum(msgspec.structs.astuple(line.kinds))
            totals[line.subject] = totals.get(line.subject, 0) + total
    return sorted(totals, key=lambda name: (-totals[name], name))[:SWIMLANES]


def _swimlanes(context: Context, components: list[str]) -> tuple[tuple[str, str, Swimlane], ...]:
    found = []
    for name in components:
        lanes = context.histories.get(name, NOTHING).lanes
        drawn = swimlane(lanes, _as_of(context), lambda identity: context.deployment_link(identity)[0])
        found.append((name, component_page(name), drawn))
    return tuple(found)
