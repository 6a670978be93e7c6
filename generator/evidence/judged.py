"""What is judged of deployments beside their values, and what that adds up to over an environment."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import msgspec

from generator.assurance.gates.approval import Weight  # noqa: TC001 - msgspec reads the annotation as the program runs
from generator.assurance.gates.facts import GateVerdict, Outcome, Yes
from generator.assurance.results.index import Bound  # noqa: TC001 - msgspec reads the annotation as the program runs
from generator.assurance.triage.judging import INCIDENT, ROLLBACK
from generator.assurance.triage.verdict import TriageVerdict  # noqa: TC001 - as above
from generator.evidence.summary import GateTotal


class Approved(NamedTuple):
    """A yes to a deployment, with what it is worth."""

    yes: Yes
    weight: Weight
    named: bool
    """Whether the report shows names."""


class Judged(msgspec.Struct, frozen=True):
    """What is said of a deployment beside its values."""

    results: tuple[Bound, ...] = ()
    """Imported results that are bound to it, or expected and missing, by name."""
    gates: tuple[GateVerdict, ...] = ()
    """In the order of the configuration."""
    triage: TriageVerdict | None = None
    approvals: tuple[Approved, ...] = ()
    """Of a production deployment, in their order."""


NOTHING_JUDGED = Judged()


class JudgedTotals:
    """Counts of one environment; `add` for each deployment."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._gates: dict[str, GateVerdict] = {}
        self._outcomes: Counter[tuple[str, Outcome]] = Counter()
        self._rollbacks: Counter[str] = Counter()
        self._incidents: dict[int, str] = {}
        """Verdicts by the number of the deployment, of incidents that no rollback tells of too."""
        self._results: Counter[tuple[str, str]] = Counter()

    def add(self, judged: Judged) -> None:
        """Count what was judged of one deployment."""
        for verdict in judged.gates:
            self._gates[verdict.name] = verdict
            self._outcomes[verdict.name, verdict.outcome] += 1
        if judged.triage is not None:
            self._fail(judged.triage)
        for bound in judged.results:
            self._results[bound.name, bound.outcome] += 1

    def gates(self) -> tuple[GateTotal, ...]:
        """Return the totals of each gate, in the order of the configuration."""
        return tuple(
            GateTotal(name, one.owner, one.says, **{o.name.lower(): self._outcomes[name, o] for o in Outcome})
            for name, one in self._gates.items()
        )

    def _fail(self, verdict: TriageVerdict) -> None:
        """Count a failure once: an incident and the rollback that took its deployment back tell of the same one.

        A gate that failed is no failure yet.
        """
        trigger, first = verdict.trigger.partition(" ")[0], verdict.first.sequence
        if trigger == ROLLBACK:
            self._rollbacks[verdict.outcome.value] += 1
            self._incidents = {n: told for n, told in self._incidents.items() if not first <= n <= verdict.last}
        elif trigger == INCIDENT:
            self._incidents[first] = verdict.outcome.value

    def triage(self) -> tuple[tuple[str, int], ...]:
        """Return how many failures had which verdict, the commonest first."""
        counts = self._rollbacks + Counter(self._incidents.values())
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def results(self) -> tuple[tuple[str, int, int, int, int], ...]:
        """Return (name, passed, failed, missing, unreadable) of each imported result, by name."""
        counts = self._results
        return tuple(
            (n, counts[n, "passed"], counts[n, "failed"], counts[n, "missing"], counts[n, "unreadable"])
            for n in sorted({name for name, _ in counts})
        )
