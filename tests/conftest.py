"""Fixtures that several rooms of tests share."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from support.replay import Gathered, gathered

from generator.demo.repository import demo_commits
from generator.history.importing import write_repository

if TYPE_CHECKING:
    from collections.abc import Callable

# A busy machine is no failure. The suite tries the same examples each time, so that a red run is the change's doing;
# `make fuzz` looks for new ones.
hypothesis.settings.register_profile("assay", deadline=None, derandomize=True)
hypothesis.settings.register_profile("fuzz", deadline=None, print_blob=True, max_examples=2000)
hypothesis.settings.load_profile("fuzz" if os.environ.get("ASSAY_FUZZ") else "assay")

ROOT = Path(__file__).parents[1]
HISTORIES = ROOT.parent / "shared" / "histories"
"""Bundles of real histories; they are no part of the project, and tests on them skip where they are absent."""


@pytest.fixture(scope="session")
def real_history(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that gives a bare clone of a real history by its name, and skips where there is none."""
    folder = tmp_path_factory.mktemp("histories")

    def clone(name: str) -> Path:
        bundle = HISTORIES / f"{name}.bundle"
        if not bundle.is_file():
            pytest.skip(f"the real history {name} is not here: no file ../shared/histories/{name}.bundle")
        target = folder / f"{name}.git"
        if not target.exists():
            subprocess.run(["git", "clone", "--quiet", "--bare", bundle, target], check=True)
        return target

    return clone


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    """Return the evidence of the demo's history: nine months with three environments and every kind of event."""
    folder = tmp_path_factory.mktemp("demo")
    write_repository(folder / "repository", demo_commits())
    return gathered(folder / "repository", folder / "evidence")
