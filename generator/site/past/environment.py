"""The past of one environment: follows its deployments and writes its files, from any of them on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.site.names import PART, anchor, page_name
from generator.site.past.column import Column
from generator.site.past.firsts import Late, Upstream, artifacts
from generator.site.past.scripts import write_script
from generator.site.past.shard import Held, Shard, ShardState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.evidence.packs import ComponentRecord, TopologyEntry
    from generator.evidence.records import DeploymentRecord
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.past.firsts import Firsts

SHORT = 12
"""Digits of a commit or digest by which one is found."""
PART_OF = "labels.app.kubernetes.io/part-of"
NODE = "c "
"""Begin of the key of a node in a topology; what follows is its id."""


class PastState(msgspec.Struct, array_like=True, gc=False):
    """Where the past of an environment stands. What is long is text that nobody reads on the way."""

    topology: str
    """Digest of what stands."""
    line: int
    """Its line among the topologies of the environment."""
    since: dict[str, dict[str, int]]
    """`Held.since` of what stands."""
    teams: dict[str, str]
    """Team of all that ever stood."""
    shard: ShardState | None
    shards: list[int]
    settled: list[bytes]
    """SHA-256 of each shard that is full."""
    waits: bytes
    late: tuple[Late, ...]
    count: int
    last: int
    dated: tuple[str, str]
    kinds: list[str]
    times: bytes
    kind: bytes
    commits: bytes
    digests: bytes
    tags: bytes


class EnvironmentPast:
    """Follows one environment and writes its files."""

    def __init__(
        self,
        folder: Path,
        number: int,
        environment: EnvironmentSummary,
        firsts: Firsts | None,
    ) -> None:
        """Stand before the first deployment; `firsts` are those of its upstream, `None` where it has none."""
        self._folder, self._number, self._environment = folder, number, environment
        self._own = {cell.component: cell.team for cell in environment.cells}
        self.upstream = Upstream(firsts)
        self._firsts = firsts
        self._topology, self._line = "", 0
        self._held: dict[str, Held] = {}
        self._edges: dict[str, TopologyEntry] = {}
        self._teams: dict[str, str] = {}
        self._shard: Shard | None = None
        self._shards: list[int] = []
        self._settled: list[bytes] = []
        self.count = 0
        self._last = 0
        self._dated = ("", "")
        self._kinds: dict[str, int] = {}
        self._times, self._kind, self._tags = Column(), Column(), Column()
        self._commits, self._digests = Column(), Column()

    def resume(
        self, state: PastState, components: Mapping[str, ComponentRecord], entries: Mapping[str, TopologyEntry]
    ) -> bool:
        """Go on from `state`, at which `entries` stood; return whether all that it says of teams is still so."""
        if any(self._own.get(name, "") != team for name, team in state.teams.items()):
            return False
        self.upstream = Upstream(self._firsts, state.waits, state.late)
        self._teams = dict(state.teams)
        self._topology, self._line = state.topology, state.line
        for key, entry in entries.items():
            name = key.removeprefix(NODE)
            if entry.component:
                self._held[name] = self._hold(name, components[entry.component], state.since[name])
            else:
                self._edges[key] = entry
        self._shard = None if state.shard is None else Shard(state.shard, self.upstream)
        self._shards, self._settled = list(state.shards), list(state.settled)
        self.count, self._last, self._dated = state.count, state.last, state.dated
        self._kinds = {kind: number for number, kind in enumerate(state.kinds)}
        self._times, self._kind, self._tags = Column(state.times), Column(state.kind), Column(state.tags)
        self._commits, self._digests = Column(state.commits), Column(state.digests)
        return True

    def state(self) -> PastState:
        """Return what is needed to go on."""
        return PastState(
            topology=self._topology,
            line=self._line,
            since={name: dict(held.since) for name, held in self._held.items()},
            teams=self._teams,
            shard=None if self._shard is None else self._shard.state(),
            shards=self._shards,
            settled=self._settled,
            waits=self.upstream.waits(),
            late=tuple(self.upstream.late),
            count=self.count,
            last=self._last,
            dated=self._dated,
            kinds=list(self._kinds),
            times=bytes(self._times),
            kind=bytes(self._kind),
            commits=bytes(self._commits),
            digests=bytes(self._digests),
            tags=bytes(self._tags),
        )

    def take(
        self,
        record: DeploymentRecord,
        components: Mapping[str, ComponentRecord],
        came: Mapping[str, TopologyEntry],
        went: Mapping[str, TopologyEntry],
    ) -> None:
        """Take the next deployment, and what of its topology came or changed and went or changed."""
        if self._shard is not None and self._shard.full:
            self._settled.append(self._write_shard(self._shard))
            self._shard = None
        if self._shard is None:
            self._shard = Shard.begin(self.count, self._held, self._edges, self.upstream)
            self._shards.append(self.count)
        if record.digest != self._topology:
            self._topology, self._line = record.digest, self._line + 1
        changed = [
            self._set(key.removeprefix(NODE), components[entry.component])
            for key, entry in sorted(came.items())
            if entry.component
        ]
        gone = sorted(key for key in went if key not in came)
        for key in gone:
            (self._held if key.startswith(NODE) else self._edges).pop(key.removeprefix(NODE), None)
        edges = {key: entry for key, entry in sorted(came.items()) if not entry.component}
        self._edges.update(edges)
        self._shard.take(
            record,
            changed,
            [key.removeprefix(NODE) for key in gone if key.startswith(NODE)],
            edges.values(),
            [went[key] for key in gone if not key.startswith(NODE)],
        )
        self._note(record)

    def _set(self, name: str, record: ComponentRecord) -> tuple[Held, Held | None]:
        was = self._held.get(name)
        had, runs = dict(artifacts(was.record)) if was else {}, dict(artifacts(record))
        since = {
            field: was.since[field] if was is not None and had.get(field) == value else self.count
            for field, value in runs.items()
        }
        if not runs:
            # What runs nothing dates from when it came, or lost what it ran.
            since = {"": was.since[""] if was is not None and not had else self.count}
        self._teams.setdefault(name, self._own.get(name, ""))
        now = self._held[name] = self._hold(name, record, since)
        return now, was

    def _hold(self, name: str, record: ComponentRecord, since: Mapping[str, int]) -> Held:
        return Held(record, self._own.get(name, "") or _part_of(record), since)

    def _note(self, record: DeploymentRecord) -> None:
        commit = record.commit
        at = _seconds(commit.committed_at)
        self._times.add(None if at is None else at - self._last)
        if at is not None:
            self._last = at
            self._dated = (self._dated[0] or commit.committed_at, commit.committed_at)
        self._kind.add(self._kinds.setdefault(record.kind, len(self._kinds)))
        self._commits.add(commit.id[:SHORT])
        self._digests.add(record.digest[:SHORT])
        if commit.tags:
            self._tags.put(b'"%d":%s' % (self.count, msgspec.json.encode(", ".join(commit.tags))))
        self.count += 1

    def finish(self) -> dict[str, object]:
        """Write what is left; return what the list of environments says of this one."""
        if self._shard is not None:
            self._write_shard(self._shard)
            index = {
                "times": self._times.listed,
                "kinds": list(self._kinds),
                "kind": self._kind.listed,
                "tags": self._tags.named,
                "shards": self._shards,
                "part": PART,
                **self._pages(),
                **({"late": self.upstream.late} if self.upstream.late else {}),
            }
            names = {"commits": self._commits.listed, "digests": self._digests.listed}
            self._write("index.js", "", msgspec.json.encode(index))
            self._write("names.js", "/names", msgspec.json.encode(names))
        environment = self._environment
        return {
            "name": environment.name,
            "folder": page_name(environment.name),
            "production": environment.production,
            "upstream": environment.upstream,
            "deployments": self.count,
            "first": self._dated[0],
            "last": self._dated[1],
        }

    def _pages(self) -> dict[str, object]:
        """Return what pages and places are named by, where it is not the id of the deployment itself."""
        name, production = self._environment.name, self._environment.production
        places = {"anchors": anchor, **({"releases": page_name} if production else {})}
        # Names of one environment and one length are all taken as they are, or none is.
        lengths = [number for number in (10**digits for digits in range(12)) if number <= self.count]
        found: dict[str, object] = {}
        for kind, place in places.items():
            if any(place(f"{name}-{number}") != f"{name}-{number}" for number in lengths):
                found[kind] = [place(f"{name}-{number}") for number in range(1, self.count + 1)]
        return found

    def _write_shard(self, shard: Shard) -> bytes:
        number = len(self._shards) - 1
        return self._write(f"{number}.js", f"/{number}", shard.encoded())

    def _write(self, name: str, part: str, data: bytes) -> bytes:
        return write_script(self._folder / name, f"{self._number}{part}", data)


def _part_of(record: ComponentRecord) -> str:
    found: Iterable[str] = (value for _aspect, name, value in record.fields if name == PART_OF)
    return next(iter(found), "")


def _seconds(iso: str) -> int | None:
    return int(datetime.fromisoformat(iso).timestamp()) if iso else None
