"""Every table of a report as a file of its own, for spreadsheets and scripts: `tables/NAME.csv`."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from generator.evidence.csv_rows import csv_line
from generator.evidence.metric_cells import metric_head
from generator.site.takeaway import deployment_tables as deployed
from generator.site.takeaway import state_tables as states
from generator.site.takeaway.table import Table, TableFile, encoded
from generator.site.texts import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from generator.site.context import Context

TABLES = (
    Table("releases", N_("Every deployment of production"), deployed.DEPLOYMENTS),
    Table("deployments", N_("Every deployment of every environment"), deployed.DEPLOYMENTS),
    Table("changes", N_("Every change of every deployment, with its origin"), deployed.CHANGES),
    Table("components", N_("What each component is in each environment now"), states.COMPONENTS),
    Table("findings", N_("Findings that hold, are waived or were fixed"), states.FINDINGS),
    Table("drift", N_("Differences that stand, are accepted or ended"), states.DRIFT),
    Table("gates", N_("What every gate said of every deployment"), deployed.GATES),
    Table("failures", N_("Every failure with its verdict"), deployed.FAILURES),
    Table("measures", N_("Delivery measures by period"), metric_head()),
    Table("exemptions", N_("Waivers and acceptances"), states.EXEMPTIONS),
    Table("records", N_("Records of pipelines and incidents"), states.RECORDS),
    Table("unreadable", N_("What could not be read, or was passed over"), states.UNREADABLE),
)
"""In the order in which a reader is offered them."""


def write_tables(context: Context, folder: Path) -> tuple[TableFile, ...]:
    """Write every table into `folder`, which is made; what grew since the former report goes on where that ended."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        begin = partial(deployed.DeploymentTables, context, folder, opened, states.sources(context))
        fold = context.folds.bring("tables", deployed.TablesAt, begin)
        written = {file.name: file for file in fold.written()}
    lines: dict[str, Iterable[bytes]] = {
        "components": _lines(states.component_rows(context)),
        "findings": states.finding_lines(context, fold.formed),
        "drift": states.drift_lines(context, fold.formed),
        "failures": fold.failure_rows(),
        "measures": fold.formed.rows("measures"),
        "exemptions": _lines(states.exemption_rows(context)),
        "records": _lines(states.record_rows(context)),
        "unreadable": _lines(states.unreadable_rows(context)),
    }
    return tuple(written.get(table.name) or _write(folder, table, lines[table.name]) for table in TABLES)


def _lines(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    return (encoded(csv_line(row)) for row in rows)


def _write(folder: Path, table: Table, lines: Iterable[bytes]) -> TableFile:
    path, count = folder / f"{table.name}.csv", 0
    with path.open("wb") as file:
        file.write(encoded(csv_line(table.head)))
        for count, line in enumerate(lines, 1):  # noqa: B007 - how many there were
            file.write(line)
    return TableFile(table.name, count, path.stat().st_size)
