"""Delivery measures as they stand in the evidence: facts in, lines of `metrics.jsonl` out.

Pages, `assay metrics` and the summary have their numbers from here, so that they agree.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.beside import Beside
from generator.evidence.canonical import canonical
from generator.evidence.facts import seconds
from generator.evidence.folding import Folds
from generator.evidence.gathered_facts import gathered_facts
from generator.evidence.memo import Memo
from generator.evidence.metric_lines import Lines
from generator.evidence.metrics import MetricsSummary, OpenDowntime, OpenFailure, PeriodMetrics
from generator.evidence.profiles import profile_figures, profile_texts, trends
from generator.evidence.reading import METRICS, Evidence
from generator.evidence.summary import Summary
from generator.evidence.summed import summed
from generator.history.commits import rfc3339
from generator.metrics.measuring import Measuring
from generator.metrics.settings import Settings, settings_of
from generator.timeline.declared import deployment_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from generator.config.metrics import Metrics
    from generator.evidence.store import EvidenceStore
    from generator.metrics.facts import EnvironmentFacts
    from generator.metrics.failures import Failure
    from generator.metrics.measuring import By, Slice, Subject
    from generator.metrics.slices import Span

WRITTEN: tuple[Span, ...] = ("all", "rolling", "year", "quarter", "month", "week", "day", "hour")
"""What evidence keeps of each environment."""
WRITTEN_PARTS: tuple[Span, ...] = ("all", "rolling", "year")
"""What evidence keeps of components and teams, in production environments."""

MANY = 10_000
"""Deployments from which on to measure them takes longer than to copy a process."""


def settings_in(summary: Summary) -> Settings:
    """Return what the measures of an evidence folder were made with."""
    metrics = summary.metrics
    return Settings(
        as_of=seconds(summary.as_of),
        profile=metrics.profile,
        observation=metrics.observation_seconds,
        small=metrics.small,
        target=metrics.target,
        agreed=metrics.agreed,
    )


def period_metrics(
    facts: Iterable[EnvironmentFacts], settings: Settings, *, by: By, units: Sequence[Span]
) -> Iterator[PeriodMetrics]:
    """Yield the measures of each environment, or of its components or teams, by each of `units` (see `SPANS`).

    In the order of the facts given, then of the subjects' names, the units as given, and time. Of days and hours only
    those with anything in them, all others empty ones included.
    """
    for environment in facts:
        measuring = Measuring(environment, settings)
        lines = Lines(measuring)
        yield from (lines.line(subject, one) for subject, one in _cut(measuring, by, units))


def open_failures(facts: Iterable[EnvironmentFacts], settings: Settings) -> tuple[OpenFailure, ...]:
    """Return the failed deployments that have not recovered, by environment, oldest first."""
    measured = (Measuring(environment, settings) for environment in facts)
    return tuple(failure for measuring in measured for failure in _open(measuring))


def write_metrics(store: EvidenceStore, summary: Summary, metrics: Metrics, memory: Path | None = None) -> Summary:
    """Measure what `store` holds, write `metrics.jsonl`, and return `summary` with its measures filled in.

    Called once, when every other line is written. In the folder `memory` is kept what the next report can go on from.
    """
    settings = settings_of(metrics, seconds(summary.as_of))
    store.flush()
    evidence = Evidence.unfinished(store.folder, summary)
    folds = Folds(evidence, memory, b"measures")
    memo = Memo(memory / "lines.memo" if memory is not None else None)
    facts = gathered_facts(evidence, folds, "measures", parts=True, memo=memo)
    measured = [Measuring(environment, settings) for environment in facts]
    texts = {measuring.facts.name: list(_texts(measuring, memo)) for measuring in measured}
    store.metrics(text for found in texts.values() for _, text in found)
    # What the summary tells is of environments as a whole.
    lines = {name: [_read(text) for by, text in found if by == "environment"] for name, found in texts.items()}
    failures = {one.facts.name: one.failures for one in measured}
    summary = msgspec.structs.replace(
        summary,
        environments=tuple(summed(one, lines.get(one.name, ())) for one in summary.environments),
        metrics=MetricsSummary(
            profile=settings.profile,
            observation_seconds=settings.observation,
            small=settings.small,
            target=settings.target,
            agreed=settings.agreed,
            failures=tuple(failure for measuring in measured for failure in _open(measuring)),
            downtimes=tuple(_going_on(facts, settings)),
            confirmed=tuple((one.facts.name, one.gathered.confirmed) for one in measured),
            profiles=profile_figures(facts, settings.as_of, settings.observation, failures)
            if settings.as_of is not None
            else (),
            profile_texts=profile_texts(),
            trends=trends([line for found in lines.values() for line in found], list(lines), memo),
        ),
    )
    folds.keep()
    memo.keep()
    return summary


def write_metrics_beside(
    store: EvidenceStore, summary: Summary, metrics: Metrics, memory: Path | None, meanwhile: Callable[[], object]
) -> Summary:
    """Do as `write_metrics`, in a copy of this process where that is worth one, and `meanwhile` here.

    The copy writes the lines and what is kept for the next report itself. What other lines were handed in is digested
    here in the meantime.
    """
    # What waits to be written would else be written by the copy, too.
    store.flush()

    def measured() -> bytes:
        found = write_metrics(store, summary, metrics, memory)
        store.flush()
        return msgspec.msgpack.encode(found)

    many = sum(environment.deployments for environment in summary.environments) >= MANY
    with Beside(measured, (os.cpu_count() or 1) if many else 1) as copy:
        meanwhile()
        store.digest()
        data = copy.result()
    if data is not None:
        return msgspec.msgpack.decode(data, type=Summary)
    # What a copy may have begun.
    (store.folder / METRICS).unlink(missing_ok=True)
    return write_metrics(store, summary, metrics, memory)


def _texts(measuring: Measuring, memo: Memo) -> Iterator[tuple[By, bytes]]:
    """Yield the lines that evidence keeps of one environment as they are written, and what each is of."""
    lines = Lines(measuring)
    encode = msgspec.json.Encoder(order="sorted").encode
    for subject, one in _kept(measuring):
        text = memo.get(lines.key(subject, one), lambda: canonical(encode(lines.line(subject, one))))  # noqa: B023 - called at once
        yield subject.by, text


def _read(text: bytes) -> PeriodMetrics:
    return msgspec.json.decode(text, type=PeriodMetrics)


def measured_again(evidence: Evidence, facts: Iterable[EnvironmentFacts]) -> Iterator[PeriodMetrics]:
    """Yield the lines that `metrics.jsonl` holds, measured anew."""
    settings = settings_in(evidence.summary)
    for environment in facts:
        yield from _written(Measuring(environment, settings))


def _written(measuring: Measuring) -> Iterator[PeriodMetrics]:
    """Yield the lines that evidence keeps of one environment."""
    lines = Lines(measuring)
    return (lines.line(subject, one) for subject, one in _kept(measuring))


def _kept(measuring: Measuring) -> Iterator[tuple[Subject, Slice]]:
    """Yield what evidence keeps lines of, of one environment."""
    yield from _cut(measuring, "environment", WRITTEN, recent=True)
    if measuring.facts.production:
        yield from _cut(measuring, "component", WRITTEN_PARTS)
        yield from _cut(measuring, "team", WRITTEN_PARTS)


def _cut(
    measuring: Measuring, by: By, units: Sequence[Span], *, recent: bool = False
) -> Iterator[tuple[Subject, Slice]]:
    """Yield the measures of one environment; of days and hours the `recent` ones alone."""
    for subject in measuring.subjects(by):
        for one in measuring.slices(subject, units, recent=recent):
            yield subject, one


def _open(measuring: Measuring) -> Iterator[OpenFailure]:
    name, as_of = measuring.facts.name, measuring.settings.as_of
    for failure in measuring.open_failures():
        time = failure.delivery.time
        yield OpenFailure(
            environment=name,
            deployment=deployment_id(name, failure.delivery.sequence),
            since=rfc3339(time),
            seconds=as_of - time if as_of is not None and time is not None else 0,
            reason=" ".join(_why(name, failure)),
        )


def _why(name: str, failure: Failure) -> Iterator[str]:
    """Yield what marks a deployment as failed, a sentence each."""
    for number in failure.undone_by:
        yield f"{deployment_id(name, number)} takes it back or mends it, and did not hold."
    for incident in failure.incidents:
        yield f"The incident {incident} began with it."


def _going_on(facts: Iterable[EnvironmentFacts], settings: Settings) -> Iterator[OpenDowntime]:
    """Yield downtime that no record ends."""
    for environment in facts:
        for downtime in sorted(environment.downtimes, key=lambda d: (d.start, d.component, d.id)):
            if downtime.end is None and not downtime.planned:
                lasted = settings.as_of - downtime.start if settings.as_of is not None else 0
                since = rfc3339(downtime.start)
                yield OpenDowntime(environment.name, downtime.id, downtime.component, since, lasted)
