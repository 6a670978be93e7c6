"""`records.jsonl`: what pipelines and incident tools tell, a line a record, with the deployments it belongs to.

No record is left out: one that belongs to no deployment, or that contradicts itself, says why. A file without lines is
not written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from generator.evidence.packs import FindingEntry  # noqa: TC001 - records are decoded by their annotations

if TYPE_CHECKING:
    from collections.abc import Iterable

RecordKind = Literal["approval", "deployment", "downtime", "incident"]
RECORD_KINDS: tuple[RecordKind, ...] = ("deployment", "incident", "downtime", "approval")
"""In the order in which pages list them."""


class RecordLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of `records.jsonl`. Times are RFC 3339 in UTC; empty where the record does not tell.

    Lines are sorted by environment, kind, time and id.
    """

    kind: RecordKind
    id: str
    environment: str
    """Name of the environment as configured; as written where none of that name is, and `*` where it is of all."""
    deployment: str = ""
    """Id of the deployment that a deployment record or an approval belongs to; empty where it belongs to none."""
    deployments: tuple[str, ...] = ()
    """For an incident: ids of the deployments that caused it, sorted; those that declaration files name included. For
    an approval of all environments: those that it belongs to."""
    fixed_by: str = ""
    """For an incident: id of the deployment that ended it."""
    component: str = ""
    """Component as written; empty where the record is of the environment as a whole."""
    version: str = ""
    """What was deployed, as the pipeline calls it."""
    commit: str = ""
    """For a deployment record or an approval: commit or deployment that it names, as written."""
    source_commit: str = ""
    """For a deployment record: commit of the component's own source, where the artifact's name tells it."""
    title: str = ""
    cause: str = ""
    reason: str = ""
    by: str = ""
    """Who approved; empty where the report shows no names."""
    gate: str = ""
    severity: str = ""
    incident: str = ""
    """For downtime: id of the incident that it belongs to."""
    started: str = ""
    """For a deployment record."""
    finished: str = ""
    impact_start: str = ""
    """For an incident."""
    detected: str = ""
    cause_assigned: str = ""
    restored: str = ""
    """Empty where the incident goes on, or nobody wrote down its end."""
    start: str = ""
    """For downtime."""
    end: str = ""
    """Empty where the downtime goes on."""
    at: str = ""
    """For an approval: when it was given."""
    status: str = ""
    """For a deployment record: `succeeded`, `failed`, `cancelled`, or empty where it is not told."""
    verified: bool | None = None
    """Whether somebody looked that the deployment runs; `None` where nothing is told."""
    planned: bool = False
    """Whether downtime was agreed before."""
    counts: bool = True
    """Whether measures look at it. Of deployment records only the one that gives its deployment its time does; an
    incident or downtime that contradicts itself, or is of no known environment, does not."""
    problem: str = ""
    """Why it belongs to no deployment, or does not count, as a sentence; empty where there is nothing to say."""
    source: str = ""
    """File, or `refs/notes/NAME:COMMIT`."""
    line: int = 0
    """Line in it, from 1; 0 where there is none to tell."""

    @property
    def time(self) -> str:
        """Return the time that it is sorted by: when what it tells of began, as far as it tells."""
        times = self.started, self.finished, self.impact_start, self.detected, self.restored, self.start, self.at
        return next((time for time in times if time), "")

    @property
    def linked(self) -> bool:
        """Return whether it belongs to a deployment that is known."""
        return bool(self.deployment or self.deployments)


class RecordFinding(msgspec.Struct, frozen=True):
    """A finding on a record, not on a component."""

    environment: str
    """As written in the record; empty where it names none."""
    finding: FindingEntry
    """Its subject is the id of the record."""


class RecordCount(msgspec.Struct, frozen=True, omit_defaults=True):
    """Records of one kind from one place."""

    kind: RecordKind
    source: str
    """Pattern of files, ref of notes, or folder that they come from, as configured."""
    records: int
    unlinked: int = 0
    """Those of them that belong to no deployment; downtime needs none, and is never counted here."""
    left_out: int = 0
    """Those of them that no measure looks at."""


def sorted_lines(lines: Iterable[RecordLine]) -> list[RecordLine]:
    """Return lines in the order of the file."""
    return sorted(lines, key=lambda line: (line.environment, line.kind, line.time, line.id, line.source, line.line))
