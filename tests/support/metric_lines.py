"""Lines of measures to print and draw, with every part of them filled."""

from __future__ import annotations

import msgspec

from generator.evidence.counts import KindCounts, Ratio
from generator.evidence.metrics import OpenFailure, PeriodMetrics, ProfileFigure, ProfileText, Share, Spread, Uptime
from generator.evidence.metrics_report import REPORT_FORMAT, MetricsReport

AS_OF = "2026-09-30T17:05:00Z"
HOSTILE = '=cmd()|"x"\n# TYPE a b\\<script>{{7*7}}'


def line(period: str = "90d", unit: str = "rolling", **changed: object) -> PeriodMetrics:
    """Return a line with figures of every kind; `changed` takes the place of its fields."""
    made = PeriodMetrics(
        environment="production",
        by="environment",
        subject="",
        unit=unit,
        period=period,
        start="2026-07-02T17:05:00Z",
        end=AS_OF,
        kinds=KindCounts(initial=1, forward=24, rollback=1, redo=1, roll_forward=1, redeploy=2),
        bulk=KindCounts(forward=4),
        bypasses=3,
        velocity_to_rollback=Ratio(24, 2),
        change_fail_rate=Share(2, 24, 0.0232, 0.2585),
        pending=3,
        failed_apart=1,
        rework_rate=Share(2, 30, 0.018, 0.213),
        lead_time=Spread(20, 24, 55_800, 100_000, 777_600, "4 versions never ran in staging"),
        lead_time_kind="config lead time",
        promotion_lead=Spread(20, 24, 12_000, 14_000, 90_000),
        recovery_time=Spread(1, 2, 7_200, 7_200, 7_200),
        time_to_null_deploy=Spread(0, 0, reason="no record of a pipeline"),
        availability=Uptime(7_776_000, 3_600, 2, "99.9"),
        time_to_detect=Spread(2, 2, 300, 400, 500),
        time_to_triage=Spread(1, 2, 1_200, 1_200, 1_200),
        time_to_repair=Spread(2, 2, 5_400, 5_400, 6_000),
    )
    return msgspec.structs.replace(made, **changed)


def nothing(period: str = "7d") -> PeriodMetrics:
    """Return a line in which nothing was measured."""
    return PeriodMetrics(
        environment="production",
        by="environment",
        subject="",
        unit="rolling",
        period=period,
        start="2026-09-23T17:05:00Z",
        end=AS_OF,
        cut="the history begins in it",
        change_fail_rate=Share(0, 0, reason="no deployment that could count"),
        rework_rate=Share(0, 0, reason="no deployment"),
        lead_time=Spread(0, 0, reason="no version arrived"),
        availability=Uptime(0, 0, 0, reason="no record of downtime was given"),
    )


def report(*lines: PeriodMetrics, **changed: object) -> MetricsReport:
    """Return an answer with these lines, one open failure, and two figures of a profile."""
    made = MetricsReport(
        format=REPORT_FORMAT,
        version="0.1.0",
        title="Online shop",
        as_of=AS_OF,
        commit="c" * 40,
        limited="",
        profile="dora",
        by="environment",
        small=10,
        metrics=lines,
        figures=(
            ProfileFigure("dora", "production", "90d", "change fail rate", 0.125, "share", 3, 24),
            ProfileFigure("dora", "production", "365d", "change fail rate", 0.1, "share", 10, 100),
            ProfileFigure("dora", "production", "90d", "lead time", None, "seconds", 0, 5, "no application history"),
        ),
        definitions=(
            ProfileText(
                "dora", "DORA", "change fail rate", "failed / all", "Metrics guide, 2025", "https://dora.example/"
            ),
        ),
        open_failures=(OpenFailure("production", "production-41", "2026-09-20T10:00:00Z", 889_500, "rolled back"),),
    )
    return msgspec.structs.replace(made, **changed)
