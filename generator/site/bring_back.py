"""How to get at an environment version again: its commit, what of it is read, its artifacts and the commands."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from generator.site.words import counted, digest, shown

if TYPE_CHECKING:
    from generator.evidence.records import CommitRecord
    from generator.site.context import Context
    from generator.site.walk import Standing
    from generator.site.words import Digest

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


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
    return BringBack(
        commit=digest(version.commit),
        digest=digest(version.digest),
        paths=known.paths,
        readers=", ".join(known.reader),
        commands=commands(version, known.paths),
        artifacts=every[:most],
        total=counted(len(every), "artifact"),
        left=max(0, len(every) - most),
    )


def source_commit(commit: CommitRecord) -> str:
    """Return the commit whose files are deployed: the one that a pin names, else the deployment's own."""
    return commit.deployed or commit.id


def commands(version: Version, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the commands that lay the files of a version beside the clone they are run in, and tell what it was."""
    folder = f"../{_UNSAFE.sub('-', version.environment)}-{version.digest[:12]}"
    listing = f"git -C {folder} ls-files"
    specs = [_PLACEHOLDER.sub("*", path) or "." for path in paths]
    if specs and "." not in specs:
        listing += f" -- {' '.join(shlex.quote(spec) for spec in specs)}"
    name = shlex.quote(f"{version.environment}@{version.digest}")
    return (f"git worktree add --detach {folder} {version.commit}", listing, f"assay show {name}")


def artifacts(standing: Standing) -> tuple[str, ...]:
    """Return a line for each artifact of a topology, sorted by component."""
    every = sorted(standing.artifacts.items())
    return tuple(f"{shown(node)}  {shown(artifact)}" for node, runs in every for artifact in runs)
