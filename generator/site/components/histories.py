"""The history of every component over all environments: from the deployments, once through."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from generator.site.components.stays import Moved, Track, named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from generator.evidence.records import ChangeRecord, DeploymentRecord
    from generator.site.components.stays import Lane, Stay

CHANGES_KEPT = 10
"""Deployments that changed settings of a component that are kept, the newest of all environments."""
FIELDS_NAMED = 3


class SettingsChange(NamedTuple):
    """A deployment that changed more of a component than its artifacts."""

    deployment: str
    environment: str
    at: str
    """Commit time; empty where the commit carries none."""
    fields: tuple[str, ...]
    """Names of the first few fields."""
    total: int
    kind: str
    """`rollback` where one of the fields went back, else the kind of the first change."""


class Touched(NamedTuple):
    """How often one environment's deployments changed a component."""

    environment: str
    deployments: int
    settings: int
    """Those that changed a setting."""


class Gone(NamedTuple):
    """A component that left an environment."""

    environment: str
    deployment: str
    at: str


class History(NamedTuple):
    """One component, through all environments."""

    lanes: tuple[Lane, ...] = ()
    """In the order of promotion, those without a version left out."""
    touched: tuple[Touched, ...] = ()
    changes: tuple[SettingsChange, ...] = ()
    """Newest first."""
    changes_total: int = 0
    newest: str = ""
    """Id of the newest deployment that changed it."""
    newest_at: str = ""
    gone: tuple[Gone, ...] = ()
    """Environments that it was removed from and is not in, in the order of promotion."""

    def standing(self, environment: str) -> Stay | None:
        """Return the version that stands in an environment; `None` where none does, or none was followed."""
        stays = next((lane.stays for lane in self.lanes if lane.environment == environment), ())
        return stays[-1] if stays and stays[-1].end is None else None


NOTHING = History()


class _Component:
    """One component, while the history is read."""

    def __init__(self) -> None:
        self.tracks: dict[str, Track] = {}
        self.touched: dict[str, list[int]] = {}
        self.changes: deque[SettingsChange] = deque(maxlen=CHANGES_KEPT)
        self.changes_total = 0
        self.newest: tuple[str, str] = ("", "")
        self.gone: dict[str, Gone] = {}

    def take(self, record: DeploymentRecord, changes: Sequence[ChangeRecord], at: int | None) -> None:
        artifacts = [change for change in changes if change.aspect == "artifact"]
        if artifacts:
            track = self.tracks.get(record.environment)
            if track is None:
                track = self.tracks[record.environment] = Track()
            track.move(Moved(record.id, at, artifacts, record.triage or ""))
        when = record.commit.committed_at
        self.newest = record.id, when
        count = self.touched.setdefault(record.environment, [0, 0])
        count[0] += 1
        for change in changes:
            if change.aspect == "topology" and change.field == "component":
                self.gone.pop(record.environment, None)
                if change.new is None:
                    self.gone[record.environment] = Gone(record.environment, record.id, when)
        settings = [change for change in changes if change.aspect not in {"artifact", "topology"}]
        if settings:
            count[1] += 1
            self.changes_total += 1
            kind = "rollback" if any(change.kind == "rollback" for change in settings) else settings[0].kind
            fields = tuple(change.field for change in settings[:FIELDS_NAMED])
            self.changes.append(SettingsChange(record.id, record.environment, when, fields, len(settings), kind))

    def history(self, environments: Sequence[str]) -> History:
        lanes = (self.tracks[name].lane(name) for name in environments if name in self.tracks)
        return History(
            lanes=named([lane for lane in lanes if lane.stays]),
            touched=tuple(Touched(name, *self.touched[name]) for name in environments if name in self.touched),
            changes=tuple(reversed(self.changes)),
            changes_total=self.changes_total,
            newest=self.newest[0],
            newest_at=self.newest[1],
            gone=tuple(self.gone[name] for name in environments if name in self.gone),
        )


def histories(
    records: Iterable[DeploymentRecord],
    components: Collection[str],
    environments: Sequence[str],
    times: Mapping[str, int] | None = None,
) -> Mapping[str, History]:
    """Return the history of each of `components` that any of `records`, oldest first, changed.

    `times` has the time of deployments (by id) that differs from their commit's. A deployment without a usable time,
    or before the one that it follows, is put at the time of the one before: order is that of the history.
    """
    wanted = components if isinstance(components, frozenset | set) else frozenset(components)
    found: dict[str, _Component] = {}
    clocks: dict[str, int | None] = {}
    for record in records:
        at = (times or {}).get(record.id) or _seconds(record.commit.committed_at)
        before = clocks.get(record.environment)
        at = max(at, before) if at is not None and before is not None else before if at is None else at
        clocks[record.environment] = at
        changed: dict[str, list[ChangeRecord]] = {}
        for change in record.changes:
            if change.component in wanted:
                changed.setdefault(change.component, []).append(change)
        for component, changes in changed.items():
            held = found.get(component)
            if held is None:
                held = found[component] = _Component()
            held.take(record, changes, at)
    return {component: held.history(environments) for component, held in found.items()}


def _seconds(iso: str) -> int | None:
    try:
        return int(datetime.fromisoformat(iso).timestamp()) if iso else None
    except (ValueError, OverflowError):
        return None
