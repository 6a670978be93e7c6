"""The audit to take away: a CSV table a period, and the data of each month for the chooser of periods."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.evidence.csv_rows import write_rows
from generator.site.audit.periods import joined, month_data, months_of, period_table, quarters_of
from generator.site.audit.rows import doubt_words, gates_words
from generator.site.audit.totals import OUTCOMES
from generator.site.carrying import Carrying

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.site.audit.entries import Entry
    from generator.site.audit.periods import Period
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


def write_audit(context: Context, site: Path, carrying: Carrying | None = None, folder: str = "") -> None:
    """Write the tables and the data of every period into the built `site`.

    Those of periods without a new change come from the site that `carrying` knows, in which this one stands in `folder`
    (ending in `/`).
    """
    carrying = carrying if carrying is not None else Carrying()
    months = months_of(context)
    quarters = {key: joined(key, own) for key, own in quarters_of(months).items()}
    # Each quarter after its months, whose changes are held then.
    after = {quarter.months[0].key: quarter for quarter in quarters.values()}
    for month in months:
        _table(site, folder, month, carrying)
        path = month_data(month.key)
        if not carrying.holds(folder + path, *month.digests, target=site / path):
            with (site / path).open("w", encoding="ascii") as file:
                file.writelines(_data(context, month.key, month.entries()))
        if month.key in after:
            _table(site, folder, after[month.key], carrying)
    carrying.finish()


def _table(site: Path, folder: str, period: Period, carrying: Carrying) -> None:
    path = period_table(period.key)
    if not carrying.holds(folder + path, *period.digests, target=site / path):
        with (site / path).open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            write_rows(file, COLUMNS, (cells(entry) for entry in period.entries()))


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
            context.dates.moment(entry.at).text,
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
