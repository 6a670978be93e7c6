"""What is asked of a release before it may go: its gates, and the results of tests and scans that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import N_, ngettext, number
from generator.site.texts import gettext as _
from generator.site.words import LONG_VALUE, counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from generator.evidence.gates import GateRow
    from generator.evidence.records import DeploymentRecord
    from generator.evidence.results import ResultItemRecord, ResultRecord
    from generator.site.context import Context
    from generator.site.fragments import Fragments

MOST_ITEMS = 10
"""Tests or findings of a result that a page lists, the worst first."""
MOST_SOURCES = 3
MOST_NAMED = 3
"""Gates of one outcome that a sentence names."""
MOST_GATES = 40
"""Gates that a page lists."""
OUTCOME_WORDS = {
    "passed": N_("passed"),
    "failed": N_("failed"),
    "missing": N_("missing"),
    "not assessed": N_("not assessed"),
    "unreadable": N_("unreadable"),
    "too early": N_("too early"),
}
"""What gates and results say, as pages show it."""
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


def gates_text(rows: Sequence[GateRow]) -> str:
    """Return the gates in counts, with the names of those to look at: `4 of 6 passed, 1 missing (load test)`."""
    if not rows:
        return _("none configured")
    named = {outcome: [shown(row.name) for row in rows if row.outcome == outcome] for outcome in OUTCOMES}
    passed, total = len(named["passed"]), number(len(rows))
    if passed == len(rows):
        return ngettext("the only one passed", "all %(number)s passed", passed)
    words = [_("%(passed)s of %(total)s passed", passed=number(passed), total=total)]
    for outcome in OUTCOMES:
        if named[outcome] and outcome != "passed":
            count, names = number(len(named[outcome])), listed(named[outcome], MOST_NAMED)
            words.append(
                _("%(number)s %(outcome)s (%(names)s)", number=count, outcome=outcome_word(outcome), names=names)
            )
    return ", ".join(words)


def outcome_word(outcome: str) -> str:
    """Return an outcome in the language of the site; one that is not known as it stands."""
    word = OUTCOME_WORDS.get(outcome)
    return outcome if word is None else _(word)


def result_rows(context: Context, fragments: Fragments, record: DeploymentRecord, most: int) -> tuple[Markup, ...]:
    """Return a drawn row for each of the first `most` imported results; releases with the same result share it."""
    return tuple(result_row(context, fragments, record.environment, result) for result in record.results[:most])


def results_text(record: DeploymentRecord) -> str:
    """Return the results in counts: `2 passed, 1 missing`; empty where there are none."""
    outcomes = [result.outcome for result in record.results]
    known = dict.fromkeys(["failed", "unreadable", "missing", "passed", *outcomes])
    counts = ((number(outcomes.count(outcome)), outcome) for outcome in known if outcome in outcomes)
    return ", ".join(f"{count} {outcome_word(outcome)}" for count, outcome in counts)


def result_row(context: Context, fragments: Fragments, environment: str, result: ResultRecord) -> Markup:
    """Return one imported result of a deployment of `environment` as a drawn row."""
    return fragments.get("result-row", (environment, result), lambda: _result(context, environment, result))


def _result(context: Context, environment: str, result: ResultRecord) -> ResultLine:
    if not result.object:
        return ResultLine(result.name, result.outcome, _counts(result), "", (), 0, "", (), 0)
    detail = context.objects.result(environment, result.object)
    items = tuple(_item(item) for item in detail.items[:MOST_ITEMS])
    every = len(detail.items) + detail.left_out
    words = counted(every, "entry", "entries")
    if every > len(items):
        words = _("the worst %(shown)s of %(all)s", shown=number(len(items)), all=number(every))
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
    counts = (
        (result.passed, ngettext("%(number)s passed", "%(number)s passed", result.passed)),
        (result.failed, ngettext("%(number)s failed", "%(number)s failed", result.failed)),
        (result.skipped, ngettext("%(number)s skipped", "%(number)s skipped", result.skipped)),
        (result.errors, counted(result.errors, "error")),
        (result.warnings, counted(result.warnings, "warning")),
        (result.notes, counted(result.notes, "note")),
    )
    words = [text for count, text in counts if count]
    if result.reason:
        return f"{', '.join(words)}: {result.reason}" if words else result.reason
    return ", ".join(words) or _("nothing found")
