"""How to get at an environment version again: its commit, what of it is read, its artifacts and the commands."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.bringing_back import commands
from generator.site.words import counted, digest, shown

if TYPE_CHECKING:
    from generator.site.context import Context
    from generator.site.walk import Standing
    from generator.site.words import Digest


class BringBack(NamedTuple):
    """Everything that it takes."""

    commit: Digest
    """Commit whose files are the version."""
    digest: Digest
    paths: tuple[str, ...]
    readers: str
    commands: tuple[str, ...]
    """To be run in a clone of the repository."""
    artifacts: tuple[str, ...]
    """A line each: the component, and the artifact in full."""
    total: str
    """`14 artifacts`."""
    left: int
    """Artifacts that the page leaves out."""


class Version(NamedTuple):
    """One environment version, while it is held."""

    environment: str
    digest: str
    commit: str
    """Commit whose files it is."""
    standing: Standing


def bring_back(context: Context, version: Version, most: int) -> BringBack:
    """Return how to get at a version; at most `most` of its artifacts are listed."""
    known = context.environments[version.environment]
    every = artifacts(version.standing)
    add, listing, _ = commands(known, version.digest, version.commit)
    return BringBack(
        commit=digest(version.commit),
        digest=digest(version.digest),
        paths=known.paths,
        readers=", ".join(known.reader),
        commands=(add, listing, f"assay show {shlex.quote(f'{version.environment}@{version.digest}')}"),
        artifacts=every[:most],
        total=counted(len(every), "artifact"),
        left=max(0, len(every) - most),
    )


def artifacts(standing: Standing) -> tuple[str, ...]:
    """Return a line for each artifact of a topology, sorted by component."""
    every = sorted(standing.artifacts.items())
    return tuple(f"{shown(node)}  {shown(artifact)}" for node, runs in every for artifact in runs)
