"""What the gates said of one deployment, as evidence: a record of `objects/gates/ENVIRONMENT.jsonl`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.records import GateCounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.assurance.gates.facts import GateVerdict


class GateRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one gate said."""

    name: str
    condition: str
    """What it asks for: `approval`, `result`, `soak`, `freeze`, `drift`, `findings` or `signed`."""
    outcome: str
    """`passed`, `failed`, `missing` or `not assessed`."""
    detail: str
    """A sentence that can be checked against the history."""
    owner: str = ""
    """Who answers for the gate."""
    says: str = ""
    """What it means, for those who don't read conditions."""


class GateTable(msgspec.Struct, frozen=True):
    """All gates of one deployment, in the order of the configuration."""

    rows: tuple[GateRow, ...]


def gate_table(verdicts: Iterable[GateVerdict]) -> GateTable:
    """Return verdicts as a record."""
    return GateTable(tuple(GateRow(v.name, v.condition, v.outcome.value, v.detail, v.owner, v.says) for v in verdicts))


def outcome_counts(table: GateTable) -> dict[str, int]:
    """Return how many gates said what, by the names of the fields of `GateCounts`."""
    counts = Counter(row.outcome.replace(" ", "_") for row in table.rows)
    return {name: counts[name] for name in GateCounts.__struct_fields__ if name in counts}
