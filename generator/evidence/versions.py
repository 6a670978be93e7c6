"""An environment version read back from evidence, and what differs between any two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.errors import RefusedError
from generator.evidence.packs import ComponentRecord  # noqa: TC001 - records are decoded by their annotations
from generator.evidence.version_names import FoundVersion, find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.evidence.packs import TopologyEntry
    from generator.evidence.reading import Evidence

__all__ = ["ConnectionRow", "FoundVersion", "VersionDifference", "VersionState", "difference", "find", "state"]


class ConnectionRow(msgspec.Struct, frozen=True, order=True):
    """A connection of one version."""

    source: str
    target: str
    port: str
    how: str
    """`declared`, `reference`, `inferred`, or `exposes` from an exposure to what it leads to."""


class VersionState(msgspec.Struct, frozen=True):
    """One environment version: what it consists of."""

    environment: str
    digest: str
    components: tuple[ComponentRecord, ...]
    """Every node, exposures and resources included, sorted by id."""
    connections: tuple[ConnectionRow, ...]
    """Sorted."""


class FieldDifference(msgspec.Struct, frozen=True):
    """One field that differs; `None` where one side has none."""

    aspect: str
    field: str
    a: str | None
    b: str | None


class ComponentDifference(msgspec.Struct, frozen=True):
    """One component that differs."""

    component: str
    a: str | None
    """Its kind on the first side; `None` where it is not there."""
    b: str | None
    fields: tuple[FieldDifference, ...]
    """Sorted by aspect and field; empty where only its names, ports, labels or references differ."""


class ConnectionDifference(msgspec.Struct, frozen=True):
    """One connection that stands on one side only, or is known otherwise."""

    source: str
    target: str
    port: str
    a: str | None
    """How it is known on the first side; `None` where it is not there."""
    b: str | None


class VersionDifference(msgspec.Struct, frozen=True):
    """What differs from one version to another, of one environment or of two."""

    components: tuple[ComponentDifference, ...]
    """Sorted by id."""
    connections: tuple[ConnectionDifference, ...]
    alike: int
    """Components that are the same on both sides."""

    @property
    def same(self) -> bool:
        """Return whether nothing differs."""
        return not self.components and not self.connections


def state(evidence: Evidence, found: FoundVersion) -> VersionState:
    """Return what a version consists of, going through its environment's topologies up to it.

    Raises `RefusedError` where the evidence does not hold together.
    """
    walk = evidence.topologies(found.environment)
    for deployment in evidence.deployments():
        if deployment.environment == found.environment:
            walk.advance(deployment.digest)
            if deployment.sequence == found.deployment.sequence:
                break
    wanted = {entry.component for entry in walk.entries.values() if entry.component}
    known = {digest: record for digest, record in evidence.components().items() if digest in wanted}
    missing = wanted - known.keys()
    if missing:
        raise RefusedError("evidence", f"component {min(missing)} is not in the evidence", fix="build it again")
    return VersionState(
        environment=found.environment,
        digest=found.deployment.digest,
        components=tuple(sorted(known.values(), key=lambda record: record.id)),
        connections=_connections(walk.entries),
    )


def _connections(entries: Mapping[str, TopologyEntry]) -> tuple[ConnectionRow, ...]:
    rows = [ConnectionRow(e.source, e.target, e.port, e.how) for e in entries.values() if not e.component]
    return tuple(sorted(rows))


def difference(a: VersionState, b: VersionState) -> VersionDifference:
    """Return what differs between two versions, sorted; swapping them swaps the sides of every row."""
    before, after = ({c.id: c for c in side.components} for side in (a, b))
    found = []
    for identity in sorted(before.keys() | after.keys()):
        one, other = before.get(identity), after.get(identity)
        if one is None or other is None or one.digest != other.digest:
            kinds = (one.kind if one else None, other.kind if other else None)
            found.append(ComponentDifference(identity, *kinds, _fields(one, other)))
    alike = len(before.keys() | after.keys()) - len(found)
    return VersionDifference(tuple(found), _edges(a, b), alike)


def _fields(one: ComponentRecord | None, other: ComponentRecord | None) -> tuple[FieldDifference, ...]:
    was, now = ({(f[0], f[1]): f[2] for f in side.fields} if side is not None else {} for side in (one, other))
    keys = sorted(was.keys() | now.keys())
    return tuple([FieldDifference(*key, was.get(key), now.get(key)) for key in keys if was.get(key) != now.get(key)])


def _edges(a: VersionState, b: VersionState) -> tuple[ConnectionDifference, ...]:
    before, after = ({(c.source, c.target, c.port): c.how for c in side.connections} for side in (a, b))
    keys = sorted(before.keys() | after.keys())
    return tuple([ConnectionDifference(*k, before.get(k), after.get(k)) for k in keys if before.get(k) != after.get(k)])
