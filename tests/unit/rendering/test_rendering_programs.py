import json
import os
import sys
import time
from pathlib import Path

import pytest

from generator.rendering import programs
from generator.rendering.programs import Ended, run


def script(folder: Path, text: str) -> list[str]:
    path = folder / "engine.py"
    path.write_text(f"import json, os, subprocess, sys, time\n{text}\n")
    return [sys.executable, "-I", "-S", str(path)]


def is_alive(number: int) -> bool:
    """Return whether a process runs; one that has ended and that nobody asked about yet does not."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{number}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for_end(number: int) -> bool:
    limit = time.monotonic() + 5
    while is_alive(number) and time.monotonic() < limit:
        time.sleep(0.01)
    return not is_alive(number)


def test_what_a_program_prints_and_says(tmp_path: Path) -> None:
    ended = run(
        script(tmp_path, "print('out'); print('words', file=sys.stderr); print(os.getcwd()); sys.exit(3)"),
        folder=tmp_path,
    )
    assert ended == Ended(f"out\n{tmp_path}\n".encode(), "words\n", 3)


def test_a_program_sees_no_settings_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/somewhere")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    ended = run(
        script(tmp_path, "print(json.dumps([dict(os.environ), os.listdir(os.environ['HOME'])]))"),
        folder=tmp_path,
        settings={"MORE": "1"},
    )
    seen, inside = json.loads(ended.output)
    known = {"HOME", "TMPDIR", "PATH", "LC_ALL", "TZ", "GIT_ALLOW_PROTOCOL", "MORE", "LC_CTYPE"}
    assert {name for name in seen if not name.lower().endswith("_proxy")} <= known
    assert seen["MORE"] == "1"
    assert seen["HTTPS_PROXY"] == "http://127.0.0.1:9"
    assert seen["HOME"] == seen["PATH"] != os.environ.get("HOME")
    assert inside == []
    assert not Path(seen["HOME"]).exists()


def test_a_program_that_gives_no_answer_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    text = """
child = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"])
open("numbers", "w").write(f"{os.getpid()} {child.pid}")
time.sleep(60)
"""
    started = time.monotonic()
    ended = run(script(tmp_path, text), folder=tmp_path, seconds=1)
    assert time.monotonic() - started < 10
    assert (ended.code, ended.output, ended.words) == ("engine-timeout", b"", "gave no answer within 1 s")
    assert all(wait_for_end(int(number)) for number in (tmp_path / "numbers").read_text().split())


def test_a_program_that_closes_its_pipes_and_goes_on_is_ended(tmp_path: Path) -> None:
    ended = run(script(tmp_path, "os.close(1); os.close(2); time.sleep(60)"), folder=tmp_path, seconds=0.5)
    assert ended.code == "engine-timeout"


def test_a_program_that_prints_without_end_is_ended(tmp_path: Path) -> None:
    started = time.monotonic()
    ended = run(script(tmp_path, "while True: os.write(1, b'x' * 65536)"), folder=tmp_path, most=1_000_000, seconds=30)
    assert time.monotonic() - started < 10
    assert (ended.code, ended.output, ended.words) == ("engine-output", b"", "printed more than 1000000 bytes")


@pytest.mark.parametrize(("size", "code"), [(100_000, ""), (100_001, "engine-output")])
def test_the_limit_of_output_is_exact(size: int, code: str, tmp_path: Path) -> None:
    ended = run(script(tmp_path, f"os.write(1, b'x' * {size})"), folder=tmp_path, most=100_000)
    assert ended.code == code
    assert len(ended.output) == (0 if code else size)


def test_words_beyond_the_limit_are_read_and_left_out(tmp_path: Path) -> None:
    text = "sys.stderr.write('w' * 5_000_000); sys.stderr.flush(); print('done')"
    ended = run(script(tmp_path, text), folder=tmp_path, seconds=30)
    assert (ended.output, ended.code) == (b"done\n", "")
    assert ended.words == "w" * programs.MOST_WORDS


def test_a_child_that_keeps_the_pipes_is_ended_and_not_waited_for(tmp_path: Path) -> None:
    text = """
child = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
"""
    started = time.monotonic()
    ended = run(script(tmp_path, text), folder=tmp_path, seconds=30)
    assert time.monotonic() - started < 10
    assert (ended.status, ended.code) == (0, "")
    assert wait_for_end(int(ended.output))


def test_a_child_that_got_away_with_the_pipes_is_not_waited_for(tmp_path: Path) -> None:
    text = """
child = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(20)"], start_new_session=True)
print(child.pid, flush=True)
"""
    started = time.monotonic()
    ended = run(script(tmp_path, text), folder=tmp_path, seconds=30)
    taken = time.monotonic() - started
    os.kill(int(ended.output), 9)
    assert taken < 10
    assert (ended.status, ended.code) == (0, "")


def test_everything_printed_before_the_end_is_there(tmp_path: Path) -> None:
    ended = run(script(tmp_path, "os.write(1, b'x' * 3_000_000)"), folder=tmp_path)
    assert len(ended.output) == 3_000_000


@pytest.mark.parametrize("name", ["absent", "folder", "no-program"])
def test_a_program_that_is_missing(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "no-program").write_bytes(b"\x7fELF but no more")
    (tmp_path / "no-program").chmod(0o755)
    ended = run([str(tmp_path / name)], folder=tmp_path)
    assert ended.code == "engine-missing"
    assert ended.words
    assert not ended.output


def test_a_name_that_no_program_takes(tmp_path: Path) -> None:
    ended = run([*script(tmp_path, ""), "a\0b"], folder=tmp_path)
    assert (ended.status, ended.code) == (-1, "")
    assert "name" in ended.words


def test_what_a_program_leaves_closed_in_its_home_harms_nothing(tmp_path: Path) -> None:
    text = "home = os.environ['HOME']; os.mkdir(home + '/a'); open(home + '/a/b', 'w'); os.chmod(home + '/a', 0)"
    assert run(script(tmp_path, text), folder=tmp_path).status == 0


def test_a_program_that_takes_too_much_memory_fails_by_itself(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("the memory of another process is bounded on Linux alone")
    text = f"time.sleep(0.2); kept = bytearray({programs.MOST_MEMORY})"
    ended = run(script(tmp_path, text), folder=tmp_path)
    assert ended.status == 1
    assert ended.words == f"needed more than the {programs.MOST_MEMORY} bytes of memory that an engine may take"


def test_addresses_of_a_failed_go_program_are_left_out(tmp_path: Path) -> None:
    text = "sys.stderr.write('panic: no way\\n\\ngoroutine 17 [running]:\\nmain.go 0xc000123'); sys.exit(2)"
    assert run(script(tmp_path, text), folder=tmp_path).words == "panic: no way"


def test_a_signal_is_told_by_its_number(tmp_path: Path) -> None:
    assert run(script(tmp_path, "os.kill(os.getpid(), 15)"), folder=tmp_path).status == -15
