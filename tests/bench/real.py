"""Measures evidence of the histories of real projects, cold and warm: `make bench-real`.

Each is read three times in processes of their own: with an empty cache, with the cache that this left, and warm again.
With `--write FILE` the table goes into the documentation between its two marks. Histories that are not present are left
out, and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
HISTORIES = ROOT.parent / "shared" / "histories"
MARKS = ("<!-- measured on real histories -->", "<!-- /measured on real histories -->")
_RUN = """
import json, sys, time
from pathlib import Path
from generator.cli.progress import TerminalProgress
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request
repository, config, folder, cache = map(Path, sys.argv[1:])
found = gather(Request(repository, config, cache=cache), folder, TerminalProgress(quiet=True))
commits = found.summary.coverage.commits
print(json.dumps({"deployments": found.deployments, "commits": commits, **found.renderings}))
"""


def measured(repository: Path, config: Path, work: Path) -> list[str]:
    """Return the cells of one history: commits, deployments, renderings cold and warm, seconds of both."""
    seconds, said = [], []
    for name in ("cold", "warm", "again"):
        begin = time.perf_counter()
        command = [sys.executable, "-c", _RUN, *map(str, (repository, config, work / name, work / "cache"))]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds.append(time.perf_counter() - begin)
        said.append(json.loads(done.stdout))
    cold, warm = said[0], said[1]
    times = [f"{seconds[0]:.1f} s", f"{min(seconds[1:]):.1f} s"]
    return [
        f"{cold['commits']:,}",
        f"{cold['deployments']:,}",
        str(cold["rendered"]),
        times[0],
        str(warm["rendered"]),
        times[1],
    ]


def say(text: str) -> None:
    """Print at once: a row takes minutes."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure every history that is present."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE")
    given = parser.parse_args()
    head = "| history | steps | deployments | renderings, cold | cold | renderings, warm | warm |"
    rows = [head, "|---|--:|--:|--:|--:|--:|--:|"]
    say("\n".join(rows))
    for config in sorted((ROOT / "examples").glob("*.yaml")):
        bundle = HISTORIES / f"{config.stem}.bundle"
        if not bundle.is_file():
            continue
        with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
            repository = Path(folder) / "repository.git"
            subprocess.run(["git", "clone", "--quiet", "--bare", bundle, repository], check=True)
            rows.append(f"| {' | '.join([config.stem, *measured(repository, config, Path(folder))])} |")
        say(rows[-1])
    if len(rows) == 2:
        sys.exit("no history is here: no bundles in ../shared/histories")
    note = f"\n\nMeasured with Python {platform.python_version()} on {os.cpu_count()} cores.\n"
    if given.write:
        before, _, rest = given.write.read_text("utf-8").partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        table = "\n".join(rows)
        given.write.write_text(f"{before}{MARKS[0]}\n{table}{note}{MARKS[1]}{after}", "utf-8")


if __name__ == "__main__":
    main()
