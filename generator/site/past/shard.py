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
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.evidence.summarising import short_version
from generator.site.past.lines import ARTIFACT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.evidence.packs import ComponentRecord, TopologyEntry
    from generator.site.past.lines import Firsts, Line

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


class Shard:
    """Takes deployments one after the other until it is full."""

    def __init__(self, first: int, held: Mapping[str, Held], edges: Mapping[str, TopologyEntry], had: Firsts) -> None:
        """Begin before deployment `first`; `had` tells when the upstream first had an artifact."""
        self.first = first
        self._had = had
        self._texts: dict[str, int] = {}
        self._keys: dict[tuple[str, str], int] = {}
        self._bytes = 0
        self._components = [self._component(held[name], None) for name in sorted(held)]
        self._connections = [self._connection(edges[key]) for key in sorted(edges)]
        checkpoint = len(msgspec.json.encode((self._components, self._connections))) + self._bytes
        self._limit = max(LEAST_BYTES, checkpoint)
        self._bytes = 0
        self._deployments: list[bytes] = []

    @property
    def full(self) -> bool:
        """Return whether the next deployment belongs into another shard."""
        return self._bytes >= self._limit or len(self._deployments) >= MOST_DEPLOYMENTS

    def take(
        self,
        line: Line,
        components: Iterable[tuple[Held, Held | None]],
        gone: Iterable[str],
        connections: Iterable[TopologyEntry],
        ended: Iterable[TopologyEntry],
    ) -> None:
        """Take the next deployment: each component that came or changed with what it was, and the rest as named."""
        row: list[object] = [
            self._text(line.commit.id),
            self._text(line.digest),
            [self._component(now, was) for now, was in components],
            [self._text(name) for name in gone],
            [self._connection(entry) for entry in connections],
            [self._connection(entry)[:-1] for entry in ended],
        ]
        while row[-1] == []:
            row.pop()
        encoded = msgspec.json.encode(row)
        self._bytes += len(encoded) + 1
        self._deployments.append(encoded)

    def encoded(self) -> bytes:
        """Return the shard as JSON."""
        keys = [text for aspect, name in self._keys for text in (self._texts[aspect], self._texts[name])]
        head = msgspec.json.encode(
            {
                "first": self.first,
                "texts": list(self._texts),
                "keys": keys,
                "components": self._components,
                "connections": self._connections,
            }
        )
        return head[:-1] + b',"deployments":[' + b",".join(self._deployments) + b"]}"

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
        artifacts = [(name, value) for aspect, name, value in record.fields if aspect == ARTIFACT]
        row: list[object] = [
            self._text(record.id),
            self._text(record.role),
            self._text(record.kind),
            self._text(held.group),
            self._text(", ".join(dict.fromkeys(short_version(value) for _name, value in artifacts))),
            self._text(record.digest[:DIGEST]),
            max(held.since.values()),
            [
                number
                for name, value in artifacts
                for number in (
                    self._key(ARTIFACT, name), self._text(value), self._had.get((record.id, name, value), -1)
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
