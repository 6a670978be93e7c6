"""Delivery measured by a copy of the process: the same evidence, and the same again where the copy fails."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.fleets import fleet_trees
from support.replay import Silent, write_trees

from generator.evidence.manifest import file_digest
from generator.evidence.sealing import Seal, close_bundle
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

ROOT = Path(__file__).parents[3]
SCRIPT = """\
import sys
from pathlib import Path

from support.replay import Silent

from generator.evidence import beside, measuring
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

repository, folder, cache, fails = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
measuring.MANY = 0
measuring.os.cpu_count = lambda: 2
resulting = beside.Beside.result


def result(copy):
    data = resulting(copy)
    print("copied" if data is not None else "here")
    return None if fails else data


beside.Beside.result = result
gather(Request(repository, cache=cache, goes_on=True), folder, Silent(), lambda: print("meanwhile"))
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_trees(tmp_path_factory.mktemp("measured") / "fleet", fleet_trees(60))


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def gathered(repository: Path, folder: Path, cache: Path, fails: str) -> list[str]:
    """Gather in a process that has no threads yet, which a copy takes; return what it tells."""
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    command = [sys.executable, "-c", SCRIPT, str(repository), str(folder), str(cache), fails]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=paths, timeout=300)
    return done.stdout.split()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a process is copied on Linux alone")
@pytest.mark.parametrize("fails", ["", "fails"])
def test_a_copy_measures_what_this_process_would(fails: str, repository: Path, tmp_path: Path) -> None:
    told = gathered(repository, tmp_path / "copied", tmp_path / "cache", fails)
    assert told == ["meanwhile", "copied"]
    called: list[str] = []
    gather(Request(repository), tmp_path / "here", Silent(), lambda: called.append("meanwhile"))
    assert called == ["meanwhile"]
    assert contents(tmp_path / "copied") == contents(tmp_path / "here")
    assert list((tmp_path / "cache").rglob("lines.memo")), "what goes on in the next report is kept by the copy"
    again = gathered(repository, tmp_path / "again", tmp_path / "cache", fails)
    assert again == told
    assert contents(tmp_path / "again") == contents(tmp_path / "here")


def test_a_file_that_grew_since_it_was_digested_is_digested_again(tmp_path: Path) -> None:
    for name in ("grown.jsonl", "same.jsonl"):
        (tmp_path / name).write_bytes(b"one\n")
    known = {name: (4, file_digest(tmp_path / name)) for name in ("grown.jsonl", "same.jsonl")}
    with (tmp_path / "grown.jsonl").open("ab") as file:
        file.write(b"two\n")
    close_bundle(tmp_path, Seal("1"), {**known, "same.jsonl": (4, "known")})
    manifest = (tmp_path / "manifest.json").read_text("utf-8")
    assert hashlib.sha256(b"one\ntwo\n").hexdigest() in manifest
    assert '"same.jsonl":"known"' in manifest
