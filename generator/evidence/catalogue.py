"""The checks as records, so that pages can explain them without knowing the checks."""

from __future__ import annotations

from generator.assurance.catalogue import RULES
from generator.evidence.summary import RuleRecord


def rule_records() -> tuple[RuleRecord, ...]:
    """Return a record of every rule, in the order of the help page."""
    return tuple(
        RuleRecord(
            id=rule.id,
            level=rule.level.value,
            title=rule.title,
            why=rule.why,
            fix=rule.fix,
            example=rule.example,
            source=rule.source,
        )
        for rule in RULES
    )
