"""The records of one file or source, in one form whatever they were written in.

Times are seconds since 1970 UTC; `None` where the record does not tell. Names of environments and components are as
written: what they belong to is told where records meet deployments.
"""

from __future__ import annotations

import msgspec


class DeploymentEvent(msgspec.Struct, frozen=True):
    """What a pipeline tells of one deployment."""

    id: str
    environment: str
    commit: str = ""
    """Full id of the commit of the deployment repository, or its beginning, or the id of a deployment."""
    component: str = ""
    """Empty where it is of the environment as a whole."""
    version: str = ""
    """What was deployed, as the pipeline calls it."""
    started: int | None = None
    finished: int | None = None
    status: str = ""
    """`succeeded`, `failed`, `cancelled`, or empty where it is not told."""
    verified: bool | None = None
    """Whether somebody looked that it runs; `None` where nothing is told."""
    source_commit: str = ""
    """Commit of the component's own source that its artifact was built from, where the artifact's name tells it."""
    source: str = ""
    """Path of the file, or `refs/notes/NAME:COMMIT`."""
    line: int = 0
    """Line in it, from 1; 0 where there is none to tell."""


class IncidentEvent(msgspec.Struct, frozen=True):
    """A failure in an environment, as an incident tool keeps it."""

    id: str
    environment: str
    title: str = ""
    component: str = ""
    deployment: str = ""
    """Commit or deployment that caused it; empty where nobody linked one."""
    fixed_by: str = ""
    """Commit or deployment that ended it."""
    cause: str = ""
    impact_start: int | None = None
    detected: int | None = None
    cause_assigned: int | None = None
    restored: int | None = None
    """`None` where it goes on, or nobody wrote down its end."""
    reported: int | None = None
    """When a ticket was opened; it stands for `detected` where nothing tells that."""
    severity: str = ""
    source: str = ""
    line: int = 0


class DowntimeEvent(msgspec.Struct, frozen=True):
    """A time in which an environment, or a component of it, did not serve."""

    id: str
    environment: str
    component: str = ""
    start: int = 0
    end: int | None = None
    """`None` where it goes on."""
    planned: bool = False
    """Whether it was agreed before; agreed downtime is no part of the agreed operating time."""
    incident: str = ""
    reason: str = ""
    source: str = ""
    line: int = 0


class ApprovalEvent(msgspec.Struct, frozen=True):
    """Somebody's word that a commit may be deployed."""

    id: str
    environment: str
    commit: str
    by: str
    at: int | None = None
    gate: str = ""
    source: str = ""
    line: int = 0


class Duplicate(msgspec.Struct, frozen=True):
    """A record whose id another one had before it, with other content; the first one counts."""

    kind: str
    """`deployment`, `incident`, `downtime` or `approval`."""
    id: str
    fields: tuple[str, ...]
    """What they tell otherwise."""
    environment: str
    source: str
    line: int
    first_source: str
    first_line: int


class Records(msgspec.Struct, frozen=True):
    """All records of one file or of several, in their order."""

    deployments: tuple[DeploymentEvent, ...] = ()
    incidents: tuple[IncidentEvent, ...] = ()
    downtimes: tuple[DowntimeEvent, ...] = ()
    approvals: tuple[ApprovalEvent, ...] = ()
    unplaced: tuple[DeploymentEvent, ...] = ()
    """Parts of pipeline runs that name no environment: no deployments, unless another part of one names it."""
    unbegun: tuple[DowntimeEvent, ...] = ()
    """Ends of downtime whose start no record tells; their `start` is 0 and means nothing."""
    duplicates: tuple[Duplicate, ...] = ()
