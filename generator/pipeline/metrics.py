"""Delivery measures of evidence that is there or is gathered for it, by the functions that made those of the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import UsageError
from generator.evidence.facts import facts_of, seconds
from generator.evidence.measuring import period_metrics, settings_in
from generator.evidence.metrics_report import REPORT_FORMAT, MetricsReport
from generator.pipeline.collector import slow_collector

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.evidence.metrics import PeriodMetrics
    from generator.evidence.reading import Evidence
    from generator.evidence.summary import Summary
    from generator.metrics.measuring import By
    from generator.metrics.slices import Span

EVERY = "all"
"""Asks for every environment."""
WHOLE: Span = "all"


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be measured."""

    environments: Sequence[str] = ()
    """Names, or `all`; production environments where there are none."""
    by: By = "environment"
    subject: str = ""
    """The one component or team to tell of; empty for every one."""
    units: Sequence[Span] = ("all", "rolling")
    since: int | None = None
    """First moment that a calendar period must reach, seconds since 1970; `None` for the first deployment."""
    until: int | None = None
    """First moment that no calendar period may begin at or after; `None` for the report time."""
    profile: str = ""
    """Whose definitions are asked for; empty for the configured ones."""


def answer(evidence: Evidence, question: Question) -> MetricsReport:
    """Return the measures that `question` asks for.

    Raises `UsageError` for an environment or a subject that is not there.
    """
    summary = evidence.summary
    names = environments_of(summary, question.environments)
    profile = question.profile or summary.metrics.profile
    by_environment = question.by == "environment"
    with slow_collector():
        measured = _measured(evidence, question, names)
    lines = tuple(line for line in measured if line.unit in question.units and _reaches(line, question))
    first = tuple((line.environment, line.subject, line.start) for line in measured if line.unit == WHOLE)
    if question.subject and not measured:
        reason = f"no {question.by} {question.subject!r} was ever deployed to {' or '.join(names) or 'production'}"
        raise UsageError("subject", reason, fix=f"leave out --subject to see every {question.by}")
    return MetricsReport(
        format=REPORT_FORMAT,
        version=summary.version,
        title=summary.title,
        as_of=summary.as_of,
        commit=summary.commit.id,
        limited=summary.coverage.limited,
        profile=profile,
        by=question.by,
        small=summary.metrics.small,
        metrics=lines,
        first=first,
        figures=tuple(
            row
            for row in summary.metrics.profiles
            if by_environment and row.profile == profile and row.environment in names
        ),
        definitions=tuple(row for row in summary.metrics.profile_texts if by_environment and row.profile == profile),
        open_failures=tuple(row for row in summary.metrics.failures if by_environment and row.environment in names),
    )


def environments_of(summary: Summary, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the environments that are asked for, in the order of promotion.

    Raises `UsageError` for one that is not there.
    """
    known = [environment.name for environment in summary.environments]
    missing = [name for name in wanted if name not in known and name != EVERY]
    if missing:
        fix = f"use one of: {', '.join(sorted(known))}; or all"
        raise UsageError("environment", f"there is no environment {missing[0]!r}", fix=fix)
    if EVERY in wanted and EVERY not in known:
        return tuple(known)
    if wanted:
        return tuple(name for name in known if name in wanted)
    return tuple(environment.name for environment in summary.environments if environment.production)


def write_badges_of(evidence: Evidence, environments: Sequence[str], profile: str, folder: Path) -> tuple[Path, ...]:
    """Write the badges of environments, named as for a question, into `folder`, and return their paths, sorted.

    Raises `FaultError` where the disk fails.
    """
    # Imported here, so that numbers alone never wait for the site.
    from generator.site.badges import write_badges  # noqa: PLC0415
    from generator.site.tile_groups import badges_of  # noqa: PLC0415

    return write_badges(folder, badges_of(evidence, environments_of(evidence.summary, environments), profile))


def _measured(evidence: Evidence, question: Question, names: Sequence[str]) -> list[PeriodMetrics]:
    """Return the lines of everything asked for; those of all time among them, which tell when each began."""
    facts = [found for found in facts_of(evidence) if found.name in names]
    units = tuple(dict.fromkeys((*question.units, WHOLE)))
    found = period_metrics(facts, settings_in(evidence.summary), by=question.by, units=units)
    return [line for line in found if question.subject in {"", line.subject}]


def _reaches(line: PeriodMetrics, question: Question) -> bool:
    """Return whether a period lies at least in part between the times asked for; all of the others do."""
    if line.unit in {"all", "rolling"}:
        return True
    start, end = seconds(line.start) or 0, seconds(line.end) or 0
    late = question.until is not None and start >= question.until
    early = question.since is not None and end <= question.since
    return not late and not early
