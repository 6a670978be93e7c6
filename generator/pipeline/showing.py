"""The demo: its repository written, then built like any other."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from generator.demo.repository import demo_commits
from generator.history.importing import write_repository
from generator.pipeline.building import build
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.pipeline.request import Outcome, Progress


def build_demo(output: Path, repository: Path | None, progress: Progress, clock: Callable[[], float]) -> Outcome:
    """Build the demo's site at `output`; keep its repository in `repository` if one is named."""
    if repository is not None:
        write_repository(repository, demo_commits())
        return build(Request(repository), output, progress, clock)
    with tempfile.TemporaryDirectory(prefix="assay-demo-") as folder:
        target = Path(folder) / "shop"
        write_repository(target, demo_commits())
        return build(Request(target), output, progress, clock)
