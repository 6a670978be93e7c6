"""The history of every component over all environments: from the deployments, once through."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping  # noqa: TC003 - what is kept is decoded by its annotations
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.evidence.facts import EVERYWHERE
from generator.evidence.folding import NotKept
from generator.site.components.stays import Followed, Moved, Track, named

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from generator.evidence.delivery_records import RecordLine
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


class Held(NamedTuple):
    """One component, as far as its history was read."""

    tracks: Mapping[str, Followed] = {}
    """By environment, as everything here."""
    touched: Mapping[str, tuple[int, int]] = {}
    """Deployments that changed it, and those of them that changed a setting."""
    changes: tuple[SettingsChange, ...] = ()
    """Oldest first."""
    changes_total: int = 0
    newest: tuple[str, str] = ("", "")
    gone: Mapping[str, Gone] = {}


NOT_HELD = Held()


class Read(NamedTuple):
    """What histories go on from."""

    told: bytes
    """Digest of the times that records tell."""
    clocks: Mapping[str, int | None]
    """Time of the newest deployment of each environment."""
    left_out: tuple[str, ...]
    """Sorted ids of what changed and is no component."""
    components: Mapping[str, Held]


class _Component:
    """One component, while the history is read."""

    def __init__(self, before: Held = NOT_HELD) -> None:
        self.tracks = {name: Track(followed) for name, followed in before.tracks.items()}
        self.touched = {name: list(counts) for name, counts in before.touched.items()}
        self.changes: deque[SettingsChange] = deque(before.changes, maxlen=CHANGES_KEPT)
        self.changes_total = before.changes_total
        self.newest = before.newest
        self.gone = dict(before.gone)

    def held(self) -> Held:
        return Held(
            {name: track.followed() for name, track in self.tracks.items()},
            {name: (deployments, settings) for name, (deployments, settings) in self.touched.items()},
            tuple(self.changes),
            self.changes_total,
            self.newest,
            dict(self.gone),
        )

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


class Histories:
    """The history of every component, deployment by deployment: a fold.

    A deployment without a usable time, or before the one that it follows, is put at the time of the one before: order
    is that of the history.
    """

    def __init__(self, components: Collection[str], times: Mapping[str, int], before: Read | None = None) -> None:
        """Follow each of `components`, going on from `before`.

        `times` has the time of deployments (by id) that differs from their commit's. Raises `NotKept` where what was
        read `before` would be read otherwise now.
        """
        self._wanted = components if isinstance(components, frozenset | set) else frozenset(components)
        self._times = times
        self._told = sha256(msgspec.msgpack.encode(sorted(times.items()))).digest()
        if before is not None and (before.told != self._told or not self._wanted.isdisjoint(before.left_out)):
            raise NotKept
        self._left_out = set(before.left_out) if before is not None else set()
        self._clocks = dict(before.clocks) if before is not None else {}
        self._found = {name: _Component(held) for name, held in before.components.items()} if before is not None else {}

    def take(self, line: int, record: DeploymentRecord) -> None:
        """Take in the next deployment."""
        del line
        at = self._times.get(record.id) or _seconds(record.commit.committed_at)
        before = self._clocks.get(record.environment)
        at = max(at, before) if at is not None and before is not None else before if at is None else at
        self._clocks[record.environment] = at
        changed: dict[str, list[ChangeRecord]] = {}
        for change in record.changes:
            if change.component in self._wanted:
                changed.setdefault(change.component, []).append(change)
            else:
                self._left_out.add(change.component)
        for component, changes in changed.items():
            held = self._found.get(component)
            if held is None:
                held = self._found[component] = _Component()
            held.take(record, changes, at)

    def state(self) -> Read:
        """Return what to go on from."""
        held = {name: one.held() for name, one in self._found.items()}
        return Read(self._told, dict(self._clocks), tuple(sorted(self._left_out)), held)

    def histories(self, environments: Sequence[str]) -> Mapping[str, History]:
        """Return the history of each component that any deployment changed."""
        return {name: held.history(environments) for name, held in self._found.items() if name in self._wanted}


def told_times(records: Mapping[str, Sequence[RecordLine]], as_of: str) -> Mapping[str, int]:
    """Return when deployments (by id) finished, in seconds since 1970, where `records` of pipelines tell it.

    What is to finish after the report time `as_of` is not told yet.
    """
    latest = _seconds(as_of)
    found: dict[str, int] = {}
    for identity, lines in records.items():
        places = {EVERYWHERE, identity.rpartition("-")[0]}
        for line in lines:
            if line.kind == "deployment" and line.counts and line.status == "succeeded" and line.environment in places:
                at = _seconds(line.finished)
                if at is not None and (latest is None or at <= latest):
                    found.setdefault(identity, at)
    return found


def _seconds(iso: str) -> int | None:
    try:
        return int(datetime.fromisoformat(iso).timestamp()) if iso else None
    except (ValueError, OverflowError):
        return None
