"""Rules on records of pipelines and incident tools: what they find is of no component, so no ledger follows it."""

from __future__ import annotations

from dataclasses import dataclass

from generator.assurance.findings import Family, Level, RuleTexts


@dataclass(frozen=True, kw_only=True)
class RecordRule(RuleTexts):
    """A rule on records."""


RECORD_CONTRADICTION = RecordRule(
    id="record-contradiction",
    level=Level.WARNING,
    family=Family.RECORDS,
    title="A record contradicts itself or another one",
    why="""Availability, recovery and the times to detect, triage and repair come from records alone. A record whose
    times run backwards, that lies in the future or names an environment that does not exist can't be measured: it is
    listed with its reason, and no measure counts it.""",
    fix="""Correct the record where it is kept: its times in their order and with their zone, the environment by its
    name in assay.yaml, an id of its own.""",
    example="""incidents:
- id: INC-7
  environment: production
  detected: 2026-08-21T16:00:00Z
  restored: 2026-08-21T15:00:00Z""",
)
RECORD_RULES = (RECORD_CONTRADICTION,)
"""All of them, in the order of the help page."""
