"""Deployments as far as the data of the past needs them, and when the upstream environment first had a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.reading import DEPLOYMENTS, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.evidence.packs import ComponentRecord
    from generator.evidence.reading import Evidence

ARTIFACT = "artifact"
Firsts = dict[tuple[str, str, str], int]
"""(component, field, artifact) → index of the first deployment of an environment that had it."""


class LineCommit(msgspec.Struct, frozen=True, gc=False):
    """The commit of a deployment."""

    id: str
    committed_at: str
    tags: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line of `deployments.jsonl`; most of it is for the deployment's own page, and is passed over here."""

    id: str
    environment: str
    sequence: int
    commit: LineCommit
    digest: str
    kind: str


def deployment_lines(evidence: Evidence) -> Iterator[Line]:
    """Yield the deployments of every environment, oldest first."""
    return lines_of(evidence.folder / DEPLOYMENTS, Line)


def first_had(evidence: Evidence, components: Mapping[str, ComponentRecord]) -> dict[str, Firsts]:
    """Return for each environment that is an upstream when it first had each artifact."""
    found: dict[str, Firsts] = {env.upstream: {} for env in evidence.summary.environments if env.upstream}
    replays = {name: evidence.topologies(name) for name in found}
    counts = dict.fromkeys(found, 0)
    for line in deployment_lines(evidence):
        name = line.environment
        if name not in found:
            continue
        came, _went = replays[name].advance(line.digest)
        for entry in came.values():
            record = components.get(entry.component)
            if record is not None:
                for aspect, field, value in record.fields:
                    if aspect == ARTIFACT:
                        found[name].setdefault((record.id, field, value), counts[name])
        counts[name] += 1
    return found
