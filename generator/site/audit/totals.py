"""What the changes of a period add up to: each change is in exactly one row of each of the tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from generator.site.audit.exceptions import APPROVALS, EXCEPTIONS, approval_of
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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


def totals(entries: Sequence[Entry]) -> Totals:
    """Return what `entries` add up to."""
    kinds = Counter(entry.kind for entry in entries)
    found = Counter(name for entry in entries for name in entry.exceptions)
    approved = Counter(approval_of(entry.approvals) for entry in entries)
    gates = _gates(entries)
    exceptions = _counted(EXCEPTIONS, found)
    excepted, silent = sum(bool(entry.exceptions) for entry in entries), sum(entry.silent for entry in entries)
    return Totals(
        changes=len(entries),
        excepted=excepted,
        silent=silent,
        ordinary=len(entries) - excepted - silent,
        kinds=tuple((kind, kinds[kind]) for kind in dict.fromkeys([*KINDS, *sorted(kinds)]) if kinds[kind]),
        exceptions=exceptions,
        foremost=tuple(sorted(exceptions, key=lambda one: -one.changes)[:FOREMOST]),
        approvals=_counted(APPROVALS, approved),
        gates=gates,
        unguarded=any(gate.unasked for gate in gates),
    )


def _counted(words: Mapping[str, tuple[str, str]], counts: Counter[str]) -> tuple[Counted, ...]:
    return tuple(
        Counted(name, _(called), _(meaning), counts[name]) for name, (called, meaning) in words.items() if counts[name]
    )


def _gates(entries: Iterable[Entry]) -> tuple[GateCounted, ...]:
    # Few tables of outcomes differ, so that they are counted first.
    tables = Counter(entry.gates for entry in entries)
    names = dict.fromkeys(name for table in tables for name, _outcome in table)
    counts: Counter[tuple[str, str]] = Counter()
    for table, times in tables.items():
        for gate in table:
            counts[gate] += times
    found = []
    for name in names:
        outcomes = tuple(counts[name, outcome] for outcome in OUTCOMES)
        found.append(GateCounted(name, outcomes, tables.total() - sum(outcomes)))
    return tuple(found)
