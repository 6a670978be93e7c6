"""Counts and durations of one subject in the order of time: any stretch of it costs a few searches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import chain
from typing import TYPE_CHECKING

from generator.metrics.columns import Dated, Part, without
from generator.metrics.failures import BEARING
from generator.metrics.slices import DAY, HOUR, beginning
from generator.metrics.tally import (
    APART,
    DETECT,
    FAILED,
    GOOD,
    OF,
    OPEN,
    PENDING,
    RECOVERY,
    REPAIR,
    SIZE,
    TRIAGE,
    Tally,
    kind_place,
    of_place,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.metrics.facts import Incident
    from generator.metrics.failures import Failure
    from generator.metrics.periods import Unit
    from generator.metrics.settings import Settings

_BEARING = tuple(kind_place(kind, bulk=False) for kind in sorted(BEARING))
_MOMENTS = (*range(OF), of_place(DETECT))
"""Places of which each deployment and each incident raises one."""


class Counted:
    """What a part comes to at the report time."""

    def __init__(
        self, part: Part, failures: Iterable[Failure], incidents: Iterable[Incident], settings: Settings
    ) -> None:
        """Add to `part` what is known against its deployments, and its incidents."""
        self._times = {place: part.ordered(place) for place in part.counts}
        self._undated = {place: column.undated for place, column in part.counts.items()}
        self._spans = {measure: spans.dated() for measure, spans in part.spans.items()}
        self._loose: dict[int, list[int]] = {}
        kinds = [times for place, times in self._times.items() if place < OF and times]
        self.first = min((times[0] for times in kinds), default=None)
        """First deployment with a time."""
        self.last = max((times[-1] for times in kinds), default=None)
        """Last deployment with a time."""
        self._judge(list(failures), settings)
        self._tell(list(incidents))
        self._filled = [(place, times) for place, times in self._times.items() if times]

    def whole(self) -> Tally:
        """Return everything, what has no time among it."""
        counts = [0] * SIZE
        for place, times in self._times.items():
            counts[place] = len(times)
        for place, number in self._undated.items():
            counts[place] += number
        found = {m: [*self._spans[m].seconds, *self._loose.get(m, ())] for m in self._spans}
        return Tally(counts, found | {m: seconds for m, seconds in self._loose.items() if m not in found})

    def after(self, start: int) -> Tally:
        """Return what came later than `start`."""
        counts = [0] * SIZE
        for place, times in self._filled:
            counts[place] = len(times) - bisect_right(times, start)
        return Tally(counts, {m: spans.seconds[bisect_right(spans.times, start) :] for m, spans in self._spans.items()})

    def between(self, start: int, end: int) -> Tally:
        """Return what came from `start` on, but not before the first deployment, up to `end`, which is not in it."""
        # An incident before the first deployment is in no period: there is none to put it into.
        start = start if self.first is None else max(start, self.first)
        counts = [0] * SIZE
        found = {}
        for place, times in self._filled:
            begin = bisect_left(times, start)
            if begin < len(times) and times[begin] < end:
                counts[place] = bisect_left(times, end, begin) - begin
        for measure, spans in self._spans.items():
            begin = bisect_left(spans.times, start)
            if begin < len(spans.times) and spans.times[begin] < end:
                found[measure] = spans.seconds[begin : bisect_left(spans.times, end, begin)]
        return Tally(counts, found)

    def begun(self, unit: Unit, since: int | None) -> set[int]:
        """Return the first moments of the periods of `unit` with anything in them, of those that begin from `since`."""
        if self.first is None:
            return set()
        start = self.first if since is None else max(self.first, since)
        moments = chain.from_iterable(self._since(place, start) for place in _MOMENTS)
        if unit in {"hour", "day"}:
            seconds = HOUR if unit == "hour" else DAY
            return {time - time % seconds for time in moments}
        return {beginning(time, unit) for time in moments}

    def _since(self, place: int, start: int) -> list[int]:
        times = self._times.get(place, [])
        return times[bisect_left(times, start) :]

    def _judge(self, failures: list[Failure], settings: Settings) -> None:
        """Say of each deployment that brought a change whether it failed, holds, or is under observation."""
        bearing = [self._times[place] for place in _BEARING if self._times.get(place)]
        times = bearing[0] if len(bearing) == 1 else sorted(chain.from_iterable(bearing))
        undated = sum(self._undated.get(place, 0) for place in _BEARING)
        known = [f.delivery.time for f in failures if f.delivery.kind in BEARING and not f.delivery.bulk]
        times = without(times, [time for time in known if time is not None])
        place = bisect_right(times, settings.as_of - settings.observation) if settings.as_of is not None else 0
        self._times[GOOD], self._times[PENDING] = times[:place], times[place:]
        self._undated[PENDING] = undated - known.count(None)
        spans: list[tuple[int, int]] = []
        for failure in failures:
            time = failure.delivery.time
            for one in _places(failure):
                self._add(one, time)
            if failure.counted and failure.seconds is not None and time is not None:
                spans.append((time, failure.seconds))
        self._close((APART, FAILED, of_place(RECOVERY), OPEN))
        self._add_spans(RECOVERY, spans)

    def _tell(self, incidents: list[Incident]) -> None:
        """Add what incidents come to."""
        spans: dict[int, list[tuple[int, int]]] = {}
        for incident in incidents:
            start, detected = incident.impact_start, incident.detected
            time = start if start is not None else detected
            steps = (
                (DETECT, start, detected),
                (TRIAGE, detected, incident.cause_assigned),
                (REPAIR, incident.cause_assigned, incident.restored),
            )
            for measure, begin, end in steps:
                self._add(of_place(measure), time)
                if begin is None or end is None or begin > end:
                    continue
                if time is None:
                    self._loose.setdefault(measure, []).append(end - begin)
                else:
                    spans.setdefault(measure, []).append((time, end - begin))
        self._close(of_place(measure) for measure in (DETECT, TRIAGE, REPAIR))
        for measure, found in spans.items():
            self._add_spans(measure, found)

    def _add(self, place: int, time: int | None) -> None:
        if time is None:
            self._undated[place] = self._undated.get(place, 0) + 1
        else:
            self._times.setdefault(place, []).append(time)

    def _close(self, places: Iterable[int]) -> None:
        for place in places:
            if place in self._times:
                self._times[place].sort()

    def _add_spans(self, measure: int, found: list[tuple[int, int]]) -> None:
        if found:
            found.sort()
            self._spans[measure] = Dated([time for time, _ in found], [seconds for _, seconds in found])


def _places(failure: Failure) -> Iterator[int]:
    if not failure.counted:
        yield APART
        return
    yield FAILED
    yield of_place(RECOVERY)
    if not failure.recovered:
        yield OPEN
