"""What the Trends page says of one environment: its charts, whether its months rise or fall, how often it delivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.facts import seconds
from generator.evidence.metrics import Spread
from generator.site.chart_availability import availability_chart
from generator.site.chart_calendar import calendar_chart
from generator.site.chart_components import fail_rate_by_component_chart
from generator.site.chart_lead import lead_distribution_chart
from generator.site.chart_recovery import recovery_chart
from generator.site.charts import kinds_by_month_chart, lead_by_month_chart, lead_words, velocity_chart
from generator.site.frequency_view import frequency
from generator.site.listing_views import KINDS
from generator.site.names import anchor, trends_page
from generator.site.outages import outages
from generator.site.texts import gettext as _
from generator.site.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.evidence.delivery_records import RecordLine
    from generator.evidence.metrics import Trend
    from generator.evidence.samples import Samples
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.chart import Chart
    from generator.site.context import Context
    from generator.site.frequency_view import Frequency
    from generator.site.measured import EnvironmentMeasures
    from generator.site.outages import Outages

CHARTED = 6
"""Environments whose charts are drawn: those of production first."""
ROOM = 280_000
"""Bytes of charts and numbers, about, that the page of all has room for; its first environment is there in any case."""
_CELL = 12
"""Bytes that a number in a table takes, about."""
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
    page: str
    """Where its charts are; empty where they stand on the page of all."""
    trends: tuple[TrendLine, ...]
    charts: tuple[Chart, ...]
    drift: str
    """Where the charts of its drift are; empty where it has none."""
    frequency: Frequency | None
    kinds: tuple[str, ...]
    outages: Outages | None
    """Downtime and incidents; `None` where no record tells of any."""

    @property
    def weight(self) -> int:
        """Bytes that it takes in a page, about."""
        drawn = sum(len(chart.svg) + _CELL * sum(map(len, chart.rows)) for chart in self.charts)
        rows = sum(len(part.rows) for part in self.frequency.lists) if self.frequency is not None else 0
        return drawn + rows * _CELL * (len(self.kinds) + 2)


def trend_sections(context: Context) -> tuple[TrendSection, ...]:
    """Return what there is to say of each environment, production first; what makes a page heavy has its own."""
    told = [line for line in context.evidence.records() if line.kind in {"downtime", "incident"}]
    sections: list[TrendSection] = []
    weight = 0
    for env in context.from_production[:CHARTED]:
        section = _section(context, env, told)
        weight += section.weight
        apart = sections and weight > ROOM
        sections.append(section._replace(page=trends_page(env.name)) if apart else section)
    return tuple(sections)


def _section(context: Context, env: EnvironmentSummary, told: Sequence[RecordLine]) -> TrendSection:
    measures = context.measured.of(env.name)
    charts = _of_production if env.production else _of_any
    return TrendSection(
        environment=env.name,
        anchor=anchor(f"trends-{env.name}"),
        page="",
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
        yield recovery_chart(env.name, samples.failures, spread, as_of=report_time(context), small=measures.small)
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


def report_time(context: Context) -> int:
    """Return the report time, seconds since 1970 UTC; 0 where there is none, and so nothing to draw."""
    return seconds(context.summary.as_of) or 0


def trend_line(trend: Trend) -> TrendLine:
    """Return a trend in words; one that was not assessed has its reason."""
    if trend.p_value is None:
        return TrendLine(trend.measure, trend.verdict, trend.reason)
    p = "p < 0.001" if trend.p_value < 0.001 else f"p = {trend.p_value:.3f}"  # noqa: PLR2004 - what three places show
    months = _("n = %(months)s", months=counted(trend.months, "month"))
    return TrendLine(trend.measure, trend.verdict, f"Mann\N{EN DASH}Kendall, {p}, {months}")
