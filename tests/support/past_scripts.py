"""The scripts of `assets/history/`, read without the code that writes them and without a browser."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Node = tuple[str, str, str, str, dict[tuple[str, str], str]]
"""Role, kind, digest as far as it is kept, version, and (aspect, field) → value."""


def script_data(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return what a script sets its property to."""
    _head, _equals, rest = path.read_text("utf-8").partition("] = ")
    return json.loads(rest.removesuffix(";\n"))


@dataclass
class Told:
    """What the scripts say of one environment at one deployment."""

    commit: str = ""
    digest: str = ""
    nodes: dict[str, Node] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    upstream: dict[str, dict[str, int]] = field(default_factory=dict)
    """Component → artifact field → index at which the upstream first had its value."""
    edges: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """(source, target, port) → how it is known."""


class PastScripts:
    """One environment's folder."""

    def __init__(self, folder: Path) -> None:
        """Read the index; a shard is read when a state in it is asked for."""
        self._folder = folder
        self.index = script_data(folder / "index.js")

    def at(self, index: int) -> Told:
        """Return what stood after deployment `index`, from its shard alone."""
        number = max(n for n, first in enumerate(self.index["shards"]) if first <= index)
        shard = script_data(self._folder / f"{number}.js")
        texts, told = shard["texts"], Told()
        assert shard["first"] == self.index["shards"][number]
        _apply(shard, told, [0, 0, shard["components"], [], shard["connections"], []])
        for row in shard["deployments"][: index - shard["first"] + 1]:
            _apply(shard, told, [*row, *[[]] * (6 - len(row))])
            told.commit, told.digest = texts[row[0]], texts[row[1]]
        for component, field_name, value, first in self.index.get("late", []):
            fields = told.nodes.get(component, ("", "", "", "", {}))[4]
            if fields.get(("artifact", field_name)) == value and told.upstream[component][field_name] < 0:
                told.upstream[component][field_name] = first
        return told


def _apply(shard: Any, told: Told, row: list[Any]) -> None:  # noqa: ANN401 - decoded JSON
    texts, keys = shard["texts"], shard["keys"]

    def key(number: int) -> tuple[str, str]:
        return texts[keys[2 * number]], texts[keys[2 * number + 1]]

    for name in row[3]:
        for kept in (told.nodes, told.since, told.upstream):
            del kept[texts[name]]
    for one in row[2]:
        identity, role, kind, _group, version, digest = (texts[n] for n in one[:6])
        fields = dict(told.nodes[identity][4]) if len(one) > 9 else {}
        fields = {name: value for name, value in fields.items() if name[0] != "artifact"}
        for gone in one[9] if len(one) > 9 else []:
            del fields[key(gone)]
        fields |= {key(k): texts[v] for k, v in zip(one[8][::2], one[8][1::2], strict=True)}
        artifacts = list(zip(one[7][::3], one[7][1::3], one[7][2::3], strict=True))
        fields |= {key(k): texts[v] for k, v, _ in artifacts}
        told.nodes[identity] = (role, kind, digest, version, fields)
        told.since[identity] = one[6]
        told.upstream[identity] = {key(k)[1]: first for k, _, first in artifacts}
    for ends in row[5]:
        del told.edges[texts[ends[0]], texts[ends[1]], texts[ends[2]]]
    for source, target, port, how in row[4]:
        told.edges[texts[source], texts[target], texts[port]] = texts[how]
