"""One shard of an environment's history: what stood before its first deployment, and what each deployment changed.

A shard is read on its own: it holds every text that it uses once, and everything else in it is a number of one. It is
a JSON object with

- `first`: index of its first deployment,
- `texts`: the texts,
- `keys`: fields, flat: text of the aspect, text of the name,
- `components`, `connections`: what stood before its first deployment,
- `deployments`: for each `[commit, digest, components, gone components, connections, gone connections]`, without the
  empty lists at its end.

A component is `[id, role, kind, group, version, digest, since, artifacts, fields]`: texts, then the index of the
deployment that last changed its artifact, then flat `key, text, index at which the upstream first had it or -1` and
flat `key, text`. With a tenth element it is set against what it was: `fields` are those that came or changed, the
tenth are the keys of those that went. A connection is `[source, target, port, how]`, a gone one without its last.

A shard that is full is never written again: what the upstream had only later stands in the index of the environment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

import msgspec

from generator.evidence.summarising import short_version
from generator.site.past.column import Column
from generator.site.past.firsts import ARTIFACT, artifacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.evidence.packs import ComponentRecord, TopologyEntry
    from generator.evidence.records import DeploymentRecord
    from generator.site.past.firsts import Upstream

LEAST_BYTES = 60_000
"""Bytes of changes up to which a shard is not closed, whatever the size of what stood before them."""
MOST_DEPLOYMENTS = 1024
DIGEST = 16
"""Digits of a component's digest: enough to tell its states apart."""


class Held(NamedTuple):
    """A component as it stands."""

    record: ComponentRecord
    group: str
    since: Mapping[str, int]
    """Artifact field → index of the deployment that set its value; of what runs nothing, "" → that it dates from."""


class ShardState(msgspec.Struct, array_like=True, gc=False):
    """A shard to go on with."""

    first: int
    texts: list[str]
    keys: list[tuple[str, str]]
    components: bytes
    """JSON, as the connections and the deployments are."""
    connections: bytes
    limit: int
    size: int
    deployments: bytes
    count: int


class Shard:
    """Takes deployments one after the other until it is full."""

    def __init__(self, state: ShardState, upstream: Upstream) -> None:
        """Go on from `state`; `upstream` tells when the upstream first had an artifact."""
        self.first, self._upstream = state.first, upstream
        self._texts = {text: number for number, text in enumerate(state.texts)}
        self._keys = {key: number for number, key in enumerate(state.keys)}
        self._components, self._connections = state.components, state.connections
        self._limit, self._bytes = state.limit, state.size
        self._deployments, self._count = Column(state.deployments), state.count

    @classmethod
    def begin(
        cls, first: int, held: Mapping[str, Held], edges: Mapping[str, TopologyEntry], upstream: Upstream
    ) -> Self:
        """Begin before deployment `first`."""
        shard = cls(ShardState(first, [], [], b"", b"", 0, 0, b"", 0), upstream)
        shard._stand([held[name] for name in sorted(held)], [edges[key] for key in sorted(edges)])
        return shard

    def _stand(self, components: Iterable[Held], connections: Iterable[TopologyEntry]) -> None:
        self._components = msgspec.json.encode([self._component(one, None) for one in components])
        self._connections = msgspec.json.encode([self._connection(entry) for entry in connections])
        # Both stand in one list of two.
        checkpoint = len(self._components) + len(self._connections) + 3 + self._bytes
        self._limit = max(LEAST_BYTES, checkpoint)
        self._bytes = 0

    def state(self) -> ShardState:
        """Return what is needed to go on."""
        return ShardState(
            self.first, list(self._texts), list(self._keys), self._components, self._connections, self._limit,
            self._bytes, bytes(self._deployments), self._count,
        )  # fmt: skip

    @property
    def full(self) -> bool:
        """Return whether the next deployment belongs into another shard."""
        return self._bytes >= self._limit or self._count >= MOST_DEPLOYMENTS

    def take(
        self,
        record: DeploymentRecord,
        components: Iterable[tuple[Held, Held | None]],
        gone: Iterable[str],
        connections: Iterable[TopologyEntry],
        ended: Iterable[TopologyEntry],
    ) -> None:
        """Take the next deployment: each component that came or changed with what it was, and the rest as named."""
        row: list[object] = [
            self._text(record.commit.id),
            self._text(record.digest),
            [self._component(now, was) for now, was in components],
            [self._text(name) for name in gone],
            [self._connection(entry) for entry in connections],
            [self._connection(entry)[:-1] for entry in ended],
        ]
        while row[-1] == []:
            row.pop()
        encoded = msgspec.json.encode(row)
        self._bytes += len(encoded) + 1
        self._deployments.put(encoded)
        self._count += 1

    def encoded(self) -> bytes:
        """Return the shard as JSON."""
        keys = [text for aspect, name in self._keys for text in (self._texts[aspect], self._texts[name])]
        return msgspec.json.encode(
            {
                "first": self.first,
                "texts": list(self._texts),
                "keys": keys,
                "components": msgspec.Raw(self._components),
                "connections": msgspec.Raw(self._connections),
                "deployments": self._deployments.listed,
            }
        )

    def _text(self, text: str) -> int:
        number = self._texts.get(text)
        if number is None:
            number = self._texts[text] = len(self._texts)
            self._bytes += len(text.encode("utf-8")) + 3
        return number

    def _key(self, aspect: str, name: str) -> int:
        number = self._keys.get((aspect, name))
        if number is None:
            number = self._keys[aspect, name] = len(self._keys)
            self._text(aspect)
            self._text(name)
        return number

    def _component(self, held: Held, was: Held | None) -> list[object]:
        record = held.record
        fields = {(aspect, name): value for aspect, name, value in record.fields if aspect != ARTIFACT}
        runs = artifacts(record)
        row: list[object] = [
            self._text(record.id),
            self._text(record.role),
            self._text(record.kind),
            self._text(held.group),
            self._text(", ".join(dict.fromkeys(short_version(value) for _name, value in runs))),
            self._text(record.digest[:DIGEST]),
            max(held.since.values()),
            [
                number
                for name, value in runs
                for number in (
                    self._key(ARTIFACT, name), self._text(value), self._upstream.index(record.id, name, value)
                )
            ],
        ]  # fmt: skip
        if was is None:
            return [*row, self._flat(fields)]
        before = {(aspect, name): value for aspect, name, value in was.record.fields if aspect != ARTIFACT}
        came = {key: value for key, value in fields.items() if before.get(key) != value}
        return [*row, self._flat(came), [self._key(*key) for key in before if key not in fields]]

    def _flat(self, fields: Mapping[tuple[str, str], str]) -> list[int]:
        return [number for key, value in fields.items() for number in (self._key(*key), self._text(value))]

    def _connection(self, entry: TopologyEntry) -> list[int]:
        return [self._text(text) for text in (entry.source, entry.target, entry.port, entry.how)]
