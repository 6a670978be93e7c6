"""Measures how long measuring takes on a large history: `make bench-metrics`.

The generated history is read into an evidence folder once, or a folder made before is named. Then, in a process of its
own for each round: the floor, which is decoding every line of `deployments.jsonl` as far as facts need it; facts; every
measure of every environment by every unit from hour to year, rolling windows and all of it; the same of every
component and team of production; every profile; every trend. The figures are medians; beside each stands CPU time,
since the machine may be busy with other things.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from history import bench_commits

from generator.config.metrics import Metrics
from generator.evidence.facts import Line, environment_facts
from generator.evidence.measuring import period_metrics
from generator.evidence.profiles import profile_figures, trends
from generator.evidence.reading import DEPLOYMENTS, Evidence
from generator.history.importing import write_repository
from generator.metrics.settings import settings_of
from generator.metrics.slices import SPANS
from generator.pipeline.collector import slow_collector
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.config.schema import Config
    from generator.metrics.facts import EnvironmentFacts

RELEASES = 30_000
ROUNDS = 3
LIMIT = 5.0
"""Seconds that all measures may take together."""
TEAMS = 8
Lap = tuple[str, int, float, float]
"""What was done, how many values it gave, wall and CPU seconds."""


class _Silent:
    def stage(self, name: str, detail: str = "") -> None: ...

    def layout(self, source: str, reasons: Sequence[str], config: Config) -> None: ...

    def count(self, done: int, total: int | None) -> None: ...

    def rendering(self, rendered: int, found: int) -> None: ...


class _Clock:
    """Times what is done between two laps."""

    def __init__(self) -> None:
        self.laps: list[Lap] = []
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def lap(self, name: str, values: int) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        self.laps.append((name, values, wall - self._wall, cpu - self._cpu))
        self._wall, self._cpu = time.perf_counter(), time.process_time()


def floor(folder: Path) -> int:
    """Decode what facts are made of, and nothing else; return how many lines there are."""
    decoder, lines = msgspec.json.Decoder(Line), 0
    with (folder / DEPLOYMENTS).open("rb") as file:
        for line in file:
            decoder.decode(line)
            lines += 1
    return lines


def owned(facts: Sequence[EnvironmentFacts]) -> list[EnvironmentFacts]:
    """Return the facts of production, each component with a team: the history itself names none."""
    found = []
    for one in facts:
        names = sorted({name for delivery in one.deliveries for name in delivery.components})
        teams = {name: f"team {number % TEAMS}" for number, name in enumerate(names)}
        found += [msgspec.structs.replace(one, teams=teams)] if one.production else []
    return found


def measure(folder: Path) -> list[Lap]:
    """Measure everything once."""
    clock = _Clock()
    clock.lap("floor: lines decoded", floor(folder))
    summary = Evidence(folder).summary
    facts = environment_facts(folder, summary)
    clock.lap("facts", sum(len(one.deliveries) for one in facts))
    as_of = next(one for one in (f.deliveries[-1].time for f in reversed(facts)) if one is not None)
    settings = settings_of(Metrics(), as_of)
    lines = list(period_metrics(facts, settings, by="environment", units=SPANS))
    clock.lap("environments, by every unit", len(lines))
    production = owned(facts)
    clock.lap("components, by every unit", _count(period_metrics(production, settings, by="component", units=SPANS)))
    clock.lap("teams, by every unit", _count(period_metrics(production, settings, by="team", units=SPANS)))
    clock.lap("profiles", len(profile_figures(facts, as_of, settings.observation)))
    clock.lap("trends, SciPy loaded for them", len(trends(lines, [one.name for one in facts])))
    return clock.laps


def _count(values: Iterator[object]) -> int:
    return sum(1 for _ in values)


def _round(folder: Path) -> list[Lap]:
    # As in a run and in `assay metrics`: what is measured lives to the end, and makes no cycles.
    with slow_collector():
        return measure(folder)


def rounds(folder: Path) -> list[list[Lap]]:
    """Return the laps of each round, each in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        return [pool.submit(_round, folder).result() for _ in range(ROUNDS)]


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=RELEASES)
    parser.add_argument("--evidence", type=Path, help="evidence folder of such a history, made before")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as temporary:
        made: Path | None = arguments.evidence
        folder = made if made is not None else Path(temporary) / "evidence"
        if made is None:
            write_repository(Path(temporary) / "history.git", bench_commits(arguments.releases), bare=True)
            gather(Request(Path(temporary) / "history.git"), folder, _Silent())
        found = rounds(folder)
    report(found)


def report(found: Sequence[list[Lap]]) -> None:
    """Print each step's medians, and those of all measures.

    Neither the floor nor trends, which are a test of what was measured, are among them.
    """
    write = sys.stdout.write
    write(f"Medians of {len(found)} rounds; Python {platform.python_version()}\n")
    for laps in zip(*found, strict=True):
        name, values, _, _ = laps[0]
        wall, cpu = statistics.median(lap[2] for lap in laps), statistics.median(lap[3] for lap in laps)
        write(f"{name:32} {values:9,} {wall:7.2f} s wall {cpu:7.2f} s CPU\n")
    wall = statistics.median(sum(lap[2] for lap in laps[1:-1]) for laps in found)
    cpu = statistics.median(sum(lap[3] for lap in laps[1:-1]) for laps in found)
    verdict = "within" if wall <= LIMIT else "beyond"
    write(f"{'facts, measures and profiles':42} {wall:7.2f} s wall {cpu:7.2f} s CPU ({verdict} {LIMIT:.0f} s)\n")


if __name__ == "__main__":
    main()
