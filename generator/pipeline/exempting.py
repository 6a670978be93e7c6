"""Waivers and acceptances, as the summary tells what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.exemptions import ExemptionStanding
from generator.assurance.rule_set import built_in_ids
from generator.declarations.entries import Waiver
from generator.evidence.summary import ExemptionRecord
from generator.history.commits import rfc3339

if TYPE_CHECKING:
    from generator.assurance.exemptions import Exemptions, ExemptionState
    from generator.config.schema import Config
    from generator.pipeline.stages import Stages

_ORDER = (
    ExemptionStanding.UNKNOWN_RULE,
    ExemptionStanding.EXPIRED,
    ExemptionStanding.UNUSED,
    ExemptionStanding.IN_FORCE,
    ExemptionStanding.WITHDRAWN,
)
"""Those first that somebody has to look at."""


def exemption_records(
    exemptions: Exemptions, stages: Stages, as_of: int | None, config: Config
) -> tuple[ExemptionRecord, ...]:
    """Return every waiver and acceptance that was ever declared, at the report time `as_of`."""
    rules = built_in_ids() | {rule.id for rule in config.rules} | {r.id for stage in stages for r in stage.rules}
    findings = [(stage.name, one.finding) for stage in stages for one in stage.ledger.standing]
    items = [(stage.name, item) for stage in stages if stage.drift is not None for item in stage.drift.items]
    states = exemptions.states(as_of, rules, findings, items)
    return tuple(_record(state) for state in sorted(states, key=lambda state: _ORDER.index(state.state)))


def _record(state: ExemptionState) -> ExemptionRecord:
    entry = state.entry
    sort = entry.rule if isinstance(entry, Waiver) else entry.drift
    words = [sort, entry.component, entry.field, entry.environment]
    return ExemptionRecord(
        kind=state.kind,
        subject=" ".join(word for word in words if word != "*") or "*",
        owner=entry.owner,
        reason=entry.reason,
        expires=rfc3339(entry.expires),
        state=state.state.value,
        matched=state.matched,
        standing=state.standing,
        source=f"{entry.path}:{entry.line}" if entry.line else entry.path,
        since=state.since,
        since_at=rfc3339(state.since_time),
        until=state.until,
    )
