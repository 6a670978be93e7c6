"""Which version of a component stood in which environment, from when to when: from the deployments, once through."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from generator.site.words import version

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from generator.evidence.records import ChangeRecord, DeploymentRecord


class Stay(NamedTuple):
    """One version, for the time in which it stood."""

    version: str
    """What people call it; several artifacts of one component are joined."""
    start: int
    """Seconds since 1970 UTC."""
    end: int | None
    """`None` where it stands at the report time."""
    kind: str
    """How it came: kind of the change."""
    deployment: str


class Lane(NamedTuple):
    """The stays of one component in one environment, oldest first and without overlap."""

    environment: str
    stays: tuple[Stay, ...]


def lanes(
    records: Iterable[DeploymentRecord],
    components: Collection[str],
    environments: Sequence[str],
    times: Mapping[str, int] | None = None,
) -> Mapping[str, tuple[Lane, ...]]:
    """Return for each of `components` its lanes in the order of `environments`, those without a stay left out.

    `times` has the time of deployments (by id) that differs from their commit's. A deployment without a usable time,
    or before the one that it follows, is put at the time of the one before: order is that of the history.
    """
    wanted = frozenset(components)
    tracks: dict[tuple[str, str], _Track] = {}
    clocks: dict[str, int | None] = {}
    for record in records:
        at = (times or {}).get(record.id) or _seconds(record.commit.committed_at)
        before = clocks.get(record.environment)
        at = max(at, before) if at is not None and before is not None else before if at is None else at
        clocks[record.environment] = at
        changed: dict[str, list[ChangeRecord]] = {}
        for change in record.changes:
            if change.aspect == "artifact" and change.component in wanted:
                changed.setdefault(change.component, []).append(change)
        for component, changes in changed.items():
            tracks.setdefault((component, record.environment), _Track()).move(changes, at, record.id)
    return {
        component: tuple(
            Lane(name, tuple(tracks[component, name].stays))
            for name in environments
            if (component, name) in tracks and tracks[component, name].stays
        )
        for component in components
    }


class _Track:
    """One component in one environment, while its history is read."""

    def __init__(self) -> None:
        self.stays: list[Stay] = []
        self._artifacts: dict[str, str] = {}

    def move(self, changes: Sequence[ChangeRecord], at: int | None, deployment: str) -> None:
        """Take the changes of one deployment; without any time before it, there is no place to put it."""
        for change in changes:
            if change.new is None:
                self._artifacts.pop(change.field, None)
            else:
                self._artifacts[change.field] = version(change.new)
        if at is None:
            return
        name = " + ".join(dict.fromkeys(self._artifacts[field] for field in sorted(self._artifacts)))
        standing = self.stays[-1] if self.stays else None
        if standing is not None and standing.end is None:
            if standing.version == name:
                return
            self.stays[-1] = standing._replace(end=at)
        if name:
            kinds = [change.kind for change in changes]
            kind = "rollback" if "rollback" in kinds else kinds[0]
            self.stays.append(Stay(name, at, None, kind, deployment))


def _seconds(iso: str) -> int | None:
    try:
        return int(datetime.fromisoformat(iso).timestamp()) if iso else None
    except (ValueError, OverflowError):
        return None
