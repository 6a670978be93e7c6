"""What is judged of deployments beside their values, and what that adds up to over an environment."""

from __future__ import annotations

from collections import Counter

import msgspec

from generator.assurance.gates.facts import GateVerdict, Outcome
from generator.assurance.results.index import Bound  # noqa: TC001 - msgspec reads the annotation as the program runs
from generator.assurance.triage.verdict import TriageVerdict  # noqa: TC001 - as above
from generator.evidence.summary import GateTotal


class Judged(msgspec.Struct, frozen=True):
    """What is said of a deployment beside its values."""

    results: tuple[Bound, ...] = ()
    """Imported results that are bound to it, or expected and missing, by name."""
    gates: tuple[GateVerdict, ...] = ()
    """In the order of the configuration."""
    triage: TriageVerdict | None = None


NOTHING_JUDGED = Judged()


class JudgedTotals:
    """Counts of one environment; `add` for each deployment."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._gates: dict[str, GateVerdict] = {}
        self._outcomes: Counter[tuple[str, Outcome]] = Counter()
        self._triage: Counter[str] = Counter()
        self._results: Counter[tuple[str, str]] = Counter()

    def add(self, judged: Judged) -> None:
        """Count what was judged of one deployment."""
        for verdict in judged.gates:
            self._gates[verdict.name] = verdict
            self._outcomes[verdict.name, verdict.outcome] += 1
        if judged.triage is not None:
            self._triage[judged.triage.outcome.value] += 1
        for bound in judged.results:
            self._results[bound.name, bound.outcome] += 1

    def gates(self) -> tuple[GateTotal, ...]:
        """Return the totals of each gate, in the order of the configuration."""
        return tuple(
            GateTotal(name, one.owner, one.says, **{o.name.lower(): self._outcomes[name, o] for o in Outcome})
            for name, one in self._gates.items()
        )

    def triage(self) -> tuple[tuple[str, int], ...]:
        """Return how many failures had which verdict, the commonest first."""
        return tuple(sorted(self._triage.items(), key=lambda item: (-item[1], item[0])))

    def results(self) -> tuple[tuple[str, int, int, int, int], ...]:
        """Return (name, passed, failed, missing, unreadable) of each imported result, by name."""
        counts = self._results
        return tuple(
            (n, counts[n, "passed"], counts[n, "failed"], counts[n, "missing"], counts[n, "unreadable"])
            for n in sorted({name for name, _ in counts})
        )
