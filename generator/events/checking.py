"""What records say that can't be, each with its place, its reason and what to do; nothing is left out for it here."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from generator.config.suggestions import suggestion
from generator.errors import Place, one_line
from generator.events.entries import DeploymentEvent, DowntimeEvent, IncidentEvent
from generator.events.limits import MAX_SUGGESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.events.entries import ApprovalEvent, Duplicate, Records

RULE = "record-contradiction"
"""Slug of the rule that these are findings of."""
ORDERS = {
    "deployment": (("started", "finished"),),
    "incident": (
        ("impact_start", "detected"),
        ("impact_start", "cause_assigned"),
        ("impact_start", "restored"),
        ("detected", "cause_assigned"),
        ("detected", "restored"),
    ),
    "downtime": (("start", "end"),),
    "approval": (),
}
"""Pairs of times, by the kind of record, of which the first may not be after the second.

A cause may well be found after service was restored, so these two are no pair.
"""
_TIMES = {
    "deployment": ("started", "finished"),
    "incident": ("impact_start", "detected", "cause_assigned", "restored"),
    "downtime": ("start", "end"),
    "approval": ("at",),
}
_ANY = "*"


class Contradiction(msgspec.Struct, frozen=True):
    """One thing that one record says and that can't be, or that a reader has to know of it."""

    kind: str
    """`deployment`, `incident`, `downtime` or `approval`."""
    id: str
    environment: str
    """As written; empty where it names none."""
    reason: str
    fix: str
    source: str
    line: int
    counts: bool = False
    """Whether the record is measured nonetheless: what never ended is told, and is no contradiction."""

    @property
    def message(self) -> str:
        """Return the reason with what to do."""
        return f"{self.reason} ({self.fix})" if self.fix else self.reason


def contradictions(records: Records, environments: Sequence[str], as_of: int | None) -> tuple[Contradiction, ...]:
    """Return what is wrong with records, in the order of their sources and lines.

    `environments` are the names that are known; `as_of` is the report time, after which nothing can have happened,
    `None` where there is none.
    """
    checking = _Checking(environments, as_of)
    kinds = (
        ("deployment", records.deployments),
        ("incident", records.incidents),
        ("downtime", records.downtimes),
        ("approval", records.approvals),
    )
    found = [one for kind, events in kinds for event in events for one in checking.of(kind, event)]
    found += chain(
        (_duplicate(one) for one in records.duplicates),
        _unplaced(records.unplaced),
        (_unbegun(one) for one in records.unbegun),
    )
    return tuple(sorted(found, key=lambda one: (one.source, one.line, one.kind, one.id, one.reason)))


class _Checking:
    def __init__(self, environments: Sequence[str], as_of: int | None) -> None:
        self._environments = frozenset(environments)
        self._as_of = as_of
        self._fixes: dict[str, str] = {}

    def of(
        self, kind: str, event: DeploymentEvent | IncidentEvent | DowntimeEvent | ApprovalEvent
    ) -> Iterator[Contradiction]:
        """Yield what is wrong with one record by itself."""
        placed = event.environment in self._environments
        if not placed:
            name = one_line(event.environment, 80)
            yield _told(kind, event, f"`{name}` is no environment", self._suggestion(event.environment))
        times = {name: getattr(event, name) for name in _TIMES[kind]}
        for first, second in ORDERS[kind]:
            earlier, later = times[first], times[second]
            if earlier is not None and later is not None and later < earlier:
                reason = f"`{second}` is before `{first}`"
                yield _told(kind, event, reason, "correct one of the two; until then it is not measured")
                break
        ahead = [
            name for name, time in times.items() if self._as_of is not None and time is not None and time > self._as_of
        ]
        if ahead:
            fix = "correct the date, or report a later time; until then it is not measured"
            yield _told(kind, event, f"`{ahead[0]}` is after the report time", fix)
        elif not placed:
            return
        elif isinstance(event, IncidentEvent) and event.restored is None:
            began = times["impact_start"] is not None or times["detected"] is not None
            reason = "it has no end" if began else "it tells neither `impact_start` nor `detected` nor `restored`"
            yield _told(kind, event, reason, "write `restored` once it is over", counts=True)
        elif isinstance(event, DowntimeEvent) and event.end is None:
            yield _told(kind, event, "it has no end", "write `end` once it is over", counts=True)

    def _suggestion(self, name: str) -> str:
        if name not in self._fixes and len(self._fixes) < MAX_SUGGESTIONS:
            self._fixes[name] = suggestion(name, self._environments - {_ANY}, "environments")
        return self._fixes.get(name, "write the name of one that is configured")


def _told(
    kind: str,
    event: DeploymentEvent | IncidentEvent | DowntimeEvent | ApprovalEvent,
    reason: str,
    fix: str,
    *,
    counts: bool = False,
) -> Contradiction:
    return Contradiction(kind, event.id, event.environment, reason, fix, event.source, event.line, counts)


def _duplicate(one: Duplicate) -> Contradiction:
    fields = ", ".join(f"`{field}`" for field in one.fields)
    reason = f"the id stands at {Place(one.first_source, one.first_line)} too, with another {fields}; the first counts"
    fix = "give each record an id of its own, or remove one of the two"
    return Contradiction(one.kind, one.id, one.environment, reason, fix, one.source, one.line)


def _unplaced(runs: Sequence[DeploymentEvent]) -> Iterator[Contradiction]:
    """Yield one line for all runs that name no environment: most of them build, and are as they should be."""
    if runs:
        first = min(runs, key=lambda run: (run.source, run.line))
        many = f"{len(runs)} runs of pipelines or tasks name" if len(runs) > 1 else "a run of a pipeline or task names"
        fix = "write `environment` to the custom data of those that deploy"
        yield _told("deployment", first, f"{many} no environment, and so no deployment", fix, counts=True)


def _unbegun(one: DowntimeEvent) -> Contradiction:
    return _told("downtime", one, "its end is told, and no record tells its start", "add the event of its start")
