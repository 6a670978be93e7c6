"""The data of the past: `assets/history/`, from which scripts tell what stood where at any time.

Every file is a script that sets one property of `assayHistoryParts`, since a page opened from a folder may load
scripts and nothing else. `environments.js` holds what there is, `components.js` where the pages of components are. Each
environment has a folder with `index.js` (when its deployments were and of which kind), `names.js` (commits and digests,
only loaded to find one by it) and its shards `0.js`, `1.js`, ... (see `generator.site.past.shard`), each of which can
be read alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.site.names import PART, anchor, page_name
from generator.site.past.lines import ARTIFACT, deployment_lines, first_had
from generator.site.past.shard import Held, Shard
from generator.site.walk import moved

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.evidence.packs import ComponentRecord, TopologyEntry
    from generator.evidence.reading import Evidence
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.past.lines import Firsts, Line

FOLDER = "assets/history"
SHORT = 12
"""Digits of a commit or digest by which one is found."""
PART_OF = "labels.app.kubernetes.io/part-of"
NODE = "c "
"""Begin of the key of a node in a topology; what follows is its id."""


def write_history(folder: Path, evidence: Evidence, components: Mapping[str, ComponentRecord]) -> None:
    """Write the past of every environment into `folder`, going through the evidence from oldest to newest.

    `components` are the component records by digest. Holds one state and one shard an environment at a time, and a
    few dozen bytes a deployment. Raises `RefusedError` where the evidence does not hold together.
    """
    had = first_had(evidence, components)
    environments = evidence.summary.environments
    pasts = {
        env.name: _Past(folder / page_name(env.name), number, env, had.get(env.upstream, {}))
        for number, env in enumerate(environments)
    }
    replays = {env.name: evidence.topologies(env.name) for env in environments}
    for line in deployment_lines(evidence):
        past = pasts.get(line.environment)
        if past is not None:
            came, went = moved(replays[line.environment], line.digest)
            past.take(line, components, came, went)
    listed = [past.finish() for past in pasts.values()]
    _write(folder / "environments.js", "environments", msgspec.json.encode(listed))
    pages = sorted({record.id for record in components.values() if record.role == "component"})
    named = [[one] if page_name(one) == one else [one, page_name(one)] for one in pages]
    _write(folder / "components.js", "components", msgspec.json.encode(named))


class _Past:
    """Follows one environment and writes its files."""

    def __init__(self, folder: Path, number: int, environment: EnvironmentSummary, had: Firsts) -> None:
        self._folder, self._number, self._environment, self._had = folder, number, environment, had
        self._teams = {cell.component: cell.team for cell in environment.cells}
        self._held: dict[str, Held] = {}
        self._edges: dict[str, TopologyEntry] = {}
        self._shard: Shard | None = None
        self._shards: list[int] = []
        self._times: list[int | None] = []
        self._last = 0
        self._kinds: dict[str, int] = {}
        self._kind: list[int] = []
        self._commits: list[str] = []
        self._digests: list[str] = []
        self._tags: dict[str, str] = {}
        self._dated = ("", "")

    def take(
        self,
        line: Line,
        components: Mapping[str, ComponentRecord],
        came: Mapping[str, TopologyEntry],
        went: Mapping[str, TopologyEntry],
    ) -> None:
        """Take the next deployment, and what of its topology came or changed and went or changed."""
        index = len(self._kind)
        if self._shard is None or self._shard.full:
            self._close()
            self._shard = Shard(index, self._held, self._edges, self._had)
            self._shards.append(index)
        changed = [
            self._set(key.removeprefix(NODE), components[entry.component], index)
            for key, entry in sorted(came.items())
            if entry.component
        ]
        gone = sorted(key for key in went if key not in came)
        for key in gone:
            (self._held if key.startswith(NODE) else self._edges).pop(key.removeprefix(NODE), None)
        edges = {key: entry for key, entry in sorted(came.items()) if not entry.component}
        self._edges.update(edges)
        self._shard.take(
            line,
            changed,
            [key.removeprefix(NODE) for key in gone if key.startswith(NODE)],
            edges.values(),
            [went[key] for key in gone if not key.startswith(NODE)],
        )
        self._note(line, index)

    def _set(self, name: str, record: ComponentRecord, index: int) -> tuple[Held, Held | None]:
        was = self._held.get(name)
        had = {field: value for aspect, field, value in was.record.fields if aspect == ARTIFACT} if was else {}
        artifacts = {field: value for aspect, field, value in record.fields if aspect == ARTIFACT}
        since = {
            field: was.since[field] if was is not None and had.get(field) == value else index
            for field, value in artifacts.items()
        }
        if not artifacts:
            # What runs nothing dates from when it came, or lost what it ran.
            since = {"": was.since[""] if was is not None and not had else index}
        now = Held(record, self._teams.get(name, "") or _part_of(record), since)
        self._held[name] = now
        return now, was

    def _note(self, line: Line, index: int) -> None:
        at = _seconds(line.commit.committed_at)
        self._times.append(None if at is None else at - self._last)
        if at is not None:
            self._last = at
            self._dated = (self._dated[0] or line.commit.committed_at, line.commit.committed_at)
        self._kind.append(self._kinds.setdefault(line.kind, len(self._kinds)))
        self._commits.append(line.commit.id[:SHORT])
        self._digests.append(line.digest[:SHORT])
        if line.commit.tags:
            self._tags[str(index)] = ", ".join(line.commit.tags)

    def finish(self) -> dict[str, object]:
        """Write what is left; return what the list of environments says of this one."""
        self._close()
        environment = self._environment
        index = {
            "times": self._times,
            "kinds": list(self._kinds),
            "kind": self._kind,
            "tags": self._tags,
            "shards": self._shards,
            "part": PART,
            **self._pages(),
        }
        names = {"commits": self._commits, "digests": self._digests}
        if self._kind:
            self._write("index.js", "", msgspec.json.encode(index))
            self._write("names.js", "/names", msgspec.json.encode(names))
        return {
            "name": environment.name,
            "folder": page_name(environment.name),
            "production": environment.production,
            "upstream": environment.upstream,
            "deployments": len(self._kind),
            "first": self._dated[0],
            "last": self._dated[1],
        }

    def _pages(self) -> dict[str, object]:
        """Return what pages and places are named by, where it is not the id of the deployment itself."""
        name = self._environment.name
        ids = [f"{name}-{number}" for number in range(1, len(self._kind) + 1)]
        places = {"anchors": [anchor(one) for one in ids]}
        if self._environment.production:
            places["releases"] = [page_name(one) for one in ids]
        return {kind: found for kind, found in places.items() if found != ids}

    def _close(self) -> None:
        if self._shard is not None:
            number = len(self._shards) - 1
            self._write(f"{number}.js", f"/{number}", self._shard.encoded())

    def _write(self, name: str, part: str, data: bytes) -> None:
        _write(self._folder / name, f"{self._number}{part}", data)


def _write(path: Path, part: str, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # No text of a repository should look like markup to whoever meets the file elsewhere.
    data = data.replace(b"<", rb"\u003c")
    path.write_bytes(b'(globalThis.assayHistoryParts ??= {})["%s"] = %s;\n' % (part.encode(), data))


def _part_of(record: ComponentRecord) -> str:
    found: Iterable[str] = (value for _aspect, name, value in record.fields if name == PART_OF)
    return next(iter(found), "")


def _seconds(iso: str) -> int | None:
    return int(datetime.fromisoformat(iso).timestamp()) if iso else None
