"""Bulk windows: deployments in quick succession that together move many components the same way.

A run is made of consecutive deployments of one environment and one kind, each within the window of the run's first
one by commit time. As soon as its deployments together move enough components, all of them are bulk. Runs are taken
greedily and never overlap; a deployment without a usable time ends a run and begins none.

What a run comes to is known only later, so deployments are held and handed out in the order they came in, whatever
their environment. What is held is bounded: a run also ends once the history has gone on for a day beyond its window,
or where too much is held; that only ever makes a run shorter.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.timeline.verdicts import Verdict

Item = TypeVar("Item")
KINDS = frozenset({Kind.FORWARD, Kind.ROLLBACK, Kind.REDO})
"""Kinds in which components move the same way."""
GRACE = 86_400
"""Seconds after its window for which a run waits for commits with skewed dates."""
MOST_HELD = 20_000
"""Components of all deployments that are held at once."""


class _Run:
    """Deployments of one environment that may come to a bulk."""

    __slots__ = ("bulk", "components", "ended", "first", "kind", "length")

    def __init__(self, kind: Kind, first: int | None) -> None:
        self.kind, self.first = kind, first
        self.components: set[str] = set()
        self.length = 0
        self.bulk = False
        self.ended = first is None


class BulkWindows(Generic[Item]):
    """Holds what is handed in until it is known whether its deployment is part of a bulk window."""

    def __init__(self, bulk: int, seconds: int) -> None:
        """Call a run bulk in which `bulk` components move within `seconds`; a window of 0 seconds holds nothing."""
        self._bulk, self._seconds = bulk, seconds
        self._runs: dict[str, _Run] = {}
        self._held: deque[tuple[_Run, int, Item]] = deque()
        self._weight = 0

    def take(
        self, environment: str, time: int | None, kind: Kind, components: Collection[str], item: Item
    ) -> Iterator[tuple[Item, bool]]:
        """Take in the next deployment, and yield what is settled by now: each item, and whether it is bulk.

        `time` is that of the commit, seconds since 1970 UTC, `None` where it counts for nothing; `components` are
        those that moved the way of the deployment's `kind`. The result has to be gone through to its end.
        """
        run = self._run(environment, time, kind)
        run.length += 1
        if not run.ended:
            if not run.bulk:
                run.components.update(components)
            if run.length > 1 and len(run.components) >= self._bulk:
                run.bulk, run.components = True, set()
        weight = max(1, len(components))
        self._held.append((run, weight, item))
        self._weight += weight
        yield from self._settled(time)

    def finish(self) -> Iterator[tuple[Item, bool]]:
        """Yield everything that is still held, after the last deployment."""
        for run in self._runs.values():
            run.ended = True
        yield from self._settled(None)

    def _run(self, environment: str, time: int | None, kind: Kind) -> _Run:
        """Return the run that a deployment belongs to: the open one of its environment, or a new one."""
        run = self._runs.get(environment)
        if run is not None:
            near = run.first is not None and time is not None and abs(time - run.first) <= self._seconds
            if near and run.kind is kind and not run.ended:
                return run
            run.ended = True
        counts = kind in KINDS and self._seconds > 0
        run = self._runs[environment] = _Run(kind, time if counts else None)
        return run

    def _settled(self, now: int | None) -> Iterator[tuple[Item, bool]]:
        held = self._held
        while held:
            run, weight, item = held[0]
            if not (run.bulk or run.ended):
                over = now is not None and run.first is not None and now - run.first > self._seconds + GRACE
                if not over and self._weight <= MOST_HELD:
                    return
                run.ended = True
            held.popleft()
            self._weight -= weight
            yield item, run.bulk


def in_window(verdict: Verdict, bulk: int, seconds: int) -> Verdict:
    """Return the verdict of a deployment that is part of a bulk window, with its reason."""
    minutes = f"{seconds // 60} minutes" if seconds % 60 == 0 else f"{seconds} seconds"
    reason = f"Together with its neighbours within {minutes} it moved {bulk} components or more the same way."
    reasons = verdict.reasons if verdict.bulk else (*verdict.reasons, reason)
    return msgspec.structs.replace(verdict, bulk=True, reasons=reasons)
