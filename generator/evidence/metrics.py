"""`metrics.jsonl`: delivery measures, a line for one subject and one stretch of time, with the counts behind each.

Counts add: those of the months are those of the year. Quantiles don't, so each line has its own. Every figure that is
missing says why.
"""

from __future__ import annotations

import msgspec

from generator.evidence.counts import NO_KINDS, NO_RATIO, KindCounts, Ratio


class Share(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A ratio with both of its counts, and how sure it is."""

    count: int
    of: int
    low: float | None = None
    """Ends of the 95 % interval of the share (Wilson), between 0 and 1; `None` where there is none."""
    high: float | None = None
    reason: str = ""
    """Why there is nothing to divide by, or nothing was measured; empty where there is a share."""


class Spread(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Durations in seconds: how many, median, mean and 90th percentile."""

    n: int
    of: int
    """How many there were to measure."""
    median_seconds: int | None = None
    mean_seconds: int | None = None
    p90_seconds: int | None = None
    reason: str = ""
    """Why nothing, or not everything, was measured."""


class Uptime(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Availability: (agreed operating time - union of downtime) / agreed operating time."""

    agreed_seconds: int
    down_seconds: int
    intervals: int
    """Stretches of downtime once overlapping ones are one."""
    target: str = ""
    """Agreed availability in per cent; empty where none was agreed."""
    reason: str = ""
    """Why it is not measurable; empty where it is."""


class PeriodMetrics(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A line of `metrics.jsonl`."""

    environment: str
    by: str
    """`environment`, `component` or `team`."""
    subject: str
    """Component or team; empty for the environment as a whole."""
    unit: str
    """`all`, `hour`, `day`, `week`, `month`, `quarter`, `year` or `rolling`."""
    period: str
    """Name such as `2026-W34`; `all`; for rolling windows, up to the report time, `7d`, `30d`, `90d` or `365d`."""
    start: str
    """First moment, RFC 3339 in UTC; empty where there is no dated deployment."""
    end: str
    """First moment after it, never after the report time. What happened at the report time itself counts."""
    cut: str = ""
    """Why it is not a whole period, as a sentence; empty where it is."""
    kinds: KindCounts = NO_KINDS
    """Deployments without bulk ones."""
    bulk: KindCounts = NO_KINDS
    """Bulk deployments, which no ratio below counts."""
    bypasses: int = 0
    """Deployments with an artifact that the upstream never had, bulk ones among them."""
    velocity_to_rollback: Ratio = NO_RATIO
    """Forward deliveries : rollbacks and roll-forwards."""
    change_fail_rate: Share = Share(0, 0)
    """Failed ones of the change-bearing deployments whose observation ended, or that failed before."""
    pending: int = 0
    """Change-bearing deployments under observation that nothing is known against; not in the rate. Those without a
    usable time stay here."""
    failed_apart: int = 0
    """Failed deployments that the rate does not count, on neither side: bulk ones, failed rollbacks and redeploys, and
    those of which nothing but a bulk rollback tells."""
    rework_rate: Share = Share(0, 0)
    lead_time: Spread = Spread(0, 0)
    lead_time_kind: str = ""
    """`change lead time` with the application's own history, else `config lead time`."""
    promotion_lead: Spread = Spread(0, 0)
    recovery_time: Spread = Spread(0, 0)
    """Of the deployments that failed in this period; `of` counts those that did not recover too."""
    time_to_null_deploy: Spread = Spread(0, 0)
    availability: Uptime | None = None
    """Of an environment as a whole, with the downtime of all its components; of a component or team, with that of the
    environment as a whole. `None` where nobody asked."""
    time_to_detect: Spread = Spread(0, 0)
    time_to_triage: Spread = Spread(0, 0)
    time_to_repair: Spread = Spread(0, 0)


class OpenFailure(msgspec.Struct, frozen=True):
    """A failed deployment that has not recovered."""

    environment: str
    deployment: str
    """Id of the deployment."""
    since: str
    """Its time."""
    seconds: int
    """Since then, at the report time."""
    reason: str
    """What marks it as failed, as a sentence."""


class ProfileFigure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One measure of one environment by one body's definition, over one window."""

    profile: str
    """`assay`, `dora`, `gitlab`, `devlake`, `datadog` or `octopus`."""
    environment: str
    window: str
    """`all`, `30d`, `90d` or `365d`."""
    measure: str
    """`deployment frequency`, `lead time`, `change fail rate`, `recovery time` or another name of the profile's."""
    value: float | None
    """`None` where it is not measurable."""
    unit: str
    """`a day`, `a week`, `seconds`, `share`, `days of a week` or `deployments`."""
    count: int
    """Numerator, or how many cases a quantile is of."""
    of: int
    """Denominator, or how many cases there were."""
    reason: str = ""
    """Why it is not measurable; empty where it is."""


class ProfileText(msgspec.Struct, frozen=True):
    """How one body defines one measure, in words of our own."""

    profile: str
    title: str
    measure: str
    formula: str
    source: str
    """Title of the document, and its date or version."""
    url: str
    differs: str = ""
    """What of the definition can't be told from git and records, and what stands in its place."""


class Trend(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether a series of months goes up or down, by a test."""

    environment: str
    measure: str
    months: int
    verdict: str
    """`rising`, `falling`, `no trend` or `not assessed`."""
    p_value: float | None = None
    tau: float | None = None
    """Kendall's tau."""
    reason: str = ""
    """Why it is not assessed, or how it was tested."""


class OpenDowntime(msgspec.Struct, frozen=True):
    """Downtime whose end no record tells: it is counted up to the report time."""

    environment: str
    id: str
    component: str
    """Empty where it is of the environment as a whole."""
    since: str
    seconds: int


class MetricsSummary(msgspec.Struct, frozen=True):
    """How delivery was measured, and what of it is no series."""

    profile: str = "assay"
    """Whose definitions are shown first."""
    observation_seconds: int = 0
    """Time after which a deployment that nothing is known against counts as good."""
    small: int = 0
    """Number of cases below which a figure comes from a small sample."""
    target: str = ""
    """Agreed availability in per cent; empty where none was agreed."""
    agreed: tuple[tuple[int, int], ...] = ()
    """Agreed operating hours in seconds from Monday 00:00 UTC, (first, first after); none for every hour."""
    failures: tuple[OpenFailure, ...] = ()
    """Failed deployments that have not recovered, by environment, oldest first."""
    downtimes: tuple[OpenDowntime, ...] = ()
    """Downtime that goes on, by environment, oldest first."""
    confirmed: tuple[tuple[str, int], ...] = ()
    """(environment, deployments whose time a record tells)."""
    profiles: tuple[ProfileFigure, ...] = ()
    profile_texts: tuple[ProfileText, ...] = ()
    trends: tuple[Trend, ...] = ()
