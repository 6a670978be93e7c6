"""The gates of one deployment, judged: a pure function of what is configured and what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.gates.approval import judge_approval
from generator.assurance.gates.conditions import (
    judge_drift,
    judge_findings,
    judge_freeze,
    judge_result,
    judge_signed,
    judge_soak,
)
from generator.assurance.gates.facts import GateVerdict, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.assurance.gates.facts import GateFacts
    from generator.config.gates import Gate


def judge(gates: Iterable[Gate], facts: GateFacts) -> tuple[GateVerdict, ...]:
    """Return the verdict of each gate that guards the environment of `facts`, in the order of the configuration."""
    guarding = [gate for gate in gates if gate.guards(facts.environment, production=facts.production)]
    return tuple(_verdict(gate, facts) for gate in guarding)


def _verdict(gate: Gate, facts: GateFacts) -> GateVerdict:
    if facts.kind in gate.excepted:
        outcome, detail = Outcome.NOT_ASSESSED, f"The gate does not look at a {facts.kind}."
    else:
        outcome, detail = _judged(gate, facts)
    return GateVerdict(gate.name, gate.condition, outcome, detail, gate.owner, gate.says)


def _judged(gate: Gate, facts: GateFacts) -> tuple[Outcome, str]:
    if gate.approval is not None:
        return judge_approval(gate, gate.approval, facts)
    if gate.drift is not None:
        return judge_drift(gate.drift, facts)
    if gate.findings is not None:
        return judge_findings(gate.findings, facts)
    if gate.signed is not None:
        return judge_signed(gate.signed, facts)
    if gate.soak is not None:
        return judge_soak(gate.soak, facts)
    return judge_result(gate.result, facts) if gate.result else judge_freeze(gate.freeze, facts)
