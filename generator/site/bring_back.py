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


def bring_back(
    context: Context, environment: str, version: str, commit: str, standing: Standing, most: int
) -> BringBack:
    """Return how to get at the version `version` of `environment`, which `standing` holds now, from `commit`.

    At most `most` artifacts are listed.
    """
    known = context.environments[environment]
    every = artifacts(standing)
    return BringBack(
        commit=digest(commit),
        digest=digest(version),
        paths=known.paths,
        readers=", ".join(known.reader),
        commands=commands(environment, version, commit, known.paths),
        artifacts=every[:most],
        total=counted(len(every), "artifact"),
        left=max(0, len(every) - most),
    )


def source_commit(commit: CommitRecord) -> str:
    """Return the commit whose files are deployed: the one that a pin names, else the deployment's own."""
    return commit.deployed or commit.id


def commands(environment: str, version: str, commit: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the commands that lay the files of a version beside the clone they are run in, and tell what it was."""
    folder = f"../{_UNSAFE.sub('-', environment)}-{version[:12]}"
    listing = f"git -C {folder} ls-files"
    specs = [_PLACEHOLDER.sub("*", path) or "." for path in paths]
    if specs and "." not in specs:
        listing += f" -- {' '.join(shlex.quote(spec) for spec in specs)}"
    name = shlex.quote(f"{environment}@{version}")
    return (f"git worktree add --detach {folder} {commit}", listing, f"assay show {name}")


def artifacts(standing: Standing) -> tuple[str, ...]:
    """Return a line for each artifact of a topology, sorted by component."""
    return tuple(
        f"{shown(node)}  {shown(value)}" for node in sorted(standing.artifacts) for value in standing.artifacts[node]
    )
