"""Measures what checks, drift and triage add to reading a history: `make bench-judging`.

The same generated history is read as it is and with nothing judged, in turn, with the floor beside it in the same run:
the bare git commands and the bare writes of the same files. The figures are medians.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from history import bench_commits
from run import floor

from generator.evidence.judged import NOTHING_JUDGED
from generator.history.importing import write_repository
from generator.pipeline import stage as stage_module
from generator.pipeline.gathering import gather
from generator.pipeline.judging import Judging
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.config.schema import Config

RELEASES = 30_000
ROUNDS = 5


class Round(NamedTuple):
    """One reading of the history."""

    seconds: float
    deployments: int
    writes: float
    """Seconds of writing the same bytes to as many files, and nothing else."""


class _Silent:
    def stage(self, name: str, detail: str = "") -> None: ...

    def layout(self, source: str, reasons: Sequence[str], config: Config) -> None: ...

    def count(self, done: int, total: int | None) -> None: ...

    def rendering(self, rendered: int, found: int) -> None: ...


def read(repository: Path, folder: Path, *, judged: bool) -> Round:
    """Read the history in this process, which is ended afterwards; what is not judged is taken out of the stages."""
    if not judged:
        # No rule at all, drift as where there is no upstream, and neither trail nor triage.
        stands_in: tuple[tuple[Any, str, Any], ...] = (
            (stage_module, "rule_set", lambda *_, **__: ()),
            (stage_module, "DriftRegister", lambda *_, **__: None),
            (Judging, "judge", lambda *_: NOTHING_JUDGED),
        )
        for owner, name, nothing in stands_in:
            setattr(owner, name, nothing)
    start = time.perf_counter()
    outcome = gather(Request(repository), folder / "evidence", _Silent())
    seconds = time.perf_counter() - start
    return Round(seconds, outcome.deployments, bare_writes(folder / "evidence", folder / "again"))


def bare_writes(evidence: Path, target: Path) -> float:
    """Return the seconds that writing the files of an evidence folder takes by itself."""
    contents = {path.relative_to(evidence): path.read_bytes() for path in sorted(evidence.rglob("*")) if path.is_file()}
    start = time.perf_counter()
    for name, content in contents.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)
    return time.perf_counter() - start


def _read(repository: Path, judged: bool, results: multiprocessing.Queue[Round]) -> None:  # noqa: FBT001 - an argument of a process
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        results.put(read(repository, Path(folder), judged=judged))


def measure(repository: Path, *, judged: bool) -> Round:
    """Read the history in a process of its own, so that nothing is left over from another reading."""
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[Round] = context.Queue()
    process = context.Process(target=_read, args=(repository, judged, results))
    process.start()
    found = results.get()
    process.join()
    return found


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=RELEASES)
    releases: int = parser.parse_args().releases
    floors: list[float] = []
    seconds: dict[bool, list[float]] = {True: [], False: []}
    deployments = 0
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        repository = Path(folder) / "history.git"
        write_repository(repository, bench_commits(releases), bare=True)
        for _ in range(ROUNDS):
            for judged in (False, True):
                git = floor(repository)
                found = measure(repository, judged=judged)
                floors += [git + found.writes] if judged else []
                seconds[judged].append(found.seconds)
                deployments = found.deployments
    base, plain, whole = (statistics.median(values) for values in (floors, seconds[False], seconds[True]))
    sys.stdout.write(
        f"{deployments:,} deployments, {releases:,} of them releases; Python {platform.python_version()}\n"
    )
    sys.stdout.write(f"floor {base:.1f} s, without judging {plain:.1f} s, with it {whole:.1f} s\n")
    sys.stdout.write(f"checks, drift and triage add {whole - plain:.1f} s: {(whole - plain) / base:.2f} x the floor\n")


if __name__ == "__main__":
    main()
