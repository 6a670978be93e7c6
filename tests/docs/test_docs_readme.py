from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from generator.demo.repository import demo_commits
from generator.history.importing import write_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_repository_of_ones_own_takes_the_lines_that_the_readme_tells(
    examples: Callable[[str, str], list[str]], tmp_path: Path
) -> None:
    repository = tmp_path / "shop"
    write_repository(repository, demo_commits())
    (repository / "assay.yaml").unlink()
    (lines,) = [text.splitlines() for text in examples("README.md", "sh") if text.startswith("assay init")]
    commands = [line.split("#")[0].split()[1:] for line in lines if line.startswith("assay ")]
    assert commands == [["init"], ["build"]]
    told = ""
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "generator", *command], cwd=repository, check=True, capture_output=True, text=True
        )
        told += done.stdout
    assert "Wrote assay.yaml" in told.replace(f"{repository}{os.sep}", "")
    opened = lines[-1].split("#")[0].split()[-1]
    assert (repository / opened).is_file()
    assert (repository / opened).as_uri() in told
