"""A check as Markdown, for the summary of a job: never longer than such a summary may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.check_formats.plain import counted, place_of, plain, rule_of, verdict_of, waived
from generator.cli.check_formats.text import MOST_CHANGES, change_in_words
from generator.cli.version_markdown import code as code_span
from generator.cli.version_markdown import plain as words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.pipeline.checking.report import Case, Item, Report

LONGEST = 1_000_000
"""Bytes of the whole: 1,000 KB, a little less than a summary may have."""
_RESERVED = 200
"""Bytes that are kept for the line on what is left out."""


def markdown(report: Report) -> str:
    """Return the whole, or its beginning with a line on how much is left out."""
    return cut(list(_lines(report)))


def code(text: str) -> str:
    """Return `text` as inline code in which no runner of a pipeline finds a command."""
    return f"<code>{words(text)}</code>" if "##" in text else code_span(text)


def cut(lines: Sequence[str], most: int = LONGEST) -> str:
    """Return as many of `lines` as `most` bytes hold, with a last line on those that are left out."""
    size, kept = 0, 0
    for line in lines:
        size += len(line.encode()) + 1
        if size > most - _RESERVED:
            break
        kept += 1
    if kept == len(lines):
        return "\n".join([*lines, ""])
    left = f"{len(lines) - kept} of {len(lines)} lines are left out here: a summary holds {most:,} bytes."
    return "\n".join([*lines[:kept], "", left, ""])


def _lines(report: Report) -> Iterator[str]:
    yield f"## {'❌' if report.failed else '✅'} {words(verdict_of(report))}"
    yield ""
    yield f"Looked at: {code(report.scope.words)} of {words(report.title)}, at {report.as_of or 'a time unknown'}."
    for note in report.notes:
        yield ""
        yield f"> {words(note)}"
    found = report.worst_first
    yield from _section("What fails", _table([pair for pair in found if pair[1].fails], fix=True))
    yield from _section("What came besides", _table([p for p in found if not p[1].fails and not p[1].exempt]))
    yield from _section("Waived", _table([pair for pair in found if pair[1].exempt is not None]))
    yield from _section("What it changes", _changes(report))
    yield from _section("Drift that begins", [f"- {code(b.environment)} {words(b.message)}" for b in report.began])
    ended = [f"- {code(e.environment)} {code(e.name)} {words(e.message)}" for e in report.ended]
    yield from _section("What ends", ended)
    yield from _section("The next release", _ahead(report))
    yield from _section("What was asked", _totals(report))


def _section(title: str, lines: Sequence[str] | Iterator[str]) -> Iterator[str]:
    inside = list(lines)
    if inside:
        yield from ("", f"### {title}", "", *inside)


def _table(found: Sequence[tuple[Case, Item]], *, fix: bool = False) -> Iterator[str]:
    if not found:
        return
    yield f"| Level | Rule | Environment | Place | What |{' To do |' if fix else ''}"
    yield f"| --- | --- | --- | --- | --- |{' --- |' if fix else ''}"
    for case, item in found:
        why = waived(item)
        cells = [
            item.level,
            code(rule_of(case)),
            code(case.environment),
            code(place_of(item)),
            words(item.message) + (f" ({words(why)})" if why else ""),
            *([words(case.fix)] if fix else []),
        ]
        yield f"| {' | '.join(cells)} |"


def _changes(report: Report) -> Iterator[str]:
    for one in report.brought:
        yield f"- {code(one.environment)} {code(one.id or 'next release')} ({one.kind})"
        yield from (f"  - {code(change_in_words(change))}" for change in one.changes[:MOST_CHANGES])
        if len(one.changes) > MOST_CHANGES:
            yield f"  - and {len(one.changes) - MOST_CHANGES} more"


def _ahead(report: Report) -> Iterator[str]:
    for one in report.ahead:
        came = counted(one.came, "finding")
        yield f"- {code(one.environment)}: **{one.says}**, {counted(one.changes, 'change')}, {came} with it"
        yield from (f"  - {code(name)} {outcome}: {words(detail)}" for name, outcome, detail in one.gates)


def _totals(report: Report) -> Iterator[str]:
    yield "| Environment | Passed | Failed | Found, and let pass | Waived | Not assessed |"
    yield "| --- | --- | --- | --- | --- | --- |"
    names = dict.fromkeys(case.environment for case in report.cases)
    for name in names:
        verdicts = [case.verdict for case in report.cases if case.environment == name]
        counts = [str(verdicts.count(v)) for v in ("passed", "failed", "told", "waived", "skipped")]
        yield f"| {code(name) or 'the repository'} | {' | '.join(counts)} |"
    if report.standing:
        yield ""
        yield plain(f"{counted(report.standing, 'finding')} stood before, and are not asked about here.")
