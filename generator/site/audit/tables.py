"""The audit to take away: a CSV table a period, and the data of each month for the chooser of periods."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.evidence.csv_rows import write_rows
from generator.site.audit.entries import audit_entries
from generator.site.audit.periods import joined, month_data, months_of, period_table, quarters_of
from generator.site.audit.rows import doubt_words, gates_words
from generator.site.audit.totals import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.site.audit.entries import Entry
    from generator.site.context import Context

COLUMNS = (
    "release",
    "environment",
    "time",
    "kind",
    "what_happened",
    "components",
    "commit",
    "author",
    "committer",
    "approved_by",
    "gates_passed",
    "gates_failed",
    "gates_missing",
    "gates_not_assessed",
    "gates_short",
    "exceptions",
)
"""Names of the columns: part of the format, never translated."""
MOST_COMPONENTS = 40
"""Components of a change that the data for scripts names."""


def write_audit(context: Context, site: Path) -> None:
    """Write the tables and the data of every period into the built `site`."""
    months = months_of(context.once(audit_entries))
    quarters = [joined(key, own) for key, own in quarters_of(months).items()]
    for period in (*months, *quarters):
        with (site / period_table(period.key)).open(
            "w", encoding="utf-8", errors="backslashreplace", newline=""
        ) as file:
            write_rows(file, COLUMNS, (cells(entry) for entry in period.entries))
    for month in months:
        with (site / month_data(month.key)).open("w", encoding="ascii") as file:
            file.writelines(_data(context, month.key, month.entries))


def cells(entry: Entry) -> tuple[str | int, ...]:
    """Return a change as a row of the table, in the order of `COLUMNS`."""
    outcomes = [outcome for _name, outcome in entry.gates]
    approved = (
        f"{one.by or 'one person'} ({one.source}{f', {one.doubt}' if one.doubt else ''})" for one in entry.approvals
    )
    return (
        entry.id,
        entry.environment,
        entry.at,
        entry.kind,
        entry.verdict,
        "; ".join(entry.components),
        entry.commit,
        entry.author,
        entry.committer,
        "; ".join(approved),
        *(outcomes.count(outcome) for outcome in OUTCOMES),
        "; ".join(f"{row.name}: {row.outcome}" for row in entry.short),
        "; ".join(entry.exceptions),
    )


def _data(context: Context, month: str, entries: tuple[Entry, ...]) -> Iterator[str]:
    """Yield the script that holds a line a change, newest first."""
    yield f"(globalThis.assayAudit??={{}})[{json.dumps(month)}]=[\n"
    for entry in reversed(entries):
        line = [
            entry.page,
            entry.name,
            entry.id,
            entry.environment,
            entry.at,
            context.calendar.moment(entry.at).text,
            entry.kind,
            entry.verdict,
            entry.components[:MOST_COMPONENTS],
            entry.commit,
            entry.author,
            entry.committer,
            [[one.by, one.source, doubt_words(one.doubt)] for one in entry.approvals],
            gates_words(entry),
            [[row.name, row.outcome] for row in entry.short],
            entry.exceptions,
            entry.silent,
        ]
        yield json.dumps(line).replace("<", "\\u003c") + ",\n"
    yield "];\n"
