"""What is asked of a release before it may go: its gates, and the results of tests and scans that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import number
from generator.site.words import LONG_VALUE, counted, shown

if TYPE_CHECKING:
    from markupsafe import Markup

    from generator.evidence.gates import GateRow
    from generator.evidence.records import DeploymentRecord
    from generator.evidence.results import ResultItemRecord, ResultRecord
    from generator.site.context import Context
    from generator.site.fragments import Fragments

MOST_ITEMS = 10
"""Tests or findings of a result that a page lists, the worst first."""
MOST_SOURCES = 3
OUTCOMES = ("failed", "missing", "not assessed", "passed")
"""Outcomes of gates, the one to look at first."""


class ItemLine(NamedTuple):
    """One test or finding of an imported result."""

    name: str
    level: str
    message: str
    place: str


class ResultLine(NamedTuple):
    """One imported result."""

    name: str
    outcome: str
    counts: str
    """`215 passed, 9 failed`, or why there is nothing to count."""
    tool: str
    items: tuple[ItemLine, ...]
    left: int
    """Items that the page does not list."""
    items_words: str
    """`the worst 10 of 24`."""
    sources: tuple[str, ...]
    sources_left: int


def gate_rows(context: Context, record: DeploymentRecord) -> tuple[GateRow, ...]:
    """Return what each gate said, in the order of the configuration; empty where none is configured."""
    if not record.gates.object:
        return ()
    return context.objects.gates(record.environment, record.gates.object).rows


def gates_text(record: DeploymentRecord) -> str:
    """Return the gates in counts: `4 of 6 passed, 1 failed, 1 missing`."""
    gates = record.gates
    total = gates.passed + gates.failed + gates.missing + gates.not_assessed
    if not total:
        return "none configured"
    outcomes = (gates.failed, "failed"), (gates.missing, "missing"), (gates.not_assessed, "not assessed")
    words = [f"{count} {word}" for count, word in outcomes if count]
    return ", ".join([f"{gates.passed} of {total} passed" if words else f"all {total} passed", *words])


def result_rows(context: Context, fragments: Fragments, record: DeploymentRecord) -> tuple[Markup, ...]:
    """Return a drawn row for each imported result; releases with the same result share it."""
    return tuple(_row(context, fragments, record.environment, result) for result in record.results)


def results_text(record: DeploymentRecord) -> str:
    """Return the results in counts: `2 passed, 1 missing`; empty where there are none."""
    outcomes = [result.outcome for result in record.results]
    known = dict.fromkeys(["failed", "unreadable", "missing", "passed", *outcomes])
    return ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in known if outcome in outcomes)


def _row(context: Context, fragments: Fragments, environment: str, result: ResultRecord) -> Markup:
    return fragments.get("result-row", (environment, result), lambda: _result(context, environment, result))


def _result(context: Context, environment: str, result: ResultRecord) -> ResultLine:
    if not result.object:
        return ResultLine(result.name, result.outcome, _counts(result), "", (), 0, "", (), 0)
    detail = context.objects.result(environment, result.object)
    items = tuple(_item(item) for item in detail.items[:MOST_ITEMS])
    every = len(detail.items) + detail.left_out
    words = f"the worst {len(items)} of {number(every)}" if every > len(items) else counted(every, "entry", "entries")
    return ResultLine(
        name=result.name,
        outcome=result.outcome,
        counts=_counts(result),
        tool=detail.tool or detail.format,
        items=items,
        left=every - len(items),
        items_words=words,
        sources=detail.sources[:MOST_SOURCES],
        sources_left=max(detail.files, len(detail.sources)) - len(detail.sources[:MOST_SOURCES]),
    )


def _item(item: ResultItemRecord) -> ItemLine:
    message = shown(item.message)
    if len(message) > LONG_VALUE:
        message = message[: LONG_VALUE - 1] + "…"
    return ItemLine(item.name, item.level, message, item.path + (f":{item.line}" if item.path and item.line else ""))


def _counts(result: ResultRecord) -> str:
    tests = (result.passed, "passed"), (result.failed, "failed"), (result.skipped, "skipped")
    words = [f"{number(count)} {word}" for count, word in tests if count]
    findings = (result.errors, "error"), (result.warnings, "warning"), (result.notes, "note")
    words += [counted(count, word) for count, word in findings if count]
    if result.reason:
        return f"{', '.join(words)}: {result.reason}" if words else result.reason
    return ", ".join(words) or "nothing found"
