"""A run that is ended while an engine works leaves no engine and no temporary folder behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextvars import copy_context
from typing import TYPE_CHECKING

import pytest
from support.engines import HANGS, StandIn
from support.manifests import deployment
from support.replay import write_trees

from generator.rendering.programs import STOP, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_RUN = """
import sys
from generator.cli import main
from generator.pipeline import ahead
ahead.WORTHWHILE_PLANNED = {least}
sys.argv = ["assay", "build", "--repo", {repository!r}, "--config", {config!r}, "--output", {output!r}, "--no-cache",
            "--engine", "kustomize={engine}"]
main()
"""
_TREE: dict[str, str | bytes] = {
    "d/kustomization.yaml": "resources: [a.yaml]\n",
    "d/a.yaml": deployment("api", "a:1") + "# hang\n",
}


def _soon(condition: Callable[[], bool]) -> bool:
    """Wait until something holds; false where it does not within a time that is more than enough."""
    end = time.monotonic() + 40
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("least", [0, 1000], ids=["read ahead", "in turn"])
def test_an_interrupted_run_ends_its_engines_and_clears_up(tmp_path: Path, least: int) -> None:
    repository = write_trees(tmp_path / "r", [_TREE])
    (tmp_path / "c.yaml").write_text("environments: {staging: {path: d, reader: kustomize}}\n")
    engine = StandIn(
        tmp_path / "bin", fault=f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))\n{HANGS}"
    )
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    code = _RUN.format(
        least=least,
        repository=str(repository),
        config=str(tmp_path / "c.yaml"),
        output=str(tmp_path / "site"),
        engine=engine.path,
    )
    environment = {**os.environ, "TMPDIR": str(temporary)}
    started = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL)
    assert _soon(lambda: (tmp_path / "pid").exists() and bool((tmp_path / "pid").read_text()))
    number = int((tmp_path / "pid").read_text())
    started.send_signal(signal.SIGINT)
    started.wait(40)
    assert _soon(lambda: not list(temporary.iterdir()))
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_program_that_nobody_waits_for_is_ended(tmp_path: Path) -> None:
    context = copy_context()
    context.run(STOP.set, lambda: True)
    begin = time.monotonic()
    ended = context.run(run, [sys.executable, "-c", "import time; time.sleep(600)"], folder=tmp_path)
    assert ended.status == -signal.SIGKILL
    assert time.monotonic() - begin < 30
