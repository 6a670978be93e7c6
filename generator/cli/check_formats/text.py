"""A check as lines for people: what was found, worst first, and what to do about what fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.check_formats.plain import log_safe, message_of, place_of, plain, rule_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.evidence.records import ChangeRecord
    from generator.pipeline.checking.report import Report

MOST_CHANGES = 20
"""Changes of one deployment that are told one by one."""


def text(report: Report) -> str:
    """Return what `assay check` prints."""
    return "".join(f"{log_safe(line)}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for note in report.notes:
        yield f"note: {plain(note)}"
    for one in report.brought:
        yield f"change {one.environment} {one.id or 'next release'} ({one.kind})"
        yield from (f"    - {change_in_words(change)}" for change in one.changes[:MOST_CHANGES])
        if len(one.changes) > MOST_CHANGES:
            yield f"    - and {len(one.changes) - MOST_CHANGES} more"
    for began in report.began:
        yield f"began[drift] {began.environment}: {plain(began.message)} ({began.name})"
    for ended in report.ended:
        yield f"ended[{plain(ended.name)}] {ended.environment}: {plain(ended.message)}"
    for ahead in report.ahead:
        gates = "; ".join(f"{name}: {outcome}" for name, outcome, _ in ahead.gates)
        yield plain(f"next {ahead.environment}: {ahead.says}{f' ({gates})' if gates else ''}")
    for case, item in report.worst_first:
        if case.kind != "unreadable":
            where = " ".join(filter(None, (plain(case.environment), place_of(item))))
            yield f"{item.level}[{plain(rule_of(case))}] {where}: {message_of(item)}"
            if item.fails:
                yield f"    do: {plain(case.fix)}"


def change_in_words(change: ChangeRecord) -> str:
    """Return one change as a line: what, and from which value to which."""
    old, new = ("nothing" if value is None else value for value in (change.old, change.new))
    return plain(f"{change.component} {change.aspect} {change.field}: {old} -> {new}")
