"""The index of Find and the table of releases, gathered in one pass and written beside the pages."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec

from generator.site.finding.indexing import FOLDER, FindIndex, IndexState
from generator.site.finding.release_table import DATA_FILE, ReleaseTable, TableState

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.records import DeploymentRecord
    from generator.site.context import Context


class FindingState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How both stand."""

    index: IndexState
    table: TableState


def write_finding(context: Context, site: Path) -> None:
    """Write everything that can be found into `site`: the index of Find, and what the filter of releases asks."""

    def begin(state: FindingState | None) -> _Finding:
        # Not to write into files of the former site, where some were carried before one was missed.
        shutil.rmtree(site / FOLDER, ignore_errors=True)
        return _Finding(context, site, state or FindingState(IndexState(), TableState()))

    found = context.folds.bring("find", FindingState, begin)
    found.index.close()
    path = site / DATA_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(found.table.text(), "ascii")


class _Finding:
    """Both, in one fold: a deployment is read once."""

    def __init__(self, context: Context, site: Path, state: FindingState) -> None:
        self._production = {environment.name: environment.production for environment in context.summary.environments}
        self.table = ReleaseTable(context, state.table)
        self.index = FindIndex(context, site, state.index)

    def take(self, line: int, record: DeploymentRecord) -> None:
        """Take in the next deployment."""
        del line
        if record.environment in self._production:
            self.index.take(record)
            if self._production[record.environment]:
                self.table.take(record)

    def state(self) -> FindingState:
        """Return how both stand."""
        return FindingState(self.index.state(), self.table.state())
