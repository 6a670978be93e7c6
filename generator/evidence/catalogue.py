"""The checks as records, so that pages can explain them without knowing the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.history_rules import HISTORY_RULES
from generator.assurance.record_rules import RECORD_RULES
from generator.assurance.rule_set import built_in
from generator.evidence.summary import RuleRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.assurance.findings import Rule
    from generator.assurance.history_rules import HistoryRule
    from generator.assurance.record_rules import RecordRule
    from generator.config.schema import Config
    from generator.config.user_rules import UserRule


def rule_records(
    config: Config | None = None, own: Mapping[str, Sequence[Rule]] | None = None
) -> tuple[RuleRecord, ...]:
    """Return a record of every rule, in the order of the help page: built in, of `config`, and of policies.

    `own` holds the rules of policies, by environment.
    """
    checks = config.checks if config is not None else {}
    policies = {rule.id: rule for rules in (own or {}).values() for rule in rules}
    return (
        *(_record(rule, checks.get(rule.id, "")) for rule in (*built_in(), *RECORD_RULES, *HISTORY_RULES)),
        *(_written(rule, checks.get(rule.id, "")) for rule in (config.rules if config is not None else ())),
        *(_record(rule, checks.get(rule.id, "")) for rule in policies.values()),
    )


def _written(rule: UserRule, setting: str) -> RuleRecord:
    return RuleRecord(
        id=rule.id,
        level=rule.level,
        title=rule.title or rule.id.replace("-", " ").capitalize(),
        why=rule.why,
        fix=rule.fix,
        example="",
        source="assay.yaml",
        family=rule.family,
        setting=setting,
    )


def _record(rule: Rule | RecordRule | HistoryRule, setting: str) -> RuleRecord:
    return RuleRecord(
        id=rule.id,
        level=rule.level.value,
        title=rule.title,
        why=rule.why,
        fix=rule.fix,
        example=rule.example,
        source=rule.source,
        family=rule.family.value,
        setting=setting,
    )
