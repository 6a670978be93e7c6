"""What measures are made of: the deployments of one environment, and what records add to them.

Plain values and nothing else, so that the same measures come from a run and from an evidence folder read later. Times
are seconds since 1970 UTC; `None` where they are unknown. None of them can be part of a cycle, so that the collector of
garbage need not look at them.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - structs are made by their annotations
from typing import TYPE_CHECKING

import msgspec

from generator.timeline.kinds import Kind  # noqa: TC001 - as above

if TYPE_CHECKING:
    from generator.metrics.gathered import Gathered


class Arrival(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A version of an artifact that came to a component with a deployment."""

    component: str
    field: str
    version: str
    kind: Kind
    promoted_at: int | None = None
    """Time of the newest upstream deployment of it before; `None` where it was not promoted, or has no time."""
    promoted: bool = False
    """Whether it came from the upstream environment, and not for the second time."""


class Delivery(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One deployment."""

    sequence: int
    """Its number in its environment, from 1."""
    commit: str
    time: int | None
    """Finish of the deployment where a record tells it, else commit time; `None` where unusable or after the report."""
    kind: Kind
    components: tuple[str, ...] = ()
    """Components that changed, sorted."""
    arrivals: tuple[Arrival, ...] = ()
    undone: tuple[int, ...] = ()
    """Numbers of the earlier deployments that it takes back or mends: the culprits of a rollback, and those that
    somebody says or that values show a roll-forward or hotfix to mend. Sorted."""
    undone_parts: tuple[tuple[int, str], ...] = ()
    """Of those in `undone` whose values it takes back: number and component, sorted. What it only mends has none."""
    incidents: tuple[str, ...] = ()
    """Ids of the incidents that began with it, sorted."""
    bulk: bool = False
    bypass: bool = False
    simultaneous: bool = False
    partial: bool = False
    confirmed: bool = False
    """Whether its time is that of a record."""
    started: int | None = None
    """Start of its pipeline."""
    verified: bool | None = None
    """Whether somebody looked that it runs; `None` where no record tells."""


class Incident(msgspec.Struct, frozen=True, gc=False):
    """A failure, as far as measures look at it."""

    id: str
    deployments: tuple[int, ...] = ()
    """Numbers of the deployments that caused it, sorted; empty where none is known."""
    fixed_by: int = 0
    """Number of the deployment that ended it; 0 where none is known."""
    component: str = ""
    impact_start: int | None = None
    detected: int | None = None
    cause_assigned: int | None = None
    restored: int | None = None


class Downtime(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A time in which an environment, or a component of it, did not serve."""

    start: int
    end: int | None
    component: str = ""
    planned: bool = False
    id: str = ""


class AppChange(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A commit of an application's own history that a production deployment brought."""

    deployment: int
    """Number of the deployment."""
    component: str
    commit: str
    time: int | None


class EnvironmentFacts(msgspec.Struct, frozen=True):
    """Everything that is measured of one environment."""

    name: str
    production: bool
    deliveries: tuple[Delivery, ...]
    """In the order of their numbers; every number from 1 on is there. None where they are in `gathered`."""
    first: EnvironmentFacts | None = None
    """The first environment of its chain; `None` where this is the first itself."""
    incidents: tuple[Incident, ...] = ()
    downtimes: tuple[Downtime, ...] = ()
    teams: Mapping[str, str] = {}
    """Team of each component that has one."""
    app_changes: tuple[AppChange, ...] | None = None
    """`None` where no application's history was given."""
    resources: frozenset[str] = frozenset()
    """What changes beside components and is measured with the environment alone, such as a ConfigMap."""
    truncated: str = ""
    """Why the history does not begin at its beginning (`--limit`, a shallow clone); empty where it does."""
    gathered: Gathered | None = None
    """What was gathered from the deployments; `None` where that is still to be done."""
