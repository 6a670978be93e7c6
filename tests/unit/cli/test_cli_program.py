"""The program says all that it has to say, ends with its code, and does not wait for its own taking apart."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import atexit, sys
atexit.register(print, "taken apart", flush=True)
sys.argv[0] = "assay"
from generator.cli import run
run()
"""


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _PROGRAM, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [(("--help",), 0, "Release evidence from the git history"), (("no-such-command",), 2, "no-such-command")],
)
def test_ends_at_once_with_its_code(arguments: tuple[str, ...], code: int, said: str) -> None:
    done = _run(*arguments)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert "taken apart" not in done.stdout


def test_what_can_not_be_brought_out_is_no_success() -> None:
    command = ["bash", "-c", '"$0" -c "$1" --help > /dev/full', sys.executable, _PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
