"""What tests of charts draw: months, days and components with few numbers each, and ways to look at a drawing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from generator.evidence.counts import KindCounts, Ratio
from generator.evidence.metrics import PeriodMetrics, Share, Spread, Uptime
from generator.evidence.samples import FailedSample
from generator.site.chart_availability import availability_chart
from generator.site.chart_calendar import calendar_chart
from generator.site.chart_components import fail_rate_by_component_chart
from generator.site.chart_lead import lead_distribution_chart
from generator.site.chart_recovery import recovery_chart
from generator.site.charts import kinds_by_month_chart, lead_by_month_chart, velocity_chart
from generator.site.measured import EnvironmentMeasures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.site.chart import Chart

AS_OF = "2026-03-31T12:00:00Z"
NOW = 1_774_958_400
DAY = 86_400
NOTHING = KindCounts()


def line(  # noqa: PLR0913 - a line has many parts, each with its name
    period: str = "all",
    *,
    unit: str = "month",
    subject: str = "",
    kinds: KindCounts = NOTHING,
    bulk: KindCounts = NOTHING,
    fails: Share | None = None,
    pending: int = 0,
    apart: int = 0,
    lead: Spread | None = None,
    promotion: Spread | None = None,
    recovery: Spread | None = None,
    uptime: Uptime | None = None,
    cut: str = "",
    start: str = "2026-01-05T08:00:00Z",
) -> PeriodMetrics:
    none = Spread(0, 0, reason="Nothing was measured.")
    return PeriodMetrics(
        environment="production",
        by="component" if subject else "environment",
        subject=subject,
        unit=unit,
        period=period,
        start=start,
        end=AS_OF,
        cut=cut,
        kinds=kinds,
        bulk=bulk,
        velocity_to_rollback=Ratio(kinds.forward, kinds.rollback + kinds.roll_forward),
        change_fail_rate=fails or Share(0, 0, reason="No deployment brought a change."),
        pending=pending,
        failed_apart=apart,
        lead_time=lead or none,
        lead_time_kind="config lead time",
        promotion_lead=promotion or none,
        recovery_time=recovery or none,
        availability=uptime,
    )


def measures(
    name: str = "production",
    *,
    whole: PeriodMetrics | None = None,
    months: tuple[PeriodMetrics, ...] = (),
    days: tuple[PeriodMetrics, ...] = (),
    components: tuple[PeriodMetrics, ...] = (),
) -> EnvironmentMeasures:
    return EnvironmentMeasures(name, 10, whole, months, days, components)


def full(name: str = "production", component: str = "cart") -> EnvironmentMeasures:
    lead, whole_lead = (
        Spread(12, 14, 1_560, 9_000, 90_000),
        Spread(13, 15, 1_500, 9_000, 90_000, "2 of 15 are unknown."),
    )
    up = Uptime(2_678_400, 3_600, 1, "99.9")
    return measures(
        name,
        whole=line(unit="all", kinds=KindCounts(initial=1, forward=16, rollback=2, redo=1, redeploy=3, gap=1),
                   bulk=KindCounts(forward=2), lead=whole_lead, promotion=whole_lead, uptime=up),
        months=(
            line("2026-01", kinds=KindCounts(initial=1, forward=12, redeploy=3, gap=1), lead=lead, promotion=lead,
                 uptime=Uptime(2_000_000, 0, 0, "99.9"), cut="The first deployment is of 2026-01-05."),
            line("2026-02", uptime=Uptime(2_419_200, 86_400, 2, "99.9")),
            line("2026-03", kinds=KindCounts(forward=4, rollback=2, redo=1), bulk=KindCounts(forward=2),
                 lead=Spread(1, 1, 0, 0, 3_600), promotion=Spread(1, 1, 0, 0, 3_600), uptime=up),
        ),
        days=(
            line("2026-01-05", unit="day", kinds=KindCounts(forward=9)),
            line("2026-03-30", unit="day", kinds=KindCounts(forward=1), bulk=KindCounts(forward=1), apart=1),
        ),
        components=(
            line(unit="all", subject=component, kinds=KindCounts(forward=24), fails=Share(3, 20, 0.05, 0.36),
                 pending=2),
            line(unit="all", subject="web", kinds=KindCounts(forward=4), fails=Share(2, 4, 0.15, 0.85)),
        ),
    )  # fmt: skip


def lead_chart(name: str = "production", *seconds: int) -> Chart:
    found = seconds or (30, 4_000, 90_000, 90_001)
    spread = Spread(len(found), len(found) + 1, sorted(found)[len(found) // 2], 0, max(found), "1 never came.")
    return lead_distribution_chart("lead-time", name, found, spread, title="Lead time", says="So long.", small=10)


def recoveries(name: str = "production", deployment: str = "production-4") -> Chart:
    failures = (
        FailedSample(deployment, NOW - 40 * DAY, recovered=True, seconds=5_400, told_by=("production-5",)),
        FailedSample("production-9", NOW - 3 * DAY, recovered=False, seconds=None, told_by=("INC-1",)),
    )
    return recovery_chart(name, failures, Spread(1, 2, 5_400, 5_400, 5_400), as_of=NOW, small=10)


def charts() -> Mapping[str, Callable[[str], Chart]]:
    """Return every chart by its name, as a function of the name of what it is of."""
    return {
        "velocity": lambda name: velocity_chart(full(name)),
        "kinds": lambda name: kinds_by_month_chart(full(name)),
        "lead-time-months": lambda name: lead_by_month_chart(full(name), "lead-time"),
        "promotion-lead-months": lambda name: lead_by_month_chart(full(name), "promotion-lead"),
        "lead-time": lead_chart,
        "calendar": lambda name: calendar_chart(full(name), AS_OF),
        "fail-rate": lambda name: fail_rate_by_component_chart(full(name, name)),
        "availability": lambda name: availability_chart(full(name)),
        "recovery": lambda name: recoveries(name, name),
    }


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own output, from this test


def words(chart: Chart) -> list[str]:
    """Return the texts of a drawing, its name left out."""
    return re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", chart.svg)
