"""Which version of a component stood in which environment, from when to when, followed deployment by deployment."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping  # noqa: TC003 - what is kept is decoded by its annotations
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from generator.site.words import version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.records import ChangeRecord

KEPT = 30
"""Versions of one component in one environment that are kept, the newest. The evidence has them all."""


class Stay(NamedTuple):
    """One version, for the time in which it stood."""

    version: str
    """What people call it; several artifacts of one component are joined, see `named`."""
    start: int
    """Seconds since 1970 UTC."""
    end: int | None
    """`None` where it stands at the report time."""
    kind: str
    """How it came: kind of the change."""
    deployment: str
    ended_by: str = ""
    """Deployment that put another version in its place, or none; empty where it stands."""
    before: str = ""
    """Version that it followed; empty where there was none."""
    validation: str = ""
    origin: str = ""
    """Upstream deployment that it came from; empty where there is none, or none is known."""
    soak_seconds: int | None = None
    culprit: str = ""
    """For a rollback: the first deployment after the version that it returns to."""
    triage: str = ""
    """Digest of the verdict on the deployment that brought it; empty where nothing had failed."""
    parts: tuple[tuple[str, str], ...] = ()
    """(field, version) of every artifact, sorted."""


class Lane(NamedTuple):
    """The stays of one component in one environment, oldest first and without overlap."""

    environment: str
    stays: tuple[Stay, ...]
    earlier: int = 0
    """Older stays that are not kept."""
    rollbacks: int = 0
    """Stays that came by a rollback, those that are not kept among them."""


class Moved(NamedTuple):
    """What one deployment did to one component."""

    deployment: str
    at: int | None
    """Seconds since 1970 UTC; `None` where neither it nor one before it has a usable time."""
    changes: Sequence[ChangeRecord]
    """Changes of its artifacts."""
    triage: str


class Followed(NamedTuple):
    """How far one component was followed in one environment."""

    stays: tuple[Stay, ...] = ()
    artifacts: Mapping[str, str] = {}
    """Version of each artifact that stands, by its field."""
    seen: int = 0
    rollbacks: int = 0


NOT_FOLLOWED = Followed()


class Track:
    """One component in one environment, while its history is read."""

    def __init__(self, before: Followed = NOT_FOLLOWED) -> None:
        """Go on from `before`; by itself, stand before its first version."""
        self._stays: deque[Stay] = deque(before.stays, maxlen=KEPT)
        self._artifacts = dict(before.artifacts)
        self._seen = before.seen
        self._rollbacks = before.rollbacks

    def followed(self) -> Followed:
        """Return how far it was followed."""
        return Followed(tuple(self._stays), dict(self._artifacts), self._seen, self._rollbacks)

    def lane(self, environment: str) -> Lane:
        """Return what was followed so far."""
        return Lane(environment, tuple(self._stays), self._seen - len(self._stays), self._rollbacks)

    def move(self, moved: Moved) -> None:
        """Take what one deployment changed; without any time before it, there is no place to put it."""
        for change in moved.changes:
            if change.new is None:
                self._artifacts.pop(change.field, None)
            else:
                self._artifacts[change.field] = version(change.new)
        if moved.at is None:
            return
        parts = tuple(sorted(self._artifacts.items()))
        name = _joined(parts)
        before = self._leave(name, moved)
        if name and before is not None:
            stay = _stay(name, moved.at, moved, before)._replace(parts=parts)
            self._stays.append(stay)
            self._seen += 1
            self._rollbacks += stay.kind == "rollback"

    def _leave(self, name: str, moved: Moved) -> str | None:
        """End the version that stands; return its name, empty where there was none, and `None` where it stays."""
        standing = self._stays[-1] if self._stays else None
        if standing is None:
            return ""
        if standing.end is not None:
            return standing.version
        if standing.version == name:
            return None
        self._stays[-1] = standing._replace(end=moved.at, ended_by=moved.deployment)
        return standing.version


def _stay(name: str, start: int, moved: Moved, before: str) -> Stay:
    """Return the version that a deployment brought, with what is known of how: of several artifacts, the first."""
    changes = moved.changes
    told = next((change for change in changes if change.kind == "rollback"), changes[0])
    origins = [change.origin for change in changes if change.origin is not None]
    origin = origins[0] if origins else None
    return Stay(
        version=name,
        start=start,
        end=None,
        kind=told.kind,
        deployment=moved.deployment,
        before=before,
        validation=told.validation,
        origin=origin.deployment if origin is not None else "",
        soak_seconds=origin.soak_seconds if origin is not None else None,
        culprit=told.culprit,
        triage=moved.triage,
    )


def named(lanes: Sequence[Lane]) -> tuple[Lane, ...]:
    """Return the lanes of one component with versions named by what ever differs between them.

    A registry, a sidecar or a base image that never changes says nothing about a version. Where leaving it out would
    give two versions in a row one name, all artifacts are named.
    """
    values: dict[str, set[str]] = {}
    for lane in lanes:
        for stay in lane.stays:
            for field, name in stay.parts:
                values.setdefault(field, set()).add(name)
    moving = {field for field, names in values.items() if len(names) > 1}
    if not moving or len(moving) == len(values):
        return tuple(lanes)
    found = tuple(_named(lane, moving) for lane in lanes)
    return found if all(_are_apart(lane) for lane in found) else tuple(lanes)


def _named(lane: Lane, moving: set[str]) -> Lane:
    names = {
        stay.version: _joined([part for part in stay.parts if part[0] in moving]) or stay.version for stay in lane.stays
    }
    stays = [
        stay._replace(version=names[stay.version], before=names.get(stay.before, stay.before)) for stay in lane.stays
    ]
    return lane._replace(stays=tuple(stays))


def _are_apart(lane: Lane) -> bool:
    """Return whether a version that follows another right away has another name."""
    return all(a.version != b.version or a.end != b.start for a, b in pairwise(lane.stays))


def _joined(parts: Sequence[tuple[str, str]]) -> str:
    return " + ".join(dict.fromkeys(name for _field, name in parts))
