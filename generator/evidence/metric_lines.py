"""One line of `metrics.jsonl`: what was counted, with a reason for every figure that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.counts import NO_KINDS, NO_RATIO, KindCounts, Ratio
from generator.evidence.metrics import PeriodMetrics, Share, Spread, Uptime
from generator.history.commits import rfc3339
from generator.metrics.leads import CHANGE, CONFIG
from generator.metrics.statistics import wilson
from generator.metrics.tally import (
    APART,
    BYPASS,
    DETECT,
    FAILED,
    GOOD,
    LEAD,
    NULL_DEPLOY,
    OF,
    OPEN,
    PENDING,
    PROMOTION,
    RECOVERY,
    REPAIR,
    TRIAGE,
    kind_place,
    of_place,
)
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from generator.metrics.facts import EnvironmentFacts
    from generator.metrics.measuring import Measuring, Slice, Subject
    from generator.metrics.tally import Tally

_ENCODE = msgspec.msgpack.Encoder().encode
_FIRST = "This is the first environment of its chain: nothing comes to it from another."
_NOT_PRODUCTION = "Lead time is measured of production environments alone."
_NO_AGREED = "There is no agreed operating time in it."
_INCIDENTS = of_place(DETECT)
_UNKNOWN = Uptime(0, 0, 0, reason="No record of downtime was given.")
_OBSERVED = "All that brought a change are still under observation."
_NO_CHANGE = "No deployment brought a change"
_NO_DEPLOYMENT = "There was no deployment"
_FORWARD, _ROLLBACK, _ROLL_FORWARD, _HOTFIX = (
    kind_place(kind, bulk=False) for kind in (Kind.FORWARD, Kind.ROLLBACK, Kind.ROLL_FORWARD, Kind.HOTFIX)
)


def kind_counts(counts: tuple[int, ...]) -> KindCounts:
    """Return counts in the order of `KINDS` as evidence keeps them, which is the same order."""
    return KindCounts(*counts) if any(counts) else NO_KINDS


class Lines:
    """Makes the lines of one environment."""

    def __init__(self, measuring: Measuring) -> None:
        """Say what holds for all of its lines."""
        facts = measuring.facts
        self._environment, self._target = facts.name, measuring.target
        self._lead_kind = CHANGE if measuring.gathered.changes else CONFIG
        self._texts = _texts(facts)
        self._nothing = {measure: Spread(0, 0, reason=none) for measure, (none, _) in self._texts.items()}
        self._shares: dict[tuple[int, int, str], Share] = {}
        texts = sorted(self._texts.items())
        self._about = _ENCODE((self._environment, self._target, self._lead_kind, texts))

    def key(self, subject: Subject, one: Slice) -> bytes:
        """Return everything that a line is made from."""
        tally = one.tally
        spans = [(measure, tally.durations(measure)) for measure in tally.seconds]
        return self._about + _ENCODE((subject.by, subject.name, one.stretch, tally.counts, spans, one.served))

    def line(self, subject: Subject, one: Slice) -> PeriodMetrics:
        """Return the line of one subject and one stretch of time."""
        stretch, tally = one.stretch, one.tally
        kinds, counts = tally.kinds(), tally.counts
        failed, back = counts[FAILED], counts[_ROLLBACK] + counts[_ROLL_FORWARD]
        # Most stretches have no incident, and those that have one have all three measures of it.
        timed = self._spread if counts[_INCIDENTS] else self._nothing_of
        bulk = tally.bulk()
        beside = " other than bulk ones" if any(bulk) else ""
        # By place, in the order of the record: by name it takes eight times as long, and there may be 200,000 lines.
        return PeriodMetrics(
            self._environment,
            subject.by,
            subject.name,
            stretch.unit,
            stretch.name,
            rfc3339(stretch.start),
            rfc3339(stretch.end),
            stretch.cut,
            kind_counts(kinds),
            kind_counts(bulk),
            counts[BYPASS],
            Ratio(counts[_FORWARD], back) if counts[_FORWARD] or back else NO_RATIO,
            self._share(failed, failed + counts[GOOD], _OBSERVED if counts[PENDING] else f"{_NO_CHANGE}{beside}."),
            counts[PENDING],
            counts[APART],
            self._share(back + counts[_HOTFIX], sum(kinds), f"{_NO_DEPLOYMENT}{beside}."),
            self._spread(tally, LEAD),
            self._lead_kind,
            self._spread(tally, PROMOTION),
            self._recovery(tally),
            self._spread(tally, NULL_DEPLOY),
            self._availability(one),
            timed(tally, DETECT),
            timed(tally, TRIAGE),
            timed(tally, REPAIR),
        )

    def _availability(self, one: Slice) -> Uptime:
        if one.served is None:
            return _UNKNOWN
        return Uptime(*one.served, self._target, "" if one.served.agreed > 0 else _NO_AGREED)

    def _share(self, count: int, of: int, reason: str) -> Share:
        """Return a share with its interval; most of a long history are one of few."""
        key = count, of, reason if not of else ""
        found = self._shares.get(key)
        if found is None:
            ends = wilson(count, of)
            low, high = ends if ends is not None else (None, None)
            found = Share(count, of, _plain(low), _plain(high), "" if ends is not None else reason)
            self._shares[key] = found
        return found

    def _spread(self, tally: Tally, measure: int) -> Spread:
        """Return how long something took, with the reason where nothing, or not everything, was measured."""
        if not tally.counts[OF + measure]:
            return self._nothing[measure]
        n, of, median, mean, p90 = tally.durations(measure)
        reason = "" if n == of else f"{of - n:,} of {of:,} {self._texts[measure][1]}."
        return Spread(n, of, median, mean, p90, reason)

    def _nothing_of(self, _: Tally, measure: int) -> Spread:
        return self._nothing[measure]

    def _recovery(self, tally: Tally) -> Spread:
        if not tally.counts[of_place(RECOVERY)]:
            return self._nothing[RECOVERY]
        n, of, median, mean, p90 = tally.durations(RECOVERY)
        still = tally.counts[OPEN]
        unknown = of - n - still
        parts = [f"{still:,} of {of:,} did not recover."] if still else []
        parts += [f"{unknown:,} of {of:,} recovered at a time that is not known."] if unknown else []
        return Spread(n, of, median, mean, p90, " ".join(parts))


def _plain(number: float | None) -> float | None:
    """Return a whole number as such: to find out how another one is written canonically takes longer than its line."""
    return int(number) if number is not None and number.is_integer() else number


def _texts(facts: EnvironmentFacts) -> dict[int, tuple[str, str]]:
    """Return for each measure why there was nothing to measure, and what those lack that could not be."""
    first = facts.first.name if facts.first is not None else facts.name
    lead = "No new version came.", f"were not in {first} before, at a known time"
    if not facts.production:
        lead = _NOT_PRODUCTION, ""
    elif facts.app_changes is not None:
        lead = "No commit of the application came.", "have no usable time"
    elif facts.first is None:
        lead = _FIRST, ""
    promoted = "No artifact was promoted from an upstream environment." if facts.first is not None else _FIRST
    incident = "No incident was recorded.", "lack one of the two times, or have them the wrong way round"
    return {
        LEAD: lead,
        PROMOTION: (promoted, "have no usable time"),
        RECOVERY: ("No deployment failed.", ""),
        NULL_DEPLOY: ("No deployment left everything as it was.", "have no record of a start and a good finish"),
        DETECT: incident,
        TRIAGE: incident,
        REPAIR: incident,
    }
