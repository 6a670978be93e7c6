"""Measures a build against the bare git commands on generated histories of growing size: `make bench`.

Prints a table and, with `--write FILE`, puts it into the documentation between its two marks. Every figure comes from
this run: the floor is measured before and after each build, since machines drift.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from history import ENVIRONMENTS, TAGS, bench_commits

from generator.history.importing import write_repository

SIZES = (1_000, 10_000, 30_000)
MARKS = ("<!-- measured -->", "<!-- /measured -->")
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Measured:
    """One size, measured."""

    releases: int
    commits: int
    floor: float
    """Seconds of the bare git commands, mean of before and after."""
    evidence: float
    site: float
    mass: float
    """Seconds of writing all mass pages: walking the records, templates, frames and files."""
    pages: int
    memory: int
    """Most bytes that all processes of the build held at once, shared pages counted once."""

    @property
    def ratio(self) -> float:
        """Return evidence over floor."""
        return self.evidence / self.floor

    @property
    def per_release(self) -> float:
        """Return milliseconds of the whole build for each release."""
        return (self.evidence + self.site) * 1000 / self.releases


def floor(repository: Path) -> float:
    """Return the seconds that git alone needs for the same data: the log with changed files, and their contents."""
    git = ["git", f"--git-dir={repository}"]
    form = "--format=%H%x00%P%x00%ct%x00%an%x00%s"
    log = [*git, "log", "--first-parent", "--reverse", "--raw", "-z", "--no-abbrev", "--no-renames", form, "HEAD", "--"]
    start = time.perf_counter()
    out = subprocess.run([*log, *(f"{TAGS}/{e}" for e in ENVIRONMENTS)], check=True, capture_output=True).stdout
    logged = time.perf_counter() - start
    lines = (token.lstrip(b"\n") for token in out.split(b"\0"))
    blobs = sorted({line.split(b" ")[3] for line in lines if line.startswith(b":")})
    start = time.perf_counter()
    subprocess.run(
        [*git, "cat-file", "--batch"], input=b"\n".join(blobs) + b"\n", check=True, stdout=subprocess.DEVNULL
    )
    return logged + time.perf_counter() - start


class _Memory(Thread):
    """Watches how much a process and those it started hold."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process, self._done = process, Event()
        self.most = 0

    def run(self) -> None:
        while not self._done.wait(0.1):
            self.most = max(self.most, sum(_held(p) for p in _family(self._process)))

    def stop(self) -> None:
        self._done.set()
        self.join()


def _family(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except OSError:
        return []
    return [process, *(p for child in children for p in _family(int(child)))]


def _held(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def measure(releases: int, folder: Path) -> Measured:
    """Generate a history with that many releases, and build its site."""
    repository, output = folder / f"{releases}.git", folder / f"{releases}-site"
    write_repository(repository, bench_commits(releases), bare=True)
    count = subprocess.run(
        ["git", f"--git-dir={repository}", "rev-list", "--count", "HEAD"], check=True, capture_output=True, text=True
    )
    before = floor(repository)
    command = [sys.executable, "-m", "generator", "build", "--json", "--repo", str(repository), "--output", str(output)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    memory = _Memory(process.pid)
    memory.start()
    out, _ = process.communicate()
    memory.stop()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    after = floor(repository)
    result = json.loads(out)
    seconds: dict[str, float] = result["seconds"]
    site = sum(value for name, value in seconds.items() if name.startswith("site "))
    return Measured(
        releases=releases,
        commits=int(count.stdout),
        floor=statistics.mean((before, after)),
        evidence=seconds["evidence"],
        site=site,
        mass=seconds.get("site pages", 0.0),
        pages=sum(result["pages"].values()),
        memory=memory.most,
    )


def table(rows: list[Measured]) -> str:
    """Return the figures as a Markdown table."""
    head = ("releases", "commits", "floor", "evidence", "ratio", "site", "pages", "whole, per release", "peak memory")
    lines = [f"| {' | '.join(head)} |", f"|{'--:|' * len(head)}"]
    lines += [
        f"| {r.releases:,} | {r.commits:,} | {r.floor:.1f} s | {r.evidence:.1f} s | {r.ratio:.1f} | {r.site:.1f} s "
        f"| {r.pages:,} | {r.per_release:.2f} ms | {r.memory / MEGABYTE:.0f} MB |"
        for r in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        for size in arguments.sizes:
            rows.append(measure(size, Path(folder)))
            sys.stderr.write(f"{rows[-1]}\n")
    text = table(rows)
    machine = f"Measured with Python {platform.python_version()} on {os.cpu_count()} cores."
    sys.stdout.write(f"{text}\n\n{machine}\n")
    if arguments.write:
        document = arguments.write.read_text("utf-8")
        start, end = (document.index(mark) for mark in MARKS)
        block = f"{MARKS[0]}\n{text}\n\n{machine}\n"
        arguments.write.write_text(document[:start] + block + document[end:], "utf-8")


if __name__ == "__main__":
    main()
