"""The commands that bring an environment version back: what a page shows and what `assay show` prints."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.evidence.records import CommitRecord
    from generator.evidence.summary import EnvironmentSummary

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def source_commit(commit: CommitRecord) -> str:
    """Return the commit whose files are deployed: the one that a pin names, else the deployment's own."""
    return commit.deployed or commit.id


def commands(environment: EnvironmentSummary, digest: str, commit: str) -> tuple[str, str, str]:
    """Return the commands that lay the files of a version beside a clone, list what is read, and clear up.

    `commit` is the one whose files are the version `digest`.
    """
    folder = f"../{_UNSAFE.sub('-', environment.name)}-{digest[:12]}"
    # A path template is taken as git takes it: a placeholder stands for any text.
    paths = [_PLACEHOLDER.sub("*", path) or "." for path in environment.paths]
    listing = f"git -C {folder} ls-files"
    if paths and "." not in paths:
        listing += f" -- {' '.join(shlex.quote(path) for path in paths)}"
    return (f"git worktree add --detach {folder} {commit}", listing, f"git worktree remove {folder}")
