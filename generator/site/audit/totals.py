"""What the changes of a period add up to: each change is in exactly one row of each of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from generator.site.audit.exceptions import APPROVALS, EXCEPTIONS, approval_of
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from generator.site.audit.entries import Entry

KINDS = ("initial", "forward", "rollback", "roll-forward", "redo", "hotfix", "redeploy", "gap")
OUTCOMES = ("passed", "failed", "missing", "not assessed")
FOREMOST = 3


class Counted(NamedTuple):
    """One row of a table of counts."""

    name: str
    """Machine name."""
    words: str
    meaning: str
    changes: int


class GateCounted(NamedTuple):
    """What one gate said of the changes of a period."""

    name: str
    outcomes: tuple[int, ...]
    """In the order of `OUTCOMES`."""
    unasked: int
    """Changes at which there was no such gate: those of an environment that it does not guard."""


class Totals(NamedTuple):
    """A period in counts. `changes` = `excepted` + `silent` + `ordinary` = the sum of `kinds` = that of `approvals`."""

    changes: int
    excepted: int
    """Changes with at least one exception."""
    silent: int
    """Changes without an exception at which some gate could not be assessed, or a file could not be read."""
    ordinary: int
    kinds: tuple[tuple[str, int], ...]
    """Those that occur."""
    exceptions: tuple[Counted, ...]
    """Those that occur. A change may have several, so that these may add up to more than `excepted`."""
    foremost: tuple[Counted, ...]
    """The exceptions that occur most often, the most frequent first, at most `FOREMOST`."""
    approvals: tuple[Counted, ...]
    gates: tuple[GateCounted, ...]
    unguarded: bool
    """Whether some gate does not guard all of the changes."""


class Tally(msgspec.Struct, array_like=True):
    """What changes add up to, one by one."""

    changes: int = 0
    excepted: int = 0
    silent: int = 0
    kinds: dict[str, int] = {}
    exceptions: dict[str, int] = {}
    approvals: dict[str, int] = {}
    gates: dict[tuple[tuple[str, str], ...], int] = {}
    """By what all gates of a change said: few of these differ."""

    def add(self, entry: Entry) -> None:
        """Count one more change."""
        self.changes += 1
        self.excepted += bool(entry.exceptions)
        self.silent += entry.silent
        _count(self.kinds, entry.kind)
        for name in entry.exceptions:
            _count(self.exceptions, name)
        _count(self.approvals, approval_of(entry.approvals))
        _count(self.gates, entry.gates)

    def join(self, other: Tally) -> None:
        """Count the changes of `other` in, which came later."""
        self.changes += other.changes
        self.excepted += other.excepted
        self.silent += other.silent
        _join(self.kinds, other.kinds)
        _join(self.exceptions, other.exceptions)
        _join(self.approvals, other.approvals)
        _join(self.gates, other.gates)

    def totals(self) -> Totals:
        """Return all of it as pages tell it."""
        gates = _gates(self.gates)
        exceptions = _counted(EXCEPTIONS, self.exceptions)
        kinds = dict.fromkeys([*KINDS, *sorted(self.kinds)])
        return Totals(
            changes=self.changes,
            excepted=self.excepted,
            silent=self.silent,
            ordinary=self.changes - self.excepted - self.silent,
            kinds=tuple((kind, self.kinds[kind]) for kind in kinds if kind in self.kinds),
            exceptions=exceptions,
            foremost=tuple(sorted(exceptions, key=lambda one: -one.changes)[:FOREMOST]),
            approvals=_counted(APPROVALS, self.approvals),
            gates=gates,
            unguarded=any(gate.unasked for gate in gates),
        )


def totals(entries: Iterable[Entry]) -> Totals:
    """Return what `entries` add up to."""
    tally = Tally()
    for entry in entries:
        tally.add(entry)
    return tally.totals()


Name = TypeVar("Name", bound="Hashable")


def _count(counts: dict[Name, int], name: Name, times: int = 1) -> None:
    counts[name] = counts.get(name, 0) + times


def _join(counts: dict[Name, int], others: Mapping[Name, int]) -> None:
    for name, times in others.items():
        _count(counts, name, times)


def _counted(words: Mapping[str, tuple[str, str]], counts: Mapping[str, int]) -> tuple[Counted, ...]:
    return tuple(
        Counted(name, _(called), _(meaning), counts[name])
        for name, (called, meaning) in words.items()
        if name in counts
    )


def _gates(tables: Mapping[tuple[tuple[str, str], ...], int]) -> tuple[GateCounted, ...]:
    names = dict.fromkeys(name for table in tables for name, _outcome in table)
    counts: dict[tuple[str, str], int] = {}
    for table, times in tables.items():
        for gate in table:
            _count(counts, gate, times)
    found, every = [], sum(tables.values())
    for name in names:
        outcomes = tuple(counts.get((name, outcome), 0) for outcome in OUTCOMES)
        found.append(GateCounted(name, outcomes, every - sum(outcomes)))
    return tuple(found)
