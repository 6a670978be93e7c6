"""Every table of a report as a file of its own, for spreadsheets and scripts: `tables/NAME.csv`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.csv_rows import write_rows
from generator.evidence.metric_cells import metric_head
from generator.site.takeaway import deployment_tables as deployed
from generator.site.takeaway import state_tables as states
from generator.site.texts import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from typing import Any

    from generator.site.context import Context

FOLDER = "tables"


class Table(NamedTuple):
    """A table to take away."""

    name: str
    says: str
    """What its rows are, to be translated where it is shown."""
    head: Sequence[str]
    """Names of the columns: part of the format, never translated."""
    rows: Callable[[Context], Iterable[Sequence[Any]]]


class TableFile(NamedTuple):
    """A table as it was written."""

    name: str
    rows: int
    """Rows below the head."""
    size: int
    """Bytes."""


TABLES = (
    Table("releases", N_("Every deployment of production"), deployed.DEPLOYMENTS, deployed.release_rows),
    Table("deployments", N_("Every deployment of every environment"), deployed.DEPLOYMENTS, deployed.deployment_rows),
    Table("changes", N_("Every change of every deployment, with its origin"), deployed.CHANGES, deployed.change_rows),
    Table("components", N_("What each component is in each environment now"), states.COMPONENTS, states.component_rows),
    Table("findings", N_("Findings that hold, are waived or were fixed"), states.FINDINGS, states.finding_rows),
    Table("drift", N_("Differences that stand, are accepted or ended"), states.DRIFT, states.drift_rows),
    Table("gates", N_("What every gate said of every deployment"), deployed.GATES, deployed.gate_rows),
    Table("failures", N_("Every failure with its verdict"), deployed.FAILURES, deployed.failure_rows),
    Table("measures", N_("Delivery measures by period"), metric_head(), states.measure_rows),
    Table("exemptions", N_("Waivers and acceptances"), states.EXEMPTIONS, states.exemption_rows),
    Table("records", N_("Records of pipelines and incidents"), states.RECORDS, states.record_rows),
    Table("unreadable", N_("What could not be read, or was passed over"), states.UNREADABLE, states.unreadable_rows),
)
"""In the order in which a reader is offered them."""


def write_tables(context: Context, folder: Path) -> tuple[TableFile, ...]:
    """Write every table into `folder`, which is made; rows are written as they are read, one at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in TABLES:
        path = folder / f"{table.name}.csv"
        with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            count = write_rows(file, table.head, table.rows(context))
        written.append(TableFile(table.name, count, path.stat().st_size))
    return tuple(written)
