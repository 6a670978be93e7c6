"""Work beside the process: done by a copy where that can be, told once, and left to the process where it fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from generator.evidence import beside
from generator.evidence.beside import Beside

ROOT = Path(__file__).parents[3]
copies = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a process is copied on Linux alone")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process be copied although the runner of the tests may hold threads: none of them is used."""
    monkeypatch.setattr(beside, "_can_copy", lambda: True)


@copies
@pytest.mark.usefixtures("alone")
def test_a_copy_does_the_work_with_what_was_there_and_changes_nothing_here() -> None:
    seen = ["before"]

    def work() -> bytes:
        seen.append("in the copy")
        return f"{os.getpid()} {seen}".encode() + b"x" * 3_000_000

    with Beside(work, 2) as copy:
        seen.append("here")
        data = copy.result()
    assert data is not None
    process, _, told = data.rstrip(b"x").decode().partition(" ")
    assert int(process) != os.getpid()
    assert told == "['before', 'in the copy']"
    assert seen == ["before", "here"]


@copies
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("fault", [ValueError("no"), SystemExit(0), KeyboardInterrupt()])
def test_what_a_copy_can_not_do_gives_nothing(fault: BaseException) -> None:
    def work() -> bytes:
        raise fault

    with Beside(work, 2) as copy:
        assert copy.result() is None


@copies
@pytest.mark.usefixtures("alone")
def test_a_copy_that_was_killed_gives_nothing() -> None:
    def work() -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return b"never"

    with Beside(work, 2) as copy:
        assert copy.result() is None


@copies
@pytest.mark.usefixtures("alone")
def test_a_copy_that_nobody_waits_for_is_ended(tmp_path: Path) -> None:
    def work() -> bytes:
        (tmp_path / "process").write_text(str(os.getpid()), "ascii")
        signal.pause()
        return b""

    def fail() -> None:
        with Beside(work, 2):
            while not (tmp_path / "process").is_file() or not (tmp_path / "process").read_text("ascii"):
                pass
            message = "the build ends"
            raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="the build ends"):
        fail()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "process").read_text("ascii")), 0)


@pytest.mark.usefixtures("alone")
def test_for_one_job_nothing_is_copied() -> None:
    with Beside(lambda: b"work", 1) as copy:
        assert copy.result() is None


def test_a_process_with_threads_is_not_copied() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with Beside(lambda: b"work", 2) as copy:
            assert copy.result() is None
    finally:
        done.set()
        thread.join()


@copies
def test_a_process_of_one_thread_is_copied() -> None:
    script = "from generator.evidence.beside import Beside\nwith Beside(lambda: b'work', 2) as c: print(c.result())"
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout == "b'work'\n"
