"""One line of `metrics.jsonl`: what was counted, with a reason for every figure that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.evidence.counts import NO_KINDS, NO_RATIO, KindCounts, Ratio
from generator.evidence.metrics import PeriodMetrics, Share, Spread, Uptime
from generator.evidence.records import attribute
from generator.history.commits import rfc3339
from generator.metrics.leads import CHANGE, CONFIG
from generator.metrics.statistics import wilson
from generator.metrics.tally import (
    APART,
    BYPASS,
    DETECT,
    FAILED,
    GOOD,
    KINDS,
    LEAD,
    NULL_DEPLOY,
    OPEN,
    PENDING,
    PROMOTION,
    RECOVERY,
    REPAIR,
    TRIAGE,
    kind_place,
)
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from generator.metrics.facts import EnvironmentFacts
    from generator.metrics.measuring import Measuring, Slice, Subject
    from generator.metrics.tally import Tally

_FIRST = "This is the first environment of its chain: nothing comes to it from another."
_NOT_PRODUCTION = "Lead time is measured of production environments alone."
_NO_DOWNTIME = "No record of downtime was given."
_NO_AGREED = "There is no agreed operating time in it."
_FORWARD, _ROLLBACK, _ROLL_FORWARD, _HOTFIX = (
    kind_place(kind, bulk=False) for kind in (Kind.FORWARD, Kind.ROLLBACK, Kind.ROLL_FORWARD, Kind.HOTFIX)
)
_ATTRIBUTES = tuple(attribute(kind.value) for kind in KINDS)


def kind_counts(counts: tuple[int, ...]) -> KindCounts:
    """Return counts in the order of `KINDS` as evidence keeps them."""
    return KindCounts(**dict(zip(_ATTRIBUTES, counts, strict=True))) if any(counts) else NO_KINDS


class Lines:
    """Makes the lines of one environment."""

    def __init__(self, measuring: Measuring) -> None:
        """Say what holds for all of its lines."""
        facts = measuring.facts
        self._environment, self._target = facts.name, measuring.target
        self._uptime_reason = _NO_DOWNTIME if not facts.downtimes and not self._target else ""
        self._lead_kind = CHANGE if measuring.leads.changes else CONFIG
        self._lead_reason = _lead_reason(facts)
        self._origin = facts.first.name if facts.first is not None else ""
        self._promotion_reason = _FIRST if facts.first is None else ""

    def line(self, subject: Subject, one: Slice) -> PeriodMetrics:
        """Return the line of one subject and one stretch of time."""
        stretch, tally = one.stretch, one.tally
        kinds = tally.kinds()
        return PeriodMetrics(
            environment=self._environment,
            by=subject.by,
            subject=subject.name,
            unit=stretch.unit,
            period=stretch.name,
            start=rfc3339(stretch.start),
            end=rfc3339(stretch.end),
            cut=stretch.cut,
            kinds=kind_counts(kinds),
            bulk=kind_counts(tally.bulk()),
            bypasses=tally.count(BYPASS),
            velocity_to_rollback=velocity(tally),
            change_fail_rate=_fail_rate(tally),
            pending=tally.count(PENDING),
            failed_apart=tally.count(APART),
            rework_rate=_rework(tally, sum(kinds)),
            lead_time=self._lead_time(tally),
            lead_time_kind=self._lead_kind,
            promotion_lead=self._promotion_lead(tally),
            recovery_time=_recovery(tally),
            time_to_null_deploy=_null_deploy(tally),
            availability=self._uptime(one),
            time_to_detect=_incident(tally, DETECT),
            time_to_triage=_incident(tally, TRIAGE),
            time_to_repair=_incident(tally, REPAIR),
        )

    def _uptime(self, one: Slice) -> Uptime:
        if self._uptime_reason:
            return Uptime(0, 0, 0, self._target, self._uptime_reason)
        served = one.served
        return Uptime(*served, self._target, "" if served.agreed > 0 else _NO_AGREED)

    def _lead_time(self, tally: Tally) -> Spread:
        if self._lead_reason:
            return Spread(0, 0, reason=self._lead_reason)
        if self._lead_kind == CHANGE:
            return spread(tally, LEAD, none="No commit of the application came.", lacking="have no usable time")
        lacking = f"never came to {self._origin} at a known time"
        return spread(tally, LEAD, none="No new version came.", lacking=lacking)

    def _promotion_lead(self, tally: Tally) -> Spread:
        if self._promotion_reason:
            return Spread(0, 0, reason=self._promotion_reason)
        none = "No artifact was promoted from an upstream environment."
        return spread(tally, PROMOTION, none=none, lacking="have no usable time")


def velocity(tally: Tally) -> Ratio:
    """Return forward deliveries, and rollbacks with roll-forwards."""
    left, right = tally.count(_FORWARD), tally.count(_ROLLBACK) + tally.count(_ROLL_FORWARD)
    return Ratio(left, right) if left or right else NO_RATIO


def spread(tally: Tally, measure: int, *, none: str, lacking: str) -> Spread:
    """Return how long something took, with the reason where nothing, or not everything, was measured."""
    n, of, median, mean, p90 = tally.durations(measure)
    reason = none if not of else "" if n == of else f"{of - n:,} of {of:,} {lacking}."
    return Spread(n, of, median, mean, p90, reason)


def _lead_reason(facts: EnvironmentFacts) -> str:
    if not facts.production:
        return _NOT_PRODUCTION
    return _FIRST if facts.first is None and facts.app_changes is None else ""


def _share(count: int, of: int, reason: str) -> Share:
    ends = wilson(count, of)
    return Share(count, of, *ends) if ends is not None else Share(count, of, reason=reason)


def _fail_rate(tally: Tally) -> Share:
    failed = tally.count(FAILED)
    waiting = tally.count(PENDING)
    reason = "All that brought a change are still under observation." if waiting else "No deployment brought a change."
    return _share(failed, failed + tally.count(GOOD), reason)


def _rework(tally: Tally, deployments: int) -> Share:
    count = tally.count(_ROLLBACK) + tally.count(_ROLL_FORWARD) + tally.count(_HOTFIX)
    return _share(count, deployments, "There was no deployment.")


def _recovery(tally: Tally) -> Spread:
    n, of, median, mean, p90 = tally.durations(RECOVERY)
    parts = []
    if not of:
        parts.append("No deployment failed.")
    if still := tally.count(OPEN):
        parts.append(f"{still:,} of {of:,} did not recover.")
    if unknown := of - n - still:
        parts.append(f"{unknown:,} of {of:,} recovered at a time that is not known.")
    return Spread(n, of, median, mean, p90, " ".join(parts))


def _null_deploy(tally: Tally) -> Spread:
    none = "No deployment left everything as it was."
    return spread(tally, NULL_DEPLOY, none=none, lacking="have no record of a start and a good finish")


def _incident(tally: Tally, measure: int) -> Spread:
    return spread(tally, measure, none="No incident was recorded.", lacking="lack one of the two times")
