"""Repositories that the steps of `ci/` run on."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from support.plain_git import commit_all, git, new_repository

from generator.demo.repository import demo_commits
from generator.history.importing import write_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONFIG = """\
title: Shop
environments:
  staging: {path: staging}
  production: {path: production, upstream: staging, production: true}
"""
_WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: api}}
spec:
  selector: {{matchLabels: {{app: api}}}}
  template:
    metadata: {{labels: {{app: api}}}}
    spec:
      containers: [{{name: api, image: "registry.example.com/api:{version}"}}]
"""


def workload(version: str) -> str:
    """Return the manifest of the one workload of the small repository."""
    return _WORKLOAD.format(version=version)


@pytest.fixture(scope="session")
def demo_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo's repository, to be cloned."""
    folder = tmp_path_factory.mktemp("demo") / "platform"
    write_repository(folder, demo_commits())
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that clones a repository as a service does, into a new folder."""

    def cloned(repository: Path, *options: str) -> Path:
        target = tmp_path / "checkout"
        command = ["git", "clone", "--quiet", *options, f"file://{repository}", str(target)]
        subprocess.run(command, check=True, env={"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"})
        return target

    return cloned


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a checkout with two releases of one workload."""
    repository = new_repository(tmp_path / "small")
    (repository / "assay.yaml").write_text(CONFIG, "utf-8")
    for version in ("1.0.0", "1.1.0"):
        for environment in ("staging", "production"):
            path = repository / environment / "api.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(workload(version), "utf-8")
            commit_all(repository, f"api {version} in {environment}")
    git(repository, "tag", "v1")
    return repository
