"""What `assay show` and `assay diff` tell: one record each, of which text, JSON and Markdown are three forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.bringing_back import commands, source_commit
from generator.evidence.version_names import FoundVersion, Mark, find
from generator.evidence.versions import (
    ConnectionRow,
    VersionDifference,
    VersionState,
    difference,
    state,
)

if TYPE_CHECKING:
    from generator.evidence.reading import Evidence
    from generator.evidence.summary import EnvironmentSummary

VERSION_FORMAT = "assay-version/1"
DIFFERENCE_FORMAT = "assay-difference/1"
_PINNED = re.compile(r"@sha256:[0-9a-f]{64}\Z")


class ShownDeployment(msgspec.Struct, frozen=True):
    """A deployment that had a version."""

    id: str
    kind: str
    confidence: str
    commit: str
    """Full id of the commit."""
    deployed: str
    """Full id of the commit whose files were deployed, where a pin or a tag names another one; else empty."""
    at: str
    """Commit time, RFC 3339 in UTC; empty where it is unknown."""
    subject: str
    author: str
    tags: tuple[str, ...]


class ShownArtifact(msgspec.Struct, frozen=True):
    """An artifact to rebuild a version with."""

    component: str
    field: str
    artifact: str
    pinned: bool
    """Whether a digest names it, so that it is the same bytes as then; a tag may have moved since."""


class BringBack(msgspec.Struct, frozen=True):
    """How to get at a version again."""

    commit: str
    """Commit whose files are the version."""
    paths: tuple[str, ...]
    """What of it was read, as paths and path templates."""
    reader: tuple[str, ...]
    commands: tuple[str, ...]
    """To be run in a clone of the repository."""
    artifacts: tuple[ShownArtifact, ...]


class ShownField(msgspec.Struct, frozen=True):
    """A setting; a secret's value is a fingerprint."""

    aspect: str
    field: str
    value: str


class ShownComponent(msgspec.Struct, frozen=True):
    """A component of a version."""

    id: str
    role: str
    kind: str
    digest: str
    artifacts: tuple[str, ...]
    fields: tuple[ShownField, ...]


class ShownSide(msgspec.Struct, frozen=True):
    """A version, without what it consists of."""

    name: str
    """As it was asked for."""
    how: str
    """How it was found, as a sentence."""
    environment: str
    production: bool
    upstream: str
    digest: str
    deployment: ShownDeployment
    first: ShownDeployment
    """The first deployment that had this version."""
    last: ShownDeployment
    """The newest one."""
    deployments: int
    """How many had it, redeploys included."""
    unreadable: int
    """Files that could not be read at the deployment's commit: they count as they last were."""
    bring_back: BringBack


class ShownVersion(msgspec.Struct, frozen=True):
    """What `assay show` tells."""

    format: str
    version: ShownSide
    components: tuple[ShownComponent, ...]
    connections: tuple[ConnectionRow, ...]


class ShownDifference(msgspec.Struct, frozen=True):
    """What `assay diff` tells."""

    format: str
    a: ShownSide
    b: ShownSide
    same: bool
    difference: VersionDifference


def shown_version(evidence: Evidence, spec: str) -> ShownVersion:
    """Return the version that `spec` means; raises as `find` and `state` do."""
    found = find(evidence, spec)
    now = state(evidence, found)
    components = tuple(
        [
            ShownComponent(
                c.id,
                c.role,
                c.kind,
                c.digest,
                tuple(dict.fromkeys([value for aspect, _, value in c.fields if aspect == "artifact" and value])),
                tuple([ShownField(*field) for field in c.fields]),
            )
            for c in now.components
        ]
    )
    return ShownVersion(VERSION_FORMAT, _side(evidence, found, now), components, now.connections)


def shown_difference(evidence: Evidence, a: str, b: str) -> ShownDifference:
    """Return what differs from `a` to `b`; raises as `find` and `state` do."""
    one, other = find(evidence, a), find(evidence, b)
    was, now = state(evidence, one), state(evidence, other)
    found = difference(was, now)
    sides = (_side(evidence, one, was), _side(evidence, other, now))
    return ShownDifference(DIFFERENCE_FORMAT, *sides, found.same, found)


def _side(evidence: Evidence, found: FoundVersion, now: VersionState) -> ShownSide:
    environment = next(e for e in evidence.summary.environments if e.name == found.environment)
    return ShownSide(
        name=found.spec,
        how=found.how,
        environment=environment.name,
        production=environment.production,
        upstream=environment.upstream,
        digest=found.deployment.digest,
        deployment=_deployment(found.deployment),
        first=_deployment(found.first),
        last=_deployment(found.last),
        deployments=found.times,
        unreadable=found.deployment.unreadable,
        bring_back=_bring_back(environment, found.deployment, now),
    )


def _deployment(mark: Mark) -> ShownDeployment:
    commit = mark.commit
    return ShownDeployment(
        id=mark.id,
        kind=mark.kind,
        confidence=mark.confidence,
        commit=commit.id,
        deployed=commit.deployed,
        at=commit.committed_at,
        subject=commit.subject,
        author=commit.author,
        tags=commit.tags,
    )


def _bring_back(environment: EnvironmentSummary, mark: Mark, now: VersionState) -> BringBack:
    commit = source_commit(mark.commit)
    artifacts = [
        ShownArtifact(c.id, field, value, _PINNED.search(value) is not None)
        for c in now.components
        for aspect, field, value in c.fields
        if aspect == "artifact" and value
    ]
    told = commands(environment, now.digest, commit)
    return BringBack(commit, environment.paths, environment.reader, told, tuple(artifacts))
