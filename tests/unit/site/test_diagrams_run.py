from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from generator.errors import FaultError
from generator.site import dot_run
from generator.site.dot_run import LayoutError, find_engine, lay_out

PYTHON = [sys.executable, "-c"]


def test_the_engine_of_the_package_is_found_and_draws() -> None:
    command = find_engine()
    assert Path(command[0]).is_file()
    pages = lay_out(command, ["digraph { a }\n", "digraph { b -> c }\n"], timeout=5)
    assert [page.count('class="node"') for page in pages] == [1, 2]


def test_a_missing_engine_names_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dot_run, "PROGRAM", "no-such-engine")
    with pytest.raises(FaultError, match="name a `dot`"):
        find_engine()


def test_a_partial_drawing_with_a_bad_status_is_refused() -> None:
    with pytest.raises(LayoutError, match="status 3"):
        lay_out([*PYTHON, "print('<svg></svg>'); raise SystemExit(3)"], ["digraph {}"], timeout=5)


def test_another_number_of_drawings_is_refused() -> None:
    with pytest.raises(LayoutError, match="drew 1 of 2 graphs"):
        lay_out([*PYTHON, "print('<svg></svg>')"], ["digraph {}", "digraph {}"], timeout=5)


def test_the_end_of_time_ends_the_engine_and_its_children() -> None:
    began = time.monotonic()
    with pytest.raises(LayoutError, match=r"more than 0\.3 s"):
        lay_out(["/bin/sh", "-c", "sleep 30 & sleep 30"], ["digraph {}"], timeout=0.3)
    assert time.monotonic() - began < 5


def test_an_endless_output_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dot_run, "LARGEST_OUTPUT", 10_000)
    with pytest.raises(LayoutError, match="more than 10,000 bytes"):
        lay_out([*PYTHON, "while True: print('<svg>' * 99)"], ["digraph {}"], timeout=5)


def test_bytes_that_are_no_text_do_not_stop_a_run() -> None:
    script = r"import sys; sys.stdout.buffer.write(b'<svg>\xff</svg>')"
    assert lay_out([*PYTHON, script], ["digraph {}"], timeout=5) == ("<svg>\ufffd</svg>",)
