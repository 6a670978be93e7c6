"""Measures as OpenMetrics: counters of all time, gauges of each stretch, with the report time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from generator.cli.metrics_cells import SHARES, SPREADS, counted_kinds
from generator.cli.openmetrics import COUNTER, GAUGE, INFO, Exposition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.evidence.metrics import PeriodMetrics, Share, Spread, Uptime
    from generator.evidence.metrics_report import MetricsReport

_STATISTICS = (("median", "median_seconds"), ("mean", "mean_seconds"), ("p90", "p90_seconds"))


def metrics_openmetrics(report: MetricsReport, *, by_profile: bool = False) -> str:
    """Return the report as OpenMetrics text; with the profile's figures beside Assay's own where `by_profile`."""
    out = Exposition(int(datetime.fromisoformat(report.as_of).timestamp()) if report.as_of else None)
    _describe(out)
    out.add("assay_report", {"version": report.version, "commit": report.commit, "title": report.title}, 1)
    for line in report.metrics:
        _add_line(out, line)
    if report.by == "environment":
        for environment in dict.fromkeys(line.environment for line in report.metrics):
            count = sum(row.environment == environment for row in report.open_failures)
            out.add("assay_open_failures", {"environment": environment}, count)
    for figure in report.figures if by_profile else ():
        if figure.value is not None:
            labels = {"profile": figure.profile, "environment": figure.environment, "measure": figure.measure}
            out.add("assay_profile_figure", {**labels, "period": figure.window, "in": figure.unit}, figure.value)
    return out.text()


def _describe(out: Exposition) -> None:
    out.family("assay_report", INFO, "The report that these measures are of.")
    out.family("assay_deployments", COUNTER, "Deployments of all time, by kind.")
    out.family("assay_period_deployments", GAUGE, "Deployments of the period, by kind.")
    out.family("assay_period_bypasses", GAUGE, "Deployments of the period that brought what the upstream never had.")
    out.family(
        "assay_velocity_to_rollback_deployments", GAUGE, "Forward deliveries, and rollbacks with roll-forwards.",
        "deployments",
    )  # fmt: skip
    for field, label in SHARES:
        out.family(f"assay_{field}_ratio", GAUGE, f"{label.capitalize()}.", "ratio")
        out.family(f"assay_{field}_interval_ratio", GAUGE, f"Ends of the 95 % interval of the {label}.", "ratio")
    out.family("assay_pending_deployments", GAUGE, "Deployments under observation, in no rate yet.", "deployments")
    out.family("assay_failed_apart_deployments", GAUGE, "Failed deployments that no rate counts.", "deployments")
    for field, label in SPREADS:
        out.family(f"assay_{field}_seconds", GAUGE, f"{label.capitalize()}: median, mean, 90th percentile.", "seconds")
    out.family("assay_availability_ratio", GAUGE, "Share of the agreed operating time without downtime.", "ratio")
    out.family("assay_availability_target_ratio", GAUGE, "Agreed availability.", "ratio")
    out.family("assay_agreed_seconds", GAUGE, "Agreed operating time.", "seconds")
    out.family("assay_down_seconds", GAUGE, "Downtime within the agreed operating time.", "seconds")
    out.family("assay_cases_measured", GAUGE, "Numerator of a rate, or how many durations were measured.")
    out.family("assay_cases", GAUGE, "Denominator of a rate, or how many durations there were to measure.")
    out.family("assay_open_failures", GAUGE, "Failed deployments that have not recovered.")
    out.family("assay_profile_figure", GAUGE, "A measure by another body's definition, in the unit of its label.")


def _add_line(out: Exposition, line: PeriodMetrics) -> None:
    subject = {line.by: line.subject} if line.subject else {}
    whose = {"environment": line.environment, **subject}
    labels = {**whose, "period": line.period}
    for bulk, counts in (("false", line.kinds), ("true", line.bulk)):
        for kind, count in counted_kinds(counts).items():
            if line.unit == "all":
                out.add("assay_deployments", {**whose, "kind": kind, "bulk": bulk}, count)
            out.add("assay_period_deployments", {**labels, "kind": kind, "bulk": bulk}, count)
    out.add("assay_period_bypasses", labels, line.bypasses)
    velocity = line.velocity_to_rollback
    for side, count in (("forward", velocity.left), ("back", velocity.right)):
        out.add("assay_velocity_to_rollback_deployments", {**labels, "side": side}, count)
    out.add("assay_pending_deployments", labels, line.pending)
    out.add("assay_failed_apart_deployments", labels, line.failed_apart)
    for field, _ in SHARES:
        _add_share(out, field, labels, getattr(line, field))
    for field, _ in SPREADS:
        defined = {"kind": line.lead_time_kind} if field == "lead_time" else {}
        _add_spread(out, field, {**labels, **defined}, labels, getattr(line, field))
    if line.availability is not None:
        _add_uptime(out, labels, line.availability)


def _add_share(out: Exposition, field: str, labels: Mapping[str, str], share: Share) -> None:
    out.add("assay_cases_measured", {**labels, "measure": field}, share.count)
    out.add("assay_cases", {**labels, "measure": field}, share.of)
    if not share.of:
        return
    out.add(f"assay_{field}_ratio", labels, share.count / share.of)
    for bound in ("low", "high"):
        end: float | None = getattr(share, bound)
        if end is not None:
            out.add(f"assay_{field}_interval_ratio", {**labels, "bound": bound}, end)


def _add_spread(
    out: Exposition, field: str, labels: Mapping[str, str], plain: Mapping[str, str], spread: Spread
) -> None:
    out.add("assay_cases_measured", {**plain, "measure": field}, spread.n)
    out.add("assay_cases", {**plain, "measure": field}, spread.of)
    for statistic, name in _STATISTICS:
        seconds: int | None = getattr(spread, name)
        if spread.n and seconds is not None:
            out.add(f"assay_{field}_seconds", {**labels, "statistic": statistic}, seconds)


def _add_uptime(out: Exposition, labels: Mapping[str, str], uptime: Uptime) -> None:
    if uptime.target:
        out.add("assay_availability_target_ratio", labels, float(uptime.target) / 100)
    if uptime.reason or not uptime.agreed_seconds:
        return
    out.add("assay_availability_ratio", labels, 1 - uptime.down_seconds / uptime.agreed_seconds)
    out.add("assay_agreed_seconds", labels, uptime.agreed_seconds)
    out.add("assay_down_seconds", labels, uptime.down_seconds)
