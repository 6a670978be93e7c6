"""The demo's repository, with tags and a second branch, as it comes out of `assay demo --repo`."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from reproducible.machines import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_DATE = "2026-09-01T12:00:00Z"


def sample(folder: Path) -> Path:
    """Write the repository into a new folder in `folder` and return it."""
    repository = folder / "shop"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_COMMITTER_NAME": "Ada Example",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "GIT_COMMITTER_DATE": _DATE,
    }
    commands: tuple[list[str | Path], ...] = (
        [sys.executable, "-m", "generator", "demo", "--quiet", "--repo", repository, "--output", folder / "demo"],
        ["git", "-C", repository, "tag", "first", "HEAD~100"],
        ["git", "-C", repository, "tag", "--annotate", "--message", "A tag", "second", "HEAD~10"],
        ["git", "-C", repository, "branch", "another", "HEAD~20"],
    )
    for command in commands:
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return repository
