"""What gates would say of a release that nobody made yet, and when those that fail by time alone would pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.assurance.gates.facts import Outcome
from generator.assurance.gates.judging import judge
from generator.config.freezing import moment
from generator.evidence.next_release import NextGate
from generator.history.commits import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.assurance.gates.facts import GateFacts, GateVerdict
    from generator.config.freezing import Freeze
    from generator.config.gates import Gate
    from generator.evidence.next_release import Says

TOO_EARLY = "too early"
_MINUTE = 60
_LONGEST_WEEKLY = 8 * 24 * 60
"""Minutes after which a weekly window that still holds never ends."""
_MOST_WINDOWS = 500
"""Windows in a row that are followed."""
_LATER = {
    "approval": "It can still be given: with the release itself, or before it in a file.",
    "result": "It can still come: results of a commit come once the commit is made.",
    "signed": "Nothing is signed before the release is made.",
}


def next_gates(gates: Sequence[Gate], facts: GateFacts) -> tuple[NextGate, ...]:
    """Return what each gate would say of a release of `facts`, in the order of the configuration."""
    return tuple(_gate(gate, verdict, facts) for gate, verdict in zip(gates, judge(gates, facts), strict=True))


def told(gates: Iterable[NextGate]) -> Says:
    """Return what gates add up to; those that don't look at such a release say nothing."""
    outcomes = {gate.outcome for gate in gates if gate.asked}
    if outcomes & {Outcome.FAILED.value, Outcome.MISSING.value}:
        return "no-go"
    if TOO_EARLY in outcomes:
        return "too early"
    return "open" if Outcome.NOT_ASSESSED.value in outcomes else "go"


def _gate(gate: Gate, verdict: GateVerdict, facts: GateFacts) -> NextGate:
    passes = passes_at(gate, facts) if verdict.outcome is Outcome.FAILED else None
    unmoved = bool(gate.soak) and not facts.soaks
    held = verdict.outcome is Outcome.PASSED
    return NextGate(
        name=verdict.name,
        condition=verdict.condition,
        outcome=TOO_EARLY if passes is not None else verdict.outcome.value,
        detail=verdict.detail,
        owner=verdict.owner,
        says=verdict.says,
        passes_at=rfc3339(passes),
        so_far_seconds=_so_far(facts) if gate.soak and not held else None,
        needed_seconds=gate.soak if gate.soak and not held else None,
        asked=not (facts.kind in gate.excepted or (unmoved and not held)),
        later="" if held else _LATER.get(verdict.condition, ""),
    )


def _so_far(facts: GateFacts) -> int | None:
    known = [soak.seconds for soak in facts.soaks if soak.validation == "promoted" and soak.seconds is not None]
    return min(known, default=None) if len(known) == len(facts.soaks) else None


def passes_at(gate: Gate, facts: GateFacts) -> int | None:
    """Return the first moment, in seconds since 1970 UTC, at which a gate passes by the passing of time alone.

    `None` where it passes never, or where that can't be told. The gate itself is asked about that moment.
    """
    if facts.time is None:
        return None
    at = _soaked(gate.soak, facts) if gate.soak else thawed(gate.freeze, facts.time) if gate.freeze else None
    if at is None:
        return None
    (then,) = judge([gate], _later(facts, at - facts.time))
    return at if then.outcome is Outcome.PASSED else None


def _soaked(needed: int, facts: GateFacts) -> int | None:
    soaked = _so_far(facts)
    return (facts.time or 0) + max(0, needed - soaked) if soaked is not None else None


def _later(facts: GateFacts, seconds: int) -> GateFacts:
    """Return facts as they would be after so many seconds in which nothing else happened."""
    soaks = tuple(
        msgspec.structs.replace(soak, seconds=soak.seconds + seconds) if soak.seconds is not None else soak
        for soak in facts.soaks
    )
    return msgspec.structs.replace(facts, time=(facts.time or 0) + seconds, soaks=soaks)


def thawed(windows: Sequence[Freeze], at: int) -> int | None:
    """Return the first moment from `at` on that no window holds; `None` where there is none in sight."""
    for _ in range(_MOST_WINDOWS):
        ends = [_end(window, at) for window in windows if window.holds(at)]
        if not ends:
            return at
        if None in ends:
            return None
        at = max(end for end in ends if end is not None)
    return None


def _end(window: Freeze, at: int) -> int | None:
    """Return when a window that holds at `at` ends. Weekly ones begin and end on whole minutes of their zone."""
    if not window.weekly:
        return moment(window.until, window.zone, end=True)
    first = at - at % _MINUTE + _MINUTE
    minutes = range(first, first + _LONGEST_WEEKLY * _MINUTE, _MINUTE)
    return next((minute for minute in minutes if not window.holds(minute)), None)
